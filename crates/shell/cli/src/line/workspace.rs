use andon_pipeline::Workspace;
use andon_scan::protected::{self, Head};
use andon_system::System;

use crate::project::{Project, origin, project_id};

/// What is on the line: the working tree and, where there is a repository, its commit and what the change touches.
///
/// # Errors
/// When `since` is no revision, or git cannot say what changed.
pub(crate) fn workspace(
    system: &dyn System,
    project: &Project,
    config: &andon_config::Config,
    since: Option<&str>,
) -> anyhow::Result<Workspace> {
    let mut workspace = Workspace {
        root: project.top.clone(),
        project: project_id(project, config).unwrap_or_else(|| name_of(project)),
        ..Workspace::default()
    };
    let Some(repository) = &project.repository else { return Ok(workspace) };
    let repository = repository.to_thread_local();
    workspace.repository = origin(project).map(|address| format!("https://{address}"));
    workspace.commit = repository.head_id().ok().map(|id| id.to_string());
    workspace.branch = repository.head_name().ok().flatten().map(|name| name.shorten().to_string());
    workspace.clean = workspace.commit.is_some() && is_clean(&repository)?;
    if let Some(since) = since {
        let touched = protected::touched(&repository, since, Head::WorkingTree(system));
        workspace.changed = Some(touched.map_err(|gap| anyhow::anyhow!(gap.detail))?);
    }
    Ok(workspace)
}

fn name_of(project: &Project) -> String {
    project.top.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

/// Whether the working tree is exactly the commit, with no file that git neither tracks nor ignores.
fn is_clean(repository: &gix::Repository) -> anyhow::Result<bool> {
    let mut changes = repository
        .status(gix::progress::Discard)?
        .untracked_files(gix::status::UntrackedFiles::Files)
        .into_iter(None)?;
    Ok(changes.next().transpose()?.is_none())
}
