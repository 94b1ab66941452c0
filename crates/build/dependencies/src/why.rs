use std::collections::{BTreeMap, HashMap, HashSet, VecDeque};

use andon_model::{Component, Relation};

/// How a component comes to be there: package URLs, from what the project asks for itself to the component.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Path {
    /// The package URLs, the component's own last.
    pub purls: Vec<String>,
}

/// The shortest path from every direct component that leads to the component with this package URL; at most `most`,
/// shortest first. Where nothing says what is direct, paths start at components that no other one needs.
pub fn paths_to(components: &[Component], purl: &str, most: usize) -> Vec<Path> {
    let mut users: HashMap<&str, Vec<&str>> = HashMap::new();
    for component in components {
        for needed in &component.depends_on {
            users.entry(needed).or_default().push(&component.purl);
        }
    }
    let by_purl: BTreeMap<&str, &Component> =
        components.iter().map(|component| (component.purl.as_str(), component)).collect();
    let is_root = |purl: &str| {
        by_purl.get(purl).is_some_and(|component| component.relation == Relation::Direct)
            || users.get(purl).is_none_or(Vec::is_empty)
    };
    let mut next: HashMap<&str, &str> = HashMap::new();
    let mut seen: HashSet<&str> = HashSet::from([purl]);
    let mut open: VecDeque<&str> = VecDeque::from([purl]);
    let mut paths = Vec::new();
    while let Some(here) = open.pop_front() {
        if is_root(here) {
            paths.push(path(here, &next));
            if paths.len() >= most {
                break;
            }
        }
        for user in users.get(here).into_iter().flatten() {
            if seen.insert(user) {
                next.insert(user, here);
                open.push_back(user);
            }
        }
    }
    paths
}

/// For every component that some direct one leads to, the nearest of those: package URLs. Direct ones lead to
/// themselves.
pub(crate) fn roots<'a>(
    components: impl Iterator<Item = &'a Component> + Clone,
) -> HashMap<&'a str, &'a str> {
    let by_purl: HashMap<&str, &Component> =
        components.clone().map(|component| (component.purl.as_str(), component)).collect();
    let direct = components.filter(|component| component.relation == Relation::Direct);
    let mut open: VecDeque<&Component> = direct.collect();
    let mut roots: HashMap<&str, &str> =
        open.iter().map(|component| (component.purl.as_str(), component.purl.as_str())).collect();
    while let Some(here) = open.pop_front() {
        let Some(root) = roots.get(here.purl.as_str()).copied() else { continue };
        for needed in &here.depends_on {
            if let (false, Some(next)) = (roots.contains_key(needed.as_str()), by_purl.get(needed.as_str())) {
                roots.insert(needed, root);
                open.push_back(next);
            }
        }
    }
    roots
}

fn path(from: &str, next: &HashMap<&str, &str>) -> Path {
    let mut purls = vec![from.to_owned()];
    let mut here = from;
    while let Some(further) = next.get(here) {
        purls.push((*further).to_owned());
        here = further;
    }
    Path { purls }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn component(purl: &str, relation: Relation, depends_on: &[&str]) -> Component {
        Component {
            purl: purl.to_owned(),
            relation,
            depends_on: depends_on.iter().map(|each| (*each).to_owned()).collect(),
            ..Component::default()
        }
    }

    fn check(components: &[Component], purl: &str, expected: &[&str]) {
        let found = paths_to(components, purl, 10);
        let found: Vec<String> = found.into_iter().map(|path| path.purls.join(" > ")).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn shortest_from_each_direct_one() {
        let components = [
            component("a", Relation::Direct, &["b", "c"]),
            component("b", Relation::Transitive, &["d"]),
            component("c", Relation::Direct, &["d"]),
            component("d", Relation::Transitive, &["b"]),
            component("e", Relation::Transitive, &[]),
        ];
        check(&components, "d", &["c > d", "a > b > d"]);
        check(&components, "a", &["a"]);
        check(&components, "e", &["e"]);
        let roots = roots(components.iter());
        assert_eq!((roots.get("d"), roots.get("c"), roots.get("e")), (Some(&"c"), Some(&"c"), None));
    }

    #[test]
    fn cycles_end() {
        let components = [
            component("a", Relation::Unknown, &["b"]),
            component("b", Relation::Unknown, &["a", "c"]),
            component("c", Relation::Unknown, &[]),
        ];
        check(&components, "c", &[]);
    }
}
