//! Where contents come from: a folder, a git working tree, the index, standard input. It lists and reads; it knows
//! nothing of engines. Whatever cannot be looked at becomes a line of the coverage.

mod blob;
mod ignores;
mod index;
mod preflight;
mod renames;
mod repository;
mod staged;
mod stdin;
mod tree;
mod walk;
mod worktree;

#[cfg(test)]
mod support;
#[cfg(test)]
mod tests;

use std::path::PathBuf;

use andon_system::{ReadError, Stamp};
use thiserror::Error;

pub use blob::{BlobError, BlobProblem, read_blob};
pub use repository::{find_worktree, is_bare_repository, open_repository, repository_folders};
pub use staged::{StagedEntry, staged};
pub use stdin::{STDIN_PATH, read_stdin};
pub use tree::{list_tree, list_tree_and_links};

/// A file of a tree that is to be examined.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileEntry {
    /// Report path, from the root of the target.
    pub path: String,
    /// Where to read it.
    pub absolute: PathBuf,
    /// Bytes when it was listed.
    pub size: u64,
    /// What tells whether it changed since it was listed; `None` where the system cannot tell.
    pub stamp: Option<Stamp>,
    /// Whether git tracks it; false outside of repositories.
    pub tracked: bool,
}

/// What of a tree is to be listed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TreeOptions {
    /// Also files that git does not track.
    pub untracked: bool,
    /// Also files that git ignores; only together with `untracked`.
    pub ignored: bool,
    /// Patterns, as in a `.gitignore` at the root of the target, of what to leave out even if it is tracked.
    pub exclude: Vec<String>,
    /// Larger texts are a gap (bytes). They are listed all the same.
    pub max_file_size: u64,
    /// Whether a git repository is listed by git's rules; otherwise everything but `.git` is.
    pub follow_git: bool,
}

impl Default for TreeOptions {
    fn default() -> Self {
        const MAX_FILE_SIZE: u64 = 100 * 1024 * 1024;
        Self {
            untracked: true,
            ignored: false,
            exclude: Vec::new(),
            max_file_size: MAX_FILE_SIZE,
            follow_git: true,
        }
    }
}

/// Why a target cannot be listed at all.
#[derive(Debug, Error)]
pub enum IntakeError {
    /// The target itself cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A pipe, socket or device.
    #[error("{} is neither a file nor a folder; pipe its content to standard input (target `-`)", .0.display())]
    NotAFile(PathBuf),
    /// A bare repository, or the inside of a `.git` folder.
    #[error("{} is a git repository without a working tree; scan its commits with --history", .0.display())]
    Bare(PathBuf),
    /// No git repository.
    #[error(
        "{} is not in a git repository; name a folder that is, or scan it without --staged, --since and --history",
        .0.display()
    )]
    NotARepository(PathBuf),
    /// A repository that git could not read either.
    #[error("cannot read the git repository {}: {detail}; `git fsck` tells more", path.display())]
    Git {
        /// The repository.
        path: PathBuf,
        /// What failed.
        detail: String,
    },
    /// A pattern that is none.
    #[error("cannot use the exclude pattern `{pattern}`: {detail}")]
    Pattern {
        /// The pattern.
        pattern: String,
        /// What is wrong with it.
        detail: String,
    },
}
