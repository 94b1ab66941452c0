use std::collections::BTreeSet;

use andon_config::{Graph, Pipeline};
use andon_model::Stage;

use super::error::{PlanError, unknown};
use crate::Options;

/// What of a pipeline runs.
pub(super) struct Chosen {
    /// Stages, by their place in the pipeline, whose checks and gate run.
    pub(super) stages: BTreeSet<usize>,
    /// Steps, by their number, with those that they need.
    pub(super) steps: BTreeSet<usize>,
}

pub(super) fn choose(pipeline: &Pipeline, graph: &Graph, options: &Options) -> Result<Chosen, PlanError> {
    let mut chosen = Chosen { stages: BTreeSet::new(), steps: BTreeSet::new() };
    if let Some(from) = options.from
        && !pipeline.stages.iter().any(|stage| stage.stage == from)
    {
        return Err(unknown(
            "stage",
            from.as_str(),
            pipeline.stages.iter().map(|stage| stage.stage.as_str()),
        ));
    }
    check_names(pipeline, &options.only)?;
    let named = |name: &str| options.only.is_empty() || options.only.iter().any(|only| only == name);
    let in_time = |stage: Stage| options.from.is_none_or(|from| stage >= from);
    let mut waiting = Vec::new();
    let mut number = 0;
    for (place, stage) in pipeline.stages.iter().enumerate() {
        let whole = in_time(stage.stage) && named(stage.stage.as_str());
        if whole {
            chosen.stages.insert(place);
            for check in &stage.checks {
                waiting.extend(Graph::needs_of_check(pipeline, check));
            }
        }
        for step in &stage.steps {
            if whole || (in_time(stage.stage) && named(&step.name)) {
                waiting.push(number);
            }
            number += 1;
        }
    }
    while let Some(step) = waiting.pop() {
        if chosen.steps.insert(step) {
            waiting.extend(graph.needs(step).iter().map(|(other, _)| *other));
        }
    }
    Ok(chosen)
}

fn check_names(pipeline: &Pipeline, only: &[String]) -> Result<(), PlanError> {
    let stages = || pipeline.stages.iter().map(|stage| stage.stage.as_str());
    let known = || stages().chain(pipeline.steps().map(|(_, step)| step.name.as_str()));
    match only.iter().find(|name| !known().any(|known| known == *name)) {
        Some(name) => Err(unknown("stage or step", name, known())),
        None => Ok(()),
    }
}
