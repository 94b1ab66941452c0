//! Whole histories and ranges of commits. Each blob is read once however many commits carry it, in the order in which
//! packs store them; commits, authors, dates and paths are worked out only for what was found.

mod commits;
mod delta;
mod details;
mod examine;
mod forest;
mod graph;
mod memo;
mod objects;
mod range;
mod sweep;
mod walk;
mod whole;

use std::sync::atomic::AtomicBool;

use andon_model::{Engine, Gap, Renames, SkipReason, Unit};

use crate::Progress;
use crate::cache::Store;

pub use range::{examine_range, range_base, range_commits};
pub use whole::examine_history;

/// What a look at the history needs.
pub struct HistoryRequest<'a> {
    /// The repository.
    pub repository: &'a gix::Repository,
    /// The engines.
    pub engines: &'a [&'a dyn Engine],
    /// Largest blob that is examined, in bytes.
    pub max_file_size: u64,
    /// Whether blobs that no reference reaches count as well.
    pub unreachable: bool,
    /// Where facts are remembered.
    pub store: Option<Store<'a>>,
    /// Set to end early with what there is.
    pub interrupted: &'a AtomicBool,
    /// Told how far it is.
    pub progress: &'a dyn Progress,
}

/// What a look at the history found.
#[derive(Debug, Default)]
pub struct HistoryOutcome {
    /// Per engine, contents with facts and where they occur.
    pub units: Vec<Vec<Unit>>,
    /// Per engine, the same for the other side of a range: what was there before.
    pub baseline: Vec<Vec<Unit>>,
    /// Blobs examined.
    pub files: u64,
    /// Their bytes.
    pub bytes: u64,
    /// Blobs answered from the cache.
    pub cached: u64,
    /// Left out on purpose: reason, blobs, bytes, an example.
    pub skipped: Vec<(SkipReason, u64, u64, String)>,
    /// What should have been examined and was not.
    pub gaps: Vec<Gap>,
    /// Commits walked.
    pub commits: u64,
    /// New path -> old path.
    pub renames: Renames,
    /// Paths that a range changes, sorted.
    pub touched: Vec<String>,
}

/// Why a history cannot be examined at all.
#[derive(Debug, thiserror::Error)]
pub enum HistoryError {
    /// A revision is not known.
    #[error("`{0}` names no commit of this repository; see `git log`, or fetch it first")]
    UnknownRevision(String),
    /// Git could not be read.
    #[error("{doing}: {reason}")]
    Git {
        /// What was being done.
        doing: &'static str,
        /// What git's data said.
        reason: String,
    },
}

impl HistoryError {
    fn git(doing: &'static str) -> impl FnOnce(&dyn std::fmt::Display) -> Self {
        move |reason| Self::Git { doing, reason: reason.to_string() }
    }
}

#[cfg(test)]
mod tests;
