use serde::{Deserialize, Serialize};

use super::Predicate;
use crate::Resource;

/// That a step of the pipeline ran, how sealed, and what went in and came out. The subject is the commit it ran for, and
/// its outputs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// The run of the pipeline it belongs to.
    pub run: String,
    /// The stage.
    pub stage: String,
    /// The step's name, unique in the pipeline.
    pub step: String,
    /// What ran, as words; secrets are masked.
    pub command: Vec<String>,
    /// How sealed it ran.
    pub seal: Seal,
    /// How it ended.
    pub result: StepResult,
    /// The command's exit code; absent when a signal ended it, or it never ran.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub exit_code: Option<i32>,
    /// How often it was tried.
    #[serde(default)]
    pub attempts: u32,
    /// Whether an earlier run with the same key answered.
    #[serde(default)]
    pub cached: bool,
    /// What the cache knows it by: a digest of command, environment and inputs, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub cache_key: Option<String>,
    /// What it declared to read, by digest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Resource>,
    /// What it declared to make, by digest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub outputs: Vec<Resource>,
    /// What it reached on the network, or tried to.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub connections: Vec<Connection>,
    /// SHA-256 of its log, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<String>,
    /// When it started.
    pub started_on: String,
    /// When it ended.
    pub finished_on: String,
}

impl Predicate for Step {
    const TYPE: &'static str = "https://andon.dev/attestation/step/v1";
}

/// How a step ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StepResult {
    /// Its command succeeded and its outputs are there.
    Passed,
    /// Its command failed, or an output is missing.
    #[default]
    Failed,
    /// It took too long.
    TimedOut,
    /// Somebody stopped the run.
    Cancelled,
    /// It never ran, since a condition or something before it failed.
    Skipped,
}

/// How sealed a step ran.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Seal {
    /// The level that was reached.
    pub level: SealLevel,
    /// The least that its configuration accepts.
    #[serde(default)]
    pub required: SealLevel,
    /// What it may reach on the network, as `host:port`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub network: Vec<String>,
    /// Why it is not better, when it is not `full`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

/// Levels of sealing, lowest first.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SealLevel {
    /// Not at all.
    #[default]
    None,
    /// Landlock and seccomp.
    Restricted,
    /// Namespaces as well.
    Full,
}

/// A connection that a step made or tried to make.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Connection {
    /// Where to.
    pub host: String,
    /// The TCP port.
    pub port: u16,
    /// Whether it was let through.
    pub allowed: bool,
    /// Bytes sent.
    #[serde(default)]
    pub sent: u64,
    /// Bytes received.
    #[serde(default)]
    pub received: u64,
}
