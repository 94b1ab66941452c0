use andon_dependencies::Settings;
use andon_dependencies::licences::{LicencePolicy, UnknownLicence};
use andon_model::{Finding, SuppressionKind};
use andon_sbom::vex;

use crate::target::{Target, settings, titles, with_advisories};

const LOCK: &str = r#"{"lockfileVersion": 3, "packages": {
  "": {"dependencies": {"a": "1"}},
  "node_modules/a": {"version": "1.0.0", "license": "MIT", "dependencies": {"b": "1"}},
  "node_modules/b": {"version": "1.0.0", "license": "AGPL-3.0-only"}
}}"#;
const GHSA: &str = r#"{"id": "GHSA-aaaa-bbbb-cccc", "aliases": ["CVE-2026-1"], "modified": "2026-01-01T00:00:00Z",
  "summary": "Code injection", "severity": [{"type": "CVSS_V3", "score": "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"}],
  "affected": [{"package": {"ecosystem": "npm", "name": "b"}, "ranges": [
    {"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.2.0"}]}]}]}"#;
const OTHER: &str = r#"{"id": "x_npm-1", "aliases": ["CVE-2026-1"], "modified": "2026-01-01T00:00:00Z",
  "affected": [{"package": {"ecosystem": "npm", "name": "b"}, "versions": ["1.0.0"]}]}"#;
const SECOND: &str = r#"{"id": "GHSA-dddd-eeee-ffff", "modified": "2026-01-01T00:00:00Z", "summary": "Slow",
  "affected": [{"package": {"ecosystem": "npm", "name": "b"}, "ranges": [
    {"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.1.0"}]}]}]}"#;

fn target() -> Target {
    Target::default().file("package-lock.json", LOCK)
}

fn findings(settings: Settings) -> Vec<Finding> {
    target().judged(settings).findings
}

#[test]
fn one_finding_for_a_vulnerability_whatever_its_ids() {
    let found = findings(with_advisories(&["npm"], &[GHSA, OTHER]));
    assert_eq!(titles(&found), ["critical vulnerable-dependency: b 1.0.0: Code injection (CVE-2026-1)"]);
    assert_eq!(found[0].properties["ids"], "CVE-2026-1 GHSA-aaaa-bbbb-cccc x_npm-1");
    assert_eq!(found[0].properties["fixed"], "1.2.0");
    assert_eq!(found[0].locations[0].region.unwrap().start_line, 4);
}

