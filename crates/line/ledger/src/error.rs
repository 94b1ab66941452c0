use std::path::PathBuf;

use andon_system::{ReadError, WriteError};
use thiserror::Error;

use crate::checkpoint::CheckpointError;
use crate::note::NoteError;

/// Why the log cannot be read or written.
#[derive(Debug, Error)]
pub enum LedgerError {
    /// A file of the log cannot be read.
    #[error("the log cannot be read: {0}")]
    Read(#[from] ReadError),
    /// A file of the log cannot be written. What was to be appended is not acknowledged; the log is as before.
    #[error("nothing was appended to the log: {0}")]
    Write(#[from] WriteError),
    /// There is no log in the folder.
    #[error("there is no log in {}", folder.display())]
    Missing {
        /// The folder.
        folder: PathBuf,
    },
    /// A file of the log holds something that it should not.
    #[error("the log is damaged: {}: {problem}; keep a copy of the folder; `andon verify --ledger` says where the damage begins", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong.
        problem: String,
    },
    /// The log's checkpoint is not believed.
    #[error("the log's checkpoint is not believed: {0}")]
    Checkpoint(#[from] CheckpointError),
    /// The origin cannot be the name of a log.
    #[error("this origin cannot be a log's: {0}")]
    Origin(#[from] NoteError),
    /// What is to be appended is empty or too large.
    #[error("an entry of {length} bytes cannot be appended; it must have 1 to {limit} bytes")]
    Length {
        /// Bytes of the entry.
        length: u64,
        /// Bytes of the largest entry.
        limit: u64,
    },
    /// The log has no such entry.
    #[error("the log has no entry {index}; it has {size}, counted from 0")]
    NoEntry {
        /// Which was asked for.
        index: u64,
        /// How many there are.
        size: u64,
    },
    /// Another process could not write to the disk, and what this one had appended went with it.
    #[error(
        "nothing was appended to the log: another process failed to write it to the disk; append it again"
    )]
    Abandoned,
    /// A writer has stopped in the middle of its work, for instance because a signer panicked.
    #[error("an earlier append to the log broke off inside this process; open the log again")]
    Broken,
}
