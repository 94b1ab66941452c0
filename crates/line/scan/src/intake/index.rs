use std::collections::HashMap;

use gix::Repository;
use gix::index::State;
use gix::index::entry::Mode;

use super::IntakeError;
use super::repository::git_error;

/// Reads the index; `None` where there is none, as in a repository without commits.
pub(super) fn read_index(repository: &Repository) -> Result<Option<gix::index::File>, IntakeError> {
    if !repository.index_path().exists() {
        return Ok(None);
    }
    repository.open_index().map(Some).map_err(|error| git_error(repository.git_dir(), &error))
}

/// The index by path, for a listing that meets the same files on the disk.
pub(super) struct Tracked<'a> {
    by_path: HashMap<&'a [u8], Known>,
}

/// A tracked path.
#[derive(Clone, Copy)]
pub(super) struct Known {
    /// A submodule: another repository.
    pub(super) submodule: bool,
    /// Met on the disk already.
    met: bool,
}

impl<'a> Tracked<'a> {
    /// The entries whose path starts with `prefix`. A path in conflict is one entry, a sparse folder is none.
    pub(super) fn new(state: Option<&'a State>, prefix: &[u8]) -> Self {
        let Some(state) = state else { return Self { by_path: HashMap::new() } };
        let entries = state.entries().iter().filter(|entry| entry.mode != Mode::DIR);
        let known = entries.map(|entry| {
            let path: &[u8] = entry.path(state);
            (path, Known { submodule: entry.mode == Mode::COMMIT, met: false })
        });
        Self { by_path: known.filter(|(path, _)| path.starts_with(prefix)).collect() }
    }

    /// Whether a path that the disk has is tracked, and notes that it was met.
    pub(super) fn meet(&mut self, path: &[u8]) -> Option<Known> {
        let known = self.by_path.get_mut(path)?;
        known.met = true;
        Some(*known)
    }

    /// What was not met, by path.
    pub(super) fn into_unmet(self) -> Vec<(&'a [u8], Known)> {
        let mut unmet: Vec<_> = self.by_path.into_iter().filter(|(_, known)| !known.met).collect();
        unmet.sort_unstable_by_key(|(path, _)| *path);
        unmet
    }
}
