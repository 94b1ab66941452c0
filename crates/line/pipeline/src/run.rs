//! Running a plan: stages one after the other, in each its steps and checks side by side, then what begins last, then
//! the gate.

mod attempts;
mod check;
mod gate;
mod schedule;
mod step;
mod waiting;
mod work;

use std::path::Path;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use andon_system::System;
use andon_system::files::{self, Lock, LockError};

use crate::cache::Cache;
use crate::inputs::{Digests, InputSets};
use crate::runs::{Journal, Runs};
use crate::{
    Cancel, Checks, Evidence, Failure, Gates, Observer, Outcome, Plan, RunHead, RunOutcome, RunRecord, Steps,
};

use schedule::Schedule;

/// What a run works with.
#[derive(Clone, Copy)]
pub struct Line<'a> {
    /// The disk and the clock.
    pub system: &'a dyn System,
    /// Where records of runs live (see [`System::data_dir`]).
    pub data: &'a Path,
    /// Where the cache lives (see [`System::cache_dir`]).
    pub cache: &'a Path,
    /// Bytes that outputs in the cache may take; what was not used for longest goes first.
    pub cache_limit: u64,
    /// The program that runs it and its version, such as `andon 0.1.0`.
    pub tool: &'a str,
    /// Runs commands.
    pub steps: &'a dyn Steps,
    /// Runs engines.
    pub checks: &'a dyn Checks,
    /// Decides.
    pub gates: &'a dyn Gates,
    /// Signs and keeps statements.
    pub evidence: &'a dyn Evidence,
    /// Is told what happens.
    pub observer: &'a dyn Observer,
    /// Asks for the end: whatever runs is ended, nothing else begins.
    pub interrupted: &'a AtomicBool,
}

/// Bytes that outputs in the cache take if nobody says otherwise: 10 GiB.
pub const CACHE_LIMIT: u64 = 10 << 30;

/// What everything of a run shares.
struct Shared<'a> {
    plan: &'a Plan,
    line: &'a Line<'a>,
    journal: &'a Journal<'a>,
    cache: &'a Cache<'a>,
    digests: &'a Digests<'a>,
    inputs: &'a InputSets<'a>,
    cancel: &'a Cancel<'a>,
}

/// Runs a plan. Whatever goes wrong with a step, check, gate or statement is in the record.
///
/// # Errors
/// When the record of the run cannot be begun, or the cache's folders not be made.
pub fn run(plan: &Plan, line: &Line<'_>) -> Result<RunRecord, Failure> {
    let root = &plan.workspace.root;
    let runs = Runs::new(line.system, line.data, root);
    let interrupted = runs.interrupted();
    let cache = Cache::new(line.system, line.cache, root, line.cache_limit);
    cache.prepare().map_err(|error| Failure(format!("cannot make the cache: {error}")))?;
    let digests = Digests::open(line.system, cache.digests());
    let cancel = Cancel::new(line.interrupted);
    let journal = Journal::begin(&runs, line.observer, |id| head(plan, line, id))?;
    let inputs = InputSets::new(line.system, root, &digests, &plan.made, &[line.data, line.cache]);
    if let Some(id) = interrupted.first() {
        journal.note(None, format!("the run {id} was interrupted: its process ended without a word"));
    }
    let turn = wait_for_turn(&cache, &journal, &cancel)?;
    let shared = Shared {
        plan,
        line,
        journal: &journal,
        cache: &cache,
        digests: &digests,
        inputs: &inputs,
        cancel: &cancel,
    };
    let (outcome, reason) = run_stages(&shared);
    for note in inputs.notes().into_iter().chain(digests.save()) {
        journal.note(None, note);
    }
    if journal.record().steps.iter().any(|step| step.outcome == Outcome::Succeeded) {
        cache.bound();
    }
    drop(turn);
    Ok(journal.end(outcome, reason))
}

/// Waits until no other run works in the same workspace: two would take the outputs from under each other.
fn wait_for_turn(
    cache: &Cache<'_>,
    journal: &Journal<'_>,
    cancel: &Cancel<'_>,
) -> Result<Option<Lock>, Failure> {
    const PAUSE: Duration = Duration::from_millis(20);
    let mut told = false;
    while !cancel.is_set() {
        match files::lock(&cache.turn(), &format!("process {}", std::process::id())) {
            Ok(lock) => return Ok(Some(lock)),
            Err(LockError::Held { holder, .. }) => {
                if !told {
                    let holder = if holder.is_empty() { "another process".to_owned() } else { holder };
                    journal.note(None, format!("another run works here ({holder}); waiting for its end"));
                    told = true;
                }
                std::thread::sleep(PAUSE);
            }
            Err(LockError::Write(error)) => return Err(Failure(format!("cannot begin: {error}"))),
        }
    }
    Ok(None)
}

fn head(plan: &Plan, line: &Line<'_>, id: String) -> RunHead {
    RunHead {
        version: 1,
        id,
        tool: line.tool.to_owned(),
        workspace: plan.workspace.clone(),
        definition: plan.definition.clone(),
        items: plan.items(),
    }
}

fn run_stages(shared: &Shared<'_>) -> (RunOutcome, Option<String>) {
    let mut schedule = Schedule::new(shared);
    for stage in &shared.plan.stages {
        schedule.stage(stage);
    }
    schedule.outcome()
}

#[cfg(test)]
mod tests;
