use std::time::Instant;

use andon_model::Verdict;

use super::Shared;
use super::schedule::Stop;
use super::step::milliseconds;
use crate::{Event, GateRecord, Outcome, PlannedGate};

/// Lets a gate decide, unless the line has stopped already. Returns why the line does not go on.
pub(super) fn decide(shared: &Shared<'_>, planned: &PlannedGate, stopped: Option<String>) -> Option<Stop> {
    let (name, stage) = (planned.name.clone(), planned.stage);
    let mut record = GateRecord {
        name: name.clone(),
        stage,
        outcome: Outcome::Skipped,
        reason: stopped,
        duration_ms: 0,
        decision: None,
        evidence: Vec::new(),
    };
    if record.reason.is_some() {
        shared.journal.tell(Event::GateEnded { gate: Box::new(record) });
        return None;
    }
    shared.journal.tell(Event::GateStarted { gate: name.clone(), stage });
    let started = Instant::now();
    let ended = shared.line.gates.decide(planned, &shared.journal.record());
    record.duration_ms = milliseconds(started);
    let stop = match ended {
        Ok(ended) => {
            let verdict = ended.decision.verdict;
            record.outcome = if verdict <= Verdict::Warn { Outcome::Succeeded } else { Outcome::Failed };
            record.decision = Some(ended.decision);
            record.evidence = ended.evidence;
            let reason = match verdict {
                Verdict::Pass | Verdict::Warn => None,
                Verdict::NeedsApproval => Some(format!("the gate `{name}` waits for an approval")),
                Verdict::Stop => Some(format!("the gate `{name}` stopped the line")),
            };
            reason.map(|reason| Stop { reason, decided: true })
        }
        Err(failure) => {
            record.outcome = Outcome::Failed;
            record.reason = Some(failure.0.clone());
            Some(Stop { reason: format!("the gate `{name}` could not decide: {failure}"), decided: false })
        }
    };
    shared.journal.tell(Event::GateEnded { gate: Box::new(record) });
    stop
}
