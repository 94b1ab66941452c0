//! Reading records.

use andon_advisories::osv::{self, Advisory, ProblemKind};
use andon_advisories::{Index, Kind};
use andon_model::Severity;

use crate::build;

fn parse(json: &str) -> (Advisory, Vec<ProblemKind>) {
    let (advisory, problems) = osv::parse(json.as_bytes()).unwrap();
    (advisory, problems.iter().map(|problem| problem.kind).collect())
}

#[test]
fn a_wrong_entry_costs_only_itself() {
    let (advisory, problems) = parse(
        r#"{"id": "X-1", "aliases": ["CVE-2024-1", 7, null], "summary": 3, "unknown": {"deep": [1]},
            "affected": [null, {"package": {"ecosystem": "npm", "name": "a"}, "ranges": [
                {"type": "SEMVER", "events": [{"introduced": "0"}]},
                {"type": "LINEAR", "events": [{"introduced": "0"}]},
                {"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": 2}]},
                {"type": "SEMVER", "events": [{"introduced": "0", "fixed": "1"}]}],
              "versions": ["1.0", 2]}, "text", {"package": {"ecosystem": "npm", "name": "b"}}],
            "references": [{"type": "WEB", "url": "https://example.org"}, 1], "severity": {"type": "x"}}"#,
    );
    assert_eq!(advisory.aliases, ["CVE-2024-1"]);
    assert_eq!(advisory.affected.len(), 2);
    assert_eq!(advisory.affected[0].ranges.len(), 1, "a timeline with a hole is not used");
    assert_eq!(advisory.affected[0].versions, ["1.0"]);
    assert_eq!(advisory.references.len(), 1);
    let count = |kind| problems.iter().filter(|problem| **problem == kind).count();
    assert_eq!(count(ProblemKind::RangeType), 1);
    assert_eq!(count(ProblemKind::Event), 2, "{problems:?}");
    assert_eq!(count(ProblemKind::Type), 9, "{problems:?}");
}

#[test]
fn a_record_without_an_id_cannot_be_used() {
    let kind = |json: &str| osv::parse(json.as_bytes()).unwrap_err().kind;
    assert_eq!(kind(r#"{"summary": "x"}"#), ProblemKind::NoId);
    assert_eq!(kind(r#"{"id": 1}"#), ProblemKind::NoId);
    for text in ["", "[]", "{", "\u{feff}{}", r#"{"id": "X"} {}"#] {
        assert_eq!(kind(text), ProblemKind::NoJson, "{text}");
    }
    assert!(osv::parse(b"{\"id\": \"\xff\"}").is_err());
}

#[test]
fn nulls_are_absent() {
    let (advisory, problems) =
        parse(r#"{"id": "X-1", "aliases": null, "affected": null, "withdrawn": null}"#);
    assert_eq!(advisory, Advisory { id: "X-1".to_owned(), ..Advisory::default() });
    assert!(problems.is_empty());
}

fn kind(id: &str, fields: &str, own: &str, expected: Kind) {
    let json = format!(r#"{{"id": "{id}", {fields} "affected": [{{"database_specific": {{{own}}}}}]}}"#);
    assert_eq!(parse(&json).0.kind, expected, "{json}");
}

#[test]
fn kinds_are_told_apart() {
    kind("MAL-2024-1", "", "", Kind::Malicious);
    kind("GHSA-1", r#""aliases": ["MAL-2024-1"],"#, "", Kind::Malicious);
    kind("RUSTSEC-1", "", r#""categories": ["malicious"]"#, Kind::Malicious);
    kind("RUSTSEC-1", "", r#""informational": "unmaintained""#, Kind::Unmaintained);
    kind("RUSTSEC-1", "", r#""informational": "unsound""#, Kind::Unsound);
    kind("RUSTSEC-1", "", r#""informational": "notice""#, Kind::Notice);
    kind("RUSTSEC-1", "", r#""informational": null"#, Kind::Vulnerability);
    kind("ALBA-2024:1", r#""related": [],"#, "", Kind::Notice);
    kind("ALBA-2024:1", r#""related": ["CVE-2024-1"],"#, "", Kind::Vulnerability);
    kind("GHSA-1", "", "", Kind::Vulnerability);
}

#[test]
fn databases_say_how_bad_in_their_own_words() {
    let rating = |json: &str| parse(json).0.rating;
    assert_eq!(
        rating(r#"{"id": "GHSA-1", "database_specific": {"severity": "MODERATE"}}"#),
        Some(Severity::Medium)
    );
    assert_eq!(rating(r#"{"id": "ALSA-1", "summary": "Important: kernel update"}"#), Some(Severity::High));
    assert_eq!(rating(r#"{"id": "GHSA-1", "summary": "Important: do not"}"#), None);
    assert_eq!(rating(r#"{"id": "GHSA-1", "database_specific": {"severity": ["HIGH"]}}"#), None);
    let weak = r#"{"id": "GHSA-1", "database_specific": {"cwe_ids": ["CWE-79", "x", 3]}}"#;
    assert_eq!(parse(weak).0.cwe, [79]);
}

#[test]
fn what_is_stored_is_what_was_read() {
    let json = r#"{"id": "GHSA-1", "aliases": ["CVE-2024-1"], "related": ["R-1"], "upstream": ["U-1"],
        "summary": "A \"quoted\" one", "details": "Zwölf\nBoxkämpfer", "published": "2024-01-01T00:00:00Z",
        "modified": "2024-01-02T00:00:00Z", "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N"}],
        "database_specific": {"cwe_ids": ["CWE-1"], "severity": "LOW"},
        "references": [{"type": "WEB", "url": "https://example.org"}]}"#;
    let (advisory, problems) = parse(json);
    assert!(problems.is_empty());
    let bytes = build("npm", &[json]);
    let index = Index::open(&bytes).unwrap();
    assert_eq!(index.record(0).unwrap(), andon_advisories::Record::of(&advisory));
    assert_eq!(index.texts(0).unwrap(), andon_advisories::Texts::of(&advisory));
}

#[test]
fn long_texts_are_cut_between_characters() {
    let json = format!(r#"{{"id": "X-1", "details": "{}"}}"#, "ä".repeat(20_000));
    let (advisory, _) = parse(&json);
    assert_eq!(advisory.details.len(), 16 << 10);
    let json = format!(r#"{{"id": "X-1", "references": [{}{{}}]}}"#, r#"{"url": "u"},"#.repeat(500));
    assert_eq!(parse(&json).0.references.len(), 40);
}
