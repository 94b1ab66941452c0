#![expect(clippy::disallowed_methods, reason = "the tests look past the door")]

use std::fs;
use std::process::{Command, Stdio};
use std::time::Duration;

use andon_system::OsSystem;

use super::Runs;
use crate::testing::{Yard, outcomes};
use crate::{Event, Outcome, RunOutcome};

/// Where the child of the test below works.
const VARIABLE: &str = "ANDON_TEST_RECORDING";
const STAGES: &str = "{stage: build, steps: [{name: a, run: x}, {name: b, run: sleep, needs: [a]}, {name: c, run: x}, {name: d, run: x, needs: [a]}]}";

#[test]
fn a_killed_process_leaves_a_readable_record() {
    let yard = Yard::new(&[]);
    if let Ok(folder) = std::env::var(VARIABLE) {
        let mut yard = yard;
        yard.root = folder.into();
        yard.run_in(STAGES);
        return;
    }
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "runs::tests::a_killed_process_leaves_a_readable_record"])
        .env(VARIABLE, &yard.root)
        .stdout(Stdio::null())
        .spawn()
        .unwrap();
    let data = yard.root.join("data");
    let runs = Runs::new(&OsSystem, &data, &yard.root);
    let begun = || {
        let id = runs.list().into_iter().next()?;
        let events = fs::read_to_string(runs.folder(&id).join("events.jsonl")).ok()?;
        events.contains("\"step\":\"b\"").then_some(id)
    };
    let id = loop {
        if let Some(id) = begun() {
            break id;
        }
        assert!(child.try_wait().unwrap().is_none(), "the child ended early");
        std::thread::sleep(Duration::from_millis(5));
    };
    assert_eq!(runs.load(&id).unwrap().outcome, RunOutcome::Running);
    assert!(runs.interrupted().is_empty());
    child.kill().unwrap();
    child.wait().unwrap();

    let record = runs.load(&id).unwrap();
    assert_eq!(record.outcome, RunOutcome::Interrupted);
    assert_eq!(outcomes(&record), "a=succeeded b=cancelled c=skipped d=skipped");
    assert!(record.step("b").unwrap().started.is_some());
    assert_eq!(runs.interrupted(), std::slice::from_ref(&id));

    let next = yard.run_in("{stage: build, steps: [{name: a, run: x}]}");
    assert_eq!(next.notes, [format!("the run {id} was interrupted: its process ended without a word")]);
    assert_eq!(next.steps[0].outcome, Outcome::Cached);
}

#[test]
fn a_line_that_was_cut_off_ends_the_record() {
    let yard = Yard::new(&[]);
    let id = yard.steps("{name: a, run: x}, {name: b, run: x}").run.id;
    let data = yard.data();
    let runs = Runs::new(&OsSystem, &data, &yard.root);
    let folder = runs.folder(&id);
    fs::remove_file(folder.join("record.json")).unwrap();
    let events = fs::read(folder.join("events.jsonl")).unwrap();
    assert!(String::from_utf8_lossy(&events).lines().count() >= 8);
    for length in 0..events.len() {
        fs::write(folder.join("events.jsonl"), &events[..length]).unwrap();
        match runs.load(&id) {
            Ok(record) => assert_eq!(record.steps.len(), 2, "{length}"),
            Err(failure) => assert!(failure.0.contains("it is empty"), "{length}: {failure}"),
        }
    }
    for id in ["", "..", "../x", "none"] {
        assert!(runs.load(id).is_err(), "{id}");
    }
}

#[test]
fn records_fit_their_schema_and_old_ones_go() {
    let yard = Yard::new(&[("a", "x")]);
    let record =
        yard.run("{stage: code, checks: [sast], gate: new, steps: [{name: a, run: out o x, outputs: [o]}]}");
    let validator = jsonschema::validator_for(&crate::RunRecord::json_schema()).unwrap();
    let value = serde_json::to_value(&record).unwrap();
    assert!(validator.is_valid(&value), "{:?}", validator.iter_errors(&value).collect::<Vec<_>>());
    let data = yard.data();
    let runs = Runs::new(&OsSystem, &data, &yard.root);
    let entries = yard.hands.entries.lock().unwrap().clone();
    assert!(matches!(entries.first().unwrap().event, Event::RunStarted { .. }));
    assert!(matches!(entries.last().unwrap().event, Event::RunEnded { outcome: RunOutcome::Succeeded, .. }));
    assert!(entries.windows(2).all(|pair| pair[0].elapsed_ms <= pair[1].elapsed_ms));
    for number in 0..110 {
        fs::create_dir_all(runs.folder(&format!("20200101-000000-{number:06}"))).unwrap();
    }
    yard.run("{stage: code, steps: [{name: a, run: x}]}");
    assert_eq!(runs.list().len(), 101);
    assert!(runs.list().contains(&record.run.id));
}
