use std::path::Path;

use andon_gate::{Input, PolicyLimits, evaluate, exit_code};
use andon_model::{Coverage, ScanReport, Target, TargetKind, Tool};
use andon_report::RenderOptions;
use andon_scan::config_source::ConfigSource;
use andon_scan::exceptions::{self, Exceptions, Reach};
use andon_scan::protected::{self, Head};
use andon_system::System;
use anyhow::Context;

use crate::arguments::GateArguments;
use crate::change::{Sides, change};
use crate::problem::Problem;
use crate::project::{Configuration, Project, read_policies};
use crate::terminal;

/// Decides on the results of any tools as one.
pub(crate) fn run(system: &dyn System, arguments: &GateArguments) -> anyhow::Result<u8> {
    let project = Project::open(system, Path::new("."))?;
    let sides = arguments.since.as_deref().map_or(Sides::Nothing, Sides::Commits);
    if project.repository.is_none() && sides != Sides::Nothing {
        return Err(Problem::new("--since needs a git repository, and this folder is in none").into());
    }
    let source = project.source(system, sides.base())?;
    let configuration = Configuration::read(system, source.as_ref(), arguments.config.as_deref())?;
    let policies = read_policies(source.as_ref(), &configuration)?;
    let mut report = merged(read_reports(system, arguments)?);
    let now = system.now().to_string();
    apply_exceptions(&mut report, &read_exceptions(source.as_ref())?, system);
    if let (Some(base), Some(repository)) = (sides.base(), &project.repository) {
        let repository = repository.to_thread_local();
        report.target.base = source.revision();
        report.target.head = repository.head_id().ok().map(|id| id.to_string());
        match protected::changes(&repository, base, Head::Revision("HEAD")) {
            Ok(changes) => report.protected_changes = changes,
            Err(gap) => report.coverage.gaps.push(gap),
        }
    }
    let (change, gap) = change(system, &project, sides, &report);
    report.coverage.gaps.extend(gap);
    settle(&mut report.coverage);
    let input = Input {
        change,
        findings: report.findings.clone(),
        coverage: report.coverage.clone(),
        now,
        ..Input::default()
    };
    let decision = evaluate(&configuration.config, &input, &policies, &PolicyLimits::default());
    let code = exit_code(&decision);
    report.gate = Some(decision);
    arguments.look.color.apply();
    let text = terminal::text_options(arguments.look.color, arguments.verbose, false);
    let rendered =
        andon_report::render(&report, arguments.format, &RenderOptions { text, ..RenderOptions::default() });
    terminal::write_data(&rendered.bytes)?;
    rendered.notices.iter().for_each(|notice| terminal::note(notice));
    Ok(code)
}

/// The exceptions of the project, or of the revision that judges.
///
/// # Errors
/// When the file is there and cannot be used.
pub(super) fn read_exceptions(source: &dyn ConfigSource) -> anyhow::Result<Exceptions> {
    match source.read(exceptions::PATH)? {
        Some(text) => Ok(exceptions::parse(exceptions::PATH, &text)?),
        None => Ok(Exceptions::default()),
    }
}

/// What an imported result did not look at is unknown, so an exception without a match says nothing.
fn apply_exceptions(report: &mut ScanReport, exceptions: &Exceptions, system: &dyn System) {
    let today = system.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let issues = exceptions.apply(&mut report.findings, today, Reach::Part);
    for issue in issues {
        if !report.exception_issues.contains(&issue) {
            report.exception_issues.push(issue);
        }
    }
}

fn settle(coverage: &mut Coverage) {
    let was_complete = coverage.complete;
    coverage.settle();
    coverage.complete &= was_complete;
}

fn read_reports(system: &dyn System, arguments: &GateArguments) -> anyhow::Result<Vec<ScanReport>> {
    const LARGEST: u64 = 512 << 20;
    let mut reports = Vec::new();
    for path in &arguments.reports {
        let name = path.display();
        let bytes = system.read_named(path, LARGEST)?.bytes;
        let report: ScanReport = serde_json::from_slice(&bytes)
            .with_context(|| format!("{name} is no report of `andon scan --format json`"))?;
        if report.schema != ScanReport::SCHEMA {
            let shown: String = report.schema.chars().take(60).collect();
            let message =
                format!("{name} has the form `{shown}`; this version reads `{}`", ScanReport::SCHEMA);
            return Err(Problem::new(message).hint("scan again with this version").into());
        }
        reports.push(report);
    }
    for path in &arguments.sarif {
        let bytes = system.read_named(path, LARGEST)?.bytes;
        reports.push(andon_results::read_sarif(&bytes, &path.display().to_string())?);
    }
    Ok(reports)
}

/// All reports as one. A single report stays as it is.
fn merged(reports: Vec<ScanReport>) -> ScanReport {
    let is_single = reports.len() == 1;
    let mut reports = reports.into_iter();
    let Some(mut all) = reports.next() else { return empty() };
    for other in reports {
        all.tool.name = format!("{}, {}", all.tool.name, other.tool.name);
        all.tool.version.clear();
        all.target.name = format!("{}, {}", all.target.name, other.target.name);
        all.duration_ms = all.duration_ms.saturating_add(other.duration_ms);
        all.findings.extend(other.findings);
        all.rules.extend(other.rules);
        all.coverage.complete &= other.coverage.complete;
        all.coverage.engines.extend(other.coverage.engines);
        all.coverage.gaps.extend(other.coverage.gaps);
        all.coverage.skipped.extend(other.coverage.skipped);
        all.protected_changes.extend(other.protected_changes);
        all.exception_issues.extend(other.exception_issues);
    }
    if !is_single {
        all.target.kind = TargetKind::Import;
        all.findings.sort_by_key(|finding| {
            std::cmp::Reverse((finding.counts(), finding.severity, finding.confidence))
        });
    }
    all
}

fn empty() -> ScanReport {
    ScanReport {
        schema: ScanReport::SCHEMA.to_owned(),
        tool: Tool { name: "andon".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        target: Target {
            kind: TargetKind::Import,
            name: String::new(),
            base: None,
            head: None,
            branch: None,
            image: None,
            commits: None,
        },
        started: String::new(),
        duration_ms: 0,
        findings: Vec::new(),
        rules: Vec::new(),
        coverage: Coverage::default(),
        inventory: None,
        protected_changes: Vec::new(),
        exception_issues: Vec::new(),
        gate: None,
    }
}
