use std::collections::BTreeMap;

use andon_model::{EngineCoverage, Finding, Gap, GapKind, RuleDescription, RuleRef, Tool};

use super::convert::{self, line};
use super::identity;
use super::log::{Invocation, Run};
use super::rules;

/// What a run of a tool says.
pub(super) struct ReadRun {
    pub(super) tool: Tool,
    pub(super) findings: Vec<Finding>,
    pub(super) rules: Vec<RuleDescription>,
    pub(super) engine: EngineCoverage,
    pub(super) gaps: Vec<Gap>,
    pub(super) revision: Option<String>,
    pub(super) branch: Option<String>,
    pub(super) started: Option<String>,
}

pub(super) fn read(run: &Run) -> ReadRun {
    let tool = tool(run);
    let (findings, rules) = findings(run, &tool);
    let parts = || std::iter::once(&run.tool.driver).chain(&run.tool.extensions);
    let loaded: usize = parts().map(|part| part.rules.len()).sum();
    let engine = EngineCoverage {
        engine: tool.name.clone(),
        rules_loaded: u64::try_from(loaded).unwrap_or(u64::MAX),
        packs: vec![convert::pack(&tool)],
        ..EngineCoverage::default()
    };
    let provenance = run.version_control_provenance.first();
    ReadRun {
        findings,
        rules,
        engine,
        gaps: gaps(run, &tool),
        revision: provenance.and_then(|details| details.revision_id.as_deref()).map(|id| line(id, 200)),
        branch: provenance.and_then(|details| details.branch.as_deref()).map(|name| line(name, 200)),
        started: run
            .invocations
            .iter()
            .find_map(|invocation| invocation.start_time_utc.as_deref()?.parse::<jiff::Timestamp>().ok())
            .map(|time| time.to_string()),
        tool,
    }
}

/// A log without runs says nothing at all.
pub(super) fn nothing_ran(origin: &str) -> Gap {
    Gap {
        kind: GapKind::Unknown,
        subject: line(origin, 200),
        detail: "holds no run of any tool; check that the tool ran".to_owned(),
    }
}

fn tool(run: &Run) -> Tool {
    let driver = &run.tool.driver;
    let name = line(&driver.name, 100);
    let version = driver.semantic_version.as_deref().or(driver.version.as_deref()).unwrap_or_default();
    Tool { name: if name.is_empty() { "unnamed tool".to_owned() } else { name }, version: line(version, 100) }
}

fn findings(run: &Run, tool: &Tool) -> (Vec<Finding>, Vec<RuleDescription>) {
    let mut findings: Vec<Finding> = Vec::new();
    let mut described: BTreeMap<RuleRef, RuleDescription> = BTreeMap::new();
    let index = rules::RuleIndex::of(run);
    let counted = |kind: &Option<String>| kind.as_deref().is_none_or(|kind| kind == "fail");
    for result in run.results.iter().filter(|result| counted(&result.kind)) {
        let resolved = index.resolve(result);
        let finding = convert::finding(run, tool, result, &resolved);
        described
            .entry(finding.rule.clone())
            .or_insert_with(|| rules::describe(&finding.rule, &finding.engine, resolved.descriptor));
        findings.push(finding);
    }
    // Ordinals follow the place in the code, not the order in which the tool happened to report.
    findings.sort_by_cached_key(|finding| {
        let place = finding.locations.first().map(|place| (place.path.clone(), place.region));
        (place, finding.rule.clone(), finding.message.clone())
    });
    let mut all: Vec<_> = findings.iter_mut().map(|finding| &mut finding.fingerprints).collect();
    identity::settle(&mut all, tool.name == convert::OURS);
    (findings, described.into_values().collect())
}

fn gaps(run: &Run, tool: &Tool) -> Vec<Gap> {
    let mut gaps = vec![Gap {
        kind: GapKind::Unknown,
        subject: tool.name.clone(),
        detail: "another tool made these results and does not say what it examined".to_owned(),
    }];
    for invocation in &run.invocations {
        gaps.extend(failures(invocation, tool));
    }
    gaps
}

fn failures(invocation: &Invocation, tool: &Tool) -> Vec<Gap> {
    const MOST: usize = 100;
    let gap = |detail: String| Gap { kind: GapKind::EngineFailure, subject: tool.name.clone(), detail };
    let errors =
        invocation.tool_execution_notifications.iter().filter(|note| note.level.as_deref() == Some("error"));
    let mut gaps: Vec<Gap> = errors
        .map(|note| {
            gap(line(rules::words(&note.message).unwrap_or("reported an error without a message"), 500))
        })
        .take(MOST)
        .collect();
    if invocation.execution_successful == Some(false) && gaps.is_empty() {
        let why =
            invocation.exit_code_description.as_deref().map(|text| format!(": {text}")).unwrap_or_default();
        gaps.push(gap(line(&format!("says that its run failed{why}"), 500)));
    }
    gaps
}
