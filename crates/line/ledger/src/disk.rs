use std::path::{Path, PathBuf};

use andon_system::files::{self, journal};
use andon_system::{ReadError, ReadProblem, WriteError, atomic};

/// What is held until it is dropped.
pub(crate) trait Held {}

impl Held for files::Lock {}

/// The folder of a log. Paths are relative to it, with `/` between names. The tests have others: one that fails at any
/// given call, one that loses what was not synced.
pub(crate) trait Disk: Send + Sync {
    /// Bytes of a file; `None` when there is none.
    fn length(&self, path: &str) -> Result<Option<u64>, ReadError>;

    /// Bytes from `offset` on, fewer where the file ends.
    fn read_at(&self, path: &str, offset: u64, length: u64) -> Result<Vec<u8>, ReadError>;

    /// Writes at the end of a file, which is cut off at `at` first.
    fn write_at(&self, path: &str, at: u64, bytes: &[u8]) -> Result<(), WriteError>;

    /// Cuts a file off.
    fn truncate(&self, path: &str, length: u64) -> Result<(), WriteError>;

    /// Waits until the content of a file is on the disk.
    fn sync(&self, path: &str) -> Result<(), WriteError>;

    /// Replaces a file in one step and creates its folder; with `durable`, it is on the disk when it returns.
    fn replace(&self, path: &str, bytes: &[u8], durable: bool) -> Result<(), WriteError>;

    /// Removes a folder and what is in it; fine when there is none.
    fn remove_folder(&self, path: &str) -> Result<(), WriteError>;

    /// Removes a file, which is gone from the disk when it returns; fine when there is none.
    fn remove_file(&self, path: &str) -> Result<(), WriteError>;

    /// Waits for a lock among processes.
    fn lock(&self, path: &str) -> Result<Box<dyn Held>, WriteError>;

    /// The path for messages.
    fn name(&self, path: &str) -> PathBuf;
}

/// The bytes of a file of at most `limit` bytes; `None` when there is none.
pub(crate) fn read(disk: &dyn Disk, path: &str, limit: u64) -> Result<Option<Vec<u8>>, ReadError> {
    match disk.read_at(path, 0, limit.saturating_add(1)) {
        Ok(bytes) => {
            let size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
            let problem = ReadProblem::TooLarge { size, limit };
            if size > limit { Err(ReadError { path: disk.name(path), problem }) } else { Ok(Some(bytes)) }
        }
        Err(ReadError { problem: ReadProblem::NotFound, .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

/// A folder of the operating system.
#[derive(Debug)]
pub(crate) struct OsDisk {
    folder: PathBuf,
}

impl OsDisk {
    pub(crate) fn new(folder: &Path) -> Self {
        Self { folder: folder.to_owned() }
    }

    fn at(&self, path: &str) -> PathBuf {
        self.folder.join(path)
    }
}

impl Disk for OsDisk {
    fn length(&self, path: &str) -> Result<Option<u64>, ReadError> {
        journal::length(&self.at(path))
    }

    fn read_at(&self, path: &str, offset: u64, length: u64) -> Result<Vec<u8>, ReadError> {
        journal::read_at(&self.at(path), offset, length)
    }

    fn write_at(&self, path: &str, at: u64, bytes: &[u8]) -> Result<(), WriteError> {
        journal::write_at(&self.at(path), at, bytes)
    }

    fn truncate(&self, path: &str, length: u64) -> Result<(), WriteError> {
        journal::truncate(&self.at(path), length)
    }

    fn sync(&self, path: &str) -> Result<(), WriteError> {
        journal::sync(&self.at(path))
    }

    fn replace(&self, path: &str, bytes: &[u8], durable: bool) -> Result<(), WriteError> {
        let path = self.at(path);
        let write = if durable { atomic::write_durable } else { atomic::write };
        match write(&path, bytes) {
            // Folders are made when they are missed: looking for them before every file costs more.
            Err(error) if matches!(error.problem, andon_system::WriteProblem::MissingFolder) => {
                path.parent().map_or(Ok(()), journal::create_folder)?;
                write(&path, bytes)
            }
            other => other,
        }
    }

    fn remove_folder(&self, path: &str) -> Result<(), WriteError> {
        journal::remove_folder(&self.at(path))
    }

    fn remove_file(&self, path: &str) -> Result<(), WriteError> {
        journal::remove_file(&self.at(path))
    }

    fn lock(&self, path: &str) -> Result<Box<dyn Held>, WriteError> {
        let path = self.at(path);
        match files::lock_waiting(&path) {
            Err(error) if matches!(error.problem, andon_system::WriteProblem::MissingFolder) => {
                path.parent().map_or(Ok(()), journal::create_folder)?;
                Ok(Box::new(files::lock_waiting(&path)?))
            }
            other => Ok(Box::new(other?)),
        }
    }

    fn name(&self, path: &str) -> PathBuf {
        self.at(path)
    }
}
