//! What is going to run, in which order, with everything that a step needs to know.

mod condition;
mod error;
mod order;
mod selection;
mod values;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::time::Duration;

use andon_config::{
    Config, CoverageReports, Graph, Network, Pipeline, Ready, Reason, SealLevel, Secret, TestReports,
};
use andon_model::Stage;
use andon_system::System;
use sha2::{Digest, Sha256};

use crate::hash::hex;
use crate::{Item, Options, Workspace};

pub use error::PlanError;
use values::Values;

/// A run before it starts. Everything that can be wrong about it is found when it is made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// What is on the line.
    pub workspace: Workspace,
    /// What of the pipeline runs, and how.
    pub options: Options,
    /// SHA-256 of the `andon.yaml`, in hexadecimal.
    pub definition: String,
    /// The stages that run, in order.
    pub stages: Vec<PlannedStage>,
    /// The steps that run, in the order in which they would start one after the other.
    pub steps: Vec<PlannedStep>,
    /// The checks that run, in the order of the file.
    pub checks: Vec<PlannedCheck>,
    /// The outputs and scratch folders of every step of the pipeline, those that do not run included: never an input of
    /// a step that does not need the step that makes them.
    pub made: Vec<String>,
}

/// A stage of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedStage {
    /// Which.
    pub stage: Stage,
    /// Its checks, as places in [`Plan::checks`].
    pub checks: Vec<usize>,
    /// Its steps, as places in [`Plan::steps`].
    pub steps: Vec<usize>,
    /// What decides at its end.
    pub gate: Option<PlannedGate>,
}

/// A gate of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedGate {
    /// The gate's name in `gates`.
    pub name: String,
    /// At the end of which stage.
    pub stage: Stage,
}

/// A check of a run: engines that examine the same target together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedCheck {
    /// Its engines and its target, for people; unique in the stage.
    pub name: String,
    /// Its stage.
    pub stage: Stage,
    /// Its engines, in the order of the file.
    pub engines: Vec<String>,
    /// What is examined, as a path from the root; the workspace when absent.
    pub target: Option<String>,
    /// The steps it needs, as places in [`Plan::steps`].
    pub needs: Vec<usize>,
}

/// A step of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedStep {
    /// Its name; unique.
    pub name: String,
    /// Its stage.
    pub stage: Stage,
    /// The program and its arguments; runs in the root of the workspace.
    pub command: Vec<String>,
    /// The command on one line, for people.
    pub shown: String,
    /// The variables that it declares, with their values. Nothing else of the caller's environment is passed on.
    pub environment: BTreeMap<String, String>,
    /// The steps it needs, as places in [`Plan::steps`], all before its own; and why.
    pub needs: Vec<(usize, Reason)>,
    /// Globs over paths from the root; every file that git does not ignore when absent.
    pub inputs: Option<Vec<String>>,
    /// What it makes. Nothing is there when an attempt begins; the folders above are.
    pub outputs: Vec<PlannedOutput>,
    /// Folders, as plain paths from the root, that it may write to as well and finds as it left them; they are there.
    pub scratch: Vec<String>,
    /// Absolute paths outside of the workspace that it may read. They need not exist.
    pub reads: Vec<PathBuf>,
    /// Programs that are part of the cache key.
    pub tools: Vec<String>,
    /// What it reaches over the network.
    pub network: Network,
    /// The least seal that is accepted.
    pub seal: SealLevel,
    /// How long one attempt may take.
    pub timeout: Duration,
    /// How often it is tried again.
    pub retries: u32,
    /// What runs beside it, in the order in which it is started.
    pub services: Vec<PlannedService>,
    /// Secrets by name; paths of files are absolute.
    pub secrets: BTreeMap<String, Secret>,
    /// Reports of tests.
    pub tests: TestReports,
    /// Reports of coverage.
    pub coverage: CoverageReports,
    /// Whether an earlier success may stand for it.
    pub cache: bool,
    /// Whether it runs even when something failed before it.
    pub always: bool,
    /// Whether it runs only when something failed before it.
    pub after_failure: bool,
    /// Why a condition keeps it from running; for people.
    pub skip: Option<String>,
}

/// A file or folder that a step makes.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PlannedOutput {
    /// A plain path from the root, without `/` at the end.
    pub path: String,
    /// Whether it is a folder.
    pub folder: bool,
}

/// A service of a step.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlannedService {
    /// Its name.
    pub name: String,
    /// The program and its arguments.
    pub command: Vec<String>,
    /// The variables that it declares, with their values.
    pub environment: BTreeMap<String, String>,
    /// When it is ready; at once when absent.
    pub ready: Option<Ready>,
}

