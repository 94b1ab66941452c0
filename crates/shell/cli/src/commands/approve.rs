use std::path::Path;

use andon_attestation::{Resource, Statement, predicate};
use andon_config::Config;
use andon_system::System;
use jiff::Timestamp;

use super::gate::Commits;
use crate::arguments::ApproveArguments;
use crate::line::LedgerPlace;
use crate::problem::Problem;
use crate::project::{Configuration, Project, project_name};
use crate::{exit, keys, terminal};

/// Signs that a commit may go on.
pub(crate) fn run(system: &dyn System, arguments: &ApproveArguments) -> anyhow::Result<u8> {
    let project = Project::open(system, Path::new("."))?;
    let Some(repository) = project.repository.as_ref().map(gix::ThreadSafeRepository::to_thread_local) else {
        return Err(
            Problem::new("an approval is of a commit, and this folder is in no git repository").into()
        );
    };
    let commit = Commits::resolve(&repository, &arguments.commit)?.to_string();
    let source = project.source(system, None)?;
    let configuration = Configuration::read(system, source.as_ref(), None)?;
    let approval = approval(arguments, &configuration.config, system.now())?;
    let key = keys::signing(system, &arguments.key)?;
    let envelope = Statement::of(vec![Resource::git_commit(&commit)], &approval)?.sign(&key).to_json();
    let place = match &arguments.output {
        Some(path) if path == Path::new("-") => {
            terminal::write_data(&envelope)?;
            return Ok(exit::GO_ON);
        }
        Some(path) => {
            system.write_atomic(path, &envelope)?;
            path.display().to_string()
        }
        None => {
            let name = project_name(&project, &configuration.config);
            let indices = LedgerPlace::of(system, &name)?.write(system)?.append(&[&envelope])?;
            format!("entry {} of the ledger", indices.first().copied().unwrap_or_default())
        }
    };
    terminal::write_text(&format!("approved {commit} as {}\nwrote    {place}\n", approval.role))?;
    Ok(exit::GO_ON)
}

fn approval(
    arguments: &ApproveArguments,
    config: &Config,
    now: Timestamp,
) -> anyhow::Result<predicate::Approval> {
    if arguments.role.trim().is_empty() {
        return Err(Problem::new("--role is empty").hint("name the role as the gate names it").into());
    }
    if let Some(until) = &arguments.until {
        let end: Timestamp = until.parse().map_err(|_| {
            Problem::new(format!("`{until}` is no time")).hint("write it as 2026-12-01T00:00:00Z")
        })?;
        if end <= now {
            return Err(Problem::new(format!("`{until}` has passed already")).into());
        }
    }
    Ok(predicate::Approval {
        role: arguments.role.clone(),
        approver: arguments.approver.clone(),
        reason: arguments.reason.clone(),
        gate: arguments.gate.clone(),
        project: config.project.id.clone(),
        given_on: now.to_string(),
        until: arguments.until.clone(),
    })
}
