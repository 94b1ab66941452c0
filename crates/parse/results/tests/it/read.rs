use andon_model::{
    Confidence, Finding, GapKind, ScanReport, Severity, Stage, State, SuppressionKind, TargetKind,
};
use andon_results::read_sarif;
use serde_json::{Value, json};

fn read(run: Value) -> ScanReport {
    let log = json!({ "version": "2.1.0", "runs": [run] });
    read_sarif(&serde_json::to_vec(&log).unwrap(), "test.sarif").unwrap()
}

/// Reads one result of a tool whose only rule is `rule`.
fn one(tool: &str, rule: Value, result: Value) -> Finding {
    let report =
        read(json!({ "tool": { "driver": { "name": tool, "rules": [rule] } }, "results": [result] }));
    assert_eq!(report.findings.len(), 1);
    report.findings.into_iter().next().unwrap()
}

fn at(uri: &str, line: u32, text: &str) -> Value {
    json!([{ "physicalLocation": {
        "artifactLocation": { "uri": uri },
        "region": { "startLine": line, "startColumn": 2, "endColumn": 7, "snippet": { "text": text } },
    } }])
}

#[test]
fn severity_follows_github() {
    let check = |rule: Value, result: Value, expected: Severity| {
        assert_eq!(one("t", rule.clone(), result.clone()).severity, expected, "{rule} {result}");
    };
    let scored = |score: Value| json!({ "id": "r", "properties": { "security-severity": score } });
    let plain = || json!({ "ruleId": "r", "message": { "text": "m" } });
    check(scored(json!("9.0")), plain(), Severity::Critical);
    check(scored(json!("8.9")), plain(), Severity::High);
    check(scored(json!(7.0)), plain(), Severity::High);
    check(scored(json!("4.0")), plain(), Severity::Medium);
    check(scored(json!("0.1")), plain(), Severity::Low);
    check(scored(json!("0.0")), plain(), Severity::Info);
    check(scored(json!("much")), plain(), Severity::Medium);
    check(json!({ "id": "r", "defaultConfiguration": { "level": "error" } }), plain(), Severity::High);
    check(json!({ "id": "r" }), json!({ "ruleId": "r", "level": "note", "message": {} }), Severity::Low);
    check(json!({ "id": "r" }), json!({ "ruleId": "r", "level": "none", "message": {} }), Severity::Info);
    check(json!({ "id": "r" }), json!({ "ruleId": "r", "rank": 90.5, "message": {} }), Severity::High);
    check(json!({ "id": "r" }), json!({ "ruleId": "r", "level": null, "message": null }), Severity::Medium);
    let bandit = json!({ "ruleId": "r", "level": "note",
        "properties": { "issue_severity": "HIGH", "issue_confidence": "LOW" } });
    assert_eq!(one("bandit", json!({ "id": "r" }), bandit.clone()).confidence, Confidence::Low);
    check(json!({ "id": "r" }), bandit, Severity::High);
}

#[test]
fn rules_are_found_by_identifier_index_and_extension() {
    let run = |result: Value| {
        read(json!({
            "tool": {
                "driver": { "name": "CodeQL", "rules": [{ "id": "first", "shortDescription": { "text": "First" } }] },
                "extensions": [{ "name": "queries", "rules": [
                    { "id": "other" },
                    { "id": "py/eval", "name": "eval", "properties": { "tags": ["external/cwe/cwe-095"], "precision": "very-high" } },
                ] }],
            },
            "results": [result],
        }))
        .findings
        .remove(0)
    };
    let check = |result: Value, id: &str, title: &str| {
        let finding = run(result);
        assert_eq!((finding.rule.id.as_str(), finding.title.as_str()), (id, title));
        finding
    };
    check(json!({ "ruleId": "first" }), "first", "First");
    check(json!({ "ruleIndex": 0 }), "first", "First");
    check(json!({ "ruleId": "first/sub" }), "first/sub", "First");
    check(json!({ "ruleIndex": 99 }), "unnamed", "unnamed");
    check(json!({ "ruleIndex": -1, "ruleId": "unknown" }), "unknown", "unknown");
    check(json!({ "ruleId": "py/eval", "ruleIndex": 0 }), "py/eval", "eval");
    let by_extension = json!({ "rule": { "index": 1, "toolComponent": { "index": 0 } } });
    let finding = check(by_extension, "py/eval", "eval");
    assert_eq!((finding.cwe, finding.confidence), (vec![95], Confidence::High));
    check(json!({ "rule": { "index": 0, "toolComponent": { "name": "queries" } } }), "other", "other");
}

