//! The key `pipeline`: what runs on the way to production, in which order, and what each command may see.

mod check;
mod command;
mod condition;
mod environment;
mod graph;
mod network;
mod results;
mod seal;
mod step;
mod timespan;

use std::collections::BTreeMap;

use andon_model::Stage;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub(crate) use check::check;
pub use command::{Command, SHELL};
pub use condition::{When, WhenOutcome};
pub use environment::{Secret, Variable};
pub use graph::{Graph, Reason, literal_folder};
pub use network::{Endpoint, Network, Protocol};
pub use results::{CoverageReports, TestReports, WHOLE_OUTPUT};
pub use seal::SealLevel;
pub use step::{Check, Ready, Service, Step};
pub use timespan::Timespan;

/// What runs on the way to production.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct Pipeline {
    /// What holds for every step that does not say otherwise.
    pub defaults: StepDefaults,
    /// Environment variables of every step and service. Nothing else of the caller's environment is passed on.
    pub environment: BTreeMap<String, Variable>,
    /// The stages, in the order of the line; each at most once.
    pub stages: Vec<StageDefinition>,
    /// What steps need beside them while they run, by name.
    pub services: BTreeMap<String, Service>,
}

/// What holds for every step that does not say otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct StepDefaults {
    /// The least seal that is accepted.
    pub seal: SealLevel,
    /// How long one attempt of a step may take.
    pub timeout: Timespan,
    /// How often a step that failed is tried again.
    #[schemars(range(max = 10))]
    pub retries: u32,
    /// What steps reach over the network.
    pub network: Network,
    /// Files and folders outside of the workspace that steps may read as well: absolute, or from the home folder
    /// (`~/.cargo`). The system's own folders with programs and libraries are always readable.
    pub reads: Vec<String>,
    /// Whether a step whose inputs, command and environment are those of an earlier success is not run again.
    pub cache: bool,
}

impl Default for StepDefaults {
    fn default() -> Self {
        Self {
            seal: SealLevel::Full,
            timeout: Timespan::minutes(30),
            retries: 0,
            network: Network::None,
            reads: Vec::new(),
            cache: true,
        }
    }
}

/// What happens at a station of the line: steps and checks side by side, then the gate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct StageDefinition {
    /// Which station.
    pub stage: Stage,
    /// Engines that examine the workspace, or what a step made.
    #[serde(default)]
    pub checks: Vec<Check>,
    /// Commands.
    #[serde(default)]
    pub steps: Vec<Step>,
    /// The name of a gate (key `gates`) that decides at the end of the stage whether the line goes on.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
}

impl Pipeline {
    /// A step and its stage; `None` when there is no step of this name.
    pub fn step(&self, name: &str) -> Option<(Stage, &Step)> {
        self.steps().find(|(_, step)| step.name == name)
    }

    /// All steps with their stage, in the order of the file.
    pub fn steps(&self) -> impl Iterator<Item = (Stage, &Step)> {
        self.stages.iter().flat_map(|stage| stage.steps.iter().map(|step| (stage.stage, step)))
    }

    /// The least seal that is accepted for a step.
    pub fn seal_of(&self, step: &Step) -> SealLevel {
        step.seal.unwrap_or(self.defaults.seal)
    }

    /// How long one attempt of a step may take.
    pub fn timeout_of(&self, step: &Step) -> Timespan {
        step.timeout.unwrap_or(self.defaults.timeout)
    }

    /// How often a step is tried again.
    pub fn retries_of(&self, step: &Step) -> u32 {
        step.retries.unwrap_or(self.defaults.retries)
    }

    /// What a step reaches over the network.
    pub fn network_of<'a>(&'a self, step: &'a Step) -> &'a Network {
        step.network.as_ref().unwrap_or(&self.defaults.network)
    }

    /// Whether an earlier success of a step may stand for a new run.
    pub fn caches(&self, step: &Step) -> bool {
        step.cache.unwrap_or(self.defaults.cache)
    }

    /// What a step may read outside of the workspace, as written: the defaults and its own, each once.
    pub fn reads_of<'a>(&'a self, step: &'a Step) -> Vec<&'a str> {
        let mut reads: Vec<&str> = Vec::new();
        for each in self.defaults.reads.iter().chain(&step.reads) {
            if !reads.contains(&each.as_str()) {
                reads.push(each);
            }
        }
        reads
    }

    /// The variables that a step declares, its own before those of the pipeline.
    pub fn environment_of(&self, own: &BTreeMap<String, Variable>) -> BTreeMap<String, Variable> {
        let mut all = self.environment.clone();
        all.extend(own.iter().map(|(name, value)| (name.clone(), value.clone())));
        all
    }
}

#[cfg(test)]
mod tests;
