use std::collections::BTreeMap;
use std::time::Instant;

use super::Shared;
use super::attempts::{self, Attempted};
use super::work::Done;
use crate::cache::{Entry, Found, Key, KeyMaker, collect};
use crate::results::{complaint, coverage_result, test_results};
use crate::runs::Journal;
use crate::{CacheUse, Event, Failure, Outcome, Output, PlannedStep, StepRecord, statements};

/// Takes a step from the cache or runs it. `made` are digests of what the needed steps made, by name.
pub(super) fn execute(shared: &Shared<'_>, place: usize, made: &BTreeMap<String, String>) -> Option<Done> {
    let step = shared.plan.steps.get(place)?;
    let (at, started) = (shared.line.system.now(), Instant::now());
    let mut record = StepRecord::without(&step.name, step.stage, Outcome::Failed, String::new());
    record.reason = None;
    record.started = Some(at);
    let mut run = StepRun { shared, step, record };
    let key = match run.key(made) {
        Ok(key) => {
            if !run.take_from_cache(&key) {
                run.run(&key);
            }
            Some(key)
        }
        Err(failure) => {
            run.record.reason = Some(failure.0);
            None
        }
    };
    let mut record = run.record;
    record.duration_ms = milliseconds(started);
    let inputs = key.as_ref().map(|key| &key.inputs);
    let said = statements::of_step(shared.plan, shared.line.tool, &shared.journal.id, step, &record, inputs);
    let statements = said.unwrap_or_else(|failure| {
        record.outcome = Outcome::Failed;
        record.reason = Some(failure.0);
        Vec::new()
    });
    Some(Done::Step(Box::new(record), statements))
}

/// Milliseconds since a moment.
pub(super) fn milliseconds(since: Instant) -> u64 {
    u64::try_from(since.elapsed().as_millis()).unwrap_or(u64::MAX)
}

/// Passes output on.
pub(super) struct Feed<'a> {
    pub(super) journal: &'a Journal<'a>,
    pub(super) source: &'a str,
}

impl Output for Feed<'_> {
    fn text(&self, text: &str) {
        self.journal.tell(Event::Output { source: self.source.to_owned(), text: text.to_owned() });
    }
}

struct StepRun<'a> {
    shared: &'a Shared<'a>,
    step: &'a PlannedStep,
    record: StepRecord,
}

impl StepRun<'_> {
    fn key(&mut self, made: &BTreeMap<String, String>) -> Result<Key, Failure> {
        let Shared { plan, line, digests, inputs, .. } = self.shared;
        let set = inputs.of(self.step.inputs.as_deref())?;
        for pattern in &set.idle {
            self.record.notes.push(format!("the input `{pattern}` matches nothing"));
        }
        let key = KeyMaker { system: line.system, digests, root: &plan.workspace.root }
            .key(self.step, set, made)?;
        self.record.key = Some(key.digest.clone());
        Ok(key)
    }

    fn may_keep(&self) -> bool {
        let options = &self.shared.plan.options;
        self.step.cache && options.cache != CacheUse::Off && !options.learn
    }

    /// Takes the step from the cache. False when there is nothing to take, or it cannot be put back.
    fn take_from_cache(&mut self, key: &Key) -> bool {
        let Shared { plan, cache, digests, .. } = self.shared;
        if !self.may_keep() || plan.options.cache == CacheUse::Refresh {
            return false;
        }
        let entry = match cache.find(&key.digest) {
            Found::Success(entry) => entry,
            Found::Damaged(note) => {
                self.record.notes.push(note);
                return false;
            }
            Found::Nothing => return false,
        };
        match cache.restore(&plan.workspace.root, &self.step.outputs, &entry, digests) {
            Ok(notes) => self.record.notes.extend(notes),
            Err(failure) => {
                cache.forget(&key.digest);
                self.record.notes.push(format!("{failure}; it runs again"));
                return false;
            }
        }
        self.take(*entry);
        cache.remember(&self.step.name, &self.shared.journal.id, key, true);
        true
    }

    fn take(&mut self, entry: Entry) {
        let record = &mut self.record;
        record.outcome = Outcome::Cached;
        record.from_run = Some(entry.run);
        record.seal = Some(entry.seal);
        record.connections = entry.connections;
        record.log = Some(entry.log);
        record.outputs = entry.outputs;
        record.tests = entry.tests;
        record.coverage = entry.coverage;
    }

    fn run(&mut self, key: &Key) {
        let Shared { cache, journal, .. } = self.shared;
        let attempted = attempts::run(self.shared, self.step, &mut self.record);
        match attempted {
            Attempted::Cancelled => {
                self.record.outcome = Outcome::Cancelled;
                self.record.reason = Some("the run was cancelled".to_owned());
                return;
            }
            Attempted::Failed(reason) => {
                // What the tests said is worth most when some failed.
                let _ = self.look_at_results();
                self.record.reason = Some(reason);
            }
            Attempted::Succeeded => match self.look_at_results() {
                Ok(()) => {
                    self.record.outcome = Outcome::Succeeded;
                    self.keep(key);
                }
                Err(failure) => self.record.reason = Some(failure.0),
            },
        }
        if self.may_keep() {
            cache.remember(&self.step.name, &journal.id, key, self.record.outcome.is_good());
        }
    }

    /// Looks for the outputs, and reads the reports of tests.
    fn look_at_results(&mut self) -> Result<(), Failure> {
        let Shared { plan, line, digests, journal, .. } = self.shared;
        let root = &plan.workspace.root;
        let collected = collect(line.system, digests, root, &self.step.outputs);
        let outputs = collected.as_ref().map_or(&[][..], Vec::as_slice);
        let last = u32::try_from(self.record.attempts.len()).unwrap_or(u32::MAX);
        let log = journal.folder.join(Journal::log_name(&self.step.name, last));
        let tests = test_results(line.system, root, &log, self.step, outputs);
        self.record.tests = tests.as_ref().ok().cloned().flatten();
        self.record.outputs = collected?;
        self.record.coverage = coverage_result(line.system, root, self.step, &self.record.outputs)?;
        match tests?.as_ref().and_then(complaint) {
            Some(complaint) => Err(Failure(complaint)),
            None => Ok(()),
        }
    }

    /// Keeps a success for later runs, unless somebody changed its inputs meanwhile.
    fn keep(&mut self, key: &Key) {
        let Shared { plan, cache, inputs, journal, .. } = self.shared;
        if !self.may_keep() {
            return;
        }
        if let Some(path) = inputs.changed(&key.inputs) {
            self.record.notes.push(format!("`{path}` changed while it ran, so it is not kept in the cache"));
            return;
        }
        let record = &self.record;
        let (Some(seal), Some(log)) = (record.seal.clone(), record.log.clone()) else { return };
        let entry = Entry {
            key: key.digest.clone(),
            run: journal.id.clone(),
            step: self.step.name.clone(),
            seal,
            connections: record.connections.clone(),
            log,
            outputs: record.outputs.clone(),
            tests: record.tests.clone(),
            coverage: record.coverage.clone(),
        };
        if let Err(error) = cache.keep(&plan.workspace.root, &entry) {
            self.record.notes.push(format!("not kept in the cache: {error}"));
        }
    }
}
