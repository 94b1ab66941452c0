//! What somebody might hand in to get past a gate: nothing of it counts, each with its reason in words.

use andon_attestation::{Envelope, Resource, Statement};
use andon_model::{
    Confidence, Finding, Fingerprint, Fingerprints, Location, RuleRef, Severity, Stage, State,
};
use andon_model::{Suppression, SuppressionKind, Verdict};

use super::world::{BASE, HEAD, World, approval, coverage, now, scan, signed, step, tests_passed};
use crate::{DecisionRecord, Program, Text};

/// Hands in one statement; it must be refused with these words.
#[track_caller]
fn check(world: &World, name: &str, bytes: Vec<u8>, why: &str) {
    let evidence = world.collect(&[(bytes.clone(), Some(3))]);
    assert_eq!(evidence.accepted, [], "{name}");
    let told = evidence.refused.first().map(|refused| refused.why.as_str()).unwrap_or_default();
    assert!(told.contains(why), "{name}: {told}");
    let messages = world.messages(&[(bytes, Some(3))]);
    assert!(messages.iter().any(|message| message.contains("no scan by `secrets`")), "{name}: {messages:?}");
}

#[test]
fn altered_and_broken_envelopes() {
    let world = World::new();
    let good = world.ci(HEAD, &scan());
    let altered = |change: &dyn Fn(&mut Envelope)| {
        let mut envelope = Envelope::from_json(&good).unwrap();
        change(&mut envelope);
        envelope.to_json()
    };
    let not_verified = "no accepted key verifies its signature";
    let payload = altered(&|envelope| {
        let text = String::from_utf8(envelope.payload.clone()).unwrap();
        envelope.payload = text.replace("\"examined\":12", "\"examined\":99").into_bytes();
    });
    check(&world, "altered payload", payload, not_verified);
    let signature = altered(&|envelope| envelope.signatures[0].signature[5] ^= 1);
    check(&world, "altered signature", signature, not_verified);
    check(&world, "no signature", altered(&|envelope| envelope.signatures.clear()), "it was never signed");
    let kind = altered(&|envelope| envelope.payload_type = "application/json".to_owned());
    check(&world, "other payload type", kind, not_verified);
    let borrowed = altered(&|envelope| {
        envelope.signatures[0] = Envelope::from_json(&world.ci(HEAD, &step())).unwrap().signatures[0].clone();
    });
    check(&world, "signature of another statement", borrowed, not_verified);
    for end in [0, 1, good.len() / 2, good.len() - 1] {
        check(&world, "truncated", good[..end].to_vec(), "it cannot be read");
    }
    let unknown = Statement::new(
        vec![Resource::git_commit(HEAD)],
        "https://example.org/looks-fine/v1",
        Default::default(),
    );
    check(
        &world,
        "unknown type",
        unknown.unwrap().sign(&world.ci).to_json(),
        "is no type of statement that this",
    );
    let empty = Statement::new(
        vec![Resource::git_commit(HEAD)],
        "https://andon.dev/attestation/scan/v1",
        Default::default(),
    );
    check(&world, "malformed predicate", empty.unwrap().sign(&world.ci).to_json(), "it cannot be read");
}

#[test]
fn statements_about_something_else() {
    let world = World::new();
    let about = |subject: Resource| world.ci_about(vec![subject], &scan());
    let other = "c".repeat(40);
    check(
        &world,
        "another commit",
        world.ci(&other, &scan()),
        "it is about gitCommit:cccccccccccc, not about the commit aaaaaaaaaaaa",
    );
    check(&world, "an earlier head", world.ci(BASE, &scan()), "it is about gitCommit:bbbbbbbbbbbb");
    let named = Resource { name: HEAD.to_owned(), ..Resource::git_commit(&other) };
    check(&world, "only the name fits", about(named), "it is about gitCommit:cccccccccccc");
    let branch = Resource {
        uri: Some("git+https://example.org/shop@refs/heads/main".to_owned()),
        ..Resource::git_commit(&other)
    };
    check(&world, "a branch", about(branch), "it is about gitCommit:cccccccccccc");
    for algorithm in ["sha1", "gitTree", "gitTag", "gitcommit", "commit"] {
        let mut subject = Resource::default();
        subject.digest.insert(algorithm.to_owned(), HEAD.to_owned());
        check(&world, algorithm, about(subject), &format!("it is about {algorithm}:aaaaaaaaaaaa"));
    }
    let mut scan_of_other = scan();
    scan_of_other.head_commit = Some(other);
    check(
        &world,
        "scan of another commit",
        world.ci(HEAD, &scan_of_other),
        "a scan of the commit cccccccccccc",
    );
    let mut configured = scan();
    configured.configuration = "d0d0".to_owned();
    check(
        &world,
        "other rules",
        world.ci(HEAD, &configured),
        "another configuration or other rules than the base",
    );
}

