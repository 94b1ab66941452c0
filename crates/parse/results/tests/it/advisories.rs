use andon_model::{Finding, LayerRef, ScanReport, Severity, Subject};
use andon_results::{SarifLimits, read_sarif, write_sarif};
use serde_json::json;

use crate::sample::{finding, report, rule};
use crate::schema::check;

fn advisory(id: &str, package: &str, severity: Severity, score: &str) -> Finding {
    let mut found = finding("vulnerable-dependency", severity, "package-lock.json", 7);
    found.engine = "dependencies".into();
    found.fingerprints.primary.0.push_str(&format!("{id}{package}").to_lowercase());
    found.fingerprints.alternates.clear();
    found.title = format!("{package} 1.2: Stack overflow ({id})");
    found.advisory = Some(id.into());
    found.subject = Some(Subject::Component(format!("pkg:npm/{package}@1.2")));
    found.cwe = vec![674];
    found.evidence.clear();
    found.properties =
        [("ids", format!("{id} CVE-2026-1")), ("score", score.into()), ("fixed", "1.3".into())]
            .map(|(name, value)| (name.to_owned(), value))
            .into();
    found
}

fn both() -> ScanReport {
    let mut report = report(vec![
        advisory("GHSA-a", "left", Severity::Medium, "5.3"),
        advisory("GHSA-a", "right", Severity::Critical, "7.5"),
        advisory("GHSA-b", "left", Severity::Low, "2.2"),
        finding("alpha", Severity::High, "a.py", 1),
    ]);
    report.rules.push(rule("vulnerable-dependency", Severity::Medium));
    report
}

#[test]
fn every_advisory_is_a_rule_with_its_own_severity() {
    let output = write_sarif(&both(), &SarifLimits::default());
    check(&output.value);
    let run = &output.value["runs"][0];
    let rules: Vec<_> = run["tool"]["driver"]["rules"].as_array().unwrap().iter().collect();
    let said: Vec<_> = rules
        .iter()
        .map(|rule| json!([rule["id"], rule["name"], rule["properties"]["security-severity"]]))
        .collect();
    // What is exploited is critical whatever its score: then the number says so too.
    assert_eq!(
        json!(said),
        json!([
            ["GHSA-a", "Stack overflow", "9.0"],
            ["GHSA-b", "Stack overflow", "2.2"],
            ["alpha", "Token of alpha", "8.0"]
        ])
    );
    let result = &run["results"][0];
    assert_eq!(result["properties"]["purl"], "pkg:npm/left@1.2");
    assert_eq!(result["properties"]["ids"], json!(["GHSA-a", "CVE-2026-1"]));
    assert_eq!(result["properties"]["fixed"], "1.3");
    assert_eq!(result["properties"]["security-severity"], "5.3");
}

#[test]
fn the_rule_of_ours_comes_back() {
    let read = read_sarif(&write_sarif(&both(), &SarifLimits::unlimited()).bytes, "a").unwrap();
    let of = |report: &ScanReport| -> Vec<(String, String)> {
        let pair = |found: &Finding| (found.fingerprints.primary.0.clone(), found.rule.id.clone());
        let mut all: Vec<_> = report.findings.iter().map(pair).collect();
        all.sort();
        all
    };
    assert_eq!(of(&read), of(&both()));
    assert!(read.findings.iter().any(|found| found.advisory.as_deref() == Some("GHSA-b")));
    check(&write_sarif(&read, &SarifLimits::default()).value);
}

#[test]
fn what_a_finding_is_about_comes_back() {
    let mut report = both();
    let others = [Subject::Host("a.example".into()), Subject::Image("app@sha256:00".into())];
    for (found, subject) in report.findings.iter_mut().skip(1).zip(others) {
        found.subject = Some(subject);
    }
    let layer = LayerRef { index: 3, digest: "sha256:00".into(), instruction: "RUN npm ci".into() };
    report.findings[0].locations[0].layer = Some(layer);
    report.findings[0].locations[0].at_head = Some(true);
    report.findings[3].properties.insert("occurrences".into(), "7".into());
    let read = read_sarif(&write_sarif(&report, &SarifLimits::unlimited()).bytes, "a").unwrap();
    let mut twice = read.clone();
    twice.findings = read_sarif(&write_sarif(&read, &SarifLimits::unlimited()).bytes, "a").unwrap().findings;
    for (found, again) in [(&report, &read), (&report, &twice)] {
        for found in &found.findings {
            let primary = &found.fingerprints.primary;
            let again = again.findings.iter().find(|other| other.fingerprints.primary == *primary).unwrap();
            assert_eq!(again.subject, found.subject);
            assert_eq!((&again.advisory, &again.properties), (&found.advisory, &found.properties));
            assert_eq!(again.locations[0].layer, found.locations[0].layer);
            assert_eq!(again.locations[0].at_head, found.locations[0].at_head);
        }
    }
}

#[test]
fn a_package_url_of_another_tool_is_taken() {
    let check = |properties: &str, expected: Option<Subject>| {
        let log = format!(
            r#"{{"version": "2.1.0", "runs": [{{"tool": {{"driver": {{"name": "other"}}}}, "results":
            [{{"ruleId": "CVE-2026-1", "message": {{"text": "m"}}, "properties": {properties}}}]}}]}}"#
        );
        assert_eq!(read_sarif(log.as_bytes(), "a").unwrap().findings[0].subject, expected, "{properties}");
    };
    check(r#"{"purl": "pkg:npm/a@1"}"#, Some(Subject::Component("pkg:npm/a@1".into())));
    check(r#"{"purl": "a@1"}"#, None);
    check(r#"{"purl": 7, "andon": {"subject": "no", "properties": [], "advisory": {}}}"#, None);
}

#[test]
fn advisories_count_as_rules_and_never_share_an_identifier() {
    let limits = SarifLimits { rules: 1, ..SarifLimits::default() };
    let run = write_sarif(&both(), &limits).value["runs"][0].clone();
    assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), 1);
    let mut report = both();
    report.findings[2] = advisory("GHSA-a", "other", Severity::Low, "1.0");
    report.findings[2].rule.id = "malicious-dependency".into();
    let output = write_sarif(&report, &SarifLimits::default());
    check(&output.value);
    assert_eq!(output.value["runs"][0]["results"][2]["ruleId"], "andon@1/malicious-dependency/GHSA-a");
}

#[test]
fn layers_of_images_are_told() {
    let mut found = advisory("GHSA-a", "left", Severity::Low, "2.2");
    let instruction = "RUN npm ci".to_owned();
    found.locations[0].layer = Some(LayerRef { index: 3, digest: "sha256:00".into(), instruction });
    found.locations[0].at_head = Some(false);
    let output = write_sarif(&report(vec![found]), &SarifLimits::default());
    check(&output.value);
    assert_eq!(
        output.value["runs"][0]["results"][0]["locations"][0]["message"]["text"],
        "In layer 3 of the image, made by: RUN npm ci; a later layer deletes or replaces it"
    );
}
