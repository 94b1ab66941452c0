use andon_model::Stage;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{CheckRecord, GateRecord, RunOutcome, StepRecord, Workspace};

/// Is told what happens, as it happens, from several threads.
pub trait Observer: Sync {
    /// Something happened.
    fn event(&self, entry: &Entry);
}

/// An observer that does nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct Silent;

impl Observer for Silent {
    fn event(&self, _entry: &Entry) {}
}

/// An event and its time; a line of the file `events.jsonl` of a run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Entry {
    /// The time of the clock, RFC 3339. Clocks are set; durations come from `elapsed-ms`.
    #[schemars(with = "String")]
    pub at: jiff::Timestamp,
    /// Milliseconds since the run started, by a clock that only goes forward.
    #[serde(rename = "elapsed-ms")]
    pub elapsed_ms: u64,
    /// What happened.
    #[serde(flatten)]
    pub event: Event,
}

/// Something that happened on the line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "event", rename_all = "kebab-case", rename_all_fields = "kebab-case")]
pub enum Event {
    /// The run began.
    RunStarted {
        /// What is going to run.
        run: Box<RunHead>,
    },
    /// A stage began.
    StageStarted {
        /// Which.
        stage: Stage,
    },
    /// An attempt of a step began.
    StepStarted {
        /// Its name.
        step: String,
        /// Counts from 1.
        attempt: u32,
    },
    /// A step or check wrote something. Shown, not recorded: logs are files of their own.
    Output {
        /// The step's or check's name.
        source: String,
        /// What, masked.
        text: String,
    },
    /// A step is over.
    StepEnded {
        /// How it went.
        step: Box<StepRecord>,
    },
    /// A check began.
    CheckStarted {
        /// Its name.
        check: String,
    },
    /// A check is over.
    CheckEnded {
        /// How it went.
        check: Box<CheckRecord>,
    },
    /// A gate began to decide.
    GateStarted {
        /// The gate's name.
        gate: String,
        /// At the end of which stage.
        stage: Stage,
    },
    /// A gate has decided, or could not.
    GateEnded {
        /// How.
        gate: Box<GateRecord>,
    },
    /// A stage is over.
    StageEnded {
        /// Which.
        stage: Stage,
        /// Whether everything in it went well.
        passed: bool,
    },
    /// A remark for people.
    Note {
        /// What it is about; the whole run when absent.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        source: Option<String>,
        /// The remark.
        text: String,
    },
    /// The run is over.
    RunEnded {
        /// How it went.
        outcome: RunOutcome,
        /// Why, for people, when it did not succeed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        reason: Option<String>,
    },
}

/// What a run is about and what it is going to run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct RunHead {
    /// Version of the format of events and records: 1.
    pub version: u32,
    /// The run's identifier: sortable by time, unique on this machine.
    pub id: String,
    /// The program that ran it and its version.
    pub tool: String,
    /// What is on the line.
    pub workspace: Workspace,
    /// SHA-256 of the `andon.yaml` that described the line, in hexadecimal.
    pub definition: String,
    /// What runs, in order.
    pub items: Vec<Item>,
}

/// Something that a run is going to do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Item {
    /// A step.
    Step {
        /// Its stage.
        stage: Stage,
        /// Its name.
        name: String,
    },
    /// A check.
    Check {
        /// Its stage.
        stage: Stage,
        /// Its name.
        name: String,
    },
    /// A gate.
    Gate {
        /// Its stage.
        stage: Stage,
        /// The gate's name.
        name: String,
    },
}
