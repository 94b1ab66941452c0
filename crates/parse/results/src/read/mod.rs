mod convert;
mod identity;
mod input;
mod log;
mod place;
mod rules;
mod run;
mod severity;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use andon_model::{Coverage, Finding, RuleDescription, ScanReport, Target, TargetKind, Tool};

use crate::ResultsError;
pub use input::MAX_INPUT_BYTES;

/// Reads results in SARIF 2.1.0, as any tool writes them, gzip-compressed or not. `source_name` is what errors and
/// the target call them.
///
/// What a tool examined is not part of its results, so the coverage has a gap of kind `unknown` for each run and is
/// never complete. Only results of kind `fail` become findings. Text that may quote a credential is withheld.
///
/// # Errors
/// When the bytes are empty, more than [`MAX_INPUT_BYTES`], not UTF-8, not JSON, not SARIF or of another version. A
/// result that says little (no location, no level, an unknown rule) is no error.
pub fn read_sarif(bytes: &[u8], source_name: &str) -> Result<ScanReport, ResultsError> {
    let text = input::text(bytes, source_name)?;
    let log = log::parse(&text, source_name)?;
    drop(text);
    let mut coverage = Coverage::default();
    let mut findings: Vec<Finding> = Vec::new();
    let mut rules: BTreeMap<_, RuleDescription> = BTreeMap::new();
    let mut tools: Vec<Tool> = Vec::new();
    let mut target = target(source_name);
    let mut started: Option<String> = None;
    for run in &log.runs {
        let read = run::read(run);
        findings.extend(read.findings);
        for rule in read.rules {
            rules.entry(rule.rule.clone()).or_insert(rule);
        }
        coverage.engines.push(read.engine);
        coverage.gaps.extend(read.gaps);
        if !tools.contains(&read.tool) {
            tools.push(read.tool);
        }
        target.head = target.head.or(read.revision);
        target.branch = target.branch.or(read.branch);
        started = started.or(read.started);
    }
    if log.runs.is_empty() {
        coverage.gaps.push(run::nothing_ran(source_name));
    }
    coverage.settle();
    findings.sort_by_cached_key(order);
    Ok(ScanReport {
        schema: ScanReport::SCHEMA.to_owned(),
        tool: joined(&tools, source_name),
        target,
        started: started.unwrap_or_else(|| "1970-01-01T00:00:00Z".to_owned()),
        duration_ms: 0,
        findings,
        rules: rules.into_values().collect(),
        coverage,
        inventory: None,
        protected_changes: Vec::new(),
        exception_issues: Vec::new(),
        gate: None,
    })
}

fn target(name: &str) -> Target {
    Target {
        kind: TargetKind::Import,
        name: name.to_owned(),
        base: None,
        head: None,
        branch: None,
        image: None,
        commits: None,
    }
}

fn joined(tools: &[Tool], source_name: &str) -> Tool {
    let names: Vec<&str> = tools.iter().map(|tool| tool.name.as_str()).collect();
    let version = match tools {
        [only] => only.version.clone(),
        _ => String::new(),
    };
    let name = if names.is_empty() { source_name.to_owned() } else { names.join(", ") };
    Tool { name, version }
}

type Order =
    (Reverse<andon_model::Severity>, Reverse<andon_model::Confidence>, String, String, u32, u32, String);

fn order(finding: &Finding) -> Order {
    let place = finding.locations.first();
    let region = place.and_then(|place| place.region).unwrap_or_default();
    (
        Reverse(finding.severity),
        Reverse(finding.confidence),
        finding.rule.id.clone(),
        place.map(|place| place.path.clone()).unwrap_or_default(),
        region.start_line,
        region.start_column,
        finding.fingerprints.primary.0.clone(),
    )
}
