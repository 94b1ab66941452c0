use std::path::{Path, PathBuf};

use andon_system::files::{self, journal};
use andon_system::{ReadError, ReadProblem, WriteError, WriteProblem, atomic};

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

    /// Writes at the end of a file, which is cut off at `at` first. What writes to a file creates its folder.
    fn write_at(&self, path: &str, at: u64, bytes: &[u8]) -> Result<(), WriteError>;

    /// Cuts a file off.
    fn truncate(&self, path: &str, length: u64) -> Result<(), WriteError>;

    /// Waits until the content of a file is on the disk.
    fn sync(&self, path: &str) -> Result<(), WriteError>;

    /// As [`Disk::sync`], and for the name of the file too.
    fn sync_named(&self, path: &str) -> Result<(), WriteError>;

    /// Replaces a file in one step; it is on the disk when it returns.
    fn replace(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError>;

    /// Replaces the content of a small file in place. A reader or a power cut may see a mixture.
    fn overwrite(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError>;

    /// Removes a file, which is gone from the disk when it returns; fine when there is none.
    fn remove_file(&self, path: &str) -> Result<(), WriteError>;

    /// Waits for a lock among processes.
    fn lock(&self, path: &str) -> Result<Box<dyn Held>, WriteError>;

    /// The path for messages.
    fn name(&self, path: &str) -> PathBuf;
}

/// The bytes of a file of at most `limit` bytes; `None` when there is none.
pub(crate) fn read(disk: &dyn Disk, path: &str, limit: u64) -> Result<Option<Vec<u8>>, ReadError> {
    let bytes = read_start(disk, path, limit.saturating_add(1))?;
    let size = bytes.as_ref().map_or(0, |bytes| u64::try_from(bytes.len()).unwrap_or(u64::MAX));
    if size > limit {
        return Err(ReadError { path: disk.name(path), problem: ReadProblem::TooLarge { size, limit } });
    }
    Ok(bytes)
}

/// The first bytes of a file; `None` when there is none.
pub(crate) fn read_start(disk: &dyn Disk, path: &str, length: u64) -> Result<Option<Vec<u8>>, ReadError> {
    match disk.read_at(path, 0, length) {
        Ok(bytes) => Ok(Some(bytes)),
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

    /// Folders are made when they are missed: looking for them before every call costs more.
    fn with_folder<T>(
        &self,
        path: &str,
        call: impl Fn(&Path) -> Result<T, WriteError>,
    ) -> Result<T, WriteError> {
        let path = self.at(path);
        match call(&path) {
            Err(WriteError { problem: WriteProblem::MissingFolder, .. }) => {
                path.parent().map_or(Ok(()), journal::create_folder)?;
                call(&path)
            }
            other => other,
        }
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
        self.with_folder(path, |path| journal::write_at(path, at, bytes))
    }

    fn truncate(&self, path: &str, length: u64) -> Result<(), WriteError> {
        journal::truncate(&self.at(path), length)
    }

    fn sync(&self, path: &str) -> Result<(), WriteError> {
        journal::sync(&self.at(path))
    }

    fn sync_named(&self, path: &str) -> Result<(), WriteError> {
        journal::sync_named(&self.at(path))
    }

    fn replace(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        self.with_folder(path, |path| atomic::write_durable(path, bytes))
    }

    fn overwrite(&self, path: &str, bytes: &[u8]) -> Result<(), WriteError> {
        self.with_folder(path, |path| journal::overwrite(path, bytes))
    }

    fn remove_file(&self, path: &str) -> Result<(), WriteError> {
        journal::remove_file(&self.at(path))
    }

    fn lock(&self, path: &str) -> Result<Box<dyn Held>, WriteError> {
        Ok(Box::new(self.with_folder(path, files::lock_waiting)?))
    }

    fn name(&self, path: &str) -> PathBuf {
        self.at(path)
    }
}
