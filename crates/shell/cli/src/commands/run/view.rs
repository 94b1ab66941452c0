//! What a run looks like: a board that is redrawn on a terminal, a plain log elsewhere.

mod state;

use std::sync::{Arc, Mutex, PoisonError};

use andon_model::Verdict;
use andon_pipeline::{CheckRecord, Entry, Event, GateRecord, Observer, Outcome, RunOutcome, StepRecord};

use crate::terminal::{self, Live};
use state::State;

/// Shows a run on standard error, as it happens.
pub(super) struct View {
    state: Arc<Mutex<State>>,
    live: Option<Live>,
}

impl View {
    /// A board where there is a terminal and it is not `plain`, otherwise a log.
    pub(super) fn start(plain: bool) -> Self {
        let state = Arc::new(Mutex::new(State::new()));
        let drawn = Arc::clone(&state);
        let picture = move || drawn.lock().unwrap_or_else(PoisonError::into_inner).board();
        let live = (!plain && Live::is_possible()).then(|| Live::start(Arc::new(picture)));
        Self { state, live }
    }

    /// Ends the board and says how it went, with the last lines of what failed.
    pub(super) fn finish(self) {
        if let Some(live) = self.live {
            live.finish();
        }
        let state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.closing().iter().for_each(|line| terminal::say(line));
    }

    fn line(&self, text: &str) {
        match &self.live {
            Some(live) => live.above(&terminal::harmless(text)),
            None => terminal::say(text),
        }
    }

    /// A log has a line for everything; beside a board only what it does not show is said.
    fn log(&self, event: &Event) {
        match event {
            Event::Note { source, text } => {
                let about = source.as_ref().map_or_else(String::new, |source| format!("{source}: "));
                self.line(&format!("note: {about}{text}"));
            }
            _ if self.live.is_some() => {}
            Event::RunStarted { run } => self.line(&format!("run {}", run.id)),
            Event::StageStarted { stage } => self.line(&format!("== {stage}")),
            Event::StepStarted { step, attempt: 1 } => self.line(&format!("   {step}: started")),
            Event::StepStarted { step, attempt } => self.line(&format!("   {step}: attempt {attempt}")),
            Event::CheckStarted { check } => self.line(&format!("   {check}: started")),
            Event::Output { source, text } => {
                text.lines().for_each(|line| self.line(&format!("   {source} | {line}")));
            }
            Event::StepEnded { step } => self.line(&format!("   {}", of_step(step))),
            Event::CheckEnded { check } => self.line(&format!("   {}", of_check(check))),
            Event::GateEnded { gate } => self.line(&format!("   {}", of_gate(gate))),
            Event::GateStarted { .. } | Event::StageEnded { .. } | Event::RunEnded { .. } => {}
        }
    }
}

impl Observer for View {
    fn event(&self, entry: &Entry) {
        self.state.lock().unwrap_or_else(PoisonError::into_inner).take(&entry.event);
        self.log(&entry.event);
    }
}

fn of_step(step: &StepRecord) -> String {
    let reason = step.reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
    format!("{} {}{reason} ({} ms)", step.name, word(step.outcome), step.duration_ms)
}

fn of_check(check: &CheckRecord) -> String {
    let reason = check.reason.as_ref().map_or_else(String::new, |reason| format!(": {reason}"));
    format!(
        "{} {}{reason}, {} ({} ms)",
        check.name,
        word(check.outcome),
        state::found(check),
        check.duration_ms
    )
}

fn of_gate(gate: &GateRecord) -> String {
    let decided = gate.decision.as_ref().map(|decision| verdict(decision.verdict));
    let what = decided.or(gate.reason.as_deref()).unwrap_or("skipped");
    format!("gate {} after {}: {what}", gate.name, gate.stage)
}

fn word(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Succeeded => "succeeded",
        Outcome::Cached => "from the cache",
        Outcome::Failed => "failed",
        Outcome::Cancelled => "cancelled",
        Outcome::Skipped => "skipped",
    }
}

fn verdict(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "the line may go on",
        Verdict::Warn => "the line may go on; somebody should look",
        Verdict::NeedsApproval => "waits for an approval",
        Verdict::Stop => "stops the line",
    }
}

/// The whole run in a sentence.
fn sentence(outcome: RunOutcome, reason: Option<&str>) -> String {
    let what = match outcome {
        RunOutcome::Succeeded => "the line went through",
        RunOutcome::Failed => "the line failed",
        RunOutcome::Stopped => "the line is stopped",
        RunOutcome::Cancelled => "the run was cancelled",
        RunOutcome::Running => "the line is running",
        RunOutcome::Interrupted => "the run was interrupted",
    };
    reason.map_or_else(|| what.to_owned(), |reason| format!("{what}: {reason}"))
}
