//! `andon.yaml`: what a project says about its own line. Reading it, its errors with their place, its JSON Schema.
//!
//! A project is scanned, judged and run by what stands here, so unknown keys are errors and every error names its
//! place. The crate decides nothing and reads no file: texts come in.
//!
//! ```
//! let config = andon_config::Config::from_yaml("andon.yaml", "version: 1")?;
//! assert_eq!(config, andon_config::Config::built_in());
//! # Ok::<(), andon_config::ConfigError>(())
//! ```

mod defaults;
mod evidence;
mod load;
mod paths;
mod pipeline;
mod size;
mod trust;

use andon_dependencies::licences::LicencePolicy;
use andon_model::{Confidence, Severity, Stage, Verdict};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use defaults::{DEFAULT_POLICIES, template};
pub use evidence::{ApprovalWanted, CommitsWanted, CoverageWanted, EvidenceWanted, TestsWanted};
pub use load::{ConfigError, nearest};
pub use paths::globs;
pub use pipeline::{
    Check, Command, CoverageReports, Endpoint, Graph, Network, Pipeline, Protocol, Ready, Reason, SHELL,
    SealLevel, Secret, Service, StageDefinition, Step, StepDefaults, TestReports, Timespan, Variable,
    WHOLE_OUTPUT, When, WhenOutcome, literal_folder,
};
pub use size::ByteSize;
pub use trust::{StatementKind, Trust, TrustedKey};

/// The contents of `andon.yaml`. Unknown keys are errors.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(title = "andon.yaml")]
pub struct Config {
    /// Version of this format.
    #[schemars(range(min = 1, max = 1))]
    pub version: u32,
    /// What is scanned.
    #[serde(default)]
    pub project: Project,
    /// How it is scanned.
    #[serde(default)]
    pub scan: Scan,
    /// What components are judged by.
    #[serde(default)]
    pub dependencies: Dependencies,
    /// What decides. Without this key, the built-in gates: `new` stops on new findings of high or critical severity and
    /// at least medium confidence, `rest` warns of everything else.
    #[serde(default = "defaults::gates")]
    pub gates: Vec<Gate>,
    /// What runs on the way to production: what `andon run` does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pipeline: Option<Pipeline>,
    /// What a change to gates, policies, exceptions, rule configuration or ignore comments leads to.
    #[serde(default = "defaults::protected_changes")]
    pub protected_changes: Verdict,
    /// Whose signatures count for gates that ask for evidence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub trust: Option<Trust>,
}

/// What is scanned.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Project {
    /// For people.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Stable identifier; hashes of secrets are keyed with it, so that every machine agrees on them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
}

/// How a project is scanned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Scan {
    /// Texts over this size are not examined, and the coverage says so.
    pub max_file_size: ByteSize,
    /// Globs over paths from the root (`**` crosses folders): left out on purpose.
    pub exclude: Vec<String>,
    /// Whether files that git does not track are scanned as well.
    pub untracked: bool,
    /// Engines that run; all of them when empty.
    pub engines: Vec<String>,
    /// Files and folders with rules, from the root, beside the built-in ones.
    pub rules: Vec<String>,
    /// How often an encoding inside an encoding (percent, unicode, hex, base64) is undone. 0 switches decoding off.
    #[schemars(range(max = 10))]
    pub decode_depth: u32,
}

impl Default for Scan {
    fn default() -> Self {
        Self {
            max_file_size: ByteSize(10 << 20),
            exclude: Vec::new(),
            untracked: false,
            engines: Vec::new(),
            rules: Vec::new(),
            decode_depth: 5,
        }
    }
}

/// What components are judged by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Dependencies {
    /// Advisories that were fetched longer ago than this many days make a scan incomplete. Any age will do when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub advisory_days: Option<u32>,
    /// Which licences components may have. Nothing is said about licences when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub licences: Option<LicencePolicy>,
}

/// A checkpoint of the line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Gate {
    /// Its name, unique in the file.
    pub name: String,
    /// Stages whose findings it judges; all of them when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stages: Option<Vec<Stage>>,
    /// More findings of a severity than this stop the line.
    #[serde(default)]
    pub stop: Thresholds,
    /// More findings of a severity than this are shown as a warning.
    #[serde(default)]
    pub warn: Thresholds,
    /// Findings of a lower confidence do not count.
    #[serde(default = "defaults::min_confidence")]
    pub min_confidence: Confidence,
    /// Whether only findings count that the change brings. Without a baseline every finding is new.
    #[serde(default = "defaults::yes")]
    pub new_only: bool,
    /// Whether a scan that could not examine everything stops the line (exit code 3).
    #[serde(default)]
    pub require_complete: bool,
    /// Paths whose change needs an approval.
    #[serde(default)]
    pub protected: Vec<Protected>,
    /// Globs over paths from the root: Rego policies that decide as well. Files named `*_test.rego` hold their tests.
    /// Without this key, what is under `.andon/policy`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policies: Option<Vec<String>>,
    /// What must be there, signed. Without this key the gate judges whatever results it is given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<EvidenceWanted>,
}

impl Gate {
    /// Whether it judges findings of this stage.
    pub fn has_stage(&self, stage: Stage) -> bool {
        self.stages.as_ref().is_none_or(|stages| stages.contains(&stage))
    }

    /// The globs of its policies; the default's when it names none.
    pub fn policy_globs(&self) -> Vec<String> {
        self.policies.clone().unwrap_or_else(|| vec![DEFAULT_POLICIES.to_owned()])
    }
}

/// Maximum counts by severity; a severity without one is not limited.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Thresholds {
    /// More critical findings than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub critical: Option<u64>,
    /// More findings of high severity than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub high: Option<u64>,
    /// More findings of medium severity than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub medium: Option<u64>,
    /// More findings of low severity than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub low: Option<u64>,
    /// More findings for information than this.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub info: Option<u64>,
}

impl Thresholds {
    /// How many findings of a severity are let through; `None` for any number. A severity without a number of its own
    /// takes that of the next lower one: who stops at `high` means `critical` as well.
    pub fn maximum(&self, severity: Severity) -> Option<u64> {
        let not_worse = Severity::ALL.iter().rev().filter(|other| **other <= severity);
        not_worse.filter_map(|other| self.own(*other)).next()
    }

    fn own(&self, severity: Severity) -> Option<u64> {
        match severity {
            Severity::Critical => self.critical,
            Severity::High => self.high,
            Severity::Medium => self.medium,
            Severity::Low => self.low,
            Severity::Info => self.info,
        }
    }
}

/// Paths whose change needs an approval.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct Protected {
    /// Globs over paths from the root.
    #[schemars(length(min = 1))]
    pub paths: Vec<String>,
    /// Who must approve; never the author of the change.
    pub role: String,
    /// Why, for people.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Config {
    /// What holds without an `andon.yaml`.
    pub fn built_in() -> Self {
        Self {
            version: 1,
            project: Project::default(),
            scan: Scan::default(),
            dependencies: Dependencies::default(),
            gates: defaults::gates(),
            pipeline: None,
            protected_changes: defaults::protected_changes(),
            trust: None,
        }
    }

    /// The JSON Schema of `andon.yaml`.
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }

    /// The globs of every gate's policies, in order, each once.
    pub fn policy_globs(&self) -> Vec<String> {
        let mut globs = Vec::new();
        for gate in &self.gates {
            for glob in gate.policy_globs() {
                if !globs.contains(&glob) {
                    globs.push(glob);
                }
            }
        }
        globs
    }
}

#[cfg(test)]
mod tests;
