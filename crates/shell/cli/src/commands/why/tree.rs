use std::collections::BTreeMap;
use std::fmt::Write;

use andon_dependencies::Path;
use andon_model::{Component, Location, Relation, Scope};

/// Draws paths as a tree: what they have in common at their beginnings is drawn once.
pub(super) fn draw(components: &[Component], paths: &[&Path]) -> String {
    let known: BTreeMap<&str, &Component> =
        components.iter().map(|component| (component.purl.as_str(), component)).collect();
    let mut text = String::new();
    // The path to the last line, and whether more follows on each level.
    let mut above: &[String] = &[];
    for (number, path) in paths.iter().enumerate() {
        let shared = above.iter().zip(&path.purls).take_while(|(one, other)| one == other).count();
        for (depth, purl) in path.purls.iter().enumerate().skip(shared) {
            let rest = paths.get(number + 1..).unwrap_or_default();
            text += "  ";
            for level in 0..depth {
                text += if continues(rest, path, level) { "│  " } else { "   " };
            }
            text += if continues(rest, path, depth) { "├─ " } else { "└─ " };
            let line = known
                .get(purl.as_str())
                .map_or_else(|| purl.clone(), |component| node(component, depth == 0));
            let _ = writeln!(text, "{line}");
        }
        above = &path.purls;
    }
    text
}

/// Whether a later path has another line at `depth` under the same lines above it.
fn continues(rest: &[&Path], path: &Path, depth: usize) -> bool {
    let above = path.purls.get(..depth).unwrap_or_default();
    let here = path.purls.get(depth);
    rest.iter()
        .take_while(|later| later.purls.get(..depth) == Some(above))
        .any(|later| later.purls.get(depth) != here)
}

/// Name, version, scope, and whether the project asks for it.
pub(super) fn described(component: &Component) -> String {
    let mut words = vec![component.name.clone()];
    let requirement = component.requirement.as_ref().map(|range| format!("{range} (not pinned)"));
    words.extend(component.version.clone().or(requirement));
    let mut text = words.join(" ");
    text += match component.scope {
        Scope::Runtime => ", runtime",
        Scope::Development => ", development",
        Scope::Optional => ", optional",
    };
    text += match component.relation {
        Relation::Direct => ", direct",
        Relation::Transitive => ", transitive",
        Relation::Unknown => "",
    };
    text
}

fn node(component: &Component, with_place: bool) -> String {
    let mut text = described(component);
    if let Some(location) = component.locations.first().filter(|_| with_place) {
        text += &format!("  {}", place(location));
    }
    text
}

/// File, line and layer.
pub(super) fn place(location: &Location) -> String {
    let mut text =
        std::iter::once(&location.path).chain(&location.nested).cloned().collect::<Vec<_>>().join("!/");
    if let Some(region) = &location.region {
        text += &format!(":{}", region.start_line);
    }
    if let Some(layer) = &location.layer {
        const SHOWN: usize = 60;
        text += &format!(" in layer {}", layer.index);
        let instruction = &layer.instruction;
        if !instruction.is_empty() {
            let short: String = instruction.chars().take(SHOWN).collect();
            text += &format!(" ({short}{})", if short.len() < instruction.len() { "…" } else { "" });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn common_beginnings_are_drawn_once() {
        let component = |purl: &str, relation| Component {
            purl: purl.to_owned(),
            name: purl.to_owned(),
            version: Some("1".to_owned()),
            relation,
            locations: vec![Location { path: "lock".to_owned(), ..Location::default() }],
            ..Component::default()
        };
        let components = [
            component("a", Relation::Direct),
            component("b", Relation::Transitive),
            component("c", Relation::Transitive),
            component("d", Relation::Unknown),
        ];
        let path = |purls: &[&str]| Path { purls: purls.iter().map(|purl| (*purl).to_owned()).collect() };
        let paths = [path(&["a", "b", "d"]), path(&["a", "c", "d"]), path(&["b", "d"])];
        let paths: Vec<&Path> = paths.iter().collect();
        let expected = "  \
  ├─ a 1, runtime, direct  lock
  │  ├─ b 1, runtime, transitive
  │  │  └─ d 1, runtime
  │  └─ c 1, runtime, transitive
  │     └─ d 1, runtime
  └─ b 1, runtime, transitive  lock
     └─ d 1, runtime
";
        assert_eq!(draw(&components, &paths), expected);
    }
}
