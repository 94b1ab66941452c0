//! A project with a gate that asks for everything, its keys, and statements that satisfy it.

use andon_attestation::predicate::{
    Approval, Covered, EngineUsed, Scan, ScanCoverage, Seal, SealLevel, Step, StepResult, TestCoverage,
    TestResults,
};
use andon_attestation::{Envelope, KeyKind, Predicate, Resource, SecretKey, Signer, Statement};
use andon_config::Config;
use andon_model::{Coverage, Decision, Verdict};
use jiff::{SignedDuration, Timestamp};

use crate::evidence::{Asked, CommitSignature, Evidence, Offered, collect};
use crate::{Change, Input, PolicyLimits, PolicySet, Trust, evaluate};

pub(super) const HEAD: &str = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";
pub(super) const BASE: &str = "bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb";
const NOW: &str = "2026-11-22T12:00:00Z";
const CONFIGURATION: &str = "c0c0";

/// An envelope and its place in the ledger.
pub(super) type Given = (Vec<u8>, Option<u64>);

pub(super) struct World {
    pub(super) ci: SecretKey,
    pub(super) kim: SecretKey,
    pub(super) kim_phone: SecretKey,
    pub(super) lou: SecretKey,
    pub(super) alice: SecretKey,
    pub(super) old: SecretKey,
    pub(super) former: SecretKey,
    pub(super) stranger: SecretKey,
    pub(super) asked: Asked,
    pub(super) change: Change,
    pub(super) revision: Option<String>,
    config: String,
}

const GATE: &str = "
version: 1
gates:
  - name: release
    policies: []
    evidence:
      scans: [secrets]
      max-age: 24h
      seal: restricted
      steps: [build]
      tests: { min-passed: 10, may-shrink: false }
      coverage: { lines: 80, changed-lines: 90 }
      commits: signed
      approvals: [{ role: security, count: 2 }]
trust:
  keys:
";

impl World {
    pub(super) fn new() -> Self {
        let key = |seed: u8| SecretKey::generate(KeyKind::Ed25519, &[seed; 32]);
        let people = vec!["Alice A <alice@example.org>".to_owned()];
        let mut world = Self {
            ci: key(1),
            kim: key(2),
            kim_phone: key(3),
            lou: key(4),
            alice: key(5),
            old: key(6),
            former: key(7),
            stranger: key(8),
            asked: Asked {
                commit: Some(HEAD.to_owned()),
                base: Some(BASE.to_owned()),
                artefacts: Vec::new(),
                project: Some("shop".to_owned()),
                configuration: Some(CONFIGURATION.to_owned()),
                people: people.clone(),
                now: NOW.to_owned(),
            },
            change: Change {
                base: Some(BASE.to_owned()),
                head: Some(HEAD.to_owned()),
                author: Some(people[0].clone()),
                people,
                commits: vec![HEAD.to_owned()],
                ..Change::default()
            },
            revision: Some(BASE.to_owned()),
            config: String::new(),
        };
        world.config = world.configuration();
        world
    }

    fn configuration(&self) -> String {
        let mut text = GATE.to_owned();
        let approver = |person: &str| format!("may: [approval], roles: [security], identity: ['{person}']");
        for (name, key, rest) in [
            ("ci", &self.ci, "may: [scan, step, tests, build]".to_owned()),
            ("kim", &self.kim, approver("Kim <kim@example.org>")),
            ("kim-phone", &self.kim_phone, approver("kim@example.org")),
            ("lou", &self.lou, approver("lou@example.org")),
            ("alice", &self.alice, approver("alice+work@example.org")),
            ("old", &self.old, "may: [scan], until: 2026-11-21".to_owned()),
            (
                "former",
                &self.former,
                "may: [approval], roles: [docs], identity: [max@example.org]".to_owned(),
            ),
        ] {
            let pem = key.public().to_pem().replace('\n', "\\n");
            text.push_str(&format!("    - {{ name: {name}, key: \"{pem}\", {rest} }}\n"));
        }
        text
    }

    pub(super) fn trust(&self) -> Trust {
        let config = Config::from_yaml("andon.yaml", &self.config).unwrap();
        Trust::load(&config.trust.unwrap(), &mut |_| Ok(None)).unwrap()
    }

    /// Scan, step, coverage, tests, tests of the base, two approvals.
    pub(super) fn good(&self) -> Vec<Given> {
        let given = [
            self.ci(HEAD, &scan()),
            self.ci(HEAD, &step()),
            self.ci(HEAD, &coverage()),
            self.ci(HEAD, &tests_passed(40)),
            signed(&self.kim, HEAD, &approval("security", "kim@example.org")),
            signed(&self.lou, HEAD, &approval("security", "lou")),
            self.ci(BASE, &tests_passed(40)),
        ];
        given.into_iter().map(|bytes| (bytes, None)).collect()
    }

