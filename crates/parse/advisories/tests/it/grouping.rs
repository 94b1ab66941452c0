//! One vulnerability for however many records.

use andon_advisories::{Index, Kind, Vulnerability, group};
use andon_model::Severity;

use crate::{ask, build, range, record};

const HIGH: &str =
    r#""severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:H"}]"#;

/// Id, ids and records of each vulnerability of `p`.
fn check(ecosystem: &str, records: &[String], expected: &[(&str, &[&str], &[&str])]) {
    let orders = [records.iter().collect::<Vec<_>>(), records.iter().rev().collect()];
    for order in orders {
        let texts: Vec<&str> = order.iter().map(|record| record.as_str()).collect();
        let bytes = build(ecosystem, &texts);
        let index = Index::open(&bytes).unwrap();
        let found = group(&index, &ask(&index, ecosystem, "p", "1.0.0").vulnerabilities).unwrap();
        let told: Vec<_> = found.iter().map(|each| (each.id, each.ids.clone(), names(each))).collect();
        let expected: Vec<_> =
            expected.iter().map(|(id, ids, records)| (*id, ids.to_vec(), records.to_vec())).collect();
        assert_eq!(told, expected);
    }
}

fn names<'a>(vulnerability: &Vulnerability<'a>) -> Vec<&'a str> {
    vulnerability.records.iter().map(|record| record.id).collect()
}

