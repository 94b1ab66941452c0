use std::time::Duration;

use andon_config::Config;
use andon_model::{
    Confidence, Coverage, Finding, Fingerprint, Fingerprints, Gap, GapKind, Location, ProtectedChange,
    RuleRef, Severity, Stage, State, Suppression, SuppressionKind, Verdict,
};

use super::{evaluate, exit_code};
use crate::{Approval, Change, Input, PolicyLimits, PolicySet};

fn finding(id: &str, severity: Severity) -> Finding {
    Finding {
        fingerprints: Fingerprints { primary: Fingerprint(id.to_owned()), alternates: Default::default() },
        rule: RuleRef { id: "rule".to_owned(), pack: "andon".to_owned(), version: String::new() },
        stage: Stage::Code,
        engine: "secrets".to_owned(),
        severity,
        confidence: Confidence::High,
        title: "title".to_owned(),
        message: "message".to_owned(),
        locations: vec![Location { path: "src/a.rs".to_owned(), ..Location::default() }],
        flow: Vec::new(),
        subject: None,
        cwe: Vec::new(),
        controls: Vec::new(),
        advisory: None,
        fix: None,
        evidence: Vec::new(),
        context: String::new(),
        state: State::New,
        suppression: None,
        tags: Vec::new(),
        properties: Default::default(),
    }
}

fn input(findings: Vec<Finding>) -> Input {
    let coverage = Coverage { complete: true, ..Coverage::default() };
    Input { findings, coverage, now: "2026-11-22T12:00:00Z".to_owned(), ..Input::default() }
}

fn config(gates: &str) -> Config {
    Config::from_yaml("andon.yaml", &format!("version: 1\ngates:\n{gates}")).unwrap()
}

fn limits() -> PolicyLimits {
    PolicyLimits { time: Duration::from_secs(20), ..PolicyLimits::default() }
}

/// Each reason as `verdict source: message`.
fn reasons(config: &Config, input: &Input, policies: &[(&str, &str)], limits: PolicyLimits) -> Vec<String> {
    let files = policies.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
    let set = PolicySet::new(None, None, files);
    let decision = evaluate(config, input, &set, &limits);
    let worst = decision.reasons.iter().map(|reason| reason.verdict).max().unwrap_or(Verdict::Pass);
    assert_eq!(decision.verdict, worst);
    let again = evaluate(config, input, &set, &limits);
    let bytes = |decision| serde_json::to_vec(decision).unwrap();
    assert_eq!(bytes(&decision), bytes(&again), "a replay differs");
    let word = |verdict: Verdict| serde_json::to_value(verdict).unwrap().as_str().unwrap().to_owned();
    let line = |reason: &andon_model::Reason| {
        let role = reason.role.as_ref().map(|role| format!(" by {role}")).unwrap_or_default();
        format!("{}{role} {}: {}", word(reason.verdict), reason.source, reason.message)
    };
    decision.reasons.iter().map(line).collect()
}

#[test]
fn the_built_in_gates() {
    let suppression = Suppression::new(SuppressionKind::Exception, "");
    let rows = [
        (
            finding("a", Severity::High),
            vec!["stop threshold: 1 new high finding; none is allowed (gate `new`)"],
        ),
        (
            finding("a", Severity::Critical),
            vec!["stop threshold: 1 new critical finding; none is allowed (gate `new`)"],
        ),
        (finding("a", Severity::Medium), vec!["warn threshold: 1 medium finding (gate `rest`)"]),
        (
            Finding { confidence: Confidence::Low, ..finding("a", Severity::High) },
            vec!["warn threshold: 1 high finding (gate `rest`)"],
        ),
        (
            Finding { state: State::Existing, ..finding("a", Severity::High) },
            vec!["warn threshold: 1 high finding (gate `rest`)"],
        ),
        (
            Finding { state: State::Reopened, ..finding("a", Severity::High) },
            vec!["stop threshold: 1 new high finding; none is allowed (gate `new`)"],
        ),
        (Finding { state: State::Fixed, ..finding("a", Severity::High) }, vec![]),
        (Finding { suppression: Some(suppression), ..finding("a", Severity::High) }, vec![]),
    ];
    for (finding, expected) in rows {
        let shown = format!("{finding:?}");
        assert_eq!(reasons(&Config::built_in(), &input(vec![finding]), &[], limits()), expected, "{shown}");
    }
}

