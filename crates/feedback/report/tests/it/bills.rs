use andon_model::{Evidence, Finding, ScanReport, Suppression, SuppressionKind};
use andon_report::{Format, RenderError, RenderOptions, render, write};
use serde_json::{Value, json};

use crate::{project, sample};

fn value(report: &ScanReport, format: Format) -> Value {
    let rendered = render(report, format, &RenderOptions::default());
    serde_json::from_slice(&rendered.bytes).unwrap()
}

#[test]
fn without_components_there_is_no_list_of_them() {
    for format in Format::ALL.iter().filter(|format| format.needs_inventory()) {
        let mut bytes = Vec::new();
        let answer = write(&sample::quiet(), *format, &RenderOptions::default(), &mut bytes);
        assert!(matches!(answer, Err(RenderError::NoInventory)) && bytes.is_empty(), "{format}");
    }
}

#[test]
fn both_ways_of_writing_give_the_same() {
    for format in Format::ALL {
        let mut bytes = Vec::new();
        let notices = write(&project::project(), *format, &RenderOptions::default(), &mut bytes).unwrap();
        let rendered = render(&project::project(), *format, &RenderOptions::default());
        assert_eq!((bytes, notices), (rendered.bytes, rendered.notices), "{format}");
    }
}

#[test]
fn cyclonedx_has_components_and_vulnerabilities() {
    let mut report = project::project();
    let lodash = |finding: &&mut Finding| finding.advisory.as_deref() == Some("GHSA-35jh-r3h4-6jhm");
    let rated = report.findings.iter_mut().find(lodash).unwrap();
    rated.evidence =
        [("cvss", "7.2 CVSS:3.1/AV:N/AC:L"), ("reference", "https://example.org/a"), ("reference", "a b")]
            .map(|(kind, value)| Evidence { kind: kind.into(), value: value.into() })
            .into();
    rated.properties.extend(
        [("epss", "0.5"), ("exploited", "2024-01-01")].map(|(name, value)| (name.into(), value.into())),
    );
    let bom = value(&report, Format::CycloneDx);
    assert_eq!(bom["specVersion"], "1.6");
    assert_eq!(bom["metadata"]["component"]["name"], "project");
    assert_eq!(bom["components"].as_array().unwrap().len(), 7);
    assert_eq!(bom["compositions"][0]["aggregate"], "complete");
    let vulnerabilities = bom["vulnerabilities"].as_array().unwrap();
    let found = vulnerabilities.iter().find(|one| one["id"] == "GHSA-35jh-r3h4-6jhm").unwrap();
    assert_eq!(found["affects"], json!([{ "ref": "pkg:npm/lodash@4.17.20" }]));
    let aliases: Vec<&Value> = found["references"].as_array().unwrap().iter().map(|one| &one["id"]).collect();
    assert_eq!(aliases, ["CVE-2021-23337"]);
    let rating = json!({
        "score": 7.2, "severity": "high", "method": "CVSSv31", "vector": "CVSS:3.1/AV:N/AC:L",
    });
    assert_eq!(found["ratings"][0], rating);
    assert_eq!(found["ratings"][1]["source"]["name"], "Andon");
    assert_eq!(found["advisories"], json!([{ "url": "https://example.org/a" }]));
    let named = |name: &str| {
        let properties = found["properties"].as_array().unwrap();
        properties.iter().find(|one| one["name"] == name).map(|one| one["value"].clone())
    };
    assert_eq!(named("andon:epss"), Some(json!("0.5")));
    assert_eq!(named("andon:exploited"), Some(json!("2024-01-01")));
    let bom = value(&project::unaudited(), Format::CycloneDx);
    assert_eq!(bom["compositions"][0]["aggregate"], "incomplete");
    let bom = value(&project::image(), Format::CycloneDx);
    assert_eq!(bom["metadata"]["component"]["type"], "container");
}

#[test]
fn spdx_has_components() {
    let document = value(&project::project(), Format::Spdx);
    assert_eq!(document["spdxVersion"], "SPDX-2.3");
    assert!(document["packages"].as_array().unwrap().len() >= 7);
}

