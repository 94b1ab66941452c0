//! The index: what it holds, how it is found.

use andon_advisories::{Builder, Index};

use crate::{ask, build, ids, range, record};

fn all(name: &str, id: &str, fields: &str) -> String {
    record(id, fields, "npm", name, &range("SEMVER", r#"{"introduced": "0"}"#))
}

#[test]
fn packages_are_found_by_their_normal_name() {
    let range = range("ECOSYSTEM", r#"{"introduced": "0"}"#);
    let bytes = build("PyPI", &[&record("PYSEC-1", r#""summary": "s""#, "PyPI", "Foo.Bar", &range)]);
    let index = Index::open(&bytes).unwrap();
    assert_eq!(ids(&index, "PyPI", "foo-bar", "1.0"), ["PYSEC-1"]);
    assert_eq!(ids(&index, "PyPI", "FOO__BAR", "1.0"), ["PYSEC-1"]);
    for (ecosystem, name) in [("npm", "foo-bar"), ("PyPI", "foobar"), ("PyPI", ""), ("", "foo-bar")] {
        assert!(!ask(&index, ecosystem, name, "1.0").known_package, "{ecosystem} {name}");
    }
    let candidates: Vec<_> = index.lookup("PyPI", "foo_bar").collect::<Result<_, _>>().unwrap();
    assert_eq!(candidates.len(), 1);
    assert_eq!(candidates[0].package.name, "Foo.Bar");
}

#[test]
fn what_is_not_in_the_data_is_not_covered() {
    let bytes = build("npm", &[&all("a", "X-1", r#""summary": "s""#)]);
    let index = Index::open(&bytes).unwrap();
    assert!(ask(&index, "npm", "other", "1.0.0").ecosystem_covered);
    assert!(!ask(&index, "PyPI", "a", "1.0.0").ecosystem_covered);
    let mut builder = Builder::in_memory();
    builder.declare("Hex", "");
    let mut bytes = Vec::new();
    builder.finish(&mut bytes, "").unwrap();
    assert!(
        ask(&Index::open(&bytes).unwrap(), "Hex", "a", "1.0.0").ecosystem_covered,
        "an empty dump is a dump"
    );
}

#[test]
fn ids_and_aliases_lead_to_records() {
    let bytes = build(
        "npm",
        &[
            &all("a", "GHSA-aaaa", r#""aliases": ["CVE-2024-1"]"#),
            &all("b", "MAL-1", r#""aliases": ["GHSA-aaaa"]"#),
            &all("c", "X-9", r#""related": ["CVE-2024-1"]"#),
        ],
    );
    let index = Index::open(&bytes).unwrap();
    let found = |id: &str| index.by_id(id).unwrap().iter().map(|record| record.id).collect::<Vec<_>>();
    assert_eq!(found("CVE-2024-1"), ["GHSA-aaaa"]);
    assert_eq!(found("ghsa-AAAA"), ["GHSA-aaaa", "MAL-1"]);
    assert_eq!(found("X-9"), ["X-9"]);
    assert!(found("CVE-2024-2").is_empty());
    // A record about another package joins the ids of both.
    let matches = ask(&index, "npm", "b", "1.0.0").vulnerabilities;
    assert_eq!(matches[0].ids().unwrap(), ["CVE-2024-1", "GHSA-aaaa", "MAL-1"]);
}

#[test]
fn of_two_records_with_one_id_the_later_counts() {
    let dated =
        |name: &str, modified: &str| all(name, "X-1", r#""summary": "s""#).replace("2026-01-01", modified);
    let (old, new) = (dated("old", "2025-01-01"), dated("new", "2026-06-01"));
    for order in [[&old, &new, &old], [&new, &old, &new]] {
        let bytes = build("npm", &order.map(String::as_str));
        let index = Index::open(&bytes).unwrap();
        assert_eq!(ids(&index, "npm", "new", "1.0.0"), ["X-1"]);
        assert!(!ask(&index, "npm", "old", "1.0.0").known_package);
        assert_eq!(index.by_id("X-1").unwrap().len(), 1);
        assert_eq!(index.metadata().advisories, 1);
        assert_eq!(index.metadata().ecosystems[0].newest, "2026-06-01T00:00:00Z");
    }
}

#[test]
fn the_digest_names_the_content() {
    let (one, other) = (all("a", "X-1", r#""summary": "s""#), all("b", "X-2", r#""summary": "s""#));
    let digest = |records: &[&str], built: &str| {
        let mut builder = Builder::in_memory();
        for record in records {
            builder.add_json("npm", record.as_bytes()).unwrap();
        }
        let mut bytes = Vec::new();
        let summary = builder.finish(&mut bytes, built).unwrap();
        let index = Index::open(&bytes).unwrap();
        index.verify().unwrap();
        assert_eq!((index.digest(), index.built()), (summary.digest.clone(), built));
        assert_eq!(summary.bytes, bytes.len() as u64);
        summary.digest
    };
    assert_eq!(
        digest(&[&one, &other], "2026-01-01T00:00:00Z"),
        digest(&[&one, &other], "2027-01-01T00:00:00Z")
    );
    assert_ne!(digest(&[&one, &other], ""), digest(&[&other], ""));
}

#[test]
fn known_exploited_vulnerabilities_are_listed() {
    let mut builder = Builder::in_memory();
    builder
        .kev(
            br#"{"catalogVersion": "2025.08.25", "dateReleased": "2025-08-25T17:04:19Z", "vulnerabilities": [
            {"cveID": "CVE-2025-48384", "dateAdded": "2025-08-25", "dueDate": "2025-09-15",
             "knownRansomwareCampaignUse": "Unknown"},
            {"cveID": "CVE-2021-44228", "dateAdded": "2021-12-10", "dueDate": "2021-12-24",
             "knownRansomwareCampaignUse": "Known"}, {"cveID": 7}]}"#,
        )
        .unwrap();
    let mut bytes = Vec::new();
    builder.finish(&mut bytes, "").unwrap();
    let index = Index::open(&bytes).unwrap();
    let found = index.exploited("CVE-2021-44228").unwrap();
    assert_eq!(
        (found.added.to_string(), found.due.to_string()),
        ("2021-12-10".to_owned(), "2021-12-24".to_owned())
    );
    assert!(found.ransomware && !index.exploited("CVE-2025-48384").unwrap().ransomware);
    assert_eq!(index.exploited("CVE-2021-44229"), None);
    assert_eq!(index.metadata().exploited.as_ref().unwrap().count, 2);
    assert!(Builder::in_memory().kev(b"{}").is_err());
}

#[test]
fn exploit_probabilities_are_listed() {
    let mut builder = Builder::in_memory();
    let csv = "#model_version:v2025.03.14,score_date:2026-01-01T12:55:00Z\ncve,epss,percentile\n\
               CVE-2021-44228,0.94358,0.99957\r\nCVE-1999-0001,0.01142,0.77501\nCVE-1-1,7,0.1\nnonsense\n";
    builder.epss(&mut csv.as_bytes()).unwrap();
    let mut bytes = Vec::new();
    builder.finish(&mut bytes, "").unwrap();
    let index = Index::open(&bytes).unwrap();
    let found = index.probability("CVE-2021-44228").unwrap();
    assert!((found.probability - 0.94358).abs() < 1e-8 && (found.percentile - 0.99957).abs() < 1e-8);
    assert!(index.probability("CVE-1999-0001").is_some());
    assert_eq!(index.probability("CVE-2021-44229"), None);
    let model = index.metadata().probabilities.as_ref().unwrap();
    assert_eq!(
        (model.version.as_str(), model.released.as_str(), model.count),
        ("v2025.03.14", "2026-01-01T12:55:00Z", 2)
    );
    assert!(Builder::in_memory().epss(&mut "a,b\n".as_bytes()).is_err());
}