    pub(super) fn ci<P: Predicate>(&self, commit: &str, predicate: &P) -> Vec<u8> {
        signed(&self.ci, commit, predicate)
    }

    pub(super) fn ci_about<P: Predicate>(&self, subject: Vec<Resource>, predicate: &P) -> Vec<u8> {
        Statement::of(subject, predicate).unwrap().sign(&self.ci).to_json()
    }

    pub(super) fn is_about(&self, bytes: &[u8], commit: &str) -> bool {
        let statement = Statement::unverified(&Envelope::from_json(bytes).unwrap()).unwrap();
        statement.is_about("gitCommit", commit)
    }

    pub(super) fn collect(&self, given: &[Given]) -> Evidence {
        let origins: Vec<String> = (0..given.len()).map(|position| format!("statement {position}")).collect();
        let offered: Vec<Offered<'_>> = given
            .iter()
            .zip(&origins)
            .map(|((bytes, index), origin)| Offered { origin, index: *index, bytes })
            .collect();
        let mut evidence = collect(&offered, &self.trust(), &self.asked);
        assert_eq!(evidence, collect(&offered, &self.trust(), &self.asked));
        evidence.commits = vec![CommitSignature {
            commit: HEAD.to_owned(),
            verdict: "good".to_owned(),
            ..CommitSignature::default()
        }];
        evidence
    }

    pub(super) fn input(&self, given: &[Given]) -> Input {
        Input {
            change: self.change.clone(),
            coverage: Coverage { complete: true, ..Coverage::default() },
            evidence: Some(self.collect(given)),
            now: NOW.to_owned(),
            ..Input::default()
        }
    }

    pub(super) fn policies(&self) -> PolicySet {
        PolicySet::new(self.revision.clone(), Some(("andon.yaml", &self.config)), Vec::new())
    }

    pub(super) fn config_text(&self) -> &str {
        &self.config
    }

    pub(super) fn decide(&self, given: &[Given]) -> Decision {
        let config = Config::from_yaml("andon.yaml", &self.config).unwrap();
        evaluate(&config, &self.input(given), &self.policies(), &PolicyLimits::default())
    }

    /// What holds the line, in words.
    pub(super) fn messages(&self, given: &[Given]) -> Vec<String> {
        let reasons = self.decide(given).reasons.into_iter();
        reasons.filter(|reason| reason.verdict > Verdict::Warn).map(|reason| reason.message).collect()
    }
}

pub(super) fn signed<P: Predicate>(key: &SecretKey, commit: &str, predicate: &P) -> Vec<u8> {
    Statement::of(vec![Resource::git_commit(commit)], predicate).unwrap().sign(key).to_json()
}

/// The time of the decision and some seconds.
pub(super) fn now(seconds: i64) -> String {
    let now: Timestamp = NOW.parse().unwrap();
    (now + SignedDuration::from_secs(seconds)).to_string()
}

pub(super) fn scan() -> Scan {
    Scan {
        tool: "andon".to_owned(),
        tool_version: "0.1.0".to_owned(),
        engines: vec![EngineUsed { name: "secrets".to_owned(), examined: 12, rules: 200 }],
        configuration: CONFIGURATION.to_owned(),
        report: "ee".repeat(32),
        report_format: "andon.scan/1".to_owned(),
        coverage: ScanCoverage { complete: true, gaps: 0, sandboxed: true },
        head_commit: Some(HEAD.to_owned()),
        started_on: now(-120),
        finished_on: now(-60),
        ..Scan::default()
    }
}

pub(super) fn step() -> Step {
    Step {
        run: "1".to_owned(),
        stage: "build".to_owned(),
        step: "build".to_owned(),
        seal: Seal { level: SealLevel::Full, ..Seal::default() },
        result: StepResult::Passed,
        started_on: now(-120),
        finished_on: now(-60),
        ..Step::default()
    }
}

pub(super) fn tests_passed(passed: u64) -> TestResults {
    TestResults {
        step: Some("test".to_owned()),
        passed,
        complete: true,
        finished_on: now(-60),
        ..TestResults::default()
    }
}

pub(super) fn coverage() -> TestCoverage {
    TestCoverage {
        step: Some("test".to_owned()),
        lines: Covered { covered: 85, total: 100 },
        changed_lines: Some(Covered { covered: 9, total: 10 }),
        complete: true,
        finished_on: now(-60),
        ..TestCoverage::default()
    }
}

pub(super) fn approval(role: &str, approver: &str) -> Approval {
    Approval {
        role: role.to_owned(),
        approver: approver.to_owned(),
        reason: "read it".to_owned(),
        given_on: now(-60),
        ..Approval::default()
    }
}
