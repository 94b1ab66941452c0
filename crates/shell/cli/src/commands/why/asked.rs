use andon_model::Component;
use andon_purl::Purl;

use crate::problem::Problem;

/// What a user calls a component.
pub(super) enum Asked<'a> {
    Purl(Purl),
    Name {
        /// As it was given, a version included.
        whole: &'a str,
        name: &'a str,
        version: Option<&'a str>,
    },
}

impl<'a> Asked<'a> {
    /// A package URL, a name, or a name and a version.
    ///
    /// # Errors
    /// When it begins like a package URL and is none.
    pub(super) fn parse(text: &'a str) -> Result<Self, Problem> {
        if text.starts_with("pkg:") {
            let purl = Purl::parse(text).map_err(|error| {
                Problem::new(format!("{text} is no package URL: {error}"))
                    .hint("write it as `pkg:npm/lodash@4.17.20`, or the name alone")
            })?;
            return Ok(Self::Purl(purl));
        }
        let split = text.rsplit_once('@').filter(|(name, version)| !name.is_empty() && !version.is_empty());
        Ok(match split {
            Some((name, version)) => Self::Name { whole: text, name, version: Some(version) },
            None => Self::Name { whole: text, name: text, version: None },
        })
    }

    /// The components that are meant: those with just this name, or else those whose name differs in case and in `-`,
    /// `_` and `.` only.
    pub(super) fn among<'c>(&self, components: &'c [Component]) -> Vec<&'c Component> {
        let of = |fits: &dyn Fn(&Component) -> bool| {
            components.iter().filter(|each| fits(each)).collect::<Vec<_>>()
        };
        match self {
            Self::Purl(asked) => of(&|each| Purl::parse(&each.purl).is_ok_and(|purl| same(asked, &purl))),
            Self::Name { whole, name, version } => {
                let exact =
                    of(&|each| each.name == *whole || (each.name == *name && has_version(each, *version)));
                if !exact.is_empty() {
                    return exact;
                }
                let name = folded(name);
                of(&|each| folded(&each.name) == name && has_version(each, *version))
            }
        }
    }

    /// The most similar names that there are, the nearest first.
    pub(super) fn nearest(&self, components: &[Component]) -> Vec<String> {
        const LIKE: f64 = 0.75;
        const LONGEST: usize = 100;
        const SHOWN: usize = 3;
        let short = |text: &str| folded(text).chars().take(LONGEST).collect::<String>();
        let asked = match self {
            Self::Purl(purl) => short(purl.name()),
            Self::Name { name, .. } => short(name),
        };
        let mut near: Vec<(f64, String)> = Vec::new();
        for component in components {
            let name = short(&component.name);
            let last = name.rsplit(['/', ':']).next().unwrap_or_default();
            let likeness = strsim::jaro_winkler(&asked, &name).max(strsim::jaro_winkler(&asked, last));
            let shown = match &component.version {
                // The name is right, so it is the version that is not.
                Some(version) if name == asked => format!("`{}@{version}`", component.name),
                _ => format!("`{}`", component.name),
            };
            if likeness >= LIKE && !near.iter().any(|(_, other)| *other == shown) {
                near.push((likeness, shown));
            }
        }
        near.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
        near.into_iter().take(SHOWN).map(|(_, name)| name).collect()
    }
}

fn has_version(component: &Component, version: Option<&str>) -> bool {
    version.is_none_or(|version| component.version.as_deref() == Some(version))
}

/// Whether what is asked for, with or without a version, is this package; qualifiers do not matter.
fn same(asked: &Purl, found: &Purl) -> bool {
    let identity = |purl: &Purl| {
        (purl.kind().to_owned(), purl.namespace().unwrap_or_default().to_owned(), purl.name().to_owned())
    };
    identity(asked) == identity(found)
        && asked.version().is_none_or(|version| found.version() == Some(version))
}

fn folded(name: &str) -> String {
    name.chars()
        .map(|letter| if matches!(letter, '_' | '.') { '-' } else { letter.to_ascii_lowercase() })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn components() -> Vec<Component> {
        [
            ("lodash", "4.17.20", "pkg:npm/lodash@4.17.20"),
            ("lodash", "3.0.0", "pkg:npm/lodash@3.0.0"),
            ("@types/node", "20.1.0", "pkg:npm/%40types/node@20.1.0"),
            ("Zope.Interface", "5.0", "pkg:pypi/zope-interface@5.0"),
            ("org.slf4j:slf4j-api", "2.0.0", "pkg:maven/org.slf4j/slf4j-api@2.0.0?type=jar"),
        ]
        .map(|(name, version, purl)| Component {
            name: name.to_owned(),
            version: Some(version.to_owned()),
            purl: purl.to_owned(),
            ..Component::default()
        })
        .to_vec()
    }

    #[test]
    fn names_versions_and_package_urls() {
        let check = |asked: &str, expected: usize| {
            let found = Asked::parse(asked).ok().map(|asked| asked.among(&components()).len());
            assert_eq!(found, Some(expected), "{asked}");
        };
        check("lodash", 2);
        check("LODASH", 2);
        check("lodash@3.0.0", 1);
        check("lodash@9", 0);
        check("@types/node", 1);
        check("@types/node@20.1.0", 1);
        check("@types/node@1", 0);
        check("zope_interface", 1);
        check("org.slf4j:slf4j-api@2.0.0", 1);
        check("pkg:npm/lodash", 2);
        check("pkg:npm/lodash@3.0.0", 1);
        check("pkg:maven/org.slf4j/slf4j-api@2.0.0", 1);
        check("pkg:pypi/lodash", 0);
        assert!(Asked::parse("pkg:").is_err());
    }

    #[test]
    fn the_nearest_names() {
        let check = |asked: &str, expected: &[&str]| {
            let near = Asked::parse(asked).ok().map(|asked| asked.nearest(&components()));
            assert_eq!(near.unwrap_or_default(), expected, "{asked}");
        };
        check("lodahs", &["`lodash`"]);
        check("lodash@9", &["`lodash@3.0.0`", "`lodash@4.17.20`"]);
        check("node", &["`@types/node`"]);
        check("slf4j-ap", &["`org.slf4j:slf4j-api`"]);
        check("quite-else", &[]);
    }
}