#[test]
fn a_new_alias_does_not_make_a_finding_new() {
    let before = findings(with_advisories(&["npm"], &[&GHSA.replace(r#""aliases": ["CVE-2026-1"], "#, "")]));
    let after = findings(with_advisories(&["npm"], &[GHSA, OTHER]));
    let known: Vec<_> = before[0].fingerprints.all().collect();
    assert!(after[0].fingerprints.all().any(|print| known.contains(&print)));
    assert_ne!(before[0].fingerprints.primary, after[0].fingerprints.primary);
}

#[test]
fn one_upgrade_removes_what_it_can() {
    let outcome = target().judged(with_advisories(&["npm"], &[GHSA, SECOND]));
    let upgrades = outcome.inventory.unwrap().upgrades;
    assert_eq!(upgrades.len(), 1);
    let upgrade = &upgrades[0];
    assert_eq!((upgrade.from.as_str(), upgrade.to.as_str(), upgrade.removes.len()), ("1.0.0", "1.2.0", 2));
    assert_eq!(upgrade.command.as_deref(), Some("npm update b"));
    let fix = &outcome.findings[0].fix.as_ref().unwrap().description;
    assert!(fix.starts_with("Update b to 1.2.0. Other components bring it in (`andon why b`"), "{fix}");
    assert!(fix.ends_with("or set the version under `overrides` in package.json."), "{fix}");
    assert_eq!(upgrade.through.as_deref(), Some("pkg:npm/a@1.0.0"));
    let known: Vec<&str> =
        outcome.findings.iter().map(|finding| finding.fingerprints.primary.0.as_str()).collect();
    assert!(upgrade.removes.iter().all(|print| known.contains(&print.as_str())));
}

#[test]
fn not_audited_is_never_clean() {
    let check = |settings: Settings, expected: &str| {
        let outcome = target().judged(settings);
        assert!(outcome.findings.is_empty());
        let told: Vec<&str> = outcome.gaps.iter().map(|gap| gap.detail.as_str()).collect();
        assert!(told.iter().any(|detail| detail.contains(expected)), "{expected}: {told:?}");
    };
    check(settings(), "compared with no advisories, because this machine has none");
    check(with_advisories(&["PyPI"], &[]), "the advisories do not cover npm");
    let old = Settings { advisory_days: Some(1), ..with_advisories(&["npm"], &[]) };
    let old = Settings { now: "2026-02-10T00:00:00Z".parse().unwrap(), ..old };
    check(old, "the advisories are 11 days old and the policy allows 1");
    let damaged = Settings { advisories: Some(std::sync::Arc::new(vec![1, 2, 3])), ..settings() };
    check(damaged, "the advisory database cannot be used");
    let outcome = target().judged(with_advisories(&["npm"], &[]));
    assert!(outcome.gaps.is_empty() && outcome.findings.is_empty(), "{:?}", outcome.gaps);
}

#[test]
fn a_vex_statement_holds_across_aliases() {
    let statement = |status: &str| {
        format!(
            r#"{{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "urn:x", "author": "Sam",
            "timestamp": "2026-01-01T00:00:00Z", "version": 1, "statements": [{{
            "vulnerability": {{"name": "GHSA-aaaa-bbbb-cccc"}}, "products": [{{"@id": "pkg:npm/b"}}],
            "status": "{status}", "justification": "vulnerable_code_not_present", "impact_statement": "not called",
            "action_statement": "update"}}]}}"#
        )
    };
    let check = |status: &str, expected: Option<SuppressionKind>| {
        let vex = vex::read(statement(status).as_bytes()).unwrap().statements;
        let found = findings(Settings { vex, ..with_advisories(&["npm"], &[OTHER, GHSA]) });
        assert_eq!(found[0].suppression.as_ref().map(|found| found.kind), expected, "{status}");
    };
    check("not_affected", Some(SuppressionKind::Vex));
    check("affected", None);
}

#[test]
fn licences_are_judged_when_a_policy_says_so() {
    assert!(findings(with_advisories(&["npm"], &[])).is_empty());
    let policy = LicencePolicy {
        deny: vec!["AGPL-*".to_owned()],
        unknown: UnknownLicence::Allow,
        ..LicencePolicy::default()
    };
    let found = findings(Settings { licences: Some(policy), ..with_advisories(&["npm"], &[]) });
    assert_eq!(
        titles(&found),
        ["high forbidden-licence: b 1.0.0 is under AGPL-3.0-only, which the policy denies (`AGPL-*`)"]
    );
}

#[test]
fn malicious_packages_are_a_kind_of_their_own() {
    let record = r#"{"id": "MAL-2026-1", "modified": "2026-01-01T00:00:00Z", "summary": "Malicious code in b",
      "affected": [{"package": {"ecosystem": "npm", "name": "b"}, "versions": ["1.0.0"]}]}"#;
    let found = findings(with_advisories(&["npm"], &[record]));
    assert_eq!(titles(&found), ["critical malicious-dependency: b 1.0.0: Malicious code in b (MAL-2026-1)"]);
}

#[test]
fn an_upgrade_leads_past_what_its_branch_is_affected_by() {
    let record = |id: &str, events: &str| {
        format!(
            r#"{{"id": "{id}", "modified": "2026-01-01T00:00:00Z", "affected": [{{"package": {{"ecosystem": "npm",
            "name": "b"}}, "ranges": [{{"type": "SEMVER", "events": [{events}]}}]}}]}}"#
        )
    };
    let both = r#"{"introduced": "0"}, {"fixed": "1.5.0"}, {"introduced": "2.0.0"}, {"fixed": "2.1.0"}"#;
    let first = record("GHSA-aaaa-aaaa-aaaa", both);
    let second = record("GHSA-bbbb-bbbb-bbbb", r#"{"introduced": "0"}, {"fixed": "2.0.0"}"#);
    let check = |records: &[&str], to: &str, removes: usize| {
        let upgrades = target().judged(with_advisories(&["npm"], records)).inventory.unwrap().upgrades;
        assert_eq!((upgrades[0].to.as_str(), upgrades[0].removes.len()), (to, removes));
    };
    check(&[&first, &second], "2.1.0", 2);
    check(&[&first], "1.5.0", 1);
    let open = record("GHSA-cccc-cccc-cccc", r#"{"introduced": "0"}"#);
    check(&[&first, &open], "1.5.0", 1);
}

#[test]
fn actions_pinned_by_a_bare_commit_are_not_audited() {
    let commit = "0123456789012345678901234567890123456789";
    let steps = format!("      - uses: a/b@{commit}\n      - uses: a/c@{commit} # v1.2.3\n");
    let workflow = format!("on: push\njobs:\n  x:\n    steps:\n{steps}");
    let target = Target::default().file(".github/workflows/ci.yml", &workflow);
    let gaps = target.gaps(with_advisories(&["GitHub Actions"], &[]));
    assert_eq!(gaps.len(), 1, "{gaps:?}");
    assert!(gaps[0].contains("pinned by a commit") && gaps[0].ends_with("(a/b)"), "{gaps:?}");
}

/// `b` in two versions, one of them brought in by `a`.
fn two_versions(first: &str, second: &str) -> Target {
    let lock = format!(
        r#"{{"lockfileVersion": 3, "packages": {{
  "": {{"dependencies": {{"a": "1", "b": "*"}}}},
  "node_modules/a": {{"version": "1.0.0", "dependencies": {{"b": "*"}}}},
  "node_modules/a/node_modules/b": {{"version": "{first}"}},
  "node_modules/b": {{"version": "{second}"}}
}}}}"#
    );
    Target::default().file("package-lock.json", &lock)
}

