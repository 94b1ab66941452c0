use andon_attestation::{Statement, predicate};

use super::{BUILDER, SET_DIGEST};
use crate::testing::Yard;
use crate::{Options, Outcome};

fn said<P: predicate::Predicate>(yard: &Yard) -> Vec<(Statement, P)> {
    let statements = yard.hands.statements.lock().unwrap().clone();
    let own = statements
        .into_iter()
        .filter_map(|statement| Some((statement.clone(), statement.predicate_as().ok()?)));
    own.collect()
}

const MAKE: &str =
    "{stage: build, steps: [{name: make, run: copy src/a out/a, inputs: [src], outputs: [out/a]}]}";
/// SHA-256 of `one` (FIPS 180-4, worked out with sha256sum).
const ONE: &str = "7692c3ad3540bb803c020b3aee66cd8887123234ea0c6e7143c0add73ff431ed";

#[test]
fn a_step_and_what_it_made_are_said_of_the_commit() {
    let yard = Yard::new(&[("src/a", "one")]);
    let record = yard.run(MAKE);
    assert_eq!(record.steps[0].evidence, [0, 1]);
    let steps = said::<predicate::Step>(&yard);
    let (statement, step) = &steps[0];
    assert_eq!(statement.subject.len(), 2);
    assert!(
        statement.subject[0].digest.contains_key("gitCommit")
            && statement.subject[1].has_digest("sha256", ONE)
    );
    assert_eq!(
        (step.result, step.cached, step.attempts, step.exit_code),
        (predicate::StepResult::Passed, false, 1, Some(0))
    );
    assert_eq!((step.run.as_str(), step.seal.level), (record.run.id.as_str(), predicate::SealLevel::Full));
    assert_eq!(step.connections[0].host, "example.org");

    let provenances = said::<predicate::Provenance>(&yard);
    let (statement, provenance) = &provenances[0];
    assert_eq!(statement.subject.len(), 1);
    assert!(statement.subject[0].has_digest("sha256", ONE) && statement.subject[0].name == "out/a");
    assert_eq!(provenance.run_details.builder.id, BUILDER);
    let names: Vec<_> =
        provenance.build_definition.resolved_dependencies.iter().map(|one| one.name.as_str()).collect();
    assert_eq!(names, ["", "andon.yaml", "src/a"]);
    let text = String::from_utf8(statement.to_json()).unwrap();
    assert!(!text.contains("L2") && !text.contains("L3"), "never more than Build L1");
}

#[test]
fn what_comes_from_the_cache_says_so() {
    let yard = Yard::new(&[("src/a", "one")]);
    yard.run(MAKE);
    yard.hands.statements.lock().unwrap().clear();
    let record = yard.run(MAKE);
    assert_eq!(record.steps[0].outcome, Outcome::Cached);
    let steps = said::<predicate::Step>(&yard);
    assert!(steps[0].1.cached && steps[0].1.result == predicate::StepResult::Passed);
    assert_eq!(said::<predicate::Provenance>(&yard).len(), 1);
}

#[test]
fn a_changed_working_tree_is_not_the_commit() {
    let yard = Yard::new(&[("src/a", "one")]);
    let mut plan = yard.plan(MAKE, Options::default());
    plan.workspace.clean = false;
    yard.run_plan(&plan);
    for statement in yard.hands.statements.lock().unwrap().iter() {
        assert!(statement.subject.iter().all(|subject| !subject.digest.contains_key("gitCommit")));
    }
    let provenances = said::<predicate::Provenance>(&yard);
    let dependencies = &provenances[0].1.build_definition.resolved_dependencies;
    assert_eq!(dependencies[0].annotations.get("changed"), Some(&serde_json::Value::Bool(true)));

    let plan = yard.plan("{stage: build, steps: [{name: a, run: x}]}", Options::default());
    let plan = crate::Plan { workspace: crate::Workspace::at(&yard.root), ..plan };
    yard.hands.statements.lock().unwrap().clear();
    yard.run_plan(&plan);
    let statements = yard.hands.statements.lock().unwrap();
    assert!(statements[0].subject[0].digest.contains_key(SET_DIGEST), "it is about what went in");
}

#[test]
fn failures_and_results_of_tests_are_said() {
    let yard = Yard::new(&[]);
    yard.run("{stage: test, steps: [{name: a, run: 'print 1..2\\nok 1 - x\\nnot ok 2 - y\\n', tests: {tap: ['-']}}]}");
    assert_eq!(said::<predicate::Step>(&yard)[0].1.result, predicate::StepResult::Failed);
    let tests = said::<predicate::TestResults>(&yard);
    assert_eq!((tests[0].1.passed, tests[0].1.failed, tests[0].1.complete), (1, 1, true));
    assert!(said::<predicate::Provenance>(&yard).is_empty());
    yard.hands.statements.lock().unwrap().clear();
    let record =
        yard.run("{stage: test, steps: [{name: a, run: x, when: {branch: [none]}}, {name: b, run: late}]}");
    let steps = said::<predicate::Step>(&yard);
    assert_eq!(steps.len(), 1, "nothing is said of what never began");
    assert_eq!(steps[0].1.result, predicate::StepResult::TimedOut);
    assert_eq!(record.steps.len(), 2);
}