#[test]
fn times_and_keys() {
    let world = World::new();
    let at = |time: String| {
        let mut scan = scan();
        scan.finished_on = time;
        scan
    };
    check(
        &world,
        "from the future",
        world.ci(HEAD, &at(now(600))),
        "it is from the future: 2026-11-22T12:10:00Z",
    );
    check(&world, "no time", world.ci(HEAD, &at(String::new())), "it says no time");
    check(&world, "no such time", world.ci(HEAD, &at("yesterday".to_owned())), "is none in RFC 3339");
    check(&world, "key not accepted", signed(&world.stranger, HEAD, &scan()), "signed with another key");
    check(
        &world,
        "key for another type",
        signed(&world.kim, HEAD, &scan()),
        "the key `kim` may not sign statements of the kind `scan`",
    );
    check(
        &world,
        "key expired",
        signed(&world.old, HEAD, &scan()),
        "the key `old` was valid until 2026-11-21",
    );
    let backdated = signed(&world.old, HEAD, &at("2026-11-20T00:00:00Z".to_owned()));
    check(&world, "expired key, dated back", backdated, "the key `old` was valid until 2026-11-21");
    assert_eq!(world.collect(&[(world.ci(HEAD, &at(now(200))), None)]).accepted.len(), 1, "clocks differ");

    let stale = world.messages(&[(world.ci(HEAD, &at("2026-11-21T11:59:59Z".to_owned())), None)]);
    let expected =
        "scan by `secrets`: statement 0 is of 2026-11-21T11:59:59Z, older than 24h (gate `release`)";
    assert!(stale.iter().any(|message| message == expected), "{stale:#?}");
    let mut incomplete = scan();
    incomplete.coverage.gaps = 1;
    let messages = world.messages(&[(world.ci(HEAD, &incomplete), None)]);
    let expected = "the scan by `secrets` (statement 0) is not complete (gate `release`)";
    assert!(messages.iter().any(|message| message == expected), "{messages:#?}");
}

#[test]
fn approvals_that_do_not_count() {
    let world = World::new();
    let given = |key, role: &str, who: &str| signed(key, HEAD, &approval(role, who));
    check(
        &world,
        "by the author",
        given(&world.alice, "security", "alice"),
        "the holder of the key `alice` made a part of the change",
    );
    check(
        &world,
        "for the author",
        given(&world.alice, "security", ""),
        "the holder of the key `alice` made a part",
    );
    check(
        &world,
        "revoked role",
        given(&world.former, "security", "max@example.org"),
        "the key `former` does not stand for the role `security`",
    );
    check(
        &world,
        "by a machine",
        given(&world.ci, "security", "ci"),
        "the key `ci` may not sign statements of the kind `approval`",
    );
    check(
        &world,
        "by a stranger",
        given(&world.stranger, "security", "kim@example.org"),
        "signed with another key",
    );
    check(
        &world,
        "in another's name",
        given(&world.kim, "security", "lou@example.org"),
        "it names `lou@example.org` as the approver",
    );
    check(
        &world,
        "of an earlier head",
        signed(&world.kim, BASE, &approval("security", "kim")),
        "it is about gitCommit:bbbbbbbbbbbb",
    );
    let mut ended = approval("security", "kim");
    ended.until = Some(now(-1));
    check(&world, "ended", signed(&world.kim, HEAD, &ended), "it ended at 2026-11-22T11:59:59Z");
    let mut elsewhere = approval("security", "kim");
    elsewhere.project = Some("bank".to_owned());
    check(&world, "of another project", signed(&world.kim, HEAD, &elsewhere), "it is for the project `bank`");
}