#[test]
fn thresholds_count_and_name_the_findings() {
    let gates = config(
        "
  - { name: few, stages: [code], stop: { medium: 2 }, warn: { medium: 0 } }
  - { name: build, stages: [build], stop: { medium: 0 } }
",
    );
    let medium = |ids: &[&str]| input(ids.iter().map(|id| finding(id, Severity::Medium)).collect());
    assert_eq!(
        reasons(&gates, &medium(&["b", "a"]), &[], limits()),
        ["warn threshold: 2 new medium findings (gate `few`)"]
    );
    let three = medium(&["b", "a", "c"]);
    assert_eq!(
        reasons(&gates, &three, &[], limits()),
        ["stop threshold: 3 new medium findings; at most 2 allowed (gate `few`)"]
    );
    let decision = evaluate(&gates, &three, &PolicySet::built_in(), &limits());
    let ids: Vec<_> = decision.reasons[0].findings.iter().map(|id| id.0.as_str()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(decision.at, "2026-11-22T12:00:00Z");
}

#[test]
fn incomplete_scans() {
    let gates = config("  - { name: g, require-complete: true, stop: { high: 0 } }\n");
    let mut incomplete = input(vec![]);
    incomplete.coverage.gaps =
        vec![Gap { kind: GapKind::TooLarge, subject: "a".to_owned(), detail: String::new() }];
    incomplete.coverage.settle();
    let code = |input: &Input| exit_code(&evaluate(&gates, input, &PolicySet::built_in(), &limits()));
    assert_eq!(
        reasons(&gates, &incomplete, &[], limits()),
        [
            "stop completeness: the scan is incomplete: 1 gaps, 0 rules that could not run; see the coverage (gate `g`)"
        ]
    );
    assert_eq!(code(&incomplete), 3);
    incomplete.findings = vec![finding("a", Severity::High)];
    assert_eq!(code(&incomplete), 1);
    assert_eq!(code(&input(vec![])), 0);
    assert_eq!(exit_code(&evaluate(&Config::built_in(), &incomplete, &PolicySet::built_in(), &limits())), 1);
}

#[test]
fn protected_paths_and_approvals() {
    let gates =
        config("  - { name: g, protected: [{ paths: ['src/auth/**'], role: security, reason: logins }] }\n");
    let change = |author: Option<&str>, paths: &[&str]| Change {
        author: author.map(str::to_owned),
        touched_paths: paths.iter().map(|path| (*path).to_owned()).collect(),
        ..Change::default()
    };
    let needs = "src/auth/a.rs: protected (logins), needs approval by security (gate `g`)";
    let open = |rest: &str| vec![format!("needs-approval by security protected-path: {needs}{rest}")];
    let by = |role: &str, by: &str| vec![Approval { role: role.to_owned(), by: by.to_owned() }];
    let touched = ["src/auth/a.rs", "src/b.rs"];
    let alice = Some("Alice <alice@example.org>");
    let rows = [
        (change(alice, &["src/b.rs"]), vec![], vec![]),
        (change(alice, &touched), vec![], open("")),
        (change(alice, &touched), by("owner", "bob"), open("")),
        (change(alice, &touched), by("security", ""), open(" (the author of a change cannot approve it)")),
        (
            change(alice, &touched),
            by("security", "alice@example.org"),
            open(" (the author of a change cannot approve it)"),
        ),
        (
            change(None, &touched),
            by("security", "bob"),
            open(" (an approval is there, but it is not known who made the change)"),
        ),
        (
            change(alice, &touched),
            by("security", "bob"),
            vec![format!("pass by security protected-path: {needs} (approved by bob as security)")],
        ),
    ];
    for (change, approvals, expected) in rows {
        let shown = format!("{change:?} {approvals:?}");
        let input = Input { change, approvals, ..input(vec![]) };
        assert_eq!(reasons(&gates, &input, &[], limits()), expected, "{shown}");
    }
    let many = Input {
        change: change(alice, &["src/auth/4", "src/auth/2", "src/auth/1", "src/auth/3"]),
        ..input(vec![])
    };
    assert!(
        reasons(&gates, &many, &[], limits())[0].contains("src/auth/1, src/auth/2, src/auth/3 and 1 more:")
    );
    assert_eq!(exit_code(&evaluate(&gates, &many, &PolicySet::built_in(), &limits())), 1);
}

#[test]
fn changes_to_what_judges() {
    let mut input = input(vec![]);
    input.change.protected_changes = vec![ProtectedChange {
        path: "a.py".to_owned(),
        line: Some(3),
        detail: "new ignore comment".to_owned(),
    }];
    for (verdict, expected) in [
        ("pass", vec![]),
        ("warn", vec!["warn protected-change: a.py:3: new ignore comment"]),
        ("stop", vec!["stop protected-change: a.py:3: new ignore comment"]),
    ] {
        let text = format!("version: 1\ngates: []\nprotected-changes: {verdict}\n");
        let config = Config::from_yaml("andon.yaml", &text).unwrap();
        assert_eq!(reasons(&config, &input, &[], limits()), expected);
    }
}

#[test]
fn the_input_is_documented_and_round_trips() {
    let input = input(vec![finding("a", Severity::Low)]);
    let value = serde_json::to_value(&input).unwrap();
    assert!(jsonschema::is_valid(&Input::json_schema(), &value));
    assert_eq!(serde_json::from_value::<Input>(value).unwrap(), input);
}

mod policies;
