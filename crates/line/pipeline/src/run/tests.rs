#![expect(clippy::disallowed_methods, reason = "the tests look past the door")]

use std::num::NonZeroUsize;
use std::sync::atomic::Ordering;

use andon_model::{Stage, Verdict};

use crate::testing::{Yard, outcomes};
use crate::{Event, Options, Outcome, RunOutcome, RunRecord, Runs};

fn jobs(jobs: usize) -> Options {
    Options { jobs: NonZeroUsize::new(jobs).unwrap(), ..Options::default() }
}

/// Runs stages one job at a time and compares what began and how it went.
#[track_caller]
fn check(stages: &str, options: Options, begun: &str, went: &str) -> RunRecord {
    let yard = Yard::new(&[("src/a", "a")]);
    let record = yard.run_with(stages, options);
    assert_eq!(yard.begun(), begun, "{stages}");
    assert_eq!(outcomes(&record), went, "{stages}");
    let again: RunRecord =
        Runs::new(&andon_system::OsSystem, &yard.data(), &yard.root).load(&record.run.id).unwrap();
    assert_eq!(again, record, "the record on the disk is what was returned");
    record
}

#[test]
fn the_order_is_that_of_the_plan() {
    let record = check(
        "{stage: code, checks: [secrets, sast], gate: new, steps: [{name: c, run: x, needs: [a]}, {name: b, run: x}, {name: a, run: x}]},
         {stage: test, steps: [{name: t, run: x}]}",
        Options::default(),
        "secrets+sast b a c gate:new t",
        "secrets+sast=succeeded b=succeeded a=succeeded c=succeeded new=succeeded t=succeeded",
    );
    assert_eq!(record.outcome, RunOutcome::Succeeded);
    assert_eq!(record.gates[0].evidence, [7]);
}

#[test]
fn what_is_made_is_waited_for_across_stages() {
    let yard = Yard::new(&[("src/a", "text")]);
    let record = yard.run_with(
        "{stage: build, steps: [{name: pack, run: copy out/a out/b, inputs: [out/a], outputs: [out/b]},
            {name: make, run: copy src/a out/a, inputs: [src], outputs: [out/a]}]},
         {stage: test, checks: [{engine: sast, target: out/b}], steps: [{name: t, run: copy out/b c, inputs: [out/b], outputs: [c]}]}",
        jobs(4),
    );
    assert_eq!(outcomes(&record), "make=succeeded pack=succeeded sast of out/b=succeeded t=succeeded");
    assert_eq!(yard.read("c").as_deref(), Some("text"));
    assert_eq!(record.step("pack").unwrap().outputs[0].path, "out/b");
}

#[test]
fn failures_stop_what_comes_after() {
    let steps = "{stage: build, gate: new, steps: [{name: a, run: fail}, {name: b, run: x}, {name: c, run: x, needs: [a]},
        {name: clean, run: x, always: true}, {name: tell, run: x, when: {outcome: failed}}]},
        {stage: test, steps: [{name: t, run: x}, {name: late, run: x, always: true}]}";
    let went =
        "a=failed b=skipped c=skipped clean=succeeded tell=succeeded new=skipped t=skipped late=succeeded";
    let record = check(steps, Options::default(), "a clean tell late", went);
    assert_eq!(record.outcome, RunOutcome::Failed);
    assert_eq!(record.reason.as_deref(), Some("`a` failed: the command ended with exit code 1"));
    assert_eq!(record.step("b").unwrap().reason.as_deref(), Some("`a` failed"));

    let options = Options { keep_going: true, ..Options::default() };
    let went =
        "a=failed b=succeeded c=skipped clean=succeeded tell=succeeded new=skipped t=skipped late=succeeded";
    let record = check(steps, options, "a b clean tell late", went);
    assert_eq!(record.step("c").unwrap().reason.as_deref(), Some("it needs `a`, which failed"));

    let record = check(
        "{stage: build, steps: [{name: a, run: x}, {name: tell, run: x, when: {outcome: failed}}, {name: clean, run: fail, always: true}]}",
        Options::default(),
        "a clean",
        "a=succeeded tell=skipped clean=failed",
    );
    assert_eq!(record.outcome, RunOutcome::Failed);
}