impl Plan {
    /// Works out what runs. `definition` is the text of the `andon.yaml` that `config` was read from, `engines` names
    /// the engines that there are; variables and the home folder are taken from `system`.
    ///
    /// # Errors
    /// When there is no pipeline, an option names something that is not there, a check an unknown engine, or a
    /// variable is not set.
    pub fn new(
        config: &Config,
        definition: &[u8],
        workspace: Workspace,
        options: Options,
        engines: &[&str],
        system: &dyn System,
    ) -> Result<Self, PlanError> {
        let pipeline = config
            .pipeline
            .as_ref()
            .filter(|pipeline| !pipeline.stages.is_empty())
            .ok_or(PlanError::Nothing)?;
        let graph = Graph::of(pipeline);
        let chosen = selection::choose(pipeline, &graph, &options)?;
        let order = order::order(pipeline, &graph, &chosen.steps);
        let values = Values { system, pipeline, workspace: &workspace };
        let mut steps: Vec<PlannedStep> = Vec::with_capacity(order.len());
        for number in &order {
            let needs = graph.needs(*number).iter().filter_map(|(other, reason)| {
                Some((order.iter().position(|placed| placed == other)?, reason.clone()))
            });
            let needs: Vec<(usize, Reason)> = needs.collect();
            let skipped = needs.iter().filter_map(|(place, _)| steps.get(*place));
            let skipped = skipped.filter(|step| step.skip.is_some()).map(|step| step.name.clone()).next();
            steps.extend(values.step(*number, needs, skipped)?);
        }
        let mut plan = Self {
            definition: hex(&Sha256::digest(definition)),
            stages: Vec::new(),
            steps,
            checks: Vec::new(),
            made: made(pipeline),
            workspace,
            options,
        };
        plan.add_stages(pipeline, &chosen, &order, engines)?;
        Ok(plan)
    }

    /// What runs, in order.
    pub fn items(&self) -> Vec<Item> {
        let mut items = Vec::new();
        for stage in &self.stages {
            let checks = stage.checks.iter().filter_map(|check| self.checks.get(*check));
            items.extend(checks.map(|check| Item::Check { stage: stage.stage, name: check.name.clone() }));
            let steps = stage.steps.iter().filter_map(|step| self.steps.get(*step));
            items.extend(steps.map(|step| Item::Step { stage: stage.stage, name: step.name.clone() }));
            items.extend(
                stage.gate.iter().map(|gate| Item::Gate { stage: stage.stage, name: gate.name.clone() }),
            );
        }
        items
    }

    fn add_stages(
        &mut self,
        pipeline: &Pipeline,
        chosen: &selection::Chosen,
        order: &[usize],
        engines: &[&str],
    ) -> Result<(), PlanError> {
        for (number, definition) in pipeline.stages.iter().enumerate() {
            let stage = definition.stage;
            let steps: Vec<usize> = (0..self.steps.len())
                .filter(|place| self.steps.get(*place).is_some_and(|step| step.stage == stage))
                .collect();
            let whole = chosen.stages.contains(&number);
            let first = self.checks.len();
            if whole {
                for check in &definition.checks {
                    if !engines.contains(&check.engine.as_str()) {
                        return Err(error::unknown("engine", &check.engine, engines.iter().copied()));
                    }
                    let needs = Graph::needs_of_check(pipeline, check);
                    let needs =
                        needs.iter().filter_map(|step| order.iter().position(|placed| placed == step));
                    self.add_check(stage, first, check, needs.collect());
                }
            }
            let checks: Vec<usize> = (first..self.checks.len()).collect();
            let gate = definition.gate.clone().filter(|_| whole).map(|name| PlannedGate { name, stage });
            if !steps.is_empty() || !checks.is_empty() || gate.is_some() {
                self.stages.push(PlannedStage { stage, checks, steps, gate });
            }
        }
        Ok(())
    }

    /// Engines that examine the same thing at the same time do it together: it is read and parsed once.
    fn add_check(&mut self, stage: Stage, first: usize, check: &andon_config::Check, needs: Vec<usize>) {
        let of_stage = self.checks.iter_mut().skip(first);
        let mut same = of_stage.filter(|known| known.target == check.target && known.needs == needs);
        let planned = match same.next() {
            Some(known) => {
                if !known.engines.contains(&check.engine) {
                    known.engines.push(check.engine.clone());
                }
                known
            }
            None => {
                let engines = vec![check.engine.clone()];
                let target = check.target.clone();
                self.checks.push(PlannedCheck { name: String::new(), stage, engines, target, needs });
                let Some(last) = self.checks.last_mut() else { return };
                last
            }
        };
        let of = planned.target.as_ref().map_or_else(String::new, |target| format!(" of {target}"));
        planned.name = format!("{}{of}", planned.engines.join(", "));
    }
}

fn made(pipeline: &Pipeline) -> Vec<String> {
    let paths = pipeline.steps().flat_map(|(_, step)| step.outputs.iter().chain(&step.scratch));
    let mut made: Vec<String> = paths.map(|path| path.trim_end_matches('/').to_owned()).collect();
    made.sort_unstable();
    made.dedup();
    made
}

#[cfg(test)]
mod tests;
