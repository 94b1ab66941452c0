use std::time::Duration;

use andon_config::Config;
use andon_model::Severity;

use super::{config, finding, input, limits, reasons};
use crate::{Approval, Input, PolicyLimits};

const GATE: &str = "  - { name: g, stages: [code] }\n";

/// Evaluates one policy file, with a finding of high severity in the input.
fn check(policy: &str, expected: &[&str]) {
    check_files(&[(".andon/policy/p.rego", policy)], expected);
}

fn check_files(policies: &[(&str, &str)], expected: &[&str]) {
    let input = input(vec![finding("a", Severity::High)]);
    assert_eq!(
        reasons(&config(GATE), &input, policies, limits()),
        expected,
        "{}",
        policies[0].1.chars().take(300).collect::<String>()
    );
}

/// A policy that does not load: the gate stops and says why.
fn check_refused(policy: &str, expected: &str) {
    let message = format!(
        "stop .andon/policy/p.rego: .andon/policy/p.rego:{expected}; a policy that fails stops the line (gate `g`)"
    );
    check(policy, &[&message]);
}

#[test]
fn forms_of_rules() {
    check(
        "package andon.gate\nstop contains msg if { some f in input.findings; f.severity == \"high\"; msg := f.title }\nwarn contains \"w\"\n",
        &["stop .andon/policy/p.rego: stop: title", "warn .andon/policy/p.rego: warn: w"],
    );
    check(
        "package andon.gate\nimport rego.v1\napprove contains {\"msg\": \"m\", \"role\": \"security\", \"findings\": input.findings}\n",
        &["needs-approval by security .andon/policy/p.rego: approve: m"],
    );
    check(
        "package main\nimport future.keywords\ndeny contains \"d\" if input.gate.name == \"g\"\nviolation contains {\"msg\": \"v\", \"details\": {}} if \"code\" in input.gate.stages\nwarn_later contains \"w\" if count(input.findings) == 1\n",
        &[
            "stop .andon/policy/p.rego: deny: d",
            "stop .andon/policy/p.rego: violation: v",
            "warn .andon/policy/p.rego: warn_later: w",
        ],
    );
    check(
        "package andon.old\ndeny[msg] { f := input.findings[_]; f.severity == \"high\"; msg := sprintf(\"%s at %s\", [f.title, f.locations[0].path]) }\n",
        &["stop .andon/policy/p.rego: deny: title at src/a.rs"],
    );
    check("package andon.gate\nstop := \"always\"\n", &["stop .andon/policy/p.rego: stop: always"]);
    check("package andon.gate\ndefault stop := false\nstop_words := {\"x\"}\n", &[]);
    check("package andon.gate\nstop if true\n", &["stop .andon/policy/p.rego: stop: the rule is true"]);
    check(
        "package andon.gate\nwarn := [\"b\", \"a\"]\n",
        &["warn .andon/policy/p.rego: warn: a", "warn .andon/policy/p.rego: warn: b"],
    );
    check_files(
        &[
            (".andon/policy/lib.rego", "package lib.a\nis_high(f) if f.severity == \"high\"\n"),
            (
                ".andon/policy/p.rego",
                "package andon.gate\nimport data.lib.a\nstop contains f.title if { some f in input.findings; a.is_high(f) }\n",
            ),
            (".andon/policy/p_test.rego", "package andon.gate\nstop contains \"a test decides nothing\"\n"),
            ("elsewhere/q.rego", "package andon.gate\nstop contains \"not matched\"\n"),
        ],
        &["stop .andon/policy/p.rego: stop: title"],
    );
    check(
        "package andon.gate\nwarn contains \"old\" if time.parse_rfc3339_ns(input.now) > time.parse_rfc3339_ns(\"2026-01-01T00:00:00Z\")\n",
        &["warn .andon/policy/p.rego: warn: old"],
    );
    check(
        "package andon.gate\nstop contains x if { x := \"y\"; print(\"quiet\", x, input.none) }\n",
        &["stop .andon/policy/p.rego: stop: y"],
    );
}

