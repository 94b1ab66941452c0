use std::sync::Arc;

use andon_advisories::{Builder, osv};
use andon_dependencies::{AdvisorySource, Dependencies, Settings};
use andon_sbom::vex::{self, VexStatement};
use andon_scan::config_source::ConfigSource;
use andon_system::System;

use super::Context;
use crate::problem::Problem;

/// Where a project's own advisories stand, in OSV form.
const ADVISORIES: &str = ".andon/advisories";
/// Where a project's VEX documents stand.
const STATEMENTS: &str = ".andon/vex";

/// The engine for dependencies with the advisories of this machine and of the project, and warnings about them.
///
/// # Errors
/// When the project's advisories or statements cannot be read.
pub(super) fn build(context: &Context<'_>) -> anyhow::Result<(Dependencies, Vec<String>)> {
    let mut warnings = Vec::new();
    let mut updated = None;
    let (advisories, problem) = match andon_advisorydb::open(context.system) {
        Ok(Some(opened)) => {
            let fetched = opened.metadata().ecosystems.iter().map(|each| each.fetched.clone());
            updated = fetched.filter(|time| !time.is_empty()).min();
            (Some(Arc::new(opened) as AdvisorySource), None)
        }
        Ok(None) => (None, None),
        Err(error) => (None, Some(unusable(&error.to_string()))),
    };
    let config = &context.config.dependencies;
    let settings = Settings {
        advisories,
        advisories_problem: problem,
        advisories_updated: updated,
        own_advisories: own_advisories(context.source, &mut warnings)?,
        advisory_days: config.advisory_days,
        licences: config.licences.clone(),
        vex: statements(context.source, &mut warnings)?,
        listed: context.listed.components.clone(),
        listed_gaps: context.listed.gaps.clone(),
        ..Settings::at(context.system.now())
    };
    Ok((Dependencies::new(settings), warnings))
}

/// The engine without anything to compare components with.
pub(super) fn without_data(system: &dyn System) -> Dependencies {
    Dependencies::new(Settings::at(system.now()))
}

fn unusable(error: &str) -> String {
    const HINT: &str = "run `andon db update`";
    let hint = if error.contains(HINT) { String::new() } else { format!("; {HINT}") };
    format!("the advisory database cannot be used: {error}{hint}")
}

fn own_advisories(
    source: &dyn ConfigSource,
    warnings: &mut Vec<String>,
) -> anyhow::Result<Option<AdvisorySource>> {
    let mut builder = Builder::in_memory();
    let mut any = false;
    for path in json_files(source, ADVISORIES)? {
        let Some(bytes) = source.read(&path)? else { continue };
        let (advisory, problems) = osv::parse(&bytes).map_err(|error| {
            Problem::new(format!("{path}: {error}"))
                .hint("write it as an OSV record, see https://ossf.github.io/osv-schema/")
        })?;
        warnings.extend(problems.iter().map(|problem| format!("{path}: {problem}")));
        builder.add("", &advisory)?;
        any = true;
    }
    if !any {
        return Ok(None);
    }
    let mut bytes = Vec::new();
    builder.finish(&mut bytes, "")?;
    Ok(Some(Arc::new(bytes)))
}

fn statements(source: &dyn ConfigSource, warnings: &mut Vec<String>) -> anyhow::Result<Vec<VexStatement>> {
    let mut statements = Vec::new();
    for path in json_files(source, STATEMENTS)? {
        let Some(bytes) = source.read(&path)? else { continue };
        let document = vex::read(&bytes).map_err(|error| {
            Problem::new(format!("{path}: {error}"))
                .hint("write it as OpenVEX 0.2.0, see https://openvex.dev")
        })?;
        warnings.extend(document.problems.iter().map(|problem| format!("{path}: {}", problem.detail)));
        statements.extend(document.statements);
    }
    Ok(statements)
}

fn json_files(source: &dyn ConfigSource, folder: &str) -> anyhow::Result<Vec<String>> {
    Ok(source.list(folder)?.into_iter().filter(|path| path.ends_with(".json")).collect())
}