/// The statement that an exception with this reason becomes.
fn check_exception(reason: &str, expected: &Value) {
    let mut report = project::project();
    report.findings.retain(|finding| finding.advisory.as_deref() == Some("GHSA-35jh-r3h4-6jhm"));
    report.findings[0].suppression = Some(Suppression {
        kind: SuppressionKind::Exception,
        reason: reason.into(),
        owner: Some("jane".into()),
        expires: Some("2027-01-01".into()),
        requester: None,
        approver: None,
    });
    let document = value(&report, Format::OpenVex);
    assert_eq!(document["author"], "jane");
    let statement = &document["statements"][0];
    assert_eq!(
        statement["vulnerability"],
        json!({ "name": "GHSA-35jh-r3h4-6jhm", "aliases": ["CVE-2021-23337"] })
    );
    let said =
        ["status", "justification", "impact_statement", "action_statement"].map(|name| &statement[name]);
    assert_eq!(json!(said), *expected, "{reason}");
}

#[test]
fn exceptions_become_statements_that_claim_no_more_than_they_say() {
    check_exception(
        "only used in tests",
        &json!(["affected", null, null, "The risk is accepted until 2027-01-01: only used in tests"]),
    );
    check_exception(
        "vulnerable_code_not_in_execute_path: template() is never called",
        &json!(["not_affected", "vulnerable_code_not_in_execute_path", "template() is never called", null]),
    );
    check_exception("not_affected: no input", &json!(["not_affected", null, "no input", null]));
    check_exception("fixed", &json!(["fixed", null, null, null]));
}

#[test]
fn statements_of_others_are_kept() {
    let document = value(&project::project(), Format::OpenVex);
    assert_eq!(document["statements"].as_array().unwrap().len(), 1);
    assert_eq!(document["statements"][0]["justification"], "vulnerable_code_not_in_execute_path");
    assert_eq!(document["author"], "Security <security@example.org>");
    let mut report = project::project();
    report.findings.clear();
    assert_eq!(render(&report, Format::OpenVex, &RenderOptions::default()).notices.len(), 1);
}

#[test]
fn a_finding_about_several_versions_names_each() {
    let mut report = project::project();
    report.findings.retain(|finding| finding.advisory.as_deref() == Some("GHSA-35jh-r3h4-6jhm"));
    let mut older = report.inventory.as_ref().unwrap().components.clone();
    older.retain(|part| part.purl == "pkg:npm/lodash@4.17.20");
    (older[0].purl, older[0].version) = ("pkg:npm/lodash@3.0.0".into(), Some("3.0.0".into()));
    older[0].locations[0].path = "old/package-lock.json".into();
    report.inventory.as_mut().unwrap().components.extend(older);
    let both = "pkg:npm/lodash@3.0.0 pkg:npm/lodash@4.17.20".to_owned();
    report.findings[0].properties.insert("components".into(), both);
    let bom = value(&report, Format::CycloneDx);
    let affects = bom["vulnerabilities"][0]["affects"].as_array().unwrap();
    assert_eq!(affects.len(), 2);
    let document = value(&report, Format::GitlabDependencies);
    let mut found: Vec<Value> = document["vulnerabilities"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| json!([one["location"]["file"], one["location"]["dependency"]["version"]]))
        .collect();
    found.sort_by_key(ToString::to_string);
    let whole = json!([["old/package-lock.json", "3.0.0"], [found[1][0], "4.17.20"]]);
    assert_eq!(json!(found), whole);
    assert_ne!(document["vulnerabilities"][0]["id"], document["vulnerabilities"][1]["id"]);
}

#[test]
fn gitlab_takes_dependencies() {
    let document = value(&project::project(), Format::GitlabDependencies);
    assert_eq!(document["scan"]["type"], "dependency_scanning");
    let found = document["vulnerabilities"].as_array().unwrap();
    assert_eq!(found.len(), 15);
    let mut ids: Vec<&str> = found.iter().map(|one| one["id"].as_str().unwrap()).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!(ids.len(), 15);
    for one in found {
        assert!(!one["location"]["file"].as_str().unwrap().is_empty());
        assert!(one["location"]["dependency"]["package"]["name"].is_string());
        assert!((1..=20).contains(&one["identifiers"].as_array().unwrap().len()));
    }
    insta::assert_json_snapshot!(json!([found[0], document["dependency_files"]]));
    assert_eq!(document["scan"]["status"], "success");
    assert_eq!(value(&project::unaudited(), Format::GitlabDependencies)["scan"]["status"], "failure");
    let notices = render(&project::project(), Format::Gitlab, &RenderOptions::default()).notices;
    assert!(notices.iter().any(|notice| notice.contains("--format gitlab-dependencies")), "{notices:?}");
}