#[test]
fn findings_of_a_reason() {
    let policy = "package andon.gate\nstop contains {\"msg\": \"m\", \"findings\": {f.fingerprints.primary | some f in input.findings}}\n";
    let files = vec![(".andon/policy/p.rego".to_owned(), policy.to_owned())];
    let input = input(vec![finding("b", Severity::Low), finding("a", Severity::Low)]);
    let decision =
        crate::evaluate(&config(GATE), &input, &crate::PolicySet::new(None, None, files), &limits());
    let ids: Vec<_> = decision.reasons[0].findings.iter().map(|id| id.0.as_str()).collect();
    assert_eq!(ids, ["a", "b"]);
}

#[test]
fn approvals_settle_policies_too() {
    let mut input =
        Input { approvals: vec![Approval { role: "ops".to_owned(), by: "bob".to_owned() }], ..input(vec![]) };
    input.change.author = Some("alice".to_owned());
    let policy = "package andon.gate\napprove contains {\"msg\": \"m\", \"role\": \"ops\"}\napprove contains \"anybody\"\n";
    let lines = reasons(&config(GATE), &input, &[(".andon/policy/p.rego", policy)], limits());
    assert_eq!(
        lines,
        [
            "pass .andon/policy/p.rego: approve: anybody (approved by bob as ops)",
            "pass by ops .andon/policy/p.rego: approve: m (approved by bob as ops)",
        ]
    );
}

#[test]
fn what_a_policy_may_not_do() {
    let call = |call: &str| {
        format!("package andon.gate\nstop contains \"x\" if {{\n  input.never\n  y := {call}\n}}\n")
    };
    let network = "policies cannot reach the network; put what the policy needs into the input";
    let random = "the same input must give the same decision; derive the value from the input";
    check_refused(
        &call("http.send({\"url\": \"x\"})"),
        &format!("4:8: `http.send` is not available: {network}"),
    );
    check_refused(
        &call("net.lookup_ip_addr(\"x\")"),
        &format!("4:8: `net.lookup_ip_addr` is not available: {network}"),
    );
    check_refused(&call("rand.intn(\"a\", 5)"), &format!("4:8: `rand.intn` is not available: {random}"));
    check_refused(&call("uuid.rfc4122(\"a\")"), &format!("4:8: `uuid.rfc4122` is not available: {random}"));
    check_refused(
        &call("time.now_ns()"),
        "4:8: `time.now_ns` is not available: use time.parse_rfc3339_ns(input.now), the time of the decision",
    );
    check_refused(
        &call("[x | x := [1 | opa.runtime()][_]]"),
        "4:23: `opa.runtime` is not available: a decision must not depend on the environment; put what it needs into the input",
    );
    check_refused(&call("no.such(1)"), "4:8: there is no function `no.such`");
    check_refused(
        "package andon.gate\nf(x) := x\nstop contains \"x\" if f(1) == 1 with f as http.send\n",
        &format!("3:42: `http.send` is not available: {network}"),
    );
}

#[test]
fn broken_policies_stop() {
    check_refused("package andon.gate\nstop contains {\n", "3:1: expecting expression");
    check_refused(
        "package gate\nstop contains \"x\"\n",
        " no rule decides anything; write `stop`, `warn` or `approve` in `package andon.gate`",
    );
    check_refused(
        "package andon.gate\nstop := 7\n",
        " stop: a reason must be a string, or an object {msg, role, findings}",
    );
    check_refused(
        "package andon.gate\nstop contains {\"role\": \"x\"}\n",
        " stop: a reason has no string `msg`",
    );
    check_refused(
        "package andon.gate\nf(x) := g(x)\ng(x) := f(x)\nstop contains f(1)\n",
        "2:1: the function `data.andon.gate.f` calls itself; Rego has no recursion",
    );
    check_refused(
        "package andon.gate\nstop contains x if { some x in warn }\nwarn contains x if { some x in stop }\n",
        "2:1: recursion detected when evaluating rule",
    );
    let gates = config("  - { name: g, policies: ['policies/*.rego'] }\n");
    assert_eq!(
        reasons(&gates, &input(vec![]), &[], limits()),
        ["stop policies: no policy matches policies/*.rego (gate `g`)"]
    );
    let one = "package andon.gate\nstop contains \"x\"\n";
    let failing =
        [(".andon/policy/a.rego", one), (".andon/policy/b.rego", "package andon.gate\nwarn := 1\n")];
    assert!(
        reasons(&Config::built_in(), &input(vec![]), &failing, limits())[0]
            .starts_with("stop .andon/policy/a.rego, .andon/policy/b.rego: ")
    );
}

