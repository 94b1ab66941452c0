use std::collections::{BTreeMap, VecDeque};
use std::time::{Duration, Instant};

use andon_model::{Severity, Stage, Verdict};
use andon_pipeline::{CheckRecord, Event, GateRecord, Item, Outcome, RunHead, RunOutcome, StepRecord};
use andon_report::{Board, Lamp, Row, Status};

use super::{sentence, verdict};

/// Last lines of a step's output that are shown when it failed.
const TAIL: usize = 25;
/// Characters of a line that are kept for that.
const LONGEST: usize = 400;

/// What is known of a run so far.
pub(super) struct State {
    start: Instant,
    board: Board,
    /// When a row that runs began.
    began: BTreeMap<usize, Instant>,
    kinds: Vec<Kind>,
    tails: BTreeMap<String, VecDeque<String>>,
    reasons: Vec<String>,
    outcome: Option<(RunOutcome, Option<String>)>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Step,
    Check,
    Gate,
}

impl State {
    pub(super) fn new() -> Self {
        Self {
            start: Instant::now(),
            board: Board::default(),
            began: BTreeMap::new(),
            kinds: Vec::new(),
            tails: BTreeMap::new(),
            reasons: Vec::new(),
            outcome: None,
        }
    }

    /// A picture of now.
    pub(super) fn board(&self) -> Board {
        let mut board = self.board.clone();
        if self.outcome.is_none() {
            board.elapsed = self.start.elapsed();
        }
        for (row, began) in &self.began {
            if let Some(row) = board.rows.get_mut(*row) {
                row.elapsed = began.elapsed();
            }
        }
        board
    }

    /// What is left to be said at the end.
    pub(super) fn closing(&self) -> Vec<String> {
        let mut lines = Vec::new();
        let failed = self.board.rows.iter().filter(|row| row.status == Status::Failed);
        for row in failed {
            let Some(tail) = self.tails.get(&row.name).filter(|tail| !tail.is_empty()) else { continue };
            lines.push(format!("{}: the last lines of its output", row.name));
            lines.extend(tail.iter().map(|line| format!("  {line}")));
        }
        lines.extend(self.reasons.iter().cloned());
        if let Some((outcome, reason)) = &self.outcome {
            lines.push(sentence(*outcome, reason.as_deref()));
        }
        lines
    }

    pub(super) fn take(&mut self, event: &Event) {
        match event {
            Event::RunStarted { run } => self.plan(run),
            Event::StageStarted { stage } => self.lamp(*stage, Lamp::Running),
            Event::StepStarted { step, attempt } => self.begin(Kind::Step, step, None, *attempt),
            Event::CheckStarted { check } => self.begin(Kind::Check, check, None, 1),
            Event::GateStarted { gate, stage } => self.begin(Kind::Gate, gate, Some(*stage), 1),
            Event::Output { source, text } => self.output(source, text),
            Event::StepEnded { step } => self.step(step),
            Event::CheckEnded { check } => self.check(check),
            Event::GateEnded { gate } => self.gate(gate),
            Event::StageEnded { stage, passed } => self.stage_ended(*stage, *passed),
            Event::RunEnded { outcome, reason } => {
                self.board.elapsed = self.start.elapsed();
                self.board.said.clear();
                self.outcome = Some((*outcome, reason.clone()));
            }
            Event::Note { .. } => {}
        }
    }

    fn plan(&mut self, run: &RunHead) {
        let name = run.workspace.root.file_name().unwrap_or_default().to_string_lossy();
        let commit = run.workspace.commit.as_deref().and_then(|commit| commit.get(..7)).unwrap_or("no commit");
        let branch = run.workspace.branch.as_ref().map_or_else(String::new, |branch| format!(" on {branch}"));
        let dirty = if run.workspace.clean { "" } else { ", with changes" };
        self.board.title = format!("{name} · {commit}{branch}{dirty}");
        for item in &run.items {
            let (kind, stage, name) = match item {
                Item::Step { stage, name } => (Kind::Step, *stage, name.clone()),
                Item::Check { stage, name } => (Kind::Check, *stage, name.clone()),
                Item::Gate { stage, name } => (Kind::Gate, *stage, format!("gate {name}")),
            };
            self.kinds.push(kind);
            let (status, note) = (Status::Waiting, String::new());
            self.board.rows.push(Row { stage, name, status, elapsed: Duration::ZERO, note });
            if !self.board.stages.iter().any(|(known, _)| *known == stage) {
                self.board.stages.push((stage, Lamp::Off));
            }
        }
    }

    fn begin(&mut self, kind: Kind, name: &str, stage: Option<Stage>, attempt: u32) {
        let Some(place) = self.place(kind, name, stage) else { return };
        self.began.insert(place, Instant::now());
        if let Some(row) = self.board.rows.get_mut(place) {
            row.status = Status::Running;
            if attempt > 1 {
                row.note = format!("attempt {attempt}");
            }
        }
    }