#[test]
fn a_gate_stops_the_line() {
    for (verdict, outcome) in [
        (Verdict::Warn, RunOutcome::Succeeded),
        (Verdict::NeedsApproval, RunOutcome::Stopped),
        (Verdict::Stop, RunOutcome::Stopped),
    ] {
        let yard = Yard::new(&[]);
        *yard.hands.verdict.lock().unwrap() = Some(verdict);
        let record =
            yard.run("{stage: code, checks: [sast], gate: new}, {stage: build, steps: [{name: a, run: x}]}");
        assert_eq!(record.outcome, outcome, "{verdict:?}");
        assert_eq!(record.step("a").unwrap().outcome.is_good(), outcome == RunOutcome::Succeeded);
    }
}

#[test]
fn conditions_keep_steps_from_running() {
    check(
        "{stage: build, steps: [{name: a, run: x, when: {branch: [release/*]}}, {name: b, run: x, needs: [a]},
            {name: c, run: x, when: {branch: ['ma*']}}, {name: d, run: x, when: {changed: [docs/**]}},
            {name: e, run: x, when: {environment: {ANDON_TEST_NOT_SET: 'x*'}}},
            {name: f, run: x, when: {environment: {ANDON_TEST_NOT_SET: ''}}},
            {name: g, run: x, always: true, needs: [a]}]}",
        Options::default(),
        "c d f g",
        "a=skipped b=skipped c=succeeded d=succeeded e=skipped f=succeeded g=succeeded",
    );
}

#[test]
fn failed_attempts_are_repeated_and_counted() {
    let cases =
        [("flaky 2", 2, 3, true), ("flaky 2", 1, 2, false), ("no-start", 3, 1, false), ("late", 1, 2, false)];
    for (command, retries, attempts, succeeds) in cases {
        let yard = Yard::new(&[]);
        let record = yard.steps(&format!("{{name: a, run: {command}, retries: {retries}}}"));
        let step = record.step("a").unwrap();
        assert_eq!((step.attempts.len(), step.outcome.is_good()), (attempts, succeeds), "{command}");
        assert!(step.attempts.iter().all(|attempt| attempt.log.is_some()), "each has a log of its own");
        let begun = yard.hands.entries.lock().unwrap();
        let begun = begun.iter().filter(|entry| matches!(entry.event, Event::StepStarted { .. })).count();
        assert_eq!(begun, attempts);
    }
}

#[test]
fn cancelling_in_the_middle_leaves_a_whole_record() {
    let record = check(
        "{stage: build, gate: new, steps: [{name: a, run: x}, {name: b, run: cancel}, {name: c, run: x}, {name: d, run: x, always: true}]},
         {stage: test, checks: [sast]}",
        Options { keep_going: true, ..Options::default() },
        "a b",
        "a=succeeded b=cancelled c=cancelled d=cancelled new=skipped sast=cancelled",
    );
    assert_eq!(record.outcome, RunOutcome::Cancelled);
}

#[test]
fn no_more_run_at_once_than_jobs() {
    let yard = Yard::new(&[]);
    let steps: Vec<String> = (0..8).map(|number| format!("{{name: s{number}, run: meet}}")).collect();
    let stages = format!("{{stage: build, steps: [{}]}}", steps.join(", "));
    let record = yard.run_with(&stages, jobs(2));
    assert_eq!(record.outcome, RunOutcome::Succeeded);
    assert_eq!(yard.hands.most_running.load(Ordering::SeqCst), 2);
}

#[test]
fn outputs_have_to_be_made_by_this_attempt() {
    let yard = Yard::new(&[("out/a", "of an earlier run"), ("dist/planted", "x")]);
    let check = |step: &str, reason: &str| {
        let record = yard.steps(step);
        assert_eq!(record.reason.as_deref(), Some(reason), "{step}");
    };
    check(
        "{name: a, run: x, outputs: [out/a, out/b]}",
        "`a` failed: it did not make `out/a`, `out/b`; correct `outputs`, or the command",
    );
    check(
        "{name: a, run: folder f, outputs: [f]}",
        "`a` failed: the output `f` is a folder; declare it as `f/`",
    );
    let record = yard.steps("{name: a, run: out dist/b x, outputs: [dist/]}");
    let paths: Vec<_> = record.steps[0].outputs.iter().map(|output| output.path.as_str()).collect();
    assert_eq!(paths, ["dist/b"], "what was planted is not an output");
}

#[cfg(unix)]
#[test]
fn outputs_do_not_lead_out_of_the_workspace() {
    let yard = Yard::new(&[]);
    let outside = yard.folder.path().join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("kept"), "x").unwrap();
    std::os::unix::fs::symlink(&outside, yard.root.join("out")).unwrap();
    let record = yard.steps("{name: a, run: x, outputs: [out/kept]}");
    assert_eq!(
        record.reason.as_deref(),
        Some("`a` failed: `out/kept` cannot be made: `out` is no folder; remove it")
    );
    assert!(outside.join("kept").exists());
}

#[test]
fn scratch_folders_stay_as_they_are() {
    let yard = Yard::new(&[("target/kept", "x")]);
    let step = "{name: a, run: out target/app text, outputs: [target/app], scratch: [target, other/new]}";
    assert_eq!(yard.steps(step).outcome, RunOutcome::Succeeded);
    assert!(yard.read("target/kept").is_some() && yard.root.join("other/new").is_dir());
    yard.write("target/kept", "changed");
    assert_eq!(outcomes(&yard.steps(step)), "a=cached", "scratch folders are no inputs");
}

#[test]
fn what_cannot_be_recorded_fails_and_nothing_goes_on() {
    let yard = Yard::new(&[]);
    yard.hands.refuses_evidence.store(true, Ordering::Relaxed);
    let record = yard.run("{stage: build, steps: [{name: a, run: x}, {name: b, run: x, needs: [a]}, {name: c, run: x, always: true}]}");
    assert_eq!(outcomes(&record), "a=failed b=skipped c=skipped");
    assert_eq!(
        record.reason.as_deref(),
        Some("`a` failed: it could not be recorded in the ledger: the disk is full")
    );
    assert_eq!(yard.begun(), "a");
    yard.hands.refuses_evidence.store(false, Ordering::Relaxed);
    assert_eq!(outcomes(&yard.steps("{name: a, run: x}")), "a=cached");
}

#[test]
fn a_mistake_of_ours_is_a_failure_like_others() {
    let record = check(
        "{stage: build, steps: [{name: a, run: panic}, {name: b, run: x, always: true}]}",
        Options::default(),
        "a b",
        "a=failed b=succeeded",
    );
    assert_eq!(record.outcome, RunOutcome::Failed);
}

#[test]
fn parts_of_a_pipeline_run_with_what_they_need() {
    let stages = "{stage: code, checks: [sast], gate: new, steps: [{name: gen, run: out gen/a x, outputs: [gen/a]}, {name: lint, run: x}]},
        {stage: build, checks: [secrets], steps: [{name: make, run: copy gen/a out, inputs: [gen], outputs: [out]}, {name: doc, run: x}]},
        {stage: test, gate: rest, steps: [{name: t, run: x, needs: [make]}]}";
    let only = |names: &[&str]| Options {
        only: names.iter().map(|name| (*name).to_owned()).collect(),
        ..Options::default()
    };
    check(stages, only(&["make"]), "gen make", "gen=succeeded make=succeeded");
    check(
        stages,
        only(&["build"]),
        "gen secrets make doc",
        "gen=succeeded secrets=succeeded make=succeeded doc=succeeded",
    );
    check(stages, only(&["t"]), "gen make t", "gen=succeeded make=succeeded t=succeeded");
    let from = Options { from: Some(Stage::Test), ..Options::default() };
    check(stages, from, "gen make t gate:rest", "gen=succeeded make=succeeded t=succeeded rest=succeeded");
}

#[test]
fn results_of_tests_are_read_and_judged() {
    let yard = Yard::new(&[]);
    let junit = |cases: &str| {
        format!(
            "{{name: a, run: 'out r/x.xml <testsuite name=\"s\">{cases}</testsuite>', outputs: [r/], tests: {{junit: ['r/*.xml']}}}}"
        )
    };
    let record = yard.steps(&junit("<testcase name=\"x\"/><testcase name=\"y\"/>"));
    let tests = record.steps[0].tests.clone().unwrap();
    assert_eq!((tests.passed, tests.failed, tests.complete), (2, 0, true));
    assert_eq!(tests.reports[0].path, "r/x.xml");
    let again = yard.steps(&junit("<testcase name=\"x\"/><testcase name=\"y\"/>"));
    assert_eq!((again.steps[0].outcome, again.steps[0].tests.clone()), (Outcome::Cached, Some(tests)));

    let record = yard.steps(&junit("<testcase name=\"x\"/><testcase name=\"y\"><failure/></testcase>"));
    assert_eq!(record.reason.as_deref(), Some("`a` failed: 1 of its tests failed, first `s::y`"));
    let record = yard.steps(&junit(""));
    assert!(record.reason.unwrap().contains("no test that passed"));
    let record = yard.steps("{name: a, run: x, outputs: [r/], tests: {junit: ['r/*.xml']}}");
    assert_eq!(record.reason.as_deref(), Some("`a` failed: it wrote no report of tests `r/*.xml`"));
    let record = yard.steps("{name: a, run: 'print 1..1\\nok 1 - it works\\n', tests: {tap: ['-']}}");
    assert_eq!(record.steps[0].tests.as_ref().map(|tests| tests.passed), Some(1), "{:?}", record.reason);
}

#[test]
fn coverage_is_read() {
    let yard = Yard::new(&[("report", "SF:src/a\nDA:1,1\nDA:2,0\nend_of_record\n")]);
    let record = yard.steps("{name: a, run: copy report r/lcov, outputs: [r/], coverage: {lcov: r/lcov}}");
    let coverage = record.steps[0].coverage.clone().unwrap();
    assert_eq!((coverage.covered, coverage.lines, coverage.reports.len()), (1, 2, 1));
    let record = yard.steps("{name: a, run: x, outputs: [r/], coverage: {lcov: r/lcov}}");
    assert!(record.reason.unwrap().contains("it wrote no coverage report `r/lcov`"));
}

#[cfg(unix)]
#[test]
fn reports_behind_a_link_are_not_read() {
    let yard = Yard::new(&[]);
    let outside = yard.folder.path().join("outside");
    std::fs::create_dir(&outside).unwrap();
    std::fs::write(outside.join("lcov"), "SF:a\nDA:1,1\nend_of_record\n").unwrap();
    let link = format!("run: [link, {}, r/l], outputs: [r/]", outside.display());
    let record = yard.steps(&format!("{{name: a, {link}, coverage: {{lcov: r/l/lcov}}}}"));
    assert_eq!(record.reason.as_deref(), Some("`a` failed: it wrote no coverage report `r/l/lcov`"));
    let record = yard.steps(&format!("{{name: a, {link}, tests: {{junit: ['r/l/*']}}}}"));
    assert_eq!(record.reason.as_deref(), Some("`a` failed: it wrote no report of tests `r/l/*`"));
}
