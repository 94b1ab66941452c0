use crate::Scheme;

#[test]
fn ecosystems_with_and_without_release() {
    let check = |ecosystem, expected| assert_eq!(Scheme::of_ecosystem(ecosystem), expected, "{ecosystem}");
    check("npm", Some(Scheme::Semver));
    check("crates.io", Some(Scheme::Semver));
    check("PyPI", Some(Scheme::Pypi));
    check("Maven:https://example.org/repository", Some(Scheme::Maven));
    check("Debian:12", Some(Scheme::Debian));
    check("Ubuntu:Pro:18.04:LTS", Some(Scheme::Debian));
    check("Alpine:v3.19", Some(Scheme::Alpine));
    check("Red Hat:rhel_aus:8.4::appstream", Some(Scheme::Redhat));
    check("Root:Alpine:3.18", Some(Scheme::Alpine));
    check("Root:Root:Root:npm", None);
    check("Android", None);
    check("", None);
}
