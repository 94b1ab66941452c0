use std::collections::BTreeSet;

use andon_model::ScanReport;
use andon_report::{Format, RenderOptions, json_schema, render};
use serde_json::Value;

use crate::sample;

fn value(report: &ScanReport, format: Format) -> Value {
    serde_json::from_slice(&render(report, format, &RenderOptions::default()).bytes).unwrap()
}

fn samples() -> [ScanReport; 5] {
    [sample::history(), sample::change(), sample::quiet(), sample::hostile(), sample::crowd(3)]
}

#[test]
fn formats_have_names() {
    for format in Format::ALL {
        assert_eq!(format.to_string().to_uppercase().parse(), Ok(*format));
    }
    assert_eq!("md".parse(), Ok(Format::Markdown));
    let error = "xml".parse::<Format>().unwrap_err().to_string();
    assert!(Format::ALL.iter().all(|format| error.contains(format.as_str())), "{error}");
}

#[test]
fn json_follows_its_schema_and_is_read_again() {
    let validator = jsonschema::validator_for(&json_schema()).unwrap();
    for report in samples() {
        let bytes = render(&report, Format::Json, &RenderOptions::default()).bytes;
        assert!(bytes.ends_with(b"}\n"));
        let errors: Vec<String> = validator
            .iter_errors(&serde_json::from_slice(&bytes).unwrap())
            .map(|error| format!("{}: {error}", error.instance_path()))
            .collect();
        assert_eq!(errors, Vec::<String>::new());
        assert_eq!(serde_json::from_slice::<ScanReport>(&bytes).unwrap(), report);
    }
    assert!(!validator.is_valid(&serde_json::json!({ "schema": "andon.scan/1" })));
    insta::assert_json_snapshot!(value(&sample::change(), Format::Json));
}

#[test]
fn sarif_is_written_by_its_own_crate() {
    insta::assert_json_snapshot!(value(&sample::change(), Format::Sarif));
    assert_eq!(value(&sample::history(), Format::Sarif)["runs"][0]["results"].as_array().unwrap().len(), 4);
}

/// The demands of GitLab's schema that a mistake of ours could break.
fn check_gitlab(report: &ScanReport) -> Vec<Value> {
    let value = value(report, Format::Gitlab);
    let scan = &value["scan"];
    assert_eq!(scan["type"], "secret_detection");
    assert!(["success", "failure"].contains(&scan["status"].as_str().unwrap()));
    for time in ["start_time", "end_time"] {
        let time = scan[time].as_str().unwrap();
        assert!(time.len() == 19 && time.as_bytes()[10] == b'T' && !time.ends_with('Z'), "{time}");
    }
    for tool in [&scan["analyzer"], &scan["scanner"]] {
        assert!(["id", "name", "version"].iter().all(|key| !tool[key].as_str().unwrap().is_empty()));
        assert_eq!(tool["vendor"]["name"], "Andon");
    }
    let found = value["vulnerabilities"].as_array().unwrap().clone();
    for one in &found {
        assert!(one["location"]["commit"]["sha"].as_str().is_some_and(|sha| !sha.is_empty()));
        assert!(one["name"].as_str().unwrap().chars().count() <= 255);
        assert!(["Info", "Low", "Medium", "High", "Critical"].contains(&one["severity"].as_str().unwrap()));
        let id = one["id"].as_str().unwrap();
        assert!(id.len() == 36 && id.as_bytes()[14] == b'8' && id.as_bytes()[19] == b'a', "{id}");
        let identifiers = one["identifiers"].as_array().unwrap();
        assert!(identifiers.iter().all(|one| !one["value"].as_str().unwrap().is_empty()));
        assert_eq!(identifiers[0]["type"], "andon_rule_id");
    }
    let ids: BTreeSet<&str> = found.iter().map(|one| one["id"].as_str().unwrap()).collect();
    assert_eq!(ids.len(), found.len());
    found
}

#[test]
fn gitlab_takes_the_report() {
    for report in samples() {
        check_gitlab(&report);
    }
    assert_eq!(check_gitlab(&sample::history()).len(), 3);
    assert_eq!(check_gitlab(&sample::change()).len(), 4);
    insta::assert_json_snapshot!(value(&sample::history(), Format::Gitlab));
}

#[test]
fn gitlab_says_what_it_does_not_take() {
    let mut report = sample::history();
    for finding in &mut report.findings {
        finding.engine = "sast".into();
        finding.rule.id = "sql-injection".into();
        finding.cwe = vec![89];
    }
    assert_eq!(check_gitlab(&report).len(), 0);
    let notices = render(&report, Format::Gitlab, &RenderOptions::default()).notices;
    assert_eq!(notices.len(), 2, "{notices:?}");
}