fn npm(id: &str, fields: &str) -> String {
    record(id, fields, "npm", "p", &range("SEMVER", r#"{"introduced": "0"}, {"fixed": "2.0.0"}"#))
}

fn rpm(id: &str, fields: &str) -> String {
    let range = range("ECOSYSTEM", r#"{"introduced": "0"}, {"fixed": "2:1.0-1.el8"}"#);
    record(id, fields, "AlmaLinux:8", "p", &range)
}

#[test]
fn aliases_are_one_vulnerability() {
    check(
        "npm",
        &[
            npm("GHSA-b", r#""aliases": ["CVE-2024-2", "CVE-2024-10"]"#),
            npm("SNYK-1", r#""aliases": ["CVE-2024-10"]"#),
            npm("GHSA-c", r#""aliases": ["CVE-2024-3"]"#),
            npm("GHSA-d", r#""related": ["CVE-2024-3"]"#),
        ],
        &[
            ("CVE-2024-2", &["CVE-2024-10", "CVE-2024-2", "GHSA-b", "SNYK-1"], &["GHSA-b", "SNYK-1"]),
            ("CVE-2024-3", &["CVE-2024-3", "GHSA-c"], &["GHSA-c"]),
            ("GHSA-d", &["GHSA-d"], &["GHSA-d"]),
        ],
    );
}

#[test]
fn aliases_reach_through_records_about_other_packages() {
    let elsewhere = npm("GHSA-x", r#""aliases": ["A-1", "B-1"]"#).replace(r#""name": "p""#, r#""name": "q""#);
    check(
        "npm",
        &[npm("A-1", r#""summary": "s""#), npm("B-1", r#""summary": "s""#), elsewhere],
        &[("GHSA-x", &["A-1", "B-1", "GHSA-x"], &["A-1", "B-1"])],
    );
}

#[test]
fn an_advisory_that_passes_several_on_is_one_and_joins_none() {
    let related = r#""related": ["CVE-2023-39326", "CVE-2023-45287"]"#;
    check(
        "AlmaLinux:8",
        &[
            rpm("ALSA-2024:1", related),
            rpm("ALSA-2024:2", r#""related": ["CVE-2023-45287", "CVE-2023-9"]"#),
            rpm("ALSA-2024:3", r#""related": ["CVE-2024-7"]"#),
        ],
        &[
            ("ALSA-2024:1", &["ALSA-2024:1", "CVE-2023-39326", "CVE-2023-45287"], &["ALSA-2024:1"]),
            ("ALSA-2024:2", &["ALSA-2024:2", "CVE-2023-45287", "CVE-2023-9"], &["ALSA-2024:2"]),
            ("CVE-2024-7", &["ALSA-2024:3", "CVE-2024-7"], &["ALSA-2024:3"]),
        ],
    );
}

#[test]
fn vulnerabilities_with_a_record_of_their_own_take_the_advisory_in() {
    let own = |number: u8| {
        rpm(&format!("DEBIAN-CVE-2024-{number}"), &format!(r#""upstream": ["CVE-2024-{number}"]"#))
    };
    let bundle = |upstream: &str| rpm("DSA-1", &format!(r#""upstream": [{upstream}]"#));
    check(
        "AlmaLinux:8",
        &[own(1), own(2), bundle(r#""CVE-2024-1", "CVE-2024-2""#)],
        &[
            ("CVE-2024-1", &["CVE-2024-1", "DEBIAN-CVE-2024-1", "DSA-1"], &["DEBIAN-CVE-2024-1", "DSA-1"]),
            ("CVE-2024-2", &["CVE-2024-2", "DEBIAN-CVE-2024-2", "DSA-1"], &["DEBIAN-CVE-2024-2", "DSA-1"]),
        ],
    );
    check(
        "AlmaLinux:8",
        &[own(1), bundle(r#""CVE-2024-1", "CVE-2024-2""#)],
        &[
            ("CVE-2024-1", &["CVE-2024-1", "DEBIAN-CVE-2024-1", "DSA-1"], &["DEBIAN-CVE-2024-1", "DSA-1"]),
            ("DSA-1", &["CVE-2024-2", "DSA-1"], &["DSA-1"]),
        ],
    );
}

#[test]
fn a_distribution_has_the_last_word_on_its_package() {
    let distribution =
        build("AlmaLinux", &[&rpm("ALSA-1", r#""summary": "Low: p update", "related": ["CVE-2024-1"]"#)]);
    let upstream = build("npm", &[&npm("GHSA-a", &format!(r#""aliases": ["CVE-2024-1"], {HIGH}"#))]);
    let (distribution, upstream) = (Index::open(&distribution).unwrap(), Index::open(&upstream).unwrap());
    let mut matches = ask(&upstream, "npm", "p", "1.0.0").vulnerabilities;
    let alone = group(&upstream, &matches).unwrap();
    assert_eq!(
        (alone[0].severity(), alone[0].rating.score, alone[0].fix),
        (Severity::High, Some(7.5), Some("2.0.0"))
    );
    matches.extend(ask(&distribution, "AlmaLinux:8", "p", "1:1.0-1.el8").vulnerabilities);
    let found = group(&upstream, &matches).unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(names(&found[0]), ["ALSA-1", "GHSA-a"]);
    assert_eq!((found[0].severity(), found[0].fix), (Severity::Low, Some("2:1.0-1.el8")));
    assert_eq!((found[0].id, found[0].summary()), ("CVE-2024-1", "Low: p update"));
}

#[test]
fn the_fix_satisfies_every_record_and_the_worst_counts() {
    let later = npm("PYSEC-1", r#""aliases": ["CVE-2024-1"], "database_specific": {"severity": "LOW"}"#)
        .replace("2.0.0", "2.0.10");
    let bytes = build("npm", &[&npm("GHSA-a", &format!(r#""aliases": ["CVE-2024-1"], {HIGH}"#)), &later]);
    let index = Index::open(&bytes).unwrap();
    let found = group(&index, &ask(&index, "npm", "p", "1.0.0").vulnerabilities).unwrap();
    assert_eq!((found[0].fix, found[0].fixes.as_slice()), (Some("2.0.10"), ["2.0.0", "2.0.10"].as_slice()));
    assert_eq!((found[0].severity(), found[0].kind), (Severity::High, Kind::Vulnerability));
}

#[test]
fn nothing_groups_to_nothing() {
    let bytes = build("npm", &[]);
    assert!(group(&Index::open(&bytes).unwrap(), &[]).unwrap().is_empty());
}
