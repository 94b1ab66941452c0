use std::path::{Path, PathBuf};

use andon_system::{FileKind, System};
use gix::Repository;
use gix::sec::Trust;

use super::{IntakeError, preflight};

/// Opens the repository at a folder (with `.git`, or bare) without believing it: neither its nor the user's
/// configuration makes anything run, no file is included, no environment variable redirects it. Who owns it does not
/// matter, since it is only read.
///
/// # Errors
/// When there is none or it cannot be read.
pub fn open_repository(folder: &Path) -> Result<Repository, IntakeError> {
    preflight::check(folder).map_err(|error| git_error(folder, &error))?;
    let options = gix::open::Options::isolated().lossy_config(true);
    gix::open_opts(folder, options).map_err(|error| git_error(folder, &error))
}

/// The folder at or above `folder` (absolute, without links) that has a working tree's `.git`, and its repository.
/// Above `folder`, a repository of somebody else is passed over, as git does (`safe.directory`): its ignore rules could
/// hide files from the scan.
pub fn find_worktree(system: &dyn System, folder: &Path) -> Option<(PathBuf, Repository)> {
    folder.ancestors().enumerate().find_map(|(distance, candidate)| {
        system.metadata(&candidate.join(".git")).ok()?;
        let repository = open_repository(candidate).ok()?;
        let trusted = distance == 0 || repository.git_dir_trust() == Trust::Full;
        trusted.then(|| (candidate.to_owned(), repository))
    })
}

/// Whether a folder is a git repository itself, without a working tree around it.
pub fn is_bare_repository(system: &dyn System, folder: &Path) -> bool {
    let is = |name: &str, kind| system.metadata(&folder.join(name)).is_ok_and(|found| found.kind == kind);
    is("HEAD", FileKind::File) && is("objects", FileKind::Folder) && is("refs", FileKind::Folder)
}

/// Every folder that reading the repository touches: its git folder, the one that linked working trees share, and the
/// object folders of its alternates. A sandbox has to allow them.
pub fn repository_folders(repository: &Repository) -> Vec<PathBuf> {
    let mut folders = vec![repository.git_dir().to_owned(), repository.common_dir().to_owned()];
    let objects = repository.common_dir().join("objects");
    let current = repository.current_dir();
    folders.extend(gix::odb::alternate::resolve(objects, current).unwrap_or_default());
    for folder in &mut folders {
        *folder = gix::path::realpath(&*folder).unwrap_or_else(|_| folder.clone());
    }
    folders.sort();
    folders.dedup();
    folders
}

/// A failure of git, told with the repository it concerns.
pub(super) fn git_error(path: &Path, error: &dyn std::fmt::Display) -> IntakeError {
    IntakeError::Git { path: path.to_owned(), detail: error.to_string() }
}