#[test]
fn approvals_by_who_made_the_change_or_for_another_gate() {
    let world = World::new();
    let given = |key, role: &str, who: &str| signed(key, HEAD, &approval(role, who));
    let mut committer = World::new();
    committer.asked.people.push("KIM@example.org".to_owned());
    check(&committer, "by a committer", given(&world.kim, "security", "kim"), "made a part of the change");
    let mut nobody = World::new();
    nobody.asked.people = vec![" ".to_owned()];
    check(
        &nobody,
        "author unknown",
        given(&world.kim, "security", "kim"),
        "it is not known who made the change",
    );

    let mut for_other_gate = approval("security", "kim");
    for_other_gate.gate = Some("staging".to_owned());
    let mut offered = world.good();
    offered[4] = (signed(&world.kim, HEAD, &for_other_gate), None);
    assert_eq!(world.messages(&offered), ["needs approval by 2 people as security, has 1 (gate `release`)"]);
}

#[test]
fn what_judges_comes_from_the_base() {
    let good = World::new().good();
    for (revision, words) in [
        (None, "not read from a base, so a change could excuse itself"),
        (Some(HEAD), "are read from the commit under judgement itself"),
    ] {
        let mut world = World::new();
        world.revision = revision.map(str::to_owned);
        let messages = world.messages(&good);
        assert!(messages.len() == 1 && messages[0].contains(words), "{messages:?}");
    }
    let mut nothing = World::new();
    (nothing.asked.commit, nothing.change.head) = (None, None);
    assert!(
        nothing.messages(&good).iter().any(|message| message.contains("neither a commit nor an artefact"))
    );
}

#[test]
fn commits_without_a_good_signature() {
    let world = World::new();
    let mut input = world.input(&world.good());
    let config = andon_config::Config::from_yaml("andon.yaml", world.config_text()).unwrap();
    input.change.commits.push("d".repeat(40));
    input.evidence.as_mut().unwrap().commits[0].verdict = "unknown-key".to_owned();
    input.evidence.as_mut().unwrap().commits[0].reason = "nobody's".to_owned();
    let decision = crate::evaluate(&config, &input, &world.policies(), &Default::default());
    let messages: Vec<_> = decision.reasons.iter().map(|reason| reason.message.clone()).collect();
    assert_eq!(
        messages,
        [
            format!(
                "the commit {HEAD} carries no signature that counts: unknown-key, nobody's (gate `release`)"
            ),
            format!(
                "the commit {} carries no signature that counts: not examined (gate `release`)",
                "d".repeat(40)
            ),
        ]
    );
}

#[test]
fn figures_that_say_no() {
    let world = World::new();
    let mut failed = tests_passed(40);
    failed.errors = 1;
    failed.failing = vec!["it works".to_owned()];
    let mut partial = tests_passed(40);
    partial.complete = false;
    let mut low = coverage();
    low.lines.covered = 79;
    let mut unknown = coverage();
    unknown.changed_lines = None;
    let mut absurd = coverage();
    absurd.lines.covered = 101;
    let rows = [
        (3, world.ci(HEAD, &failed), "1 tests failed, at most 0 may: it works"),
        (3, world.ci(HEAD, &tests_passed(9)), "9 tests passed, at least 10 must"),
        (3, world.ci(HEAD, &partial), "statement 3 does not count: not every report was read whole"),
        (2, world.ci(HEAD, &low), "tests of step `test` run through 79 of 100 lines, less than 80 %"),
        (
            2,
            world.ci(HEAD, &unknown),
            "it is not known how many changed lines tests of step `test` run through",
        ),
        (2, world.ci(HEAD, &absurd), "the figures of lines contradict themselves: 101 of 100"),
    ];
    for (place, bytes, words) in rows {
        let mut offered = world.good();
        offered[place] = (bytes, None);
        let messages = world.messages(&offered);
        assert!(messages.iter().any(|message| message.contains(words)), "{words}: {messages:#?}");
    }
}

