use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

use andon_attestation::Statement;
use andon_config::SealLevel;
use andon_model::{Decision, Severity};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{PlannedCheck, PlannedGate, PlannedStep, RunRecord};

/// The `PATH` of a step that declares none, and where its tools are looked for.
pub const DEFAULT_PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// Runs commands: sealed, with their services beside them.
pub trait Steps: Sync {
    /// Runs a step once and waits for its end. Every process of it has ended when this returns. It writes nothing to
    /// the workspace but the step's outputs and scratch folders; folders above them are there already. The caller has
    /// removed the outputs of earlier runs, and looks for the new ones: whatever was put there so that the command
    /// could write to it is gone again unless the command wrote it. The caller also counts the attempts, reads reports
    /// of tests, and fills the cache.
    ///
    /// # Errors
    /// When the command could not be started: a seal that cannot be reached, a service that is not ready, a missing
    /// program, a full disk. Says what to do about it. Another attempt would fail as well.
    fn run(&self, step: &PlannedStep, attempt: &Attempt<'_>) -> Result<Ended, Failure>;
}

/// Runs engines.
pub trait Checks: Sync {
    /// Runs the engines of a check over their target and waits for the end. Findings are no failure; a gate decides.
    ///
    /// # Errors
    /// When the engines could not be run at all.
    fn run(&self, check: &PlannedCheck, attempt: &Attempt<'_>) -> Result<CheckEnded, Failure>;
}

/// Decides at the end of a stage.
pub trait Gates: Sync {
    /// The decision of a gate about what has happened on this line so far.
    ///
    /// # Errors
    /// When the gate cannot decide; the line stops.
    fn decide(&self, gate: &PlannedGate, so_far: &RunRecord) -> Result<GateEnded, Failure>;
}

/// Signs statements and appends them to the ledger.
pub trait Evidence: Sync {
    /// Signs and appends statements, all or none; they are on the disk when this returns. Returns their indices in
    /// the ledger. A line without a ledger answers with an empty list.
    ///
    /// # Errors
    /// When they could not be signed or appended: the run fails, nothing goes on unrecorded.
    fn append(&self, statements: &[Statement]) -> Result<Vec<u64>, Failure>;
}

/// What one attempt of a step or check gets beside its plan.
pub struct Attempt<'a> {
    /// Identifier of the run.
    pub run: &'a str,
    /// The workspace, absolute and without symbolic links.
    pub root: &'a Path,
    /// Counts from 1.
    pub number: u32,
    /// Where the complete output is written (a file that is not there yet), masked and bounded.
    pub log: &'a Path,
    /// Whether everything may be reached, to learn what is.
    pub learn: bool,
    /// Takes the output as it comes, masked.
    pub output: &'a dyn Output,
    /// Asks for the end.
    pub cancel: &'a Cancel<'a>,
}

/// Takes what a step or check writes.
pub trait Output: Sync {
    /// A piece of output, masked; whole lines where that is possible without waiting.
    fn text(&self, text: &str);
}

/// Whether everything should end. Once it is set it stays so.
pub struct Cancel<'a> {
    asked: &'a AtomicBool,
    own: AtomicBool,
}

impl<'a> Cancel<'a> {
    /// Follows a flag that a signal sets.
    pub fn new(asked: &'a AtomicBool) -> Self {
        Self { asked, own: AtomicBool::new(false) }
    }

    /// Whether the end was asked for.
    pub fn is_set(&self) -> bool {
        self.asked.load(Ordering::Relaxed) || self.own.load(Ordering::Relaxed)
    }

    /// Asks for the end.
    pub fn set(&self) {
        self.own.store(true, Ordering::Relaxed);
    }
}

/// How one attempt of a step went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    /// How the command ended.
    pub ending: Ending,
    /// How well it was shut in.
    pub seal: Sealed,
    /// What it reached over the network, or tried to.
    pub connections: Vec<Connection>,
    /// Its log.
    pub log: LogDigest,
    /// What it used.
    pub usage: Usage,
    /// Remarks for people, such as processes that were left behind and were ended.
    pub notes: Vec<String>,
}

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Ending {
    /// By itself, with this code.
    Exited(i32),
    /// By this signal, which nobody of us sent.
    Killed(i32),
    /// Ended by us: it took longer than its timeout.
    TimedOut,
    /// Ended by us: it went over a bound, such as the number of its processes.
    OverLimit,
    /// Ended by us: the run was cancelled.
    Cancelled,
}

/// How well a command was shut in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Sealed {
    /// The level that was reached.
    pub level: SealLevel,
    /// Why it is not the highest; for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Connections of a step to one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Connection {
    /// The host as the step named it.
    pub host: String,
    /// The TCP port.
    pub port: u16,
    /// Whether it was let through.
    pub allowed: bool,
    /// How many.
    pub count: u64,
    /// Bytes sent.
    #[serde(default)]
    pub sent: u64,
    /// Bytes received.
    #[serde(default)]
    pub received: u64,
}

/// The log of a step.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct LogDigest {
    /// SHA-256 of the file, in hexadecimal.
    pub sha256: String,
    /// Bytes in the file.
    pub bytes: u64,
    /// Whether the step wrote more than is kept.
    #[serde(default)]
    pub cut: bool,
}

/// What a step used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Usage {
    /// Processor time of all its processes, in milliseconds.
    pub cpu_ms: u64,
    /// The most memory that one of its processes had, in bytes; 0 where unknown.
    pub peak_bytes: u64,
}

/// How a check went.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CheckEnded {
    /// Whether everything was examined.
    pub complete: bool,
    /// Findings by severity, those that are excepted or of the baseline included.
    pub findings: BTreeMap<Severity, u64>,
    /// How many of them are new.
    pub new: u64,
    /// SHA-256 of the report, in hexadecimal.
    pub report: Option<String>,
    /// Indices of its statements in the ledger.
    pub evidence: Vec<u64>,
    /// Whether it ended early because the run was cancelled.
    pub cancelled: bool,
    /// Remarks for people.
    pub notes: Vec<String>,
}

/// How a gate decided.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GateEnded {
    /// What it decided, and why.
    pub decision: Decision,
    /// Indices of its statements in the ledger.
    pub evidence: Vec<u64>,
}

/// Why something could not be done: what, to what, and what to do next.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Failure(pub String);
