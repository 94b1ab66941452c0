use std::collections::BTreeMap;
use std::path::PathBuf;

use andon_config::{Pipeline, Reason, Secret, Variable, WhenOutcome};
use andon_system::System;

use super::condition::unmet;
use super::{PlanError, PlannedOutput, PlannedService, PlannedStep};
use crate::Workspace;

/// Where the values of a plan come from.
pub(super) struct Values<'a> {
    pub(super) system: &'a dyn System,
    pub(super) pipeline: &'a Pipeline,
    pub(super) workspace: &'a Workspace,
}

impl Values<'_> {
    /// A step by its number. One that is skipped needs no values. `skipped` names a needed step that is skipped.
    pub(super) fn step(
        &self,
        number: usize,
        needs: Vec<(usize, Reason)>,
        skipped: Option<String>,
    ) -> Result<Option<PlannedStep>, PlanError> {
        let Some((stage, step)) = self.pipeline.steps().nth(number) else { return Ok(None) };
        let when = step.when.clone().unwrap_or_default();
        let skip = unmet(&when, self.workspace, self.system).or_else(|| {
            skipped.filter(|_| !step.always).map(|other| format!("it needs `{other}`, which is skipped"))
        });
        let mut planned = PlannedStep {
            name: step.name.clone(),
            stage,
            command: step.run.arguments(),
            shown: step.run.to_string(),
            environment: BTreeMap::new(),
            needs,
            inputs: step.inputs.clone(),
            outputs: step.outputs.iter().map(|output| planned_output(output)).collect(),
            scratch: step.scratch.iter().map(|path| path.trim_end_matches('/').to_owned()).collect(),
            reads: Vec::new(),
            tools: step.tools.clone(),
            network: self.pipeline.network_of(step).clone(),
            seal: self.pipeline.seal_of(step),
            timeout: self.pipeline.timeout_of(step).0,
            retries: self.pipeline.retries_of(step),
            services: Vec::new(),
            secrets: BTreeMap::new(),
            tests: step.tests.clone().unwrap_or_default(),
            coverage: step.coverage.clone().unwrap_or_default(),
            cache: self.pipeline.caches(step),
            always: step.always,
            after_failure: when.outcome == Some(WhenOutcome::Failed),
            skip,
        };
        if planned.skip.is_none() {
            let user = format!("the step `{}`", step.name);
            planned.environment = self.environment(&user, &step.environment)?;
            let reads = self.pipeline.reads_of(step);
            planned.reads = reads.into_iter().map(|path| self.absolute(path)).collect::<Result<_, _>>()?;
            planned.services = step
                .services
                .iter()
                .filter_map(|name| self.service(name).transpose())
                .collect::<Result<_, _>>()?;
            planned.secrets = self.secrets(&step.secrets)?;
        }
        Ok(Some(planned))
    }

    fn service(&self, name: &str) -> Result<Option<PlannedService>, PlanError> {
        let Some(service) = self.pipeline.services.get(name) else { return Ok(None) };
        Ok(Some(PlannedService {
            name: name.to_owned(),
            command: service.run.arguments(),
            environment: self.environment(&format!("the service `{name}`"), &service.environment)?,
            ready: service.ready.clone(),
        }))
    }

    fn environment(
        &self,
        user: &str,
        own: &BTreeMap<String, Variable>,
    ) -> Result<BTreeMap<String, String>, PlanError> {
        let mut values = BTreeMap::new();
        for (name, variable) in self.pipeline.environment_of(own) {
            let value = match variable {
                Variable::Text(text) => text,
                Variable::From(source) => {
                    let set = self.system.environment(&source.from);
                    let set = set.map(|value| value.to_string_lossy().into_owned());
                    set.or(source.default).ok_or_else(|| PlanError::Unset {
                        user: user.to_owned(),
                        variable: name.clone(),
                        from: source.from.clone(),
                    })?
                }
            };
            values.insert(name, value);
        }
        Ok(values)
    }

    fn secrets(&self, written: &BTreeMap<String, Secret>) -> Result<BTreeMap<String, Secret>, PlanError> {
        let mut secrets = BTreeMap::new();
        for (name, secret) in written {
            let secret = match secret {
                Secret::Environment(variable) => Secret::Environment(variable.clone()),
                Secret::File(path) => Secret::File(self.absolute(path)?.to_string_lossy().into_owned()),
            };
            secrets.insert(name.clone(), secret);
        }
        Ok(secrets)
    }

    /// A path that is absolute, starts at the home folder (`~`), or at the root.
    fn absolute(&self, path: &str) -> Result<PathBuf, PlanError> {
        let below = if path == "~" { Some("") } else { path.strip_prefix("~/") };
        let Some(below) = below else { return Ok(self.workspace.root.join(path)) };
        let home = self.system.environment("HOME");
        let home = home.ok_or_else(|| PlanError::NoHome { path: path.to_owned() })?;
        Ok(PathBuf::from(home).join(below))
    }
}

fn planned_output(written: &str) -> PlannedOutput {
    PlannedOutput { path: written.trim_end_matches('/').to_owned(), folder: written.ends_with('/') }
}
