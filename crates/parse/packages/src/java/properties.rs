use std::{borrow::Cow, cell::Cell, fmt};

use super::{PomFacts, coordinates::shown};

/// Levels of properties that refer to each other.
const DEPTH: usize = 32;
/// Characters of an expanded text, in bytes.
const LENGTH: usize = 4096;
/// Properties that one text may use, those of its properties included.
const STEPS: u32 = 512;

/// The work that is left; it is shared by everything that one call does, so that a few files that refer to each other
/// cannot ask for more than files of an honest project ever do.
pub(super) struct Budget(Cell<u64>);

impl Budget {
    pub(super) fn new(steps: u64) -> Self {
        Self(Cell::new(steps))
    }

    /// Takes some of it; `false` when none is left.
    pub(super) fn take(&self, steps: u64) -> bool {
        let left = self.0.get();
        self.0.set(left.saturating_sub(steps));
        left >= steps
    }
}

/// Why the value of a text is not known.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Unknown {
    /// No file that is at hand sets this property.
    Property(String),
    /// The environment, the machine or the command line sets it.
    Outside(String),
    /// It refers to itself.
    Cycle(String),
    /// It is too long, or refers to too much.
    Limit,
}

impl fmt::Display for Unknown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Property(name) => write!(f, "no file that was read sets the property {name}"),
            Self::Outside(name) => {
                write!(f, "{name} is set by the environment or the machine of the build")
            }
            Self::Cycle(name) => write!(f, "the property {name} refers to itself"),
            Self::Limit => write!(f, "its properties expand to more than is read"),
        }
    }
}

/// A project and those it inherits from, itself first: where its properties are looked up.
pub(super) struct Lineage<'a> {
    pub(super) levels: Vec<&'a PomFacts>,
}

impl<'a> Lineage<'a> {
    /// The text with each `${…}` replaced, as Maven's model builder does: what the project says of itself, then
    /// properties, those of a child and of its active profiles before those of its parent.
    pub(super) fn expand<'t>(&'t self, text: &'t str, budget: &Budget) -> Result<Cow<'t, str>, Unknown> {
        if text.len() > LENGTH {
            return Err(Unknown::Limit);
        }
        if !text.contains("${") {
            return Ok(Cow::Borrowed(text));
        }
        let mut expansion =
            Expansion { lineage: self, out: String::new(), stack: Vec::new(), steps: 0, budget };
        expansion.push(text)?;
        Ok(Cow::Owned(expansion.out))
    }

    /// The project's own version, as written.
    fn version(&self) -> Option<&'a str> {
        self.levels.iter().find_map(|level| level.version_or_inherited())
    }

    fn value(&self, name: &str) -> Option<&'a str> {
        let prefixed = name.strip_prefix("project.").or_else(|| name.strip_prefix("pom."));
        let own = prefixed.and_then(|field| self.field(field));
        own.or_else(|| self.property(name)).or_else(|| self.field(name))
    }

    fn field(&self, name: &str) -> Option<&'a str> {
        let project = *self.levels.first()?;
        let parent = project.parent.as_ref();
        match name {
            "groupId" => self.levels.iter().find_map(|level| level.group_or_inherited()),
            "artifactId" => project.artifact.as_deref(),
            "version" => self.version(),
            "packaging" => Some(project.packaging.as_deref().unwrap_or("jar")),
            "parent.groupId" => parent.map(|parent| parent.group.as_str()),
            "parent.artifactId" => parent.map(|parent| parent.artifact.as_str()),
            "parent.version" => parent.map(|parent| parent.version.as_str()),
            _ => None,
        }
    }

    fn property(&self, name: &str) -> Option<&'a str> {
        self.levels.iter().find_map(|level| {
            let of_profiles = level.active_profiles().find_map(|profile| profile.properties.get(name));
            of_profiles.or_else(|| level.properties.get(name)).map(String::as_str)
        })
    }
}

struct Expansion<'e, 'a> {
    lineage: &'e Lineage<'a>,
    out: String,
    stack: Vec<String>,
    steps: u32,
    budget: &'e Budget,
}

