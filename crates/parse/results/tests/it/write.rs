use andon_model::{Location, ScanReport, Severity};
use andon_results::{SarifLimits, write_sarif};
use serde_json::Value;

use crate::sample::{finding, report, rich};
use crate::schema::check;

#[test]
fn what_is_written_is_valid_sarif() {
    for (report, limits) in [
        (report(Vec::new()), SarifLimits::default()),
        (rich(), SarifLimits::default()),
        (rich(), SarifLimits::unlimited()),
    ] {
        let output = write_sarif(&report, &limits);
        check(&output.value);
        assert_eq!(serde_json::from_slice::<Value>(&output.bytes).unwrap(), output.value);
        assert_eq!(output.bytes, write_sarif(&report, &limits).bytes);
    }
}

#[test]
fn everything_a_report_says_is_written() {
    insta::assert_json_snapshot!(write_sarif(&rich(), &SarifLimits::unlimited()).value);
}

#[test]
fn findings_that_are_fixed_are_not_for_github() {
    let states = |limits: &SarifLimits| -> Vec<String> {
        let value = write_sarif(&rich(), limits).value;
        let results = value["runs"][0]["results"].as_array().unwrap().clone();
        results.iter().map(|result| result["baselineState"].as_str().unwrap().to_owned()).collect()
    };
    assert!(!states(&SarifLimits::default()).contains(&"absent".to_owned()));
    assert_eq!(
        states(&SarifLimits::unlimited()),
        ["new", "new", "new", "unchanged", "updated", "new", "absent"]
    );
}

fn many(count: u32) -> ScanReport {
    let severities = [Severity::Low, Severity::Critical, Severity::Medium];
    report((0..count).map(|n| finding("alpha", severities[n as usize % 3], "a.py", n)).collect())
}

#[test]
fn the_least_severe_results_are_left_out_first_and_the_log_says_so() {
    let limits = SarifLimits { results: 5, ..SarifLimits::default() };
    let output = write_sarif(&many(9), &limits);
    check(&output.value);
    let run = &output.value["runs"][0];
    let levels: Vec<&str> =
        run["results"].as_array().unwrap().iter().map(|result| result["level"].as_str().unwrap()).collect();
    assert_eq!(levels, ["error", "warning", "error", "warning", "error"]);
    assert_eq!(
        output.notices,
        [
            "4 of 9 results are left out, least severe first (1 medium, 3 low): the limit is 5 results; the JSON format has them all"
        ]
    );
    let notes = run["invocations"][0]["toolExecutionNotifications"].as_array().unwrap();
    assert!(notes.iter().any(|note| note["message"]["text"] == output.notices[0].as_str()));
}

#[test]
fn a_log_that_is_too_big_shrinks_until_it_fits() {
    let limits = SarifLimits { compressed_bytes: 4_000, ..SarifLimits::default() };
    let output = write_sarif(&many(400), &limits);
    let results = output.value["runs"][0]["results"].as_array().unwrap().len();
    assert!((1..400).contains(&results), "{results}");
    assert!(output.notices[0].contains("4000 bytes after compression"), "{:?}", output.notices);
    let nothing_fits = SarifLimits { compressed_bytes: 1, ..SarifLimits::default() };
    let output = write_sarif(&many(9), &nothing_fits);
    assert_eq!(output.value["runs"][0]["results"].as_array().unwrap().len(), 0);
}

#[test]
fn locations_tags_and_rules_are_limited() {
    let mut crowded = finding("alpha", Severity::High, "a.py", 1);
    crowded.locations =
        (0..300).map(|n| Location { path: format!("{n}.py"), ..Location::default() }).collect();
    let report = report(vec![crowded, finding("beta", Severity::Low, "b.py", 1)]);
    let output = write_sarif(&report, &SarifLimits { rules: 1, ..SarifLimits::default() });
    let run = &output.value["runs"][0];
    assert_eq!(run["results"].as_array().unwrap().len(), 1);
    assert_eq!(run["results"][0]["locations"].as_array().unwrap().len(), 100);
    assert_eq!(run["tool"]["driver"]["rules"].as_array().unwrap().len(), 1);
    assert_eq!(run["tool"]["driver"]["rules"][0]["properties"]["tags"].as_array().unwrap().len(), 10);
    assert_eq!(output.notices.len(), 2, "{:?}", output.notices);
}

#[test]
fn rules_of_two_packs_with_one_name_stay_apart() {
    let mut other = finding("alpha", Severity::Low, "b.py", 1);
    other.rule.pack = "own.toml".into();
    let output = write_sarif(
        &report(vec![finding("alpha", Severity::Low, "a.py", 1), other]),
        &SarifLimits::default(),
    );
    let results = &output.value["runs"][0]["results"];
    assert_eq!(results[0]["ruleId"], "andon@1/alpha");
    assert_eq!(results[1]["ruleId"], "own.toml@1/alpha");
    assert_eq!(results[1]["ruleIndex"], 1);
}
