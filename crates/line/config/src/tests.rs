use andon_model::{Confidence, Stage, Verdict};

use super::{ByteSize, Config, SealLevel, Timespan, template};

fn check_error(text: &str, expected: &str) {
    let error = Config::from_yaml("andon.yaml", text).expect_err(text);
    assert_eq!(error.to_string(), expected, "{text}");
}

#[test]
fn the_template_says_what_holds_without_it() {
    assert_eq!(Config::from_yaml("andon.yaml", template()).unwrap(), Config::built_in());
    assert_eq!(Config::from_yaml("andon.yaml", "version: 1").unwrap(), Config::built_in());
    assert_eq!(Config::from_yaml("andon.yaml", "version: 1\ngates:\nscan:\n").unwrap(), Config::built_in());
}

#[test]
fn the_schema_accepts_what_the_reader_accepts() {
    let validator = jsonschema::validator_for(&Config::json_schema()).unwrap();
    let value =
        |text: &str| andon_documents::yaml_one(text, &andon_documents::Limits::default()).unwrap().value;
    let mut document = value(template());
    document["project"] = serde_json::json!({"name": "x"});
    assert!(validator.is_valid(&document), "{:?}", validator.iter_errors(&document).collect::<Vec<_>>());
    let serialised = serde_json::to_value(Config::built_in()).unwrap();
    assert!(validator.is_valid(&serialised));
    for text in [
        "version: 2",
        "{}",
        "{version: 1, gate: []}",
        "{version: 1, scan: {max-file-size: ten}}",
        "{version: 1, gates: [{name: x, stop: {hgih: 0}}]}",
        "{version: 1, gates: [{name: x, protected: [{paths: [], role: x}]}]}",
    ] {
        assert!(!validator.is_valid(&value(text)), "{text}");
        assert!(Config::from_yaml("andon.yaml", text).is_err(), "{text}");
    }
}

#[test]
fn a_full_file() {
    let text = "
version: 1
project: { name: shop, id: shop-1 }
scan: { max-file-size: 500 KB, exclude: ['**/testdata/**'], untracked: true, decode-depth: 2, engines: [secrets] }
gates:
  - name: code
    stages: [code]
    stop: { critical: 0, high: 0, medium: 10 }
    warn: { low: 5 }
    min-confidence: high
    new-only: false
    require-complete: true
    protected: [{ paths: ['src/auth/**'], role: security, reason: logins }]
    policies: ['.andon/policy/*.rego', 'more/*.rego']
protected-changes: needs-approval
";
    let config = Config::from_yaml("andon.yaml", text).unwrap();
    let gate = &config.gates[0];
    assert_eq!((config.scan.max_file_size, config.scan.decode_depth), (ByteSize(500_000), 2));
    assert_eq!((gate.stop.medium, gate.warn.low, gate.stop.low), (Some(10), Some(5), None));
    assert_eq!((gate.min_confidence, gate.new_only, gate.require_complete), (Confidence::High, false, true));
    assert!(gate.has_stage(Stage::Code) && !gate.has_stage(Stage::Build));
    assert_eq!(config.protected_changes, Verdict::NeedsApproval);
    assert_eq!(config.policy_globs(), [".andon/policy/*.rego", "more/*.rego"]);
}

#[test]
fn errors_say_where_and_what_to_write() {
    check_error(
        "version: 1\ngates:\n  - name: a\n    stpo: {}\n",
        "andon.yaml:4:5: unknown key `stpo`; did you mean `stop`?",
    );
    check_error(
        "version: 1\nscan:\n  max_file_size: 1\n",
        "andon.yaml:3:3: unknown key `max_file_size`; did you mean `max-file-size`?",
    );
    check_error(
        "version: 1\nscan: {colour: red}\n",
        "andon.yaml:2:8: unknown key `colour`; known are max-file-size, exclude, untracked, engines, rules, decode-depth",
    );
    check_error(
        "version: 1\ngates: [{name: a, min-confidence: hihg}]\n",
        "andon.yaml:2:19: unknown value `hihg`; did you mean `high`?",
    );
    check_error(
        "version: 1\ngates: [{stop: {high: -1}}]\n",
        "andon.yaml:2:17: invalid value: integer `-1`, expected u64",
    );
    check_error("version: 1\ngates: [{stop: {}}]\n", "andon.yaml:2:9: the key `name` is missing");
    check_error("version: 7\n", "andon.yaml:1:1: version 7 is not supported; this program reads version 1");
    check_error("", "andon.yaml:1:1: the key `version` is missing");
    check_error("project: {}\n", "andon.yaml:1:1: the key `version` is missing");
    check_error(
        "version: 1\nversion: 1\n",
        "andon.yaml:2:1: the key `version` is already set at 1:1; keep one of them",
    );
    check_error(
        "version: 1\nscan: {max-file-size: many}\n",
        "andon.yaml:2:8: `many` is no size; write bytes, or a whole number with a unit, as in `10 MiB`",
    );
    check_error(
        "version: 1\nscan:\n  exclude:\n  - a\n  - '[z'\n",
        "andon.yaml:5:5: bad glob: error parsing glob '[z': unclosed character class; missing ']'",
    );
    check_error(
        "version: 1\ngates: [{name: a}, {name: a}]\n",
        "andon.yaml:2:21: there is already a gate named `a`; give each its own name",
    );
    check_error("version: 1\n  bad: x\n", "andon.yaml:2:6: mapping values are not allowed in this context");
}

