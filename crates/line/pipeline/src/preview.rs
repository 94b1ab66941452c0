//! What would run, and why, without running anything.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use andon_model::Stage;
use andon_system::System;
use serde::Serialize;

use crate::cache::{Cache, Found, Key, KeyMaker};
use crate::inputs::{Digests, InputSets, set_digest};
use crate::{CacheUse, Failure, Plan, PlannedStep, Why};

/// What would become of a step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub struct Preview {
    /// The step's name.
    pub step: String,
    /// Its stage.
    pub stage: Stage,
    /// What would become of it.
    pub would: Would,
    /// Why; for people.
    pub reason: String,
}

/// What would become of a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Would {
    /// It would run.
    Run,
    /// An earlier success would stand for it.
    Cached,
    /// A condition keeps it from running.
    Skip,
}

/// What would become of each step of a plan, in order. `cache` is the folder of the cache (see [`System::cache_dir`]).
///
/// # Errors
/// When the workspace or an input cannot be read.
pub fn preview(plan: &Plan, system: &dyn System, cache: &Path) -> Result<Vec<Preview>, Failure> {
    let looked = look(plan, system, cache, None)?;
    Ok(looked.previews)
}

/// Why a step would run, or would not. `cache` is the folder of the cache (see [`System::cache_dir`]).
///
/// # Errors
/// When the plan has no such step, or the workspace or an input cannot be read.
pub fn why(plan: &Plan, system: &dyn System, cache: &Path, step: &str) -> Result<Why, Failure> {
    let looked = look(plan, system, cache, Some(step))?;
    looked.why.ok_or_else(|| Failure(format!("the step `{step}` is not part of what would run")))
}

struct Looked {
    previews: Vec<Preview>,
    why: Option<Why>,
}

fn look(plan: &Plan, system: &dyn System, cache: &Path, asked: Option<&str>) -> Result<Looked, Failure> {
    let root = &plan.workspace.root;
    let data = system.data_dir();
    let own: Vec<&Path> = data.iter().map(PathBuf::as_path).chain([cache]).collect();
    let cache = Cache::new(system, cache, root, u64::MAX);
    let digests = Digests::open(system, cache.digests());
    let inputs = InputSets::new(system, root, &digests, &plan.made, &own);
    let maker = KeyMaker { system, digests: &digests, root };
    let mut looked = Looked { previews: Vec::new(), why: None };
    let mut made: Vec<Option<String>> = Vec::new();
    for step in &plan.steps {
        let look = Look { plan, cache: &cache, step };
        let (preview, outputs, why) = match look.unknown(&made) {
            Some((would, reason)) => {
                let outputs = step.outputs.is_empty().then(|| set_digest(&[]));
                (look.preview(would, reason), outputs, look.no_key())
            }
            None => {
                let needs = step.needs.iter().filter_map(|(place, _)| {
                    Some((plan.steps.get(*place)?.name.clone(), made.get(*place)?.clone()?))
                });
                let needs: BTreeMap<String, String> = needs.collect();
                let key = maker.key(step, inputs.of(step.inputs.as_deref())?, &needs)?;
                look.with_key(&key)
            }
        };
        if asked == Some(step.name.as_str()) {
            let answer = match preview.would {
                Would::Run => format!("it runs: {}", preview.reason),
                Would::Cached => format!("it does not run: {}", preview.reason),
                Would::Skip => format!("it is skipped: {}", preview.reason),
            };
            looked.why = Some(Why { answer, cached: preview.would == Would::Cached, ..why });
        }
        looked.previews.push(preview);
        made.push(outputs);
    }
    // The next run is faster for it; without a cache folder there is nothing to write to.
    let _ = digests.save();
    Ok(looked)
}

struct Look<'a> {
    plan: &'a Plan,
    cache: &'a Cache<'a>,
    step: &'a PlannedStep,
}

impl Look<'_> {
    /// What becomes of a step whose key is of no use, and why; `None` for the others.
    fn unknown(&self, made: &[Option<String>]) -> Option<(Would, String)> {
        if let Some(reason) = &self.step.skip {
            return Some((Would::Skip, reason.clone()));
        }
        if self.step.after_failure {
            return Some((Would::Skip, "it runs only after a failure".to_owned()));
        }
        let unmade = self.step.needs.iter().find(|(place, _)| made.get(*place).is_none_or(Option::is_none));
        let unmade = unmade.and_then(|(place, _)| self.plan.steps.get(*place))?;
        Some((Would::Run, format!("`{}` runs before it and makes what it reads", unmade.name)))
    }

    fn preview(&self, would: Would, reason: String) -> Preview {
        Preview { step: self.step.name.clone(), stage: self.step.stage, would, reason }
    }

    fn no_key(&self) -> Why {
        Why {
            step: self.step.name.clone(),
            answer: String::new(),
            cached: false,
            key: None,
            compared_with: None,
            parts: BTreeMap::new(),
            differences: Vec::new(),
        }
    }

    fn with_key(&self, key: &Key) -> (Preview, Option<String>, Why) {
        let last = self.cache.last(&self.step.name);
        let why = Why {
            key: Some(key.digest.clone()),
            compared_with: last.as_ref().map(|last| last.run.clone()),
            parts: key.parts.iter().map(|part| (part.name.clone(), part.value.clone())).collect(),
            differences: last.as_ref().map_or_else(Vec::new, |last| self.cache.differences(last, key)),
            ..self.no_key()
        };
        let nothing = self.step.outputs.is_empty().then(|| set_digest(&[]));
        let options = &self.plan.options;
        let run = |reason: String| (self.preview(Would::Run, reason), nothing.clone(), why.clone());
        if !self.step.cache {
            return run("its result is not kept in the cache (`cache: false`)".to_owned());
        }
        if options.cache != CacheUse::Use || options.learn {
            return run("the cache is not used in this run".to_owned());
        }
        match self.cache.look_at(&key.digest) {
            Found::Success(entry) => {
                let reason = format!("nothing that it depends on changed since the run {}", entry.run);
                (self.preview(Would::Cached, reason), Some(set_digest(&entry.outputs)), why.clone())
            }
            Found::Damaged(note) => run(note),
            Found::Nothing => run(match &last {
                None => "it never ran here".to_owned(),
                Some(last) if last.key == key.digest && !last.succeeded => {
                    "it failed the last time".to_owned()
                }
                Some(last) if last.key == key.digest => "its result is not in the cache any more".to_owned(),
                Some(_) => changes(&why),
            }),
        }
    }
}

/// The first few differences in words.
fn changes(why: &Why) -> String {
    const SHOWN: usize = 3;
    let shown = why.differences.iter().take(SHOWN);
    let mut shown: Vec<String> =
        shown.map(|difference| format!("{} {}", difference.what, difference.how)).collect();
    if shown.is_empty() {
        return "what it depends on changed".to_owned();
    }
    if why.differences.len() > SHOWN {
        shown.push(format!("and {} more", why.differences.len() - SHOWN));
    }
    shown.join(", ")
}
