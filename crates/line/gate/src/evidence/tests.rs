mod adversaries;
mod world;

use andon_attestation::Resource;
use andon_config::StatementKind;
use andon_model::Verdict;

use super::Says;
use world::{BASE, HEAD, World, approval, now, scan, signed, step, tests_passed};

#[test]
fn a_whole_line_of_evidence_passes() {
    let world = World::new();
    let decision = world.decide(&world.good());
    assert_eq!(decision.reasons, []);
    assert_eq!(decision.verdict, Verdict::Pass);
}

#[test]
fn without_anything_every_demand_is_named() {
    let world = World::new();
    let messages = world.messages(&[]);
    for demand in [
        "no scan by `secrets` is known",
        "nothing about the step `build` is known",
        "no result of tests is known",
        "nothing about what tests run through is known",
        "needs approval by 2 people as security, has 0",
    ] {
        assert!(messages.iter().any(|message| message.contains(demand)), "{demand}: {messages:#?}");
    }
}

#[test]
fn the_latest_wins_and_two_clocks_show_the_worse() {
    let world = World::new();
    let scan_at = |minute: u32, complete: bool| {
        let mut scan = scan();
        scan.finished_on = format!("2026-11-22T11:{minute:02}:00Z");
        scan.coverage.complete = complete;
        world.ci(HEAD, &scan)
    };
    let rows = [
        // Offered with their places in the ledger, and whether the gate passes.
        (vec![(scan_at(10, false), Some(1)), (scan_at(20, true), Some(2))], true),
        (vec![(scan_at(10, true), Some(1)), (scan_at(20, false), Some(2))], false),
        // The clock went back: the last of the ledger says that it failed.
        (vec![(scan_at(20, true), Some(1)), (scan_at(10, false), Some(2))], false),
        (vec![(scan_at(10, false), Some(1)), (scan_at(10, true), None)], false),
        (vec![(scan_at(20, true), None), (scan_at(10, false), None)], true),
    ];
    for (position, (scans, passes)) in rows.into_iter().enumerate() {
        let mut offered = world.good().split_off(1);
        offered.extend(scans);
        let messages = world.messages(&offered);
        assert_eq!(messages.is_empty(), passes, "row {position}: {messages:#?}");
    }
}

#[test]
fn one_statement_counts_once() {
    let world = World::new();
    let one = approval("security", "kim@example.org");
    let envelope = signed(&world.kim, HEAD, &one);
    let other_key = signed(&world.kim_phone, HEAD, &one);
    let mut offered = world.good();
    offered.drain(4..6);
    offered.swap(3, 4);
    offered.extend([(envelope.clone(), None), (envelope, Some(7)), (other_key, None)]);
    let messages = world.messages(&offered);
    assert_eq!(
        messages,
        [
            "needs approval by 2 people as security, has 1; statement 6 does not count: it is the same as statement 5 (gate `release`)"
        ]
    );
}

#[test]
fn tests_must_not_shrink() {
    let world = World::new();
    for (base, expected) in [
        (Some(40), None),
        (Some(41), Some("40 tests passed, 41 did at the base, and there may not be fewer (gate `release`)")),
        (
            None,
            Some(
                "nothing about the tests of the base, so whether there are fewer now, is known by an accepted key (gate `release`)",
            ),
        ),
    ] {
        let mut offered = world.good();
        offered.retain(|(bytes, _)| !world.is_about(bytes, BASE));
        offered.extend(base.map(|passed| (world.ci(BASE, &tests_passed(passed)), None)));
        let messages = world.messages(&offered);
        assert_eq!(messages, expected.into_iter().collect::<Vec<_>>(), "{base:?}");
    }
}

#[test]
fn provenance_leads_from_the_artefact_to_the_commit() {
    use andon_attestation::predicate::{BuildDefinition, BuildMetadata, Provenance, RunDetails};
    let mut world = World::new();
    let artefact = "ab".repeat(32);
    world.asked.artefacts = vec![artefact.clone()];
    let provenance = |commit: &str| Provenance {
        build_definition: BuildDefinition {
            resolved_dependencies: vec![Resource::git_commit(commit)],
            ..BuildDefinition::default()
        },
        run_details: RunDetails {
            metadata: Some(BuildMetadata { finished_on: Some(now(-60)), ..BuildMetadata::default() }),
            ..RunDetails::default()
        },
    };
    let subject = vec![Resource::sha256("app", &artefact)];
    let evidence = world.collect(&[(world.ci_about(subject.clone(), &provenance(HEAD)), None)]);
    assert!(matches!(&evidence.accepted[0].says, Says::Build(build) if build.artefacts == [artefact]));
    let evidence = world.collect(&[(world.ci_about(subject, &provenance(BASE)), None)]);
    assert_eq!(evidence.accepted, []);
    assert_eq!(evidence.refused[0].why, "the artefact was built from the commit bbbbbbbbbbbb");
    assert_eq!(evidence.refused[0].kind, Some(StatementKind::Build));
}

#[test]
fn steps_say_how_they_ended_and_how_sealed_they_were() {
    let world = World::new();
    let check = |change: &dyn Fn(&mut andon_attestation::predicate::Step), expected: &str| {
        let mut step = step();
        change(&mut step);
        let mut offered = world.good();
        offered[1] = (world.ci(HEAD, &step), None);
        assert_eq!(world.messages(&offered), [expected]);
    };
    use andon_attestation::predicate::{SealLevel, StepResult};
    check(
        &|step| step.result = StepResult::TimedOut,
        "the step `build` has not succeeded: timed-out (statement 1) (gate `release`)",
    );
    check(
        &|step| step.seal.level = SealLevel::None,
        "the step `build` ran with seal `none`, `restricted` is the least (statement 1) (gate `release`)",
    );
}