    fn output(&mut self, source: &str, text: &str) {
        let tail = self.tails.entry(source.to_owned()).or_default();
        for line in text.lines().filter(|line| !line.trim().is_empty()) {
            if tail.len() == TAIL {
                tail.pop_front();
            }
            tail.push_back(line.chars().take(LONGEST).collect());
        }
        if let Some(last) = tail.back() {
            self.board.said = format!("{source}: {last}");
        }
    }

    fn step(&mut self, step: &StepRecord) {
        let note = match (&step.reason, &step.seal) {
            (Some(reason), _) => reason.clone(),
            (None, Some(seal)) if step.outcome == Outcome::Succeeded => format!("sealed: {}", seal.level),
            _ => String::new(),
        };
        self.end(Kind::Step, &step.name, None, status(step.outcome), step.duration_ms, note);
    }

    fn check(&mut self, check: &CheckRecord) {
        for (severity, count) in &check.findings {
            *self.board.findings.entry(*severity).or_default() += count;
        }
        let status = match check.outcome {
            Outcome::Succeeded if !check.complete => Status::Warned,
            outcome => status(outcome),
        };
        let note = check.reason.clone().unwrap_or_else(|| found(check));
        self.end(Kind::Check, &check.name, None, status, check.duration_ms, note);
    }

    fn gate(&mut self, gate: &GateRecord) {
        let decided = gate.decision.as_ref().map(|decision| decision.verdict);
        let status = match decided {
            Some(Verdict::Pass) => Status::Succeeded,
            Some(Verdict::Warn) => Status::Warned,
            Some(Verdict::NeedsApproval | Verdict::Stop) => Status::Failed,
            None => status(gate.outcome),
        };
        let note = match (decided, &gate.reason) {
            (Some(decided), _) => verdict(decided).to_owned(),
            (None, reason) => reason.clone().unwrap_or_default(),
        };
        let name = format!("gate {}", gate.name);
        self.end(Kind::Gate, &gate.name, Some(gate.stage), status, gate.duration_ms, note);
        let reasons = gate.decision.iter().flat_map(|decision| &decision.reasons);
        let shown = reasons.filter(|reason| reason.verdict != Verdict::Pass);
        self.reasons.extend(shown.map(|reason| format!("{name}: {}: {}", kebab(reason.verdict), reason.message)));
    }

    fn stage_ended(&mut self, stage: Stage, passed: bool) {
        let rows = self.board.rows.iter().filter(|row| row.stage == stage);
        let warned = rows.clone().any(|row| row.status == Status::Warned);
        let nothing = rows.clone().all(|row| row.status == Status::Skipped);
        let lamp = match (passed, nothing, warned) {
            (false, ..) => Lamp::Stop,
            (true, true, _) => Lamp::Skipped,
            (true, false, true) => Lamp::Warn,
            (true, false, false) => Lamp::Go,
        };
        self.lamp(stage, lamp);
    }

    fn end(
        &mut self,
        kind: Kind,
        name: &str,
        stage: Option<Stage>,
        status: Status,
        milliseconds: u64,
        note: String,
    ) {
        let Some(place) = self.place(kind, name, stage) else { return };
        self.began.remove(&place);
        if let Some(row) = self.board.rows.get_mut(place) {
            row.status = status;
            row.elapsed = Duration::from_millis(milliseconds);
            row.note = note;
        }
    }

    fn place(&self, kind: Kind, name: &str, stage: Option<Stage>) -> Option<usize> {
        let shown = if kind == Kind::Gate { format!("gate {name}") } else { name.to_owned() };
        let mut rows = self.board.rows.iter().zip(&self.kinds).enumerate();
        let found = rows.find(|(_, (row, known))| {
            **known == kind
                && row.name == shown
                && stage.is_none_or(|stage| row.stage == stage)
                && matches!(row.status, Status::Waiting | Status::Running)
        });
        found.map(|(place, _)| place)
    }

    fn lamp(&mut self, stage: Stage, lamp: Lamp) {
        if let Some(entry) = self.board.stages.iter_mut().find(|(known, _)| *known == stage) {
            entry.1 = lamp;
        }
    }
}

/// What a check found, in words.
pub(super) fn found(check: &CheckRecord) -> String {
    let counts: Vec<String> = check
        .findings
        .iter()
        .rev()
        .filter(|(_, count)| **count > 0)
        .map(|(severity, count): (&Severity, &u64)| format!("{count} {severity}"))
        .collect();
    let found = if counts.is_empty() { "nothing found".to_owned() } else { counts.join(", ") };
    let new = if check.new > 0 && !counts.is_empty() { format!(", {} new", check.new) } else { String::new() };
    let gaps = if check.complete { "" } else { "; not everything was examined" };
    format!("{found}{new}{gaps}")
}

fn status(outcome: Outcome) -> Status {
    match outcome {
        Outcome::Succeeded => Status::Succeeded,
        Outcome::Cached => Status::Cached,
        Outcome::Failed => Status::Failed,
        Outcome::Cancelled => Status::Cancelled,
        Outcome::Skipped => Status::Skipped,
    }
}

fn kebab(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Pass => "pass",
        Verdict::Warn => "warn",
        Verdict::NeedsApproval => "needs approval",
        Verdict::Stop => "stop",
    }
}
