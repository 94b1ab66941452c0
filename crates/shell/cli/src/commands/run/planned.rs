use std::path::PathBuf;

use andon_pipeline::{Item, Plan, Preview, Would, preview};
use andon_system::System;
use serde_json::json;

use crate::problem::Problem;
use crate::{exit, terminal};

/// Says what would run, in the order of the plan.
pub(super) fn dry_run(system: &dyn System, plan: &Plan, as_json: bool) -> anyhow::Result<u8> {
    let previews = preview(plan, system, &cache(system)?).map_err(failed)?;
    if as_json {
        return print_json(&json!({ "items": plan.items(), "steps": previews }));
    }
    let mut text = String::new();
    let mut last = None;
    for item in plan.items() {
        let (stage, line) = match &item {
            Item::Check { stage, name } => (*stage, format!("check  {name}")),
            Item::Gate { stage, name } => (*stage, format!("gate   {name}")),
            Item::Step { stage, name } => (*stage, step(name, &previews)),
        };
        if last != Some(stage) {
            text.push_str(&format!("{stage}\n"));
            last = Some(stage);
        }
        text.push_str(&format!("  {line}\n"));
    }
    terminal::write_text(&text)?;
    Ok(exit::GO_ON)
}

/// Says why a step would run, or would not.
pub(super) fn why(system: &dyn System, plan: &Plan, step: &str, as_json: bool) -> anyhow::Result<u8> {
    let why = andon_pipeline::why(plan, system, &cache(system)?, step).map_err(failed)?;
    if as_json {
        return print_json(&serde_json::to_value(&why)?);
    }
    let mut text = format!("{}: {}\n", why.step, why.answer);
    if let Some(run) = why.compared_with.as_ref().filter(|_| !why.differences.is_empty()) {
        text.push_str(&format!("since run {run}:\n"));
    }
    for difference in &why.differences {
        text.push_str(&format!("  {:8} {}\n", difference.how, difference.what));
    }
    text.push_str("what the result is known by:\n");
    for (name, value) in &why.parts {
        text.push_str(&format!("  {name}: {value}\n"));
    }
    if let Some(key) = &why.key {
        text.push_str(&format!("  key: {key}\n"));
    }
    terminal::write_text(&text)?;
    Ok(exit::GO_ON)
}

/// The folder of the cache.
///
/// # Errors
/// When nothing says where it is.
pub(super) fn cache(system: &dyn System) -> anyhow::Result<PathBuf> {
    let missing = || Problem::new("nothing says where the cache is").hint("set HOME or ANDON_CACHE_DIR");
    Ok(system.cache_dir().ok_or_else(missing)?)
}

fn step(name: &str, previews: &[Preview]) -> String {
    let preview = previews.iter().find(|preview| preview.step == name);
    let (would, reason) = match preview {
        Some(preview) => (preview.would, preview.reason.as_str()),
        None => (Would::Run, ""),
    };
    let would = match would {
        Would::Run => "runs",
        Would::Cached => "cached",
        Would::Skip => "skipped",
    };
    format!("step   {name:24} {would:8} {reason}").trim_end().to_owned()
}

fn print_json(document: &serde_json::Value) -> anyhow::Result<u8> {
    let mut text = serde_json::to_vec_pretty(document)?;
    text.push(b'\n');
    terminal::write_data(&text)?;
    Ok(exit::GO_ON)
}

fn failed(failure: andon_pipeline::Failure) -> anyhow::Error {
    Problem::new(failure.to_string()).into()
}
