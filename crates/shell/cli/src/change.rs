//! What a gate has to know about the change under judgement, beside the findings.

use andon_gate::Change;
use andon_model::{Gap, ScanReport};
use andon_scan::protected::{self, Head};
use andon_system::System;

use crate::project::Project;

/// The two sides of the change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sides<'a> {
    /// What is there, compared with nothing.
    Nothing,
    /// The index and HEAD.
    Staged,
    /// The commits at HEAD and a revision.
    Commits(&'a str),
    /// The working tree and a revision.
    WorkingTree(&'a str),
}

impl<'a> Sides<'a> {
    /// The revision whose configuration judges; `None` for that of the working tree.
    pub(crate) fn base(self) -> Option<&'a str> {
        match self {
            Self::Commits(base) | Self::WorkingTree(base) => Some(base),
            Self::Nothing | Self::Staged => None,
        }
    }
}

/// The change that a report is about. Also a gap when the touched paths are unknown.
pub(crate) fn change(
    system: &dyn System,
    project: &Project,
    sides: Sides<'_>,
    report: &ScanReport,
) -> (Change, Option<Gap>) {
    let mut change = Change {
        base: report.target.base.clone(),
        head: report.target.head.clone(),
        protected_changes: report.protected_changes.clone(),
        ..Change::default()
    };
    let Some(repository) = &project.repository else { return (change, None) };
    let repository = repository.to_thread_local();
    let (base, head) = match sides {
        Sides::Nothing => return (change, None),
        Sides::Staged => ("HEAD", Head::Index),
        Sides::Commits(base) => {
            change.author = author(&repository);
            (base, Head::Revision("HEAD"))
        }
        Sides::WorkingTree(base) => (base, Head::WorkingTree(system)),
    };
    match protected::touched(&repository, base, head) {
        Ok(paths) => {
            change.touched_paths = paths;
            (change, None)
        }
        Err(gap) => (change, Some(gap)),
    }
}

/// Who wrote the last commit.
fn author(repository: &gix::Repository) -> Option<String> {
    let commit = repository.head_commit().ok()?;
    let author = commit.author().ok()?;
    Some(format!("{} <{}>", author.name, author.email))
}
