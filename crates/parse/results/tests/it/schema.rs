//! What the schema of SARIF 2.1.0 demands, checked without the schema, which is not ours to carry along:
//! `cargo xtask conformance sarif --schema FILE` checks against the real one.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;
use serde_json::Value;
use serde_sarif::sarif;

/// Fails the test when `log` is not what the schema allows, as far as this can tell.
pub(crate) fn check(log: &Value) {
    // Properties that the schema requires are required of the types generated from it.
    let typed: sarif::Sarif = serde_json::from_value(log.clone()).unwrap();
    // The types drop what they do not know: it would be missing here.
    assert_eq!(serde_json::to_value(typed).unwrap(), *log);
    assert_eq!(log["version"], "2.1.0");
    walk("", "", log);
    for run in log["runs"].as_array().unwrap() {
        check_run(run);
    }
}

/// Demands that hold wherever a property of that name occurs. `parent` is the property around it.
fn walk(parent: &str, name: &str, value: &Value) {
    // Property bags take anything but tags.
    if name == "andon" {
        return;
    }
    let context = format!("{parent}.{name}: {value}");
    match name {
        "startLine" | "endLine" | "startColumn" | "endColumn" => {
            assert!(value.as_u64().is_some_and(|number| number >= 1), "{context}");
        }
        "rank" => assert!(value.as_f64().is_some_and(|rank| (0.0..=100.0).contains(&rank)), "{context}"),
        "uri" | "helpUri" | "repositoryUri" => assert!(is_uri(value.as_str().unwrap()), "{context}"),
        "startTimeUtc" | "endTimeUtc" => {
            let time = value.as_str().unwrap();
            assert!(time.ends_with('Z') && time.parse::<jiff::Timestamp>().is_ok(), "{context}");
        }
        "columnKind" => is_one_of::<sarif::ResultColumnKind>(value),
        "baselineState" => is_one_of::<sarif::ResultBaselineState>(value),
        "status" => is_one_of::<sarif::SupressionStatus>(value),
        "kind" if parent == "suppressions" => is_one_of::<sarif::SupressionKind>(value),
        "level" => is_one_of::<sarif::ResultLevel>(value),
        "threadFlows" => assert!(!value.as_array().unwrap().is_empty(), "{context}"),
        "message" | "shortDescription" | "fullDescription" | "help" => {
            assert!(value["text"].is_string(), "{context}");
        }
        "rules" | "tags" | "suppressions" | "versionControlProvenance" => are_different(value, &context),
        _ => {}
    }
    inside(name, value);
}

fn inside(name: &str, value: &Value) {
    match value {
        Value::Object(members) => members.iter().for_each(|(key, member)| walk(name, key, member)),
        Value::Array(items) => items.iter().for_each(|item| inside(name, item)),
        _ => {}
    }
}

/// References by index, and what GitHub asks for beyond the schema.
fn check_run(run: &Value) {
    let rules = run["tool"]["driver"]["rules"].as_array().unwrap();
    for result in run["results"].as_array().unwrap() {
        let rule = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[rule]["id"], result["ruleId"], "{result}");
        assert!(result["partialFingerprints"]["primaryLocationLineHash"].is_string(), "{result}");
        for location in result["locations"].as_array().unwrap() {
            let place = &location["physicalLocation"];
            assert!(place["artifactLocation"]["uri"].is_string(), "{location}");
            let region = &place["region"];
            assert!(
                region.is_null() || region["startLine"].as_u64() <= region["endLine"].as_u64(),
                "{region}"
            );
        }
    }
}

/// Fails the test when `value` is none of the words of an enumeration.
fn is_one_of<Enumeration: DeserializeOwned>(value: &Value) {
    serde_json::from_value::<Enumeration>(value.clone()).unwrap();
}

fn are_different(value: &Value, context: &str) {
    let items = value.as_array().unwrap();
    let texts: BTreeSet<String> = items.iter().map(Value::to_string).collect();
    assert_eq!(texts.len(), items.len(), "{context}");
}

/// A URI reference of RFC 3986, as far as its characters tell.
fn is_uri(text: &str) -> bool {
    let escapes = text
        .split('%')
        .skip(1)
        .all(|rest| rest.get(..2).is_some_and(|digits| digits.bytes().all(|byte| byte.is_ascii_hexdigit())));
    escapes
        && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-._~:/?#[]@!$&'()*+,;=%".contains(&byte))
}

#[test]
fn what_is_not_sarif_is_noticed() {
    let run = serde_json::json!({
        "tool": { "driver": { "name": "t", "rules": [{ "id": "r" }] } },
        "results": [{
            "ruleId": "r", "ruleIndex": 0, "level": "error", "message": { "text": "m" },
            "partialFingerprints": { "primaryLocationLineHash": "1:1" },
            "locations": [{ "physicalLocation": { "artifactLocation": { "uri": "a%20b" } } }],
        }],
    });
    let log = serde_json::json!({ "version": "2.1.0", "runs": [run] });
    check(&log);
    let spoil = |pointer: &str, key: &str, value: Value| {
        let mut spoilt = log.clone();
        let holder = spoilt.pointer_mut(pointer).unwrap().as_object_mut().unwrap();
        match value {
            Value::Null => drop(holder.remove(key)),
            value => drop(holder.insert(key.to_owned(), value)),
        }
        let noticed = std::panic::catch_unwind(|| check(&spoilt)).is_err();
        assert!(noticed, "{pointer}/{key} was not noticed");
    };
    let result = "/runs/0/results/0";
    let artifact = "/runs/0/results/0/locations/0/physicalLocation/artifactLocation";
    spoil("/runs/0", "tool", Value::Null);
    spoil("/runs/0/tool/driver", "name", Value::Null);
    spoil(result, "message", Value::Null);
    spoil(result, "level", "severe".into());
    spoil(result, "baselineState", "changed".into());
    spoil(result, "severity", "high".into());
    spoil(result, "ruleIndex", 1.into());
    spoil(result, "rank", 101.into());
    spoil(artifact, "uri", "a b".into());
}
