mod outputs;
mod pull;
mod request;
mod sandbox;

use std::path::PathBuf;

use andon_config::Config;
use andon_gate::{Input, PolicyLimits, PolicySet, evaluate, exit_code};
use andon_model::{Engine, EngineInfo, ExceptionIssue, GapKind, ScanReport};
use andon_scan::ScanRequest;
use andon_scan::cache::{CachePlace, OsDisk};
use andon_scan::exceptions::Exceptions;
use andon_scan::intake::TreeOptions;
use andon_system::System;

use super::gate::read_exceptions;
use crate::arguments::{ReportWanted, ScanArguments};
use crate::change::change;
use crate::engines::{self, Context};
use crate::exclude::Excluding;
use crate::problem::Problem;
use crate::project::{Configuration, read_policies};
use crate::{exit, interrupt, terminal};

use outputs::Outputs;
use pull::FromRegistry;
use request::Wanted;

/// Scans, decides and reports.
pub(crate) fn run(
    system: &dyn System,
    arguments: &ScanArguments,
    reports: &[ReportWanted],
) -> anyhow::Result<u8> {
    arguments.look.color.apply();
    let outputs = Outputs::new(system, arguments, reports)?;
    let scanned = scan(system, arguments, &outputs)?;
    let Scanned { wanted, configuration, policies, mut report } = scanned;
    wanted.say(wanted.blindness(&report).as_slice());
    let code = if arguments.no_gate {
        exit::GO_ON
    } else {
        decide(system, &wanted, &configuration, &policies, &mut report)
    };
    outputs.write(system, &report)?;
    let interrupted = report.coverage.gaps.iter().any(|gap| gap.kind == GapKind::Interrupted);
    Ok(if interrupted && code == exit::GO_ON { exit::INCOMPLETE } else { code })
}

/// What a scan finds, without a decision and without a word about it.
///
/// # Errors
/// When there can be no report.
pub(crate) fn report(system: &dyn System, arguments: &ScanArguments) -> anyhow::Result<ScanReport> {
    let nowhere = Outputs::new(system, arguments, &[])?;
    Ok(scan(system, arguments, &nowhere)?.report)
}

/// A scan that was done, and what is needed to judge it.
struct Scanned<'a> {
    wanted: Wanted<'a>,
    configuration: Configuration,
    policies: PolicySet,
    report: ScanReport,
}

/// Scans. Everything outside of the target is read or fetched before the sandbox is entered; after that only the cache
/// and the folders of the reports can be written to.
fn scan<'a>(
    system: &dyn System,
    arguments: &'a ScanArguments,
    outputs: &Outputs<'_>,
) -> anyhow::Result<Scanned<'a>> {
    let image = FromRegistry::of(system, arguments)?;
    let wanted = Wanted::new(system, arguments, image.as_ref().map(FromRegistry::folder))?;
    let source = wanted.project.source(system, wanted.sides().base())?;
    let configuration = Configuration::read(system, source.as_ref(), arguments.config.as_deref())?;
    let config = &configuration.config;
    let listed = wanted.listed(system)?;
    let is_sbom = !listed.components.is_empty();
    let engines = engines(
        &wanted,
        &Context {
            system,
            project: &wanted.project,
            source: source.as_ref(),
            config,
            rules: &arguments.rules,
            listed,
            decode_depth: arguments.decode_depth.unwrap_or(config.scan.decode_depth),
        },
    )?;
    outputs.check_engines(&engines)?;
    let exceptions = read_exceptions(source.as_ref())?;
    let unapproved = unapproved(system, config, &exceptions);
    let policies = if arguments.no_gate {
        PolicySet::built_in()
    } else {
        read_policies(source.as_ref(), &configuration)?
    };
    let cache = wanted.cache_folder(system);
    let mut request = ScanRequest {
        name: wanted.name(),
        // What an image is made of is in no repository.
        repository: wanted.project.repository.clone().filter(|_| !wanted.is_image),
        tree: tree(&wanted, config, is_sbom),
        baseline: wanted.baseline(system)?,
        exceptions,
        threads: arguments.threads,
        ..ScanRequest::new(wanted.target(config)?, wanted.project.root.clone(), interrupt::install())
    };
    request.cache = cache.as_deref().map(|folder| CachePlace { folder, disk: &OsDisk });
    let mut writable: Vec<PathBuf> = outputs.folders().collect();
    if let Some(image) = &image {
        image.pull(system, arguments.quiet, request.interrupted)?;
        writable.push(image.parent().to_owned());
    }
    let sandboxing = sandbox::enter(arguments, &wanted.project, cache.as_deref(), &writable);
    let bar = terminal::Bar::new(arguments.quiet);
    let outcome = andon_scan::run(&request, &engines, system, &bar);
    let notes = bar.finish();
    let mut report = outcome.map_err(internal_or_usage)?;
    wanted.say(&notes);
    report.coverage.sandbox = sandboxing;
    report.exception_issues.extend(unapproved);
    drop(request);
    Ok(Scanned { wanted, configuration, policies, report })
}

