use std::time::Duration;

use super::run_tests;
use crate::PolicyLimits;

fn limits() -> PolicyLimits {
    PolicyLimits { time: Duration::from_secs(20), ..PolicyLimits::default() }
}

const POLICY: &str = "package andon.gate
stop contains f.title if { some f in input.findings; f.severity in data.bad }
double(x) := x * 2
";

/// Runs one test file beside `POLICY`; each result as `file:line name outcome`.
fn check(tests: &str, limits: PolicyLimits, expected: &[&str]) {
    let files = [("p.rego", POLICY), ("p_test.rego", tests)];
    let files: Vec<_> = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let report = run_tests(&files, limits);
    assert_eq!(report.error, None, "{tests}");
    let lines: Vec<_> = report
        .results
        .iter()
        .map(|test| format!("{}:{}:{} {} {:?}", test.file, test.line, test.column, test.name, test.outcome))
        .collect();
    assert_eq!(lines, expected, "{tests}");
    let bad = lines.iter().any(|line| line.contains("Fail") || line.contains("Error"));
    assert_eq!(report.passed(), !bad);
}

#[test]
fn outcomes() {
    let tests = "package andon.gate_test
import data.andon.gate
test_stops if {
  gate.stop == {\"t\"} with input as {\"findings\": [{\"title\": \"t\", \"severity\": \"high\"}]} with data.bad as {\"high\"}
}
test_part if { count(gate.stop) == 0 with input.findings as [] with data.bad as {\"high\"} }
test_mock if { gate.double(3) == 7 with data.andon.gate.double as 7 }
test_fails if { count(gate.stop) == 1 with input as {\"findings\": []} }
test_false := false
todo_test_later if { true }
helper if { true }
";
    check(
        tests,
        limits(),
        &[
            "p_test.rego:3:1 data.andon.gate_test.test_stops Pass",
            "p_test.rego:6:1 data.andon.gate_test.test_part Pass",
            "p_test.rego:7:1 data.andon.gate_test.test_mock Pass",
            "p_test.rego:8:1 data.andon.gate_test.test_fails Fail",
            "p_test.rego:9:1 data.andon.gate_test.test_false Fail",
            "p_test.rego:10:1 data.andon.gate_test.todo_test_later Skipped",
        ],
    );
}

#[test]
fn an_endless_test_does_not_spoil_the_others() {
    let tests = "package t
test_endless if { some a in numbers.range(1, 1000000); some b in numbers.range(1, 1000000); a + b < 0 }
test_greedy if { count(numbers.range(1, 1000000000000)) > 0 }
test_good if { count(numbers.range(1, 10)) == 10 }
";
    check(
        tests,
        PolicyLimits { time: Duration::from_millis(500), ..limits() },
        &[
            "p_test.rego:2:1 data.t.test_endless Error(\"the policy did not finish within 0.5 s; look for nested loops over large ranges\")",
            "p_test.rego:3:1 data.t.test_greedy Error(\"p_test.rego:3:37: `numbers.range` would produce too much data\")",
            "p_test.rego:4:1 data.t.test_good Pass",
        ],
    );
}

#[test]
fn files_that_do_not_load() {
    let file = |text: &str| vec![("p_test.rego".to_owned(), text.to_owned())];
    for (text, expected) in [
        ("package t\ntest_a if { http.send({}) }\n", "p_test.rego:2:13: `http.send` is not available"),
        ("package t\ntest_a if {\n", "p_test.rego:3:"),
    ] {
        let report = run_tests(&file(text), limits());
        assert!(!report.passed() && report.results.is_empty());
        assert!(report.error.as_deref().is_some_and(|error| error.starts_with(expected)), "{report:?}");
    }
    assert!(run_tests(&[], limits()).passed());
}

#[test]
fn prints_are_kept() {
    let text = "package t\ntest_a if {\n  print(\"seen\", {1, \"x\"}, input.none)\n}\n";
    let report = run_tests(&[("p_test.rego".to_owned(), text.to_owned())], limits());
    assert_eq!(report.results[0].printed, ["p_test.rego:3: seen {1, \"x\"} <undefined>"]);
}
