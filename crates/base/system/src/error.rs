use std::io;
use std::path::{Path, PathBuf};

use andon_model::{Gap, GapKind};
use thiserror::Error;

/// Something that could not be read.
#[derive(Debug, Error)]
#[error("cannot read {}: {problem}", path.display())]
pub struct ReadError {
    /// What was to be read.
    pub path: PathBuf,
    /// Why it could not be.
    #[source]
    pub problem: ReadProblem,
}

/// Why something could not be read.
#[derive(Debug, Error)]
pub enum ReadProblem {
    /// Nothing is there, or not any more.
    #[error("it is not there (removed or renamed meanwhile?)")]
    NotFound,
    /// The permissions forbid it.
    #[error("permission denied; run as a user who may read it, or exclude it")]
    Denied,
    /// A folder, link, pipe, socket or device where a file was expected, or a file where a folder was.
    #[error("it is not of the expected kind (folder, symbolic link, pipe, socket or device)")]
    WrongKind,
    /// More bytes than wanted.
    #[error("{size} bytes are more than the limit of {limit}; raise the limit or exclude it")]
    TooLarge {
        /// Bytes it has, as far as known.
        size: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// Its size or modification time changed between the first and the last byte.
    #[error("it changed while it was read; scan again when nothing writes to it")]
    Changed,
    /// Anything else the operating system says.
    #[error("{0}")]
    Other(io::Error),
}

impl ReadError {
    pub(crate) fn new(path: &Path, problem: ReadProblem) -> Self {
        Self { path: path.to_owned(), problem }
    }

    pub(crate) fn io(path: &Path, error: io::Error) -> Self {
        Self::new(path, ReadProblem::from(error))
    }

    /// The coverage line for a file or folder of a target; `subject` is its report path.
    pub fn gap(&self, subject: &str) -> Gap {
        let kind = match self.problem {
            ReadProblem::TooLarge { .. } => GapKind::TooLarge,
            ReadProblem::NotFound | ReadProblem::Changed => GapKind::Changed,
            ReadProblem::Denied | ReadProblem::WrongKind | ReadProblem::Other(_) => GapKind::Unreadable,
        };
        Gap { kind, subject: subject.to_owned(), detail: self.problem.to_string() }
    }
}

impl From<io::Error> for ReadProblem {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::NotFound,
            io::ErrorKind::PermissionDenied => Self::Denied,
            io::ErrorKind::NotADirectory | io::ErrorKind::IsADirectory => Self::WrongKind,
            _ if is_link_refusal(&error) => Self::WrongKind,
            _ => Self::Other(error),
        }
    }
}

/// `O_NOFOLLOW` answers a symbolic link with ELOOP (open(2)); opening a socket gives ENXIO.
#[cfg(unix)]
fn is_link_refusal(error: &io::Error) -> bool {
    matches!(error.raw_os_error(), Some(libc::ELOOP | libc::ENXIO))
}

#[cfg(not(unix))]
fn is_link_refusal(_error: &io::Error) -> bool {
    false
}

/// Something that could not be written.
#[derive(Debug, Error)]
#[error("cannot write {}: {problem}", path.display())]
pub struct WriteError {
    /// What was to be written.
    pub path: PathBuf,
    /// Why it could not be.
    #[source]
    pub problem: WriteProblem,
}

/// Why something could not be written.
#[derive(Debug, Error)]
pub enum WriteProblem {
    /// The disk or a quota is full.
    #[error("the disk is full (or a quota is reached); free some space or choose another folder")]
    Full,
    /// The permissions or a read-only file system forbid it.
    #[error("permission denied or read-only; choose a folder that you may write to")]
    Denied,
    /// The folder does not exist.
    #[error("the folder does not exist; create it first")]
    MissingFolder,
    /// Anything else the operating system says.
    #[error("{0}")]
    Other(io::Error),
}

impl WriteError {
    /// The error of writing to a file that is open already.
    pub fn of(path: &Path, error: io::Error) -> Self {
        Self::io(path, error)
    }

    pub(crate) fn io(path: &Path, error: io::Error) -> Self {
        let problem = match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => WriteProblem::Full,
            io::ErrorKind::PermissionDenied | io::ErrorKind::ReadOnlyFilesystem => WriteProblem::Denied,
            io::ErrorKind::NotFound => WriteProblem::MissingFolder,
            _ => WriteProblem::Other(error),
        };
        Self { path: path.to_owned(), problem }
    }
}
