//! What happened on a line, as data.

use std::collections::BTreeMap;

use andon_model::{Decision, Severity, Stage};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Connection, Ending, Entry, Event, Item, LogDigest, RunHead, Sealed, Usage};

/// A run: what was going to happen and what did. The JSON form is versioned (`run.version`).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
#[schemars(title = "Record of a run")]
pub struct RunRecord {
    /// What the run is about and was going to run.
    pub run: RunHead,
    /// When it began, RFC 3339.
    #[schemars(with = "String")]
    pub started: jiff::Timestamp,
    /// Milliseconds from its beginning to its end, or to the last thing that is known.
    pub duration_ms: u64,
    /// How it went.
    pub outcome: RunOutcome,
    /// Why, for people, when it did not succeed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Steps, in the order in which they ended.
    pub steps: Vec<StepRecord>,
    /// Checks, in the order in which they ended.
    pub checks: Vec<CheckRecord>,
    /// Gates, in the order in which they decided.
    pub gates: Vec<GateRecord>,
    /// Remarks for people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// How a run went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RunOutcome {
    /// Everything went well.
    Succeeded,
    /// A step or check failed, or something could not be recorded.
    Failed,
    /// A gate stopped the line, or waits for an approval.
    Stopped,
    /// Somebody ended it.
    Cancelled,
    /// It is still running.
    Running,
    /// Its process ended without a word.
    Interrupted,
}

/// How a step, check or gate went.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// Well.
    Succeeded,
    /// An earlier success stands for it.
    Cached,
    /// Badly; the reason says how.
    Failed,
    /// It was ended because the run was, or never began for that reason.
    Cancelled,
    /// It did not run; the reason says why.
    Skipped,
}

impl Outcome {
    /// Whether what needs it may run.
    pub fn is_good(self) -> bool {
        matches!(self, Self::Succeeded | Self::Cached)
    }
}

/// How a step went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct StepRecord {
    /// Its name.
    pub name: String,
    /// Its stage.
    pub stage: Stage,
    /// How it went.
    pub outcome: Outcome,
    /// Why it failed, was cancelled or skipped, or ran although there is a cache; for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When it began, RFC 3339; absent when it never did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub started: Option<jiff::Timestamp>,
    /// Milliseconds from its beginning to its end, all attempts included.
    pub duration_ms: u64,
    /// Its attempts; none when it came from the cache.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub attempts: Vec<AttemptRecord>,
    /// The run whose success stands for this one, when it came from the cache.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from_run: Option<String>,
    /// The cache key, SHA-256 in hexadecimal; absent when it was not worked out.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key: Option<String>,
    /// How well it was shut in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub seal: Option<Sealed>,
    /// What it reached over the network, or tried to, in its last attempt.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub connections: Vec<Connection>,
    /// The log of its last attempt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<LogDigest>,
    /// What it made, by path.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<OutputFile>,
    /// Results of its tests.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub tests: Option<TestResults>,
    /// What its tests covered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub coverage: Option<CoverageResult>,
    /// Indices of its statements in the ledger.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<u64>,
    /// Remarks for people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// One attempt of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct AttemptRecord {
    /// Milliseconds from its beginning to its end.
    pub duration_ms: u64,
    /// How the command ended; absent when it could not be started.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ending: Option<Ending>,
    /// What it used.
    #[serde(default)]
    pub usage: Usage,
    /// The file with its output, from the folder of the run.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
    /// Why it failed, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// A file, folder or link that a step made.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct OutputFile {
    /// Report path from the root.
    pub path: String,
    /// SHA-256 of its content, or of the target of a link, in hexadecimal; empty for a folder without anything in it.
    pub sha256: String,
    /// Bytes.
    pub bytes: u64,
    /// What it is.
    pub kind: OutputKind,
}

/// Kinds of outputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OutputKind {
    /// A file.
    File,
    /// A file that can be run.
    Executable,
    /// A symbolic link.
    Link,
    /// A folder without anything in it.
    Folder,
}

/// Results of the tests of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct TestResults {
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
    /// Tests that could not run to their end.
    #[serde(default)]
    pub errors: u64,
    /// Tests that did not run.
    #[serde(default)]
    pub skipped: u64,
    /// Names of tests that failed or could not run, at most 100.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failing: Vec<String>,
    /// Whether every report was read whole and every run of tests went to its end.
    pub complete: bool,
    /// The reports that were read.
    pub reports: Vec<ReportFile>,
}

/// A report of tests or of coverage.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct ReportFile {
    /// Report path from the root; `-` for the step's log.
    pub path: String,
    /// SHA-256 in hexadecimal.
    pub sha256: String,
    /// Its format, such as `junit`.
    pub format: String,
}