/// Exceptions that the gate on evidence will not take, where there is one.
fn unapproved(system: &dyn System, config: &Config, exceptions: &Exceptions) -> Vec<ExceptionIssue> {
    let today = system.now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let asked = config.gates.iter().any(|gate| gate.evidence.is_some());
    if asked { exceptions.unapproved(today) } else { Vec::new() }
}

/// An SBOM was read whole already, however large it is.
fn tree(wanted: &Wanted<'_>, config: &Config, is_sbom: bool) -> TreeOptions {
    let tree = wanted.tree(config);
    if is_sbom { TreeOptions { max_file_size: u64::MAX, ..tree } } else { tree }
}

fn engines(wanted: &Wanted<'_>, context: &Context<'_>) -> anyhow::Result<Vec<Box<dyn Engine>>> {
    let scan = &context.config.scan;
    let names = if wanted.arguments.engines.is_empty() { &scan.engines } else { &wanted.arguments.engines };
    let mut engines = Vec::new();
    for built in engines::build(names, context)? {
        wanted.say(packs(&built.engine.info()).as_slice());
        wanted.say(&built.warnings);
        engines.push(built.engine);
    }
    Excluding::wrap(engines, &wanted.project, &scan.exclude)
}

/// Which rules run, where these are not just our own.
fn packs(info: &EngineInfo) -> Option<String> {
    const SHOWN: usize = 5;
    if info.packs.iter().all(|pack| pack == "andon") {
        return None;
    }
    let shown: Vec<&str> = info.packs.iter().take(SHOWN).map(String::as_str).collect();
    let more = info.packs.len().saturating_sub(SHOWN);
    let more = if more > 0 { format!(" and {more} more") } else { String::new() };
    let what = if info.rules_loaded == 1 { "rule" } else { "rules" };
    Some(format!("{}: {} {what} of {}{more}", info.name, info.rules_loaded, shown.join(", ")))
}

/// Puts the decision into the report; returns the exit code.
fn decide(
    system: &dyn System,
    wanted: &Wanted<'_>,
    configuration: &Configuration,
    policies: &PolicySet,
    report: &mut ScanReport,
) -> u8 {
    let (change, gap) = change(system, &wanted.project, wanted.sides(), report);
    report.coverage.gaps.extend(gap);
    report.coverage.settle();
    let input = Input {
        change,
        findings: report.findings.clone(),
        coverage: report.coverage.clone(),
        now: report.started.clone(),
        ..Input::default()
    };
    let decision = evaluate(&configuration.config, &input, policies, &PolicyLimits::default());
    let code = exit_code(&decision);
    report.gate = Some(decision);
    code
}

fn internal_or_usage(error: andon_scan::ScanError) -> anyhow::Error {
    match error {
        andon_scan::ScanError::Threads(_) => Problem::internal(error.to_string()).into(),
        other => other.into(),
    }
}