#[test]
fn hostile_policies_are_contained() {
    let rule = |body: &str| format!("package andon.gate\nstop contains \"x\" if {{ {body} }}\n");
    let short = PolicyLimits { time: Duration::from_millis(300), ..limits() };
    let endless = rule(
        "some a in numbers.range(1, 100000); some b in numbers.range(1, 100000); some c in numbers.range(1, 100000); a * b * c < 0",
    );
    let comprehension = rule(
        "count([1 | some a in numbers.range(1, 1000000); some b in numbers.range(1, 1000000); a < 0; b < 0]) > 0",
    );
    for policy in [endless, comprehension] {
        assert_eq!(
            reasons(&config(GATE), &input(vec![]), &[(".andon/policy/p.rego", &policy)], short),
            [
                "stop .andon/policy/p.rego: the policy did not finish within 0.3 s; look for nested loops over large ranges; a policy that fails stops the line (gate `g`)"
            ],
        );
    }
    let doubling = (1..40).fold("s0 := \"xxxxxxxx\"".to_owned(), |text, n| {
        format!("{text}\ns{n} := concat(\"\", [s{0}, s{0}])", n - 1)
    });
    let sharing =
        (1..40).fold("s0 := [1, 2]".to_owned(), |text, n| format!("{text}\ns{n} := [s{0}, s{0}]", n - 1));
    for (body, function) in [
        ("count(numbers.range(1, 1000000000000)) > 0", "numbers.range"),
        ("count(numbers.range_step(1, 1000000000000, 2)) > 0", "numbers.range_step"),
        ("bits.lsh(1, 1000000000000) > 0", "bits.lsh"),
        ("count(net.cidr_expand(\"10.0.0.0/0\")) > 0", "net.cidr_expand"),
        ("sprintf(\"%999999999999d\", [1]) == \"\"", "sprintf"),
        (&format!("{doubling}\ns39 == \"\""), "concat"),
        (&format!("{sharing}\njson.marshal(s39) == \"\""), "json.marshal"),
        ("not not_there(1)", "numbers.range"),
    ] {
        let policy = format!("{}not_there(x) if count(numbers.range(x, 1000000000000)) < 0\n", rule(body));
        let lines = reasons(&config(GATE), &input(vec![]), &[(".andon/policy/p.rego", &policy)], limits());
        let expected = format!("`{function}` would produce too much data");
        assert!(
            lines.len() == 1 && lines[0].starts_with("stop ") && lines[0].contains(&expected),
            "{body}: {lines:?}"
        );
    }
    check(&rule("object.subset([1, 2], [])"), &["stop .andon/policy/p.rego: stop: x"]);
    check(&rule("not object.subset([], [1])"), &["stop .andon/policy/p.rego: stop: x"]);
}

#[test]
fn deep_policies_do_not_exhaust_the_stack() {
    let rules = (1..3000).fold("package andon.gate\nr0 := 1\n".to_owned(), |text, n| {
        format!("{text}r{n} := r{} + 1\n", n - 1)
    });
    check(&format!("{rules}stop contains \"x\" if r2999 == 3000\n"), &["stop .andon/policy/p.rego: stop: x"]);
    let functions = (1..500).fold("package andon.gate\nf0(x) := x\n".to_owned(), |text, n| {
        format!("{text}f{n}(x) := f{}(x)\n", n - 1)
    });
    check_refused(
        &format!("{functions}stop contains f499(\"x\")\n"),
        "203:1: more than 200 functions call one another in a row",
    );
    check_refused(
        &format!("package andon.gate\nstop contains {}1{}\n", "[".repeat(100), "]".repeat(100)),
        "2:31: brackets are nested more than 16 levels deep",
    );
}
