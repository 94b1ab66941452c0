use andon_advisories::{BuildError, IndexError};
use andon_mapped::MapError;
use andon_network::NetworkError;
use andon_system::files::LockError;
use andon_system::{ReadError, WriteError};
use thiserror::Error;

/// Why there is no update at all. What was there before is still there.
#[derive(Debug, Error)]
pub enum UpdateError {
    /// Nothing says where data may be kept.
    #[error("there is no folder for data: set ANDON_DATA_DIR or HOME")]
    NoFolder,
    /// Another update is running.
    #[error("another update is running, {0}; wait for it to end")]
    Running(String),
    /// Something that is no name of an ecosystem.
    #[error(
        "{0:?} is no name of an ecosystem; write it as OSV does, without a release: npm, Debian, Rocky Linux"
    )]
    Name(String),
    /// The folder to take data from cannot be read.
    #[error("{0}; --from takes a folder or an address laid out as <ecosystem>/all.zip")]
    Source(ReadError),
    /// The folder to take data from has none.
    #[error("no <ecosystem>/all.zip in {0}")]
    Empty(String),
    /// The client for the network cannot be made.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// The data cannot be kept.
    #[error(transparent)]
    Write(#[from] WriteError),
    /// The index cannot be built.
    #[error(transparent)]
    Build(#[from] BuildError),
    /// The index that was built cannot be read; the old one stays.
    #[error("the index that was just built cannot be used, so the old one stays: {0}")]
    Index(String),
}

impl From<LockError> for UpdateError {
    fn from(error: LockError) -> Self {
        match error {
            LockError::Held { holder, .. } if holder.is_empty() => {
                Self::Running("by another process".to_owned())
            }
            LockError::Held { holder, .. } => Self::Running(format!("by {holder}")),
            LockError::Write(error) => Self::Write(error),
        }
    }
}

/// Why the index cannot be used.
#[derive(Debug, Error)]
pub enum OpenError {
    /// Its file cannot be opened.
    #[error(transparent)]
    Map(#[from] MapError),
    /// It is of another version, or damaged.
    #[error(transparent)]
    Index(#[from] IndexError),
}