#[test]
fn paths_are_relative_to_the_root_where_that_can_be_told() {
    let check = |bases: Value, artifact: Value, expected: &str| {
        let report = read(json!({
            "tool": { "driver": { "name": "t" } },
            "originalUriBaseIds": bases,
            "artifacts": [{ "location": { "uri": "listed.py" } }],
            "results": [{ "ruleId": "r", "locations": [{ "physicalLocation": { "artifactLocation": artifact } }] }],
        }));
        let found = report.findings[0].locations.first().map(|place| place.path.clone()).unwrap_or_default();
        assert_eq!(found, expected);
    };
    let root = json!({ "%SRCROOT%": { "uri": "file:///work/app/" } });
    check(root.clone(), json!({ "uri": "src/a.py", "uriBaseId": "%SRCROOT%" }), "src/a.py");
    check(root.clone(), json!({ "uri": "file:///work/app/src/a%20b.py" }), "src/a b.py");
    check(root.clone(), json!({ "uri": "/work/app/src/a.py" }), "src/a.py");
    check(root, json!({ "uri": "file:///elsewhere/a.py" }), "/elsewhere/a.py");
    let nested = json!({
        "SRCROOT": { "uri": "file:///w/" },
        "SUB": { "uri": "sub", "uriBaseId": "SRCROOT" },
        "LOOP": { "uri": "x/", "uriBaseId": "LOOP" },
    });
    check(nested.clone(), json!({ "uri": "a.py", "uriBaseId": "SUB" }), "sub/a.py");
    check(nested.clone(), json!({ "uri": "a.py", "uriBaseId": "MISSING" }), "a.py");
    check(nested, json!({ "uri": "a", "uriBaseId": "LOOP" }), "x/x/x/x/x/x/x/x/a");
    check(
        json!({ "ROOTPATH": { "uri": "file:///" } }),
        json!({ "uri": "./go.sum", "uriBaseId": "ROOTPATH" }),
        "go.sum",
    );
    check(json!(null), json!({ "index": 0 }), "listed.py");
    check(json!({}), json!({ "uri": "..\\up\\a.cs" }), "../up/a.cs");
    check(json!({}), json!({ "uri": "file:///C:/x/a.cs" }), "C:/x/a.cs");
    check(json!({}), json!({ "uri": "https://host/x" }), "https://host/x");
    check(json!({}), json!({ "uri": null }), "");
    check(json!({}), json!({ "uri": " a.py" }), "a.py");
}

#[test]
fn only_failures_count_and_suppressions_need_agreement() {
    let report = read(json!({ "tool": { "driver": { "name": "t" } }, "results": [
        { "ruleId": "a", "kind": "pass" }, { "ruleId": "b", "kind": "open" }, { "ruleId": "c", "kind": "fail" },
    ] }));
    assert_eq!(report.findings.iter().map(|f| f.rule.id.as_str()).collect::<Vec<_>>(), ["c"]);
    let check = |suppressions: Value, expected: Option<&str>| {
        let finding = one("t", json!({ "id": "r" }), json!({ "ruleId": "r", "suppressions": suppressions }));
        let reason = finding.suppression.as_ref().map(|found| found.reason.as_str());
        assert_eq!(reason, expected);
        assert!(finding.suppression.is_none_or(|found| found.kind == SuppressionKind::External));
    };
    check(json!([]), None);
    check(json!([{ "kind": "inSource" }]), Some("suppressed by a comment in the source"));
    check(
        json!([{ "kind": "external", "status": "accepted", "justification": "fine\nreally" }]),
        Some("fine"),
    );
    check(json!([{ "kind": "external", "status": "rejected" }]), None);
    check(json!([{ "kind": "inSource" }, { "kind": "external", "status": "underReview" }]), None);
}

#[test]
fn messages_take_their_arguments() {
    let rule = || json!({ "id": "r", "messageStrings": { "default": { "text": "{0} calls {1} {2} {" } } });
    let check = |message: Value, expected: &str| {
        assert_eq!(one("t", rule(), json!({ "ruleId": "r", "message": message })).message, expected);
    };
    check(json!({ "id": "default", "arguments": ["a", "b"] }), "a calls b {2} {");
    check(json!({ "text": "own {0}", "arguments": ["words"] }), "own words");
    check(json!({ "markdown": "**m**" }), "**m**");
    check(
        json!({ "text": "a [call](12) of [it](3), see [page](https://x) [](" }),
        "a call of it, see [page](https://x) [](",
    );
    check(json!({}), "r");
}

#[test]
fn identity_ignores_lines_and_tells_equal_results_apart() {
    let primary = |line: u32, text: &str| {
        let result = json!({ "ruleId": "r", "message": { "text": format!("bad on line {line}") },
            "locations": at("a.py", line, text) });
        one("semgrep", json!({ "id": "r" }), result).fingerprints.primary
    };
    assert_eq!(primary(3, "eval(x)"), primary(90, "  eval(x)"));
    assert_ne!(primary(3, "eval(x)"), primary(3, "eval(y)"));
    assert_eq!(primary(3, ""), primary(9, ""));
    let same = |line: u32| json!({ "ruleId": "r", "message": { "text": "m" }, "locations": at("a.py", line, "x()") });
    let report = read(json!({ "tool": { "driver": { "name": "t" } }, "results": [same(9), same(2)] }));
    let ids: Vec<&str> = report.findings.iter().map(|f| f.fingerprints.primary.0.as_str()).collect();
    assert!(!ids[0].contains('#') && ids[1].ends_with("#1"), "{ids:?}");
    assert_eq!(report.findings[0].locations[0].region.unwrap().start_line, 2);
}