const BRANCHES: &str = r#"{"id": "GHSA-aaaa-bbbb-cccc", "aliases": ["CVE-2026-1"], "modified": "2026-01-01T00:00:00Z",
  "summary": "Slow", "affected": [{"package": {"ecosystem": "npm", "name": "b"}, "ranges": [
    {"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "3.2.0"}]},
    {"type": "SEMVER", "events": [{"introduced": "4.0.0"}, {"fixed": "4.5.0"}]}]}]}"#;

#[test]
fn versions_of_a_package_share_a_finding_until_the_last_is_mended() {
    let judged = |first: &str, second: &str, records: &[&str]| {
        two_versions(first, second).judged(with_advisories(&["npm"], records)).findings
    };
    let both = judged("3.1.0", "4.0.1", &[BRANCHES]);
    assert_eq!(titles(&both), ["medium vulnerable-dependency: b 4.0.1: Slow, also in 3.1.0 (CVE-2026-1)"]);
    assert!(
        both[0].message.ends_with("; 3.1.0: fixed in 3.2.0; 4.0.1: fixed in 4.5.0"),
        "{}",
        both[0].message
    );
    let lines: Vec<u32> = both[0].locations.iter().map(|place| place.region.unwrap().start_line).collect();
    assert_eq!(lines, [4, 5]);
    assert_eq!(both[0].properties["components"], "pkg:npm/b@3.1.0 pkg:npm/b@4.0.1");
    // Whatever is updated, and in whatever order, it stays the same finding while any version is affected.
    for (first, second) in [("3.1.9", "4.0.1"), ("3.2.0", "4.0.1"), ("3.1.0", "4.5.0"), ("4.0.1", "3.1.0")] {
        let after = judged(first, second, &[BRANCHES]);
        assert_eq!(after.len(), 1, "{first} {second}");
        assert_eq!(after[0].fingerprints.primary, both[0].fingerprints.primary, "{first} {second}");
    }
    assert!(judged("3.2.0", "4.5.0", &[BRANCHES]).is_empty());
}

#[test]
fn records_with_other_names_for_it_are_the_same_finding() {
    let first = r#"{"id": "x-1", "aliases": ["GHSA-aaaa-bbbb-cccc"], "modified": "2026-01-01T00:00:00Z",
      "affected": [{"package": {"ecosystem": "npm", "name": "b"}, "versions": ["1.0.0"]}]}"#;
    let second = GHSA.replace(r#"{"introduced": "0"}"#, r#"{"introduced": "1.1.0"}"#);
    let settings = with_advisories(&["npm"], &[first, &second]);
    let found = two_versions("1.0.0", "1.1.0").judged(settings).findings;
    assert_eq!(found.len(), 1, "{:?}", titles(&found));
    assert_eq!(found[0].advisory.as_deref(), Some("CVE-2026-1"));
}

