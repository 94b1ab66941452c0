//! The specification's evaluation, <https://ossf.github.io/osv-schema/#evaluation>, and its examples.

use andon_advisories::{Index, Reason};

use crate::{ask, build, ids, range, record};

/// Which versions a record affects, and which it does not.
fn check(ecosystem: &str, affected: &str, hit: &[&str], clear: &[&str]) {
    let bytes = build(ecosystem, &[&record("X-1", r#""summary": "s""#, ecosystem, "p", affected)]);
    let index = Index::open(&bytes).unwrap();
    for version in hit {
        assert_eq!(ids(&index, ecosystem, "p", version), ["X-1"], "{affected} at {version}");
    }
    for version in clear {
        let found = ask(&index, ecosystem, "p", version);
        assert!(found.vulnerabilities.is_empty(), "{affected} at {version}");
        assert!(found.undetermined.is_empty(), "{affected} at {version}: {:?}", found.undetermined);
        assert!(found.known_package && found.ecosystem_covered);
    }
}

fn semver(events: &str, hit: &[&str], clear: &[&str]) {
    check("npm", &range("SEMVER", events), hit, clear);
}

#[test]
fn examples_of_the_specification() {
    semver(r#"{"introduced": "0"}"#, &["0.0.0-alpha", "1.0.0", "999.0.0"], &[]);
    semver(
        r#"{"introduced": "0"}, {"fixed": "1.0.2"}"#,
        &["0.0.1", "1.0.1", "1.0.2-rc.1"],
        &["1.0.2", "2.0.0"],
    );
    semver(
        r#"{"introduced": "1.0.0"}, {"fixed": "1.0.2"}, {"introduced": "3.0.0"}, {"fixed": "3.2.5"}"#,
        &["1.0.0", "1.0.1", "3.0.0", "3.2.4"],
        &["0.9.9", "1.0.2", "2.5.0", "3.2.5"],
    );
    semver(r#"{"introduced": "0"}, {"last_affected": "2.1.214"}"#, &["2.1.213", "2.1.214"], &["2.1.215"]);
    semver(r#"{"introduced": "0"}, {"fixed": "2.1.214"}"#, &["2.1.213"], &["2.1.214"]);
}

#[test]
fn events_may_come_in_any_order() {
    semver(
        r#"{"fixed": "3.2.5"}, {"introduced": "3.0.0"}, {"fixed": "1.0.2"}, {"introduced": "0"}"#,
        &["0.1.0", "3.1.0"],
        &["1.0.2", "2.0.0", "4.0.0"],
    );
    semver(r#"{"introduced": "1.0.0"}, {"fixed": "1.0.0"}"#, &[], &["0.1.0", "1.0.0", "2.0.0"]);
    semver(r#"{"introduced": "1.0.0"}, {"last_affected": "1.0.0"}"#, &["1.0.0"], &["0.9.0", "1.0.1"]);
}

#[test]
fn limits_bound_a_range() {
    semver(
        r#"{"introduced": "1.0.0"}, {"limit": "2.0.0"}"#,
        &["1.0.0", "1.9.0"],
        &["0.9.0", "2.0.0", "3.0.0"],
    );
    semver(r#"{"introduced": "1.0.0"}, {"limit": "2.0.0"}, {"limit": "4.0.0"}"#, &["3.0.0"], &["4.0.0"]);
    semver(r#"{"introduced": "1.0.0"}, {"limit": "*"}"#, &["1.0.0", "900.0.0"], &["0.1.0"]);
    semver(r#"{"introduced": "0"}, {"limit": "2.0.0"}"#, &["1.0.0"], &["2.0.0"]);
}

#[test]
fn listed_versions_are_affected_whatever_the_ranges() {
    let ranges = range("ECOSYSTEM", r#"{"introduced": "2.0"}, {"fixed": "2.5"}"#);
    check(
        "PyPI",
        &format!(r#"{ranges}, "versions": ["1.0", "1.1.post1"]"#),
        &["1.0", "1.1.post1", "2.4"],
        &["1.1", "2.5"],
    );
    check("PyPI", r#""versions": ["1.0.0"]"#, &["1.0.0", "1.0", "1"], &["1.0.1"]);
    check("Maven", r#""versions": ["1.1", "1.2.7"]"#, &["1.1", "1.1.0"], &["1.2"]);
    check("npm", r#""versions": []"#, &[], &["1.0.0"]);
}

#[test]
fn every_ecosystem_has_its_own_order() {
    let fixed =
        |version: &str| range("ECOSYSTEM", &format!(r#"{{"introduced": "0"}}, {{"fixed": "{version}"}}"#));
    check("PyPI", &fixed("1.0"), &["1.0rc1", "1.0.dev3", "0.9"], &["1.0", "1.0.0", "1!0.1"]);
    check(
        "AlmaLinux:8",
        &fixed("1:1.0-2.el8"),
        &["1.0-9.el8", "1:1.0-1.el8"],
        &["1:1.0-2.el8", "2:0.1-1.el8"],
    );
    check("Debian:12", &fixed("1.0-1"), &["1.0~rc1-1"], &["1.0-1", "1.0-1+b1"]);
    check("Maven", &fixed("1.0"), &["1.0-alpha-1"], &["1.0", "1.0-sp1"]);
    // A range may say that it means semantic versions, whatever the ecosystem.
    check("PyPI", &range("SEMVER", r#"{"introduced": "0"}, {"fixed": "1.0.0-2"}"#), &["1.0.0-1"], &["1.0.0"]);
}

#[test]
fn a_version_without_a_build_or_a_v_is_the_same_in_go() {
    let events = r#"{"introduced": "0"}, {"fixed": "0.9.1-0.20170424173420-06e7a29f36a3"}"#;
    check("Go", &range("SEMVER", events), &["v0.9.0", "0.9.0+incompatible"], &["v0.9.1", "0.9.1"]);
}

/// Why nobody can tell.
fn open(ecosystem: &str, affected: &str, asked: &str, version: &str, expected: Reason) {
    let bytes = build(ecosystem, &[&record("X-1", r#""summary": "s""#, ecosystem, "p", affected)]);
    let index = Index::open(&bytes).unwrap();
    let found = ask(&index, asked, "p", version);
    let reasons: Vec<Reason> = found.undetermined.iter().map(|each| each.reason).collect();
    assert_eq!(reasons, [expected], "{affected} at {version}");
    assert!(found.vulnerabilities.is_empty());
}

#[test]
fn what_cannot_be_told_is_not_clean() {
    let fixed = range("SEMVER", r#"{"introduced": "0"}, {"fixed": "1.0.0"}"#);
    open("npm", &fixed, "npm", "latest", Reason::Version);
    open("PyPI", &range("ECOSYSTEM", r#"{"introduced": "1.0"}"#), "PyPI", "unknown", Reason::Version);
    open(
        "npm",
        &range("SEMVER", r#"{"introduced": "0"}, {"fixed": "next"}"#),
        "npm",
        "1.0.0",
        Reason::Advisory,
    );
    open("Elsewhere", &fixed.replace("SEMVER", "ECOSYSTEM"), "Elsewhere", "1.0.0", Reason::Order);
    open("npm", &range("GIT", r#"{"introduced": "0"}, {"fixed": "abc"}"#), "npm", "1.0.0", Reason::Commits);
    open("Debian:12", &fixed.replace("SEMVER", "ECOSYSTEM"), "Debian", "0.9", Reason::Release);
    check("npm", &range("SEMVER", r#"{"introduced": "0"}"#), &["latest"], &[]);
    check("npm", &format!(r#"{fixed}, "versions": ["latest"]"#), &["latest"], &[]);
}

#[test]
fn releases_of_a_distribution_do_not_mix() {
    let affected = |release: &str, fixed: &str| {
        let range = range("ECOSYSTEM", &format!(r#"{{"introduced": "0"}}, {{"fixed": "{fixed}"}}"#));
        format!(r#"{{"package": {{"ecosystem": "Debian:{release}", "name": "p"}}, {range}}}"#)
    };
    let (eleven, twelve) = (affected("11", "1.0-1+deb11u1"), affected("12", "2.0-1+deb12u1"));
    let record = format!(r#"{{"id": "DSA-1-1", "affected": [{eleven}, {twelve}]}}"#);
    let bytes = build("Debian", &[&record]);
    let index = Index::open(&bytes).unwrap();
    assert_eq!(ids(&index, "Debian:11", "p", "1.0-1"), ["DSA-1-1"]);
    assert_eq!(ids(&index, "Debian:12", "p", "1.5-1"), ["DSA-1-1"]);
    assert!(ids(&index, "Debian:11", "p", "1.5-1").is_empty());
    let found = ask(&index, "Debian:11", "p", "1.0-1").vulnerabilities;
    assert_eq!(found[0].fixes(), ["1.0-1+deb11u1"]);
    assert_eq!(found[0].fix(&found[0].fixes()), Some("1.0-1+deb11u1"));
    assert!(!ask(&index, "Debian:14", "p", "1.0-1").ecosystem_covered);
    assert!(!ask(&index, "Debian", "p", "9.0-1").ecosystem_covered);
}

#[test]
fn a_withdrawn_record_affects_nothing() {
    let affected = range("SEMVER", r#"{"introduced": "0"}"#);
    let withdrawn = record("X-1", r#""withdrawn": "2026-01-01T00:00:00Z""#, "npm", "p", &affected);
    let bytes = build("npm", &[&withdrawn]);
    let index = Index::open(&bytes).unwrap();
    assert!(ids(&index, "npm", "p", "1.0.0").is_empty());
    assert_eq!(index.by_id("X-1").unwrap()[0].withdrawn, Some("2026-01-01T00:00:00Z"));
}

/// The version that mends a record, and all that it names.
fn fix(events: &str, version: &str, expected: Option<&str>, all: &[&str]) {
    let bytes = build("npm", &[&record("X-1", r#""summary": "s""#, "npm", "p", &range("SEMVER", events))]);
    let index = Index::open(&bytes).unwrap();
    let found = ask(&index, "npm", "p", version).vulnerabilities;
    let fixes = found[0].fixes();
    assert_eq!((found[0].fix(&fixes), fixes.as_slice()), (expected, all), "{events} at {version}");
}

#[test]
fn the_fix_is_that_of_the_branch() {
    let branches = r#"{"introduced": "0"}, {"fixed": "1.10.2"}, {"introduced": "2.0.0"}, {"fixed": "2.9.5"}"#;
    fix(branches, "1.0.0", Some("1.10.2"), &["1.10.2", "2.9.5"]);
    fix(branches, "2.1.0", Some("2.9.5"), &["1.10.2", "2.9.5"]);
    fix(r#"{"introduced": "0"}"#, "1.0.0", None, &[]);
    fix(r#"{"introduced": "0"}, {"last_affected": "1.0.0"}"#, "1.0.0", None, &[]);
    // A fix that the next event takes back is none.
    fix(
        r#"{"introduced": "0"}, {"fixed": "1.1.0"}, {"introduced": "1.1.0"}, {"fixed": "1.2.0"}"#,
        "1.0.0",
        Some("1.2.0"),
        &["1.1.0", "1.2.0"],
    );
}
