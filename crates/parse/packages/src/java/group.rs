use super::{ManifestFacts, coordinates::is_id};

/// Public facts: the groups under which these projects publish.
const KNOWN: &str = include_str!("groups.csv");

/// The group of an artifact whose archive has no `pom.properties`, as far as it can be told: by its name, by what its
/// manifest says outright, by the rule that the Maven bundle plugin makes `Bundle-SymbolicName` by.
pub(super) fn group_of(artifact: &str, manifest: &ManifestFacts) -> Option<String> {
    let known = known(artifact).map(str::to_owned);
    let stated = [&manifest.group_id, &manifest.implementation_vendor_id];
    let stated = stated.into_iter().flatten().find(|group| is_id(group) && group.contains('.')).cloned();
    let bundle = || manifest.bundle_symbolic_name.as_deref().and_then(|name| of_bundle(name, artifact));
    known.or(stated).or_else(bundle)
}

/// The group under which an artifact of this name is known to be published.
pub(super) fn known(artifact: &str) -> Option<&'static str> {
    let rows = KNOWN.lines().filter(|line| !line.starts_with('#')).filter_map(|line| line.split_once(','));
    let fitting = rows.filter(|(name, _)| match name.strip_suffix('*') {
        Some(start) => artifact.starts_with(start),
        None => *name == artifact,
    });
    fitting.max_by_key(|(name, _)| name.len()).map(|(_, group)| group)
}

/// `com.a.core` of `com.a.core.core-x` and `core-x`; `org.apache.commons` of `org.apache.commons.lang3` and
/// `commons-lang3`. `org.a.x` of `x` is not told: it may be the group `org.a` or the group `org.a.x`.
fn of_bundle(bundle: &str, artifact: &str) -> Option<String> {
    if !is_id(bundle) || !artifact.contains(['-', '.']) {
        return None;
    }
    if let Some(group) = bundle.strip_suffix(artifact).and_then(|rest| rest.strip_suffix('.')) {
        return group.contains('.').then(|| group.to_owned());
    }
    artifact.match_indices(['-', '.']).find_map(|(at, _)| {
        let (section, rest) = (artifact.get(..at)?, artifact.get(at + 1..)?);
        let dashless = |text: &str| text.replace('-', ".");
        let group = bundle.strip_suffix(rest).or_else(|| bundle.strip_suffix(dashless(rest).as_str()))?;
        let group = group.strip_suffix('.')?;
        let last = group.rsplit('.').next()?;
        (last == section && group.contains('.')).then(|| group.to_owned())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(artifact: &str, bundle: &str, vendor: &str, expected: Option<&str>) {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let manifest = ManifestFacts {
            bundle_symbolic_name: text(bundle),
            implementation_vendor_id: text(vendor),
            ..ManifestFacts::default()
        };
        assert_eq!(group_of(artifact, &manifest).as_deref(), expected, "{artifact}");
    }

    #[test]
    fn groups() {
        check("spring-core", "", "", Some("org.springframework"));
        check("spring-boot-starter-web", "", "", Some("org.springframework.boot"));
        check("spring-security-oauth2", "", "", Some("org.springframework.security.oauth"));
        check("jackson-databind", "com.fasterxml.jackson.core.jackson-databind", "", {
            Some("com.fasterxml.jackson.core")
        });
        check("commons-lang3", "org.apache.commons.lang3", "", Some("org.apache.commons"));
        check("maven-core", "", "org.apache.maven", Some("org.apache.maven"));
        check("guava", "com.google.guava", "", None);
        check("x", "org.a.x", "Example Corp.", None);
        check("slf4j-api", "slf4j.api", "", None);
        check("a-b", "a b", "", None);
        check("", "", "", None);
    }

    #[test]
    fn the_table_is_well_formed() {
        for line in KNOWN.lines().filter(|line| !line.starts_with('#')) {
            let (name, group) = line.split_once(',').unwrap();
            assert!(is_id(name.trim_end_matches('*')) && is_id(group), "{line}");
            assert!(known(name.trim_end_matches('*')).is_some(), "{line}");
        }
    }
}