impl Expansion<'_, '_> {
    fn push(&mut self, text: &str) -> Result<(), Unknown> {
        // Before it is searched: a long value may be used many times.
        if text.len() > LENGTH {
            return Err(Unknown::Limit);
        }
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("${") {
            self.push_literal(before)?;
            let Some((name, behind)) = after.split_once('}') else {
                return self.push_literal(after);
            };
            self.push_property(name)?;
            rest = behind;
        }
        self.push_literal(rest)
    }

    fn push_literal(&mut self, text: &str) -> Result<(), Unknown> {
        if self.out.len() + text.len() > LENGTH {
            return Err(Unknown::Limit);
        }
        self.out.push_str(text);
        Ok(())
    }

    fn push_property(&mut self, name: &str) -> Result<(), Unknown> {
        self.steps += 1;
        if self.steps > STEPS || self.stack.len() >= DEPTH || !self.budget.take(1) {
            return Err(Unknown::Limit);
        }
        if self.stack.iter().any(|open| open == name) {
            return Err(Unknown::Cycle(shown(name)));
        }
        let Some(value) = self.lineage.value(name) else {
            return Err(if is_outside(name) { Unknown::Outside } else { Unknown::Property }(shown(name)));
        };
        self.stack.push(name.to_owned());
        self.push(value)?;
        self.stack.pop();
        Ok(())
    }
}

/// Names that Maven gets from elsewhere than a project's files.
fn is_outside(name: &str) -> bool {
    let project = name.strip_prefix("project.").or_else(|| name.strip_prefix("pom."));
    let places = ["env.", "java.", "os.", "user.", "file.", "maven.", "settings.", "line.", "path.", "sun."];
    places.iter().any(|place| name.starts_with(place))
        || matches!(project.unwrap_or(name), "basedir" | "baseUri" | "rootDirectory")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::java::PomParent;

    fn facts(version: Option<&str>, properties: &[(&str, &str)]) -> PomFacts {
        PomFacts {
            group: Some("g".to_owned()),
            artifact: Some("a".to_owned()),
            version: version.map(str::to_owned),
            properties: properties.iter().map(|(k, v)| ((*k).to_owned(), (*v).to_owned())).collect(),
            ..PomFacts::default()
        }
    }

    fn check(levels: &[PomFacts], text: &str, expected: Result<&str, Unknown>) {
        let lineage = Lineage { levels: levels.iter().collect() };
        let budget = Budget::new(1_000_000);
        let value = lineage.expand(text, &budget).map(Cow::into_owned);
        assert_eq!(value, expected.map(str::to_owned), "{text}");
    }

    #[test]
    fn values() {
        let parent = PomParent { version: "7".to_owned(), ..PomParent::default() };
        let child =
            PomFacts { parent: Some(parent), ..facts(None, &[("x", "1"), ("y", "${x}.${z}"), ("n", "${")]) };
        let levels = [child, facts(Some("${revision}"), &[("x", "9"), ("z", "2"), ("revision", "7")])];
        check(&levels, "${y}", Ok("1.2"));
        check(&levels, "v${x}-${z}", Ok("v1-2"));
        check(&levels, "${project.version} ${pom.version} ${version}", Ok("7 7 7"));
        check(&levels, "${project.parent.version}${project.packaging}", Ok("7jar"));
        check(&levels, "${open", Ok("open"));
        check(&levels, "plain", Ok("plain"));
        check(&levels, "${none}", Err(Unknown::Property("none".to_owned())));
        check(&levels, "${env.HOME}", Err(Unknown::Outside("env.HOME".to_owned())));
        check(&levels, "${project.basedir}/x", Err(Unknown::Outside("project.basedir".to_owned())));
    }

    #[test]
    fn hostile_properties() {
        check(&[facts(None, &[("a", "${b}"), ("b", "${a}")])], "${a}", Err(Unknown::Cycle("a".to_owned())));
        for unit in ["", "x"] {
            let bomb: Vec<(String, String)> = (0..30)
                .map(|i| (format!("p{i}"), format!("{unit}${{p{}}}${{p{}}}", i + 1, i + 1)))
                .chain([("p30".to_owned(), unit.to_owned())])
                .collect();
            let bomb: Vec<(&str, &str)> = bomb.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
            check(&[facts(None, &bomb)], "${p0}", Err(Unknown::Limit));
        }
    }
}
