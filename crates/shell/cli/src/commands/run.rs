//! `andon run`: takes a project down its line.

mod gates;
mod learnt;
mod planned;
mod view;

use std::num::NonZeroUsize;
use std::sync::Mutex;

use andon_model::Verdict;
use andon_pipeline::{
    CACHE_LIMIT, CacheUse, Line, Options, Plan, RunOutcome, RunRecord, SealedLaunch, StepRunner,
};
use andon_scan::config_source::scan_digest;
use andon_system::System;
use anyhow::Context;

use crate::arguments::RunArguments;
use crate::engines;
use crate::line::{Documents, Recorder, Scans, data_folder, workspace};
use crate::problem::Problem;
use crate::project::{Configuration, Project};
use crate::{exit, interrupt, terminal};

use gates::Judge;
use view::View;

const TOOL: &str = concat!("andon ", env!("CARGO_PKG_VERSION"));

/// Takes the project down its line; returns the exit code.
pub(crate) fn run(system: &dyn System, arguments: &RunArguments) -> anyhow::Result<u8> {
    arguments.look.color.apply();
    let project = open(system, arguments)?;
    let (configuration, text) = definition(system, &project)?;
    let workspace = workspace(system, &project, &configuration.config, arguments.since.as_deref())?;
    let engines: Vec<&str> = engines::ALL.iter().map(|engine| engine.name).collect();
    let plan = Plan::new(
        &configuration.config,
        text.as_bytes(),
        workspace,
        options(arguments)?,
        &engines,
        system,
    )?;
    if arguments.dry_run {
        return planned::dry_run(system, &plan, arguments.json);
    }
    if let Some(step) = &arguments.why {
        return planned::why(system, &plan, step, arguments.json);
    }
    let record = go(system, arguments, &project, &plan)?;
    if arguments.learn {
        learnt::show(&record)?;
    }
    if arguments.json {
        let mut text = serde_json::to_vec_pretty(&record)?;
        text.push(b'\n');
        terminal::write_data(&text)?;
    }
    Ok(code(&record))
}

fn open(system: &dyn System, arguments: &RunArguments) -> anyhow::Result<Project> {
    let project = Project::open(system, &arguments.folder)?;
    if project.is_file || project.is_bare {
        let message = format!("{} is no working tree", arguments.folder.display());
        return Err(Problem::new(message).hint("name the folder of a project").into());
    }
    if project.repository.is_none() && arguments.since.is_some() {
        return Err(Problem::new("--since needs a git repository, and this folder is in none").into());
    }
    Ok(project)
}

/// The pipeline is that of the working tree; what judges it is that of the base.
fn definition(system: &dyn System, project: &Project) -> anyhow::Result<(Configuration, String)> {
    let source = project.source(system, None)?;
    let configuration = Configuration::read(system, source.as_ref(), None)?;
    match &configuration.file {
        Some((_, text)) => {
            let text = text.clone();
            Ok((configuration, text))
        }
        None => {
            let message = format!("there is no andon.yaml in {}", project.top.display());
            Err(Problem::new(message).hint("`andon init` writes one; its key `pipeline` says what runs").into())
        }
    }
}

fn options(arguments: &RunArguments) -> anyhow::Result<Options> {
    let jobs = match arguments.jobs {
        Some(jobs) => NonZeroUsize::new(jobs).ok_or_else(|| Problem::new("--jobs is at least 1"))?,
        None => std::thread::available_parallelism().unwrap_or(NonZeroUsize::MIN),
    };
    Ok(Options {
        from: arguments.from,
        only: arguments.only.clone(),
        jobs,
        keep_going: arguments.keep_going,
        cache: if arguments.no_cache { CacheUse::Refresh } else { CacheUse::Use },
        learn: arguments.learn,
    })
}

fn go(
    system: &dyn System,
    arguments: &RunArguments,
    project: &Project,
    plan: &Plan,
) -> anyhow::Result<RunRecord> {
    let interrupted = interrupt::install();
    let documents = Documents::open(system)?;
    let recorder = Recorder::open(system, &plan.workspace.project, &arguments.key)?;
    let since = arguments.since.as_deref();
    let judging = project.source(system, since)?;
    let judges = Configuration::read(system, judging.as_ref(), None)?;
    let scans = Scans {
        system,
        program: std::env::current_exe().context("cannot find this program to start a scan with")?,
        since,
        workspace: &plan.workspace,
        configuration: &scan_digest(judging.as_ref(), &judges.config.scan.rules)?,
        documents: &documents,
        recorder: &recorder,
        reports: Mutex::default(),
    };
    let gates = Judge {
        system,
        project,
        workspace: &plan.workspace,
        since,
        scans: &scans,
        recorder: &recorder,
        documents: &documents,
    };
    let launch = SealedLaunch::default();
    let data = data_folder(system)?;
    let cache = planned::cache(system)?;
    let view = View::start(arguments.plain);
    let outcome = andon_pipeline::run(
        plan,
        &Line {
            system,
            data: &data,
            cache: &cache,
            cache_limit: CACHE_LIMIT,
            tool: TOOL,
            steps: &StepRunner::new(&launch, system),
            checks: &scans,
            gates: &gates,
            evidence: &recorder,
            observer: &view,
            interrupted,
        },
    );
    view.finish();
    outcome.map_err(|failure| Problem::new(failure.to_string()).into())
}

fn code(record: &RunRecord) -> u8 {
    match record.outcome {
        RunOutcome::Succeeded => exit::GO_ON,
        RunOutcome::Cancelled | RunOutcome::Running | RunOutcome::Interrupted => exit::INCOMPLETE,
        RunOutcome::Failed => exit::STOPPED,
        RunOutcome::Stopped => {
            let decisions = record.gates.iter().filter_map(|gate| gate.decision.as_ref());
            let stopping = decisions.filter(|decision| decision.verdict > Verdict::Warn);
            stopping.map(andon_gate::exit_code).min().unwrap_or(exit::STOPPED)
        }
    }
}
