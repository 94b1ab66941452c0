//! Reports built in code, as a scan would make them.

use andon_model::*;

pub(crate) fn commit(id: &str, author: &str, date: &str, summary: &str) -> CommitRef {
    CommitRef {
        id: id.repeat(10),
        author: author.into(),
        email: "dev@example.org".into(),
        date: date.into(),
        summary: summary.into(),
    }
}

pub(crate) fn place(path: &str, line: u32, columns: (u32, u32), snippet: &str) -> Location {
    Location {
        path: path.into(),
        region: Some(Region {
            start_line: line,
            end_line: line,
            start_column: columns.0,
            end_column: columns.1,
            ..Region::default()
        }),
        snippet: Some(snippet.into()),
        ..Location::default()
    }
}

pub(crate) fn finding(rule: &str, severity: Severity, title: &str, places: Vec<Location>) -> Finding {
    let first =
        places.first().map(|place| (place.path.clone(), place.region.map(|region| region.start_line)));
    Finding {
        fingerprints: Fingerprints::only(Fingerprint::new(
            "secret/1",
            &[rule.as_bytes(), format!("{first:?}").as_bytes()],
        )),
        rule: RuleRef { id: rule.into(), pack: "andon".into(), version: "1".into() },
        stage: Stage::Code,
        engine: "secrets".into(),
        severity,
        confidence: Confidence::High,
        title: title.into(),
        message: String::new(),
        locations: places,
        flow: Vec::new(),
        subject: None,
        cwe: vec![798],
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

pub(crate) fn evidence(finding: Finding, facts: &[(&str, &str)]) -> Finding {
    let evidence =
        facts.iter().map(|(kind, value)| Evidence { kind: (*kind).into(), value: (*value).into() });
    Finding { evidence: evidence.collect(), ..finding }
}

pub(crate) fn rule(id: &str, severity: Severity, title: &str) -> RuleDescription {
    RuleDescription {
        rule: RuleRef { id: id.into(), pack: "andon".into(), version: "1".into() },
        engine: "secrets".into(),
        title: title.into(),
        severity,
        confidence: Confidence::High,
        tags: vec!["cloud".into()],
        cwe: vec![798],
        explanation: "Whoever holds this key acts as its owner.\nIt often stands in deployment scripts.\n\n\
                      - First, it is copied.\n- Then, it is forgotten, although it never expires by itself and \
                      nobody remembers who made it or what it was for."
            .into(),
        remediation: "Deactivate the key in the console, make a new one, and keep it in the secret store of the \
                      pipeline.\n\n```sh\naws iam update-access-key --status Inactive\n```\n\nThen look at the log."
            .into(),
        references: vec!["https://docs.example.org/keys".into()],
        examples: vec!["AWS_ACCESS_KEY_ID={{aws:AKIA}}".into()],
        counter_examples: vec!["AWS_ACCESS_KEY_ID=${KEY}".into()],
    }
}

fn redacted(prefix: &str, stars: usize) -> String {
    format!("{prefix}{}", "*".repeat(stars))
}

/// A history with several kinds of findings.
pub(crate) fn history() -> ScanReport {
    let key = redacted("AKIA", 16);
    let mut first = place("deploy/production.env", 12, (19, 39), &format!("AWS_ACCESS_KEY_ID={key}"));
    first.commit = Some(commit("4f2a", "Jane Doe", "2024-03-01T10:00:00Z", "Add the deployment script"));
    first.at_head = Some(true);
    let mut second = place("scripts/old.sh", 3, (12, 32), &format!("export KEY={key}"));
    second.commit = Some(commit("0b1c", "Jane Doe", "2023-11-20T09:30:00+02:00", "First try"));
    second.at_head = Some(false);
    let aws = evidence(
        finding("aws-access-key", Severity::Critical, "AWS access key", vec![first, second]),
        &[("redacted", &key), ("validation", "the account number in it is plausible"), ("entropy", "3.9")],
    );
    let token = redacted("ghp_", 36);
    let mut gone = place(
        ".github/workflows/release.yml",
        27,
        (25, 65),
        &format!("          GH_TOKEN: \"{token}\" # TODO"),
    );
    gone.commit = Some(commit("99ee", "Max Muster", "2022-01-05T23:00:00Z", "release workflow"));
    gone.at_head = Some(false);
    let github = evidence(
        finding("github-pat", Severity::High, "GitHub personal access token", vec![gone]),
        &[("redacted", &token), ("validation", "checksum is right")],
    );
    let mut generic = evidence(
        finding(
            "generic-password",
            Severity::Medium,
            "Password in a configuration file",
            vec![place(
                "config/app.yml",
                118,
                (13, 30),
                "\tpassword: 'h*****2'   # change me before the release",
            )],
        ),
        &[("redacted", "h*****2"), ("entropy", "2.8")],
    );
    generic.confidence = Confidence::Low;
    generic.message = "A value that looks like a password is assigned to `password`.".into();
    let mut suppressed = finding(
        "github-pat",
        Severity::High,
        "GitHub personal access token",
        vec![place("test/x", 1, (1, 2), "x")],
    );
    suppressed.suppression = Some(Suppression {
        kind: SuppressionKind::Exception,
        reason: "a key made for the tests".into(),
        owner: Some("jane".into()),
        expires: Some("2027-01-01".into()),
        requester: None,
        approver: None,
    });
    let report = report(TargetKind::History, vec![generic, github, suppressed, aws]);
    settle(report)
}

/// A change judged against its base, by a gate.
pub(crate) fn change() -> ScanReport {
    let lines = "deploy_key: |\n  ****************\n  ****************";
    let mut key = place("infra/keys.yml", 3, (13, 32), lines);
    key.region =
        Some(Region { start_line: 3, start_column: 13, end_line: 27, end_column: 30, ..Region::default() });
    let new = finding("private-key", Severity::High, "Private key", vec![key]);
    let whole_file = Location { path: "backup/.htpasswd".into(), ..Location::default() };
    let file = finding("password-file", Severity::Low, "Password file", vec![whole_file]);
    let state = |finding: Finding, state: State| Finding { state, ..finding };
    let old = |rule: &str, line: u32, now: State| {
        state(
            finding(rule, Severity::Medium, "Older finding", vec![place("src/app.py", line, (1, 4), "abc")]),
            now,
        )
    };
    let mut report = report(
        TargetKind::Range,
        vec![
            file,
            new,
            old("jwt", 4, State::Existing),
            old("jwt", 9, State::Moved),
            old("slack-hook", 2, State::Fixed),
        ],
    );
    report.target.base = Some("main".into());
    trouble(&mut report);
    report.gate = Some(stop());
    settle(report)
}

/// Everything that a report warns of.
fn trouble(report: &mut ScanReport) {
    report.coverage.gaps = vec![
        Gap {
            kind: GapKind::TooLarge,
            subject: "assets/dump.sql".into(),
            detail: "82 MB is over the limit of 50 MB; raise `max-file-size` to examine it".into(),
        },
        Gap {
            kind: GapKind::Shallow,
            subject: "repository".into(),
            detail:
                "the clone is shallow: what lies before 2025-01-01 is not there; run `git fetch --unshallow`"
                    .into(),
        },
    ];
    report.coverage.engines[0].rules_rejected = vec![RejectedRule {
        id: "own-rule".into(),
        pack: ".gitleaks.toml".into(),
        reason: "the regular expression uses look-behind, which has no linear-time form".into(),
    }];
    report.protected_changes = vec![ProtectedChange {
        path: ".andon/exceptions.yaml".into(),
        line: None,
        detail: "an exception was added; the one of the base revision was used".into(),
    }];
    report.exception_issues = vec![ExceptionIssue {
        problem: ExceptionProblem::Expired,
        exception: Exception {
            rule: Some("jwt".into()),
            owner: "jane".into(),
            reason: "old".into(),
            expires: "2025-12-31".into(),
            ..Exception::default()
        },
        detail: "its last day was 2025-12-31; it suppresses nothing".into(),
    }];
}

/// A decision with a reason of each kind.
fn stop() -> Decision {
    let reason = |verdict: Verdict, source: &str, message: &str, role: Option<&str>| Reason {
        verdict,
        source: source.into(),
        message: message.into(),
        role: role.map(str::to_owned),
        findings: Vec::new(),
    };
    Decision {
        verdict: Verdict::Stop,
        reasons: vec![
            reason(
                Verdict::Stop,
                "threshold",
                "1 new finding of severity high or worse; none is allowed",
                None,
            ),
            reason(Verdict::NeedsApproval, "protected-path", "auth/login.rs changed", Some("security-lead")),
            reason(Verdict::Warn, "completeness", "the scan is incomplete", None),
        ],
        policy: PolicyOrigin {
            revision: Some("main".into()),
            files: vec!["andon.yaml".into()],
            digest: "00".into(),
        },
        at: "2026-02-03T04:05:06Z".into(),
    }
}

/// Nothing found, everything looked at.
pub(crate) fn quiet() -> ScanReport {
    settle(report(TargetKind::WorkingTree, Vec::new()))
}

/// Strings that want to steer the reader's terminal or page.
pub(crate) fn hostile() -> ScanReport {
    let evil = "\u{1b}[2J\u{1b}]0;owned\u{7}<script>alert(1)</script> | `x` @everyone [a](http://evil.example) \u{202e}dlrow\r\nnew";
    let long = format!("{}SECRET****{}", "a=1;".repeat(60), "b=2;".repeat(30));
    let mut first = finding(evil, Severity::High, evil, vec![place(evil, 7, (9_000, 9_999), &long)]);
    first.message = evil.repeat(40);
    first.evidence = vec![
        Evidence { kind: evil.into(), value: evil.into() },
        Evidence { kind: "redacted".into(), value: "SECRET****".into() },
    ];
    first.locations[0].commit = Some(CommitRef {
        id: evil.into(),
        author: evil.into(),
        email: evil.into(),
        date: "ünot a date".into(),
        summary: evil.into(),
    });
    first.flow = vec![FlowStep { location: place(evil, 0, (0, 0), evil), message: evil.into() }];
    first.fix = Some(Fix { description: evil.into() });
    let wide = place("日本/語.txt", u32::MAX, (3, 5), "日本語\t\u{200b}\u{fe0f}語語");
    let second = finding("wide", Severity::Info, "", vec![wide]);
    let third = finding("", Severity::Low, "empty", Vec::new());
    let mut report = report(TargetKind::Import, vec![first, second, third]);
    report.target.name = evil.into();
    report.tool.name = evil.into();
    report.started = evil.into();
    report.coverage.gaps = vec![Gap { kind: GapKind::Unknown, subject: evil.into(), detail: evil.into() }];
    report.protected_changes =
        vec![ProtectedChange { path: evil.into(), line: Some(1), detail: evil.into() }];
    report.gate = Some(Decision {
        verdict: Verdict::NeedsApproval,
        reasons: vec![Reason {
            verdict: Verdict::NeedsApproval,
            source: evil.into(),
            message: evil.into(),
            role: Some(evil.into()),
            findings: Vec::new(),
        }],
        policy: PolicyOrigin::default(),
        at: evil.into(),
    });
    settle(report)
}

/// Many findings of one kind.
pub(crate) fn crowd(count: u32) -> ScanReport {
    let one = |n: u32| {
        let mut one =
            finding("jwt", Severity::Medium, "JSON web token", vec![place("a.js", n + 1, (1, 4), "abc")]);
        one.message = "A token that has not expired. ".repeat(20);
        one
    };
    settle(report(TargetKind::WorkingTree, (0..count).map(one).collect()))
}

pub(crate) fn settle(mut report: ScanReport) -> ScanReport {
    report.coverage.settle();
    report
}

pub(crate) fn report(kind: TargetKind, findings: Vec<Finding>) -> ScanReport {
    let engine = EngineCoverage {
        engine: "secrets".into(),
        files: 12_431,
        bytes: 83_100_000,
        cached: 12_000,
        rules_loaded: 152,
        packs: vec!["andon".into()],
        ..EngineCoverage::default()
    };
    let mut coverage = Coverage { engines: vec![engine], ..Coverage::default() };
    coverage.skip(SkipReason::Binary, "logo.png", 12_000);
    coverage.skip(SkipReason::Binary, "icon.png", 1_000);
    coverage.skip(SkipReason::Submodule, "vendor/lib", 0);
    ScanReport {
        schema: ScanReport::SCHEMA.into(),
        tool: Tool { name: "andon".into(), version: "0.1.0".into() },
        target: Target {
            kind,
            name: ".".into(),
            base: None,
            head: Some("4f2a4f2a4f2a4f2a4f2a4f2a4f2a4f2a4f2a4f2a".into()),
            branch: Some("main".into()),
            image: None,
            commits: (kind == TargetKind::History).then_some(2_310),
        },
        started: "2026-02-03T04:05:06Z".into(),
        duration_ms: 1_240,
        findings,
        rules: vec![
            rule("aws-access-key", Severity::Critical, "AWS access key"),
            rule("github-pat", Severity::High, "GitHub personal access token"),
        ],
        coverage,
        inventory: None,
        protected_changes: Vec::new(),
        exception_issues: Vec::new(),
        gate: None,
    }
}