#[test]
fn an_upgrade_names_every_version_and_the_finding_it_removes() {
    let check = |first, second, record: &str, expected: Option<(&str, &str)>| {
        let outcome = two_versions(first, second).judged(with_advisories(&["npm"], &[record]));
        let upgrades = outcome.inventory.unwrap().upgrades;
        let told = upgrades.first().map(|upgrade| (upgrade.from.as_str(), upgrade.to.as_str()));
        assert_eq!(told, expected, "{first} {second}");
        for upgrade in &upgrades {
            assert_eq!(upgrade.removes, [outcome.findings[0].fingerprints.primary.0.clone()]);
        }
    };
    check("3.1.0", "4.0.1", BRANCHES, Some(("3.1.0, 4.0.1", "3.2.0, 4.5.0")));
    check("3.1.0", "4.5.0", BRANCHES, Some(("3.1.0", "3.2.0")));
    // A version that nothing mends keeps the finding.
    let open = BRANCHES.replace(r#", {"fixed": "4.5.0"}"#, "");
    check("3.1.0", "4.0.1", &open, None);
}

#[test]
fn a_version_that_another_record_still_names_is_no_fix() {
    let other = OTHER.replace(r#"["1.0.0"]"#, r#"["1.0.0", "1.2.0"]"#);
    let check = |records: &[&str], fixed: Option<&str>| {
        let outcome = target().judged(with_advisories(&["npm"], records));
        let found = &outcome.findings[0];
        assert_eq!(found.properties.get("fixed").map(String::as_str), fixed);
        assert_eq!(found.fix.is_some(), fixed.is_some());
        let upgrades = outcome.inventory.unwrap().upgrades;
        assert_eq!(upgrades.first().map(|upgrade| upgrade.to.as_str()), fixed);
    };
    check(&[GHSA, OTHER], Some("1.2.0"));
    check(&[GHSA, &other], None);
    let later = GHSA.replace("GHSA-aaaa-bbbb-cccc", "GHSA-gggg-hhhh-jjjj").replace("1.2.0", "1.3.0");
    check(&[GHSA, &other, &later], Some("1.3.0"));
}

#[test]
fn the_command_is_that_of_the_lock_file_if_there_is_one() {
    let asks = r#"{"dependencies": {"b": "1.0.0"}}"#;
    let classic = "# yarn lockfile v1\n\nb@1.0.0:\n  version \"1.0.0\"\n";
    let check = |target: Target, expected: &str| {
        let outcome = target.judged(with_advisories(&["npm"], &[GHSA]));
        assert_eq!(outcome.inventory.unwrap().upgrades[0].command.as_deref(), Some(expected));
    };
    let target = || Target::default().file("package.json", asks);
    check(target(), "npm install b@1.2.0");
    check(target().file("yarn.lock", classic), "yarn upgrade b@1.2.0");
}

#[test]
fn a_statement_about_one_version_leaves_the_others() {
    let statement = |products: &str| {
        format!(
            r#"{{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "urn:x", "author": "Sam",
            "timestamp": "2026-01-01T00:00:00Z", "version": 1, "statements": [{{
            "vulnerability": {{"name": "CVE-2026-1"}}, "products": [{products}],
            "status": "not_affected", "justification": "vulnerable_code_not_present"}}]}}"#
        )
    };
    let check = |products: &str, suppressed: bool, components: &str| {
        let vex = vex::read(statement(products).as_bytes()).unwrap().statements;
        let settings = Settings { vex, ..with_advisories(&["npm"], &[BRANCHES]) };
        let found = two_versions("3.1.0", "4.0.1").judged(settings).findings;
        assert_eq!((found.len(), found[0].suppression.is_some()), (1, suppressed), "{products}");
        assert!(found[0].title.contains(components), "{}", found[0].title);
    };
    check(r#"{"@id": "pkg:npm/b@4.0.1"}"#, false, "b 3.1.0: Slow (");
    check(r#"{"@id": "pkg:npm/b@4.0.1"}, {"@id": "pkg:npm/b@3.1.0"}"#, true, "also in 3.1.0");
}

#[test]
fn one_finding_for_a_licence_of_several_versions() {
    let lock = r#"{"lockfileVersion": 3, "packages": {
      "node_modules/a/node_modules/b": {"version": "1.0.0", "license": "AGPL-3.0-only"},
      "node_modules/b": {"version": "2.0.0", "license": "AGPL-3.0-only"}}}"#;
    let policy = LicencePolicy { deny: vec!["AGPL-*".to_owned()], ..LicencePolicy::default() };
    let settings = Settings { licences: Some(policy), ..with_advisories(&["npm"], &[]) };
    let found = Target::default().file("package-lock.json", lock).judged(settings).findings;
    assert_eq!(found.len(), 1);
    assert!(found[0].title.starts_with("b 1.0.0, 2.0.0 is under"), "{}", found[0].title);
}
