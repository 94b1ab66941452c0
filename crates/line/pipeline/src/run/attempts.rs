use std::time::Instant;

use super::Shared;
use super::step::{Feed, milliseconds};
use crate::cache::{clear, make_way};
use crate::runs::Journal;
use crate::{Attempt, AttemptRecord, Ended, Ending, Event, Failure, PlannedStep, StepRecord, Usage};

/// How the attempts of a step went.
pub(super) enum Attempted {
    Succeeded,
    Failed(String),
    Cancelled,
}

/// Runs a step until it succeeds or its attempts are used up. What could not be started is not tried again.
pub(super) fn run(shared: &Shared<'_>, step: &PlannedStep, record: &mut StepRecord) -> Attempted {
    let mut number = 0;
    loop {
        number += 1;
        if shared.cancel.is_set() {
            return Attempted::Cancelled;
        }
        if let Err(failure) = prepare(shared, step) {
            return Attempted::Failed(failure.0);
        }
        let outcome = attempt(shared, step, number, record);
        match outcome {
            Attempted::Failed(reason) => {
                let started = record.attempts.last().is_some_and(|attempt| attempt.ending.is_some());
                if number > step.retries || !started || shared.cancel.is_set() {
                    return Attempted::Failed(reason);
                }
            }
            Attempted::Succeeded | Attempted::Cancelled => return outcome,
        }
    }
}

/// Removes outputs of earlier runs, so that nothing is taken for an output that this attempt did not make, and makes
/// scratch folders.
fn prepare(shared: &Shared<'_>, step: &PlannedStep) -> Result<(), Failure> {
    let (system, root) = (shared.line.system, &shared.plan.workspace.root);
    for folder in &step.scratch {
        let place = make_way(system, root, folder)?;
        system.create_folder(&place).map_err(|error| Failure(format!("cannot make `{folder}`: {error}")))?;
    }
    step.outputs.iter().try_for_each(|output| clear(system, root, output))
}

fn attempt(shared: &Shared<'_>, step: &PlannedStep, number: u32, record: &mut StepRecord) -> Attempted {
    let journal = shared.journal;
    journal.tell(Event::StepStarted { step: step.name.clone(), attempt: number });
    let started = Instant::now();
    let name = Journal::log_name(&step.name, number);
    let log = journal.folder.join(&name);
    let attempt = Attempt {
        run: &journal.id,
        root: &shared.plan.workspace.root,
        number,
        log: &log,
        learn: shared.plan.options.learn,
        output: &Feed { journal, source: &step.name },
        cancel: shared.cancel,
    };
    let ended = shared.line.steps.run(step, &attempt);
    let mut own = AttemptRecord {
        duration_ms: milliseconds(started),
        ending: None,
        usage: Usage::default(),
        log: shared.line.system.metadata(&log).is_ok().then_some(name),
        reason: None,
    };
    let outcome = match ended {
        Ok(ended) => {
            own.ending = Some(ended.ending);
            own.usage = ended.usage;
            let outcome = judge(step, &ended);
            record.notes.extend(ended.notes);
            record.seal = Some(ended.seal);
            record.connections = ended.connections;
            record.log = Some(ended.log);
            outcome
        }
        Err(_) if shared.cancel.is_set() => Attempted::Cancelled,
        Err(failure) => Attempted::Failed(failure.0),
    };
    if let Attempted::Failed(reason) = &outcome {
        own.reason = Some(reason.clone());
    }
    record.attempts.push(own);
    outcome
}

fn judge(step: &PlannedStep, ended: &Ended) -> Attempted {
    let (least, reached) = (step.seal, ended.seal.level);
    if reached < least {
        return Attempted::Failed(format!(
            "it was sealed `{reached}`, and `{least}` is the least that it accepts"
        ));
    }
    Attempted::Failed(match ended.ending {
        Ending::Exited(0) => return Attempted::Succeeded,
        Ending::Cancelled => return Attempted::Cancelled,
        Ending::Exited(code) => format!("the command ended with exit code {code}"),
        Ending::Killed(signal) => format!("the command was ended by signal {signal}"),
        Ending::TimedOut => {
            let timeout = andon_config::Timespan(step.timeout);
            format!("it took longer than its timeout of {timeout}")
        }
        Ending::OverLimit => "it used more than it may (processes, memory or output)".to_owned(),
    })
}