fn finding() -> Finding {
    Finding {
        fingerprints: Fingerprints { primary: Fingerprint("f".to_owned()), alternates: Default::default() },
        rule: RuleRef { id: "a-rule".to_owned(), pack: "andon".to_owned(), version: String::new() },
        stage: Stage::Code,
        engine: "secrets".to_owned(),
        severity: Severity::High,
        confidence: Confidence::High,
        title: String::new(),
        message: String::new(),
        locations: vec![Location { path: "a".to_owned(), ..Location::default() }],
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

#[test]
fn exceptions_that_nobody_else_approved() {
    let world = World::new();
    let text = world.config_text().replace("policies: []", "policies: []\n    stop: { high: 0 }");
    let config = andon_config::Config::from_yaml("andon.yaml", &text).unwrap();
    let rows = [
        (Some("sam"), Some("kim"), Some("2030-01-01"), None),
        (
            Some("sam"),
            Some("Sam <sam>"),
            Some("2030-01-01"),
            Some("requester and approver are the same person"),
        ),
        (Some("sam"), None, Some("2030-01-01"), Some("it names no approver")),
        (None, Some("kim"), Some("2030-01-01"), Some("it names no requester")),
        (Some("sam"), Some("kim"), None, Some("it has no last day")),
    ];
    for (requester, approver, expires, why) in rows {
        let suppression = Suppression {
            requester: requester.map(str::to_owned),
            approver: approver.map(str::to_owned),
            expires: expires.map(str::to_owned),
            ..Suppression::new(SuppressionKind::Exception, "accepted")
        };
        let mut input = world.input(&world.good());
        input.findings = vec![Finding { suppression: Some(suppression), ..finding() }];
        let decision = crate::evaluate(&config, &input, &world.policies(), &Default::default());
        let messages: Vec<_> = decision.reasons.iter().map(|reason| reason.message.clone()).collect();
        let expected: Vec<String> = why.map_or(Vec::new(), |why| {
            vec![
                "1 new high finding; none is allowed (gate `release`)".to_owned(),
                format!("an exception for `a-rule` does not count: {why} (gate `release`)"),
            ]
        });
        assert_eq!(messages, expected, "{requester:?} {approver:?} {expires:?}");
    }
}

#[test]
fn files_without_a_signature_do_not_count() {
    let world = World::new();
    let mut input = world.input(&[]);
    input.unsigned.sources = vec!["scan.json".to_owned()];
    input.unsigned.coverage.complete = true;
    let config = andon_config::Config::from_yaml("andon.yaml", world.config_text()).unwrap();
    let decision = crate::evaluate(&config, &input, &world.policies(), &Default::default());
    let told =
        decision.reasons.iter().find(|reason| reason.message.starts_with("scan.json is not vouched for"));
    assert_eq!(told.map(|reason| reason.verdict), Some(Verdict::Warn));
    assert_eq!(decision.verdict, Verdict::Stop);
}

#[test]
fn a_record_replays_and_an_altered_one_does_not() {
    let world = World::new();
    let given = world.good();
    let config = Text { name: "andon.yaml".to_owned(), text: world.config_text().to_owned() };
    let record = DecisionRecord::decide(DecisionRecord {
        schema: String::new(),
        program: Program::this(),
        gate: Some("release".to_owned()),
        config: Some(config),
        revision: Some(BASE.to_owned()),
        policies: Vec::new(),
        trust: world.trust().resolved().clone(),
        input: world.input(&given),
        decision: world.decide(&[]),
    })
    .unwrap();
    assert_eq!(record.decision.verdict, Verdict::Pass);
    let (id, bytes) = record.to_bytes().unwrap();
    let read = DecisionRecord::from_bytes(&id, &bytes).unwrap();
    assert_eq!(read.to_bytes().unwrap(), (id.clone(), bytes.clone()));
    let envelopes = given.iter().map(|(bytes, _)| (crate::sha256(bytes), bytes.clone())).collect();
    let replay = read.replay(&envelopes).unwrap();
    assert!(replay.recollected && replay.missing.is_empty());
    assert_eq!(replay.differences, Vec::<String>::new());
    assert!(!read.replay(&Default::default()).unwrap().recollected);

    let text = String::from_utf8(bytes).unwrap();
    assert!(DecisionRecord::from_bytes(&id, text.replace("security", "Security").as_bytes()).is_err());
    let mut forged = read.clone();
    forged.decision = world.decide(&[]);
    let differences = forged.replay(&envelopes).unwrap().differences;
    assert_eq!(differences[0], "the verdict was Stop and is Pass now");
    let mut without = read.clone();
    without.input.evidence.as_mut().unwrap().accepted.pop();
    let differences = without.replay(&envelopes).unwrap().differences;
    assert!(differences.contains(&"the statements give other evidence than was recorded".to_owned()));

    let [decision, summary] = crate::statements(&id, &read).unwrap();
    assert!(decision.is_about("gitCommit", HEAD) && summary.is_about("gitCommit", HEAD));
    let summary: andon_attestation::predicate::VerificationSummary = summary.predicate_as().unwrap();
    assert_eq!(summary.verified_levels, ["SLSA_BUILD_LEVEL_0"]);
    let own: andon_attestation::predicate::Decision = decision.predicate_as().unwrap();
    assert_eq!((own.inputs, own.statements.len()), (id, 7));
}