/// What the tests of a step covered.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CoverageResult {
    /// Lines that could be covered.
    pub lines: u64,
    /// Lines that were.
    pub covered: u64,
    /// Whether every report was read whole.
    pub complete: bool,
    /// The reports that were read.
    pub reports: Vec<ReportFile>,
}

/// How a check went.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct CheckRecord {
    /// Its name: its engines and its target.
    pub name: String,
    /// Its stage.
    pub stage: Stage,
    /// Its engines.
    pub engines: Vec<String>,
    /// What was examined; the workspace when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub target: Option<String>,
    /// How it went. Findings are no failure.
    pub outcome: Outcome,
    /// Why it failed, was cancelled or skipped; for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// When it began, RFC 3339; absent when it never did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    #[schemars(with = "Option<String>")]
    pub started: Option<jiff::Timestamp>,
    /// Milliseconds from its beginning to its end.
    pub duration_ms: u64,
    /// Whether everything was examined.
    pub complete: bool,
    /// Findings by severity.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub findings: BTreeMap<Severity, u64>,
    /// How many of them are new.
    #[serde(default)]
    pub new: u64,
    /// SHA-256 of the report, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    /// Indices of its statements in the ledger.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<u64>,
    /// Remarks for people.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub notes: Vec<String>,
}

/// How a gate decided.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct GateRecord {
    /// The gate's name.
    pub name: String,
    /// At the end of which stage.
    pub stage: Stage,
    /// `succeeded` when the line may go on, `failed` when it may not or the gate could not decide.
    pub outcome: Outcome,
    /// Why it could not decide, or was skipped; for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Milliseconds that it took.
    pub duration_ms: u64,
    /// What it decided, and why.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<Decision>,
    /// Indices of its statements in the ledger.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<u64>,
}

impl RunRecord {
    /// The JSON Schema of a record.
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }

    /// A step's record; absent while it is not over.
    pub fn step(&self, name: &str) -> Option<&StepRecord> {
        self.steps.iter().find(|step| step.name == name)
    }

    /// The record of a run that has just begun.
    pub(crate) fn begun(run: RunHead, started: jiff::Timestamp) -> Self {
        Self {
            run,
            started,
            duration_ms: 0,
            outcome: RunOutcome::Running,
            reason: None,
            steps: Vec::new(),
            checks: Vec::new(),
            gates: Vec::new(),
            notes: Vec::new(),
        }
    }

    /// Adds what happened.
    pub(crate) fn add(&mut self, entry: &Entry) {
        self.duration_ms = self.duration_ms.max(entry.elapsed_ms);
        match &entry.event {
            Event::StepEnded { step } => self.steps.push((**step).clone()),
            Event::CheckEnded { check } => self.checks.push((**check).clone()),
            Event::GateEnded { gate } => self.gates.push((**gate).clone()),
            Event::Note { source, text } => self.notes.push(match source {
                Some(source) => format!("{source}: {text}"),
                None => text.clone(),
            }),
            Event::RunEnded { outcome, reason } => {
                self.outcome = *outcome;
                self.reason.clone_from(reason);
            }
            Event::RunStarted { .. }
            | Event::StageStarted { .. }
            | Event::StageEnded { .. }
            | Event::StepStarted { .. }
            | Event::CheckStarted { .. }
            | Event::GateStarted { .. }
            | Event::Output { .. } => {}
        }
    }

    /// Ends a record whose process ended without a word: what it had begun was cancelled, the rest skipped.
    pub(crate) fn interrupt(&mut self, begun: &[(String, jiff::Timestamp)]) {
        self.outcome = RunOutcome::Interrupted;
        self.reason = Some("its process ended without a word".to_owned());
        for item in self.run.items.clone() {
            let Item::Step { stage, name } = item else { continue };
            if self.step(&name).is_some() {
                continue;
            }
            let started = begun.iter().find(|(step, _)| *step == name).map(|(_, at)| *at);
            let outcome = if started.is_some() { Outcome::Cancelled } else { Outcome::Skipped };
            let reason = "the run was interrupted".to_owned();
            self.steps.push(StepRecord { started, ..StepRecord::without(&name, stage, outcome, reason) });
        }
    }
}

impl StepRecord {
    /// The record of a step that did not run to an end of its own.
    pub(crate) fn without(name: &str, stage: Stage, outcome: Outcome, reason: String) -> Self {
        Self {
            name: name.to_owned(),
            stage,
            outcome,
            reason: Some(reason),
            started: None,
            duration_ms: 0,
            attempts: Vec::new(),
            from_run: None,
            key: None,
            seal: None,
            connections: Vec::new(),
            log: None,
            outputs: Vec::new(),
            tests: None,
            coverage: None,
            evidence: Vec::new(),
            notes: Vec::new(),
        }
    }
}
