use std::time::Instant;

use super::Shared;
use super::step::{Feed, milliseconds};
use super::work::Done;
use crate::runs::Journal;
use crate::{Attempt, CheckRecord, Event, Outcome, PlannedCheck};

/// Runs the engines of a check.
pub(super) fn execute(shared: &Shared<'_>, place: usize) -> Option<Done> {
    let planned = shared.plan.checks.get(place)?;
    let name = &planned.name;
    shared.journal.tell(Event::CheckStarted { check: name.clone() });
    let (at, started) = (shared.line.system.now(), Instant::now());
    let feed = Feed { journal: shared.journal, source: name };
    let log = shared.journal.folder.join(Journal::log_name(&format!("check-{place}"), 1));
    let attempt = Attempt {
        run: &shared.journal.id,
        root: &shared.plan.workspace.root,
        number: 1,
        log: &log,
        learn: false,
        output: &feed,
        cancel: shared.cancel,
    };
    let ended = shared.line.checks.run(planned, &attempt);
    let mut record = without(planned, Outcome::Succeeded, String::new());
    record.reason = None;
    record.started = Some(at);
    record.duration_ms = milliseconds(started);
    match ended {
        Ok(ended) => {
            if ended.cancelled {
                record.outcome = Outcome::Cancelled;
                record.reason = Some("the run was cancelled".to_owned());
            }
            record.complete = ended.complete;
            record.findings = ended.findings;
            record.new = ended.new;
            record.report = ended.report;
            record.evidence = ended.evidence;
            record.notes = ended.notes;
        }
        Err(failure) => {
            record.outcome = Outcome::Failed;
            record.reason = Some(failure.0);
        }
    }
    Some(Done::Check(Box::new(record)))
}

/// The record of a check that did not run to an end of its own.
pub(super) fn without(planned: &PlannedCheck, outcome: Outcome, reason: String) -> CheckRecord {
    CheckRecord {
        name: planned.name.clone(),
        stage: planned.stage,
        engines: planned.engines.clone(),
        target: planned.target.clone(),
        outcome,
        reason: Some(reason),
        started: None,
        duration_ms: 0,
        complete: false,
        findings: Default::default(),
        new: 0,
        report: None,
        evidence: Vec::new(),
        notes: Vec::new(),
    }
}