#[test]
fn sizes() {
    for (text, expected) in
        [("12", Some(12)), ("1 KiB", Some(1024)), ("2MB", Some(2_000_000)), ("3gib", Some(3 << 30))]
    {
        assert_eq!(text.parse::<ByteSize>().ok(), expected.map(ByteSize), "{text}");
    }
    for text in ["", "-1", "1.5 MB", "99999999999999999999", "18446744073709551615 KB", "MB"] {
        assert!(text.parse::<ByteSize>().is_err(), "{text}");
    }
    assert_eq!(ByteSize(10 << 20).to_string(), "10 MiB");
    assert_eq!(ByteSize(1_000).to_string(), "1000");
}

#[test]
fn trust_and_evidence() {
    let text = "
version: 1
gates:
  - name: release
    evidence:
      scans: [secrets, sast]
      max-age: 24h
      seal: restricted
      steps: [build]
      tests: { max-failed: 1, may-shrink: false }
      coverage: { lines: 80, changed-lines: 90 }
      commits: signed
      approvals: [{ role: security, count: 2 }, { role: release }]
      provenance: true
trust:
  keys:
    - { name: ci, key: .andon/keys/ci.pub, may: [scan, step, build, tests, decision] }
    - name: alice
      key: .andon/keys/alice.pub
      may: [approval]
      identity: [alice@example.org]
      roles: [security]
      from: 2026-01-01
      until: 2027-01-31
  allowed-signers: .andon/allowed_signers
";
    let config = Config::from_yaml("andon.yaml", text).unwrap();
    let wanted = config.gates[0].evidence.clone().unwrap();
    assert_eq!(
        (wanted.max_age, wanted.seal),
        (Some(Timespan::minutes(24 * 60)), Some(SealLevel::Restricted))
    );
    let tests = wanted.tests.unwrap();
    assert_eq!(
        (tests.required, tests.max_failed, tests.min_passed, tests.may_shrink),
        (true, 1, None, false)
    );
    assert_eq!(wanted.approvals.iter().map(|approval| approval.count).collect::<Vec<_>>(), [2, 1]);
    let trust = config.trust.clone().unwrap();
    assert_eq!(trust.keys[1].until.unwrap().to_string(), "2027-01-31");
    assert!(!trust.keys[0].is_inline());
    let again: Config = serde_json::from_value(serde_json::to_value(&config).unwrap()).unwrap();
    assert_eq!(again, config);
    let validator = jsonschema::validator_for(&Config::json_schema()).unwrap();
    assert!(validator.is_valid(&serde_json::to_value(&config).unwrap()));
}

#[test]
fn errors_of_trust_and_evidence() {
    let gate = |evidence: &str| format!("version: 1\ngates: [{{name: a, evidence: {{{evidence}}}}}]\n");
    let key = |rest: &str| format!("version: 1\ntrust: {{keys: [{{name: a, key: k.pub, {rest}}}]}}\n");
    for (text, expected) in [
        (gate("sacns: []"), "unknown key `sacns`; did you mean `scans`?"),
        (gate("max-age: soon"), "`soon` is no length of time"),
        (gate("seal: tight"), "unknown value `tight`; known are none, restricted, full"),
        (gate("coverage: {lines: 101}"), "lines is a share in per cent, at most 100"),
        (
            gate("approvals: [{role: x, count: 0}]"),
            "count is at least 1; leave the entry out where nobody must approve",
        ),
        (gate("approvals: [{role: ''}]"), "name the role"),
        (gate("scans: ['']"), "an empty name"),
        (key("may: []"), "say what the key may sign, such as `[scan, step]`"),
        (key("may: [everything]"), "unknown value `everything`"),
        (key("may: [approval], roles: [x]"), "a key for approvals needs `identity`"),
        (key("may: [approval], identity: [a@b.example]"), "a key for approvals needs `roles`"),
        (key("may: [scan], until: 2026-02-30"), "parsed date is not valid"),
        (key("may: [scan], from: 2026-02-02, until: 2026-02-01"), "the last day is before the first"),
        (
            "version: 1\ntrust: {keys: [{name: a, key: k, may: [scan]}, {name: a, key: l, may: [scan]}]}"
                .to_owned(),
            "there is already a key named `a`",
        ),
    ] {
        let error = Config::from_yaml("andon.yaml", &text).expect_err(&text).to_string();
        assert!(error.contains(expected), "{text}: {error}");
    }
}

proptest::proptest! {
    #[test]
    fn no_text_panics(text in "(version: 1\n)?(gates|scan|project|protected-changes)?:? ?[-\\[\\]{}:, a-z0-9\n]{0,40}") {
        match Config::from_yaml("andon.yaml", &text) {
            Ok(config) => proptest::prop_assert_eq!(config.version, 1),
            Err(error) => proptest::prop_assert!(error.position.line >= 1),
        }
    }
}
