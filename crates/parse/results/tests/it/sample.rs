//! Reports built in code.

use andon_model::*;

pub(crate) fn finding(rule: &str, severity: Severity, path: &str, line: u32) -> Finding {
    let region = Region {
        start_byte: 10,
        end_byte: 30,
        start_line: line,
        start_column: 5,
        end_line: line,
        end_column: 25,
    };
    Finding {
        fingerprints: Fingerprints {
            primary: Fingerprint::new("secret/1", &[rule.as_bytes(), path.as_bytes(), &line.to_le_bytes()]),
            alternates: [Fingerprint::new("place/1", &[path.as_bytes()])].into(),
        },
        rule: RuleRef { id: rule.into(), pack: "andon".into(), version: "1".into() },
        stage: Stage::Code,
        engine: "secrets".into(),
        severity,
        confidence: Confidence::High,
        title: format!("Token of {rule}"),
        message: format!("A token of {rule} stands in {path}."),
        locations: vec![Location {
            path: path.into(),
            region: Some(region),
            snippet: Some("key = \"abcd****************\"".into()),
            ..Location::default()
        }],
        flow: Vec::new(),
        subject: None,
        cwe: vec![798],
        controls: Vec::new(),
        advisory: None,
        fix: None,
        evidence: vec![Evidence { kind: "redacted".into(), value: "abcd****************".into() }],
        context: "00112233".into(),
        state: State::New,
        suppression: None,
        tags: vec!["cloud".into()],
        properties: Default::default(),
    }
}

pub(crate) fn rule(id: &str, severity: Severity) -> RuleDescription {
    RuleDescription {
        rule: RuleRef { id: id.into(), pack: "andon".into(), version: "1".into() },
        engine: "secrets".into(),
        title: format!("Token of {id}"),
        severity,
        confidence: Confidence::High,
        tags: (0..30).map(|n| format!("tag-{n}")).collect(),
        cwe: vec![798],
        explanation: "A token opens the door. See [the page](https://example.org).".into(),
        remediation: "Revoke it.".into(),
        references: vec!["not a page".into(), "https://example.org/revoke".into()],
        examples: Vec::new(),
        counter_examples: Vec::new(),
    }
}

pub(crate) fn report(findings: Vec<Finding>) -> ScanReport {
    let mut coverage = Coverage {
        engines: vec![EngineCoverage {
            engine: "secrets".into(),
            files: 12,
            rules_loaded: 3,
            ..Default::default()
        }],
        ..Coverage::default()
    };
    coverage.settle();
    ScanReport {
        schema: ScanReport::SCHEMA.into(),
        tool: Tool { name: "andon".into(), version: "0.1.0".into() },
        target: Target {
            kind: TargetKind::WorkingTree,
            name: ".".into(),
            base: None,
            head: Some("0123456789abcdef0123456789abcdef01234567".into()),
            branch: Some("main".into()),
            image: None,
            commits: None,
        },
        started: "2026-02-03T04:05:06+01:00".into(),
        duration_ms: 1_500,
        findings,
        rules: vec![rule("alpha", Severity::High), rule("beta", Severity::Low)],
        coverage,
        inventory: None,
        protected_changes: Vec::new(),
        exception_issues: Vec::new(),
        gate: None,
    }
}

/// One of everything that a report can say.
pub(crate) fn rich() -> ScanReport {
    let mut first = finding("alpha", Severity::Critical, "src/with space/ü#1.py", 3);
    first.locations.push(Location {
        path: "old.py".into(),
        commit: Some(CommitRef {
            id: "89abcdef0123456789abcdef0123456789abcdef".into(),
            author: "Jane Doe".into(),
            email: "jane@example.org".into(),
            date: "2024-03-01T10:00:00Z".into(),
            summary: "Add".into(),
        }),
        at_head: Some(false),
        ..Location::default()
    });
    first.message = "Hidden [link](https://evil.example) here".into();
    first.flow = vec![FlowStep { location: first.locations[0].clone(), message: "read".into() }];
    let mut suppressed = finding("beta", Severity::Low, "b.py", 9);
    suppressed.suppression = Some(Suppression {
        kind: SuppressionKind::Exception,
        reason: "test key".into(),
        owner: Some("jane".into()),
        expires: Some("2026-12-31".into()),
        requester: None,
        approver: None,
    });
    let states = [State::Existing, State::Moved, State::Reopened, State::Fixed];
    let others = states.into_iter().zip(1..).map(|(state, line)| {
        let mut other = finding("alpha", Severity::Medium, "c.py", line);
        other.state = state;
        other
    });
    let nested = Location {
        path: "a.zip".into(),
        nested: vec!["b.jar".into(), "c/d.txt".into()],
        ..Default::default()
    };
    let mut archived = finding("unlisted", Severity::Info, "x", 1);
    archived.locations = vec![nested, Location { path: "/outside/x".into(), ..Location::default() }];
    let mut report = report([first, suppressed, archived].into_iter().chain(others).collect());
    report.target.name = "https://example.org/project.git".into();
    trouble(&mut report);
    report
}

/// Everything that a report warns of.
fn trouble(report: &mut ScanReport) {
    report.coverage.gaps.push(Gap {
        kind: GapKind::TooLarge,
        subject: "dump.sql".into(),
        detail: "90 MB is over the limit of 50 MB".into(),
    });
    report.coverage.engines[0].rules_rejected.push(RejectedRule {
        id: "gamma".into(),
        pack: "own.toml".into(),
        reason: "look-behind".into(),
    });
    report.coverage.settle();
    report.protected_changes.push(ProtectedChange {
        path: ".andon/exceptions.yaml".into(),
        line: None,
        detail: "an exception was added".into(),
    });
    report.exception_issues.push(ExceptionIssue {
        problem: ExceptionProblem::Expired,
        exception: Exception { owner: "jane".into(), ..Exception::default() },
        detail: "expired on 2025-01-01".into(),
    });
}