#[test]
fn fingerprints_of_tools_are_alternates_unless_they_identify_nothing() {
    let alternates = |result: Value| one("Semgrep OSS", json!({ "id": "r" }), result).fingerprints.alternates;
    let hash = "4f5c3e1b9a";
    let found =
        alternates(json!({ "ruleId": "r", "partialFingerprints": { "primaryLocationLineHash": hash } }));
    assert!(
        found.len() == 1 && found.iter().all(|one| one.0.starts_with("sarif-semgrep-oss/1:")),
        "{found:?}"
    );
    assert!(
        alternates(json!({ "ruleId": "r", "fingerprints": { "matchBasedId/v1": "requires login" } }))
            .is_empty()
    );
    let commit =
        json!({ "commitSha": "0123456789abcdef", "author": "Jane-Doe-1", "commitMessage": "one-word-only" });
    assert!(alternates(json!({ "ruleId": "r", "partialFingerprints": commit })).is_empty());
}

#[test]
fn results_about_credentials_do_not_quote_them() {
    let secret = ["hunter2", "Hunter2"].concat();
    let check = |tool: &str, rule: &str, text: String| {
        let result =
            json!({ "ruleId": rule, "message": { "text": text }, "locations": at("a.py", 1, &secret) });
        let report = read(json!({ "tool": { "driver": { "name": tool } }, "results": [result] }));
        let written = serde_json::to_string(&report).unwrap();
        assert!(!written.contains(&secret), "{written}");
        assert_eq!(report.findings[0].locations[0].region.unwrap().start_line, 1);
    };
    check("gitleaks", "generic", format!("generic has detected {secret} in a.py"));
    check("bandit", "hardcoded_password_string", format!("Possible hardcoded password: '{secret}'"));
    let open = one(
        "eslint",
        json!({ "id": "no-eval" }),
        json!({ "ruleId": "no-eval", "locations": at("a.js", 1, "eval(x)") }),
    );
    assert_eq!(open.locations[0].snippet.as_deref(), Some("eval(x)"));
}

#[test]
fn several_runs_become_one_report_that_is_never_complete() {
    let log = json!({ "version": "2.1.0", "runs": [
        { "tool": { "driver": { "name": "Trivy", "semanticVersion": "0.60.0", "rules": [{ "id": "CVE-2024-1", "help": { "text": "Upgrade" } }] } },
          "results": [{ "ruleId": "CVE-2024-1", "level": "error", "locations": at("go.sum", 1, "") }] },
        { "tool": { "driver": { "name": "checkov" } },
          "invocations": [{ "executionSuccessful": false, "startTimeUtc": "2026-01-02T03:04:05Z",
              "toolExecutionNotifications": [{ "level": "error", "message": { "text": "cannot parse main.tf" } }] }],
          "results": [{ "ruleId": "CKV_1", "level": "note", "baselineState": "unchanged" }, { "ruleId": "CKV_2", "baselineState": "absent" }] },
        { "tool": { "driver": {} }, "results": null },
    ] });
    let report = read_sarif(&serde_json::to_vec(&log).unwrap(), "all.sarif").unwrap();
    assert_eq!(report.tool.name, "Trivy, checkov, unnamed tool");
    assert_eq!((report.target.kind, report.target.name.as_str()), (TargetKind::Import, "all.sarif"));
    assert_eq!(report.started, "2026-01-02T03:04:05Z");
    assert!(!report.coverage.complete);
    let kinds: Vec<GapKind> = report.coverage.gaps.iter().map(|gap| gap.kind).collect();
    assert_eq!(kinds, [GapKind::Unknown, GapKind::Unknown, GapKind::EngineFailure, GapKind::Unknown]);
    let trivy = &report.findings[0];
    assert_eq!((trivy.stage, trivy.advisory.as_deref()), (Stage::Build, Some("CVE-2024-1")));
    let states: Vec<State> = report.findings.iter().map(|finding| finding.state).collect();
    assert_eq!(states, [State::New, State::Fixed, State::Existing]);
    assert_eq!(report.rules.len(), 3);
}

#[test]
fn flows_and_context_lines_are_read() {
    let step = |line: u32, text: &str| {
        json!({ "location": { "message": { "text": text }, "physicalLocation": {
            "artifactLocation": { "uri": "a.py" }, "region": { "startLine": line } } } })
    };
    let finding = one(
        "CodeQL",
        json!({ "id": "r" }),
        json!({
            "ruleId": "r",
            "locations": [{ "physicalLocation": {
                "artifactLocation": { "uri": "a.py" },
                "region": { "startLine": 5, "startColumn": 3, "endColumn": 9 },
                "contextRegion": { "startLine": 3, "endLine": 7, "snippet": { "text": "three\nfour\nfive()\nsix\nseven" } },
            } }],
            "codeFlows": [{ "threadFlows": [{ "locations": [step(1, "source"), step(5, "sink")] }] }],
        }),
    );
    assert_eq!(finding.locations[0].snippet.as_deref(), Some("five()"));
    let steps: Vec<_> = finding.flow.iter().map(|step| step.message.as_str()).collect();
    assert_eq!(steps, ["source", "sink"]);
}
