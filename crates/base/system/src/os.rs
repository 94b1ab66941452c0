#![expect(clippy::disallowed_methods, reason = "this is the door that the lint points to")]

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::Read;
use std::path::{Path, PathBuf};

use crate::files::ReadSeek;
use crate::{
    Capped, DirEntry, FileKind, Metadata, ReadError, ReadProblem, Stamp, System, WriteError, atomic, reader,
};

/// The real disk, clock and environment.
#[derive(Clone, Copy, Debug, Default)]
pub struct OsSystem;

impl System for OsSystem {
    fn read_capped(&self, path: &Path, limit: u64) -> Result<Capped, ReadError> {
        let file = open(path, false).map_err(|error| ReadError::io(path, error))?;
        read_open(file, path, limit)
    }

    fn read_start(&self, path: &Path, length: u64) -> Result<Vec<u8>, ReadError> {
        let failed = |error| ReadError::io(path, error);
        let file = open(path, false).map_err(failed)?;
        if !file.metadata().map_err(failed)?.is_file() {
            return Err(ReadError::new(path, ReadProblem::WrongKind));
        }
        let mut bytes = Vec::new();
        file.take(length).read_to_end(&mut bytes).map_err(failed)?;
        Ok(bytes)
    }

    fn open_file(&self, path: &Path) -> Result<Box<dyn ReadSeek>, ReadError> {
        let failed = |error| ReadError::io(path, error);
        let file = open(path, false).map_err(failed)?;
        if !file.metadata().map_err(failed)?.is_file() {
            return Err(ReadError::new(path, ReadProblem::WrongKind));
        }
        Ok(Box::new(file))
    }

    fn read_named(&self, path: &Path, limit: u64) -> Result<Capped, ReadError> {
        let file = open(path, true).map_err(|error| ReadError::io(path, error))?;
        read_open(file, path, limit)
    }

    fn metadata(&self, path: &Path) -> Result<Metadata, ReadError> {
        fs::symlink_metadata(path).map(|found| describe(&found)).map_err(|error| ReadError::io(path, error))
    }

    fn canonical(&self, path: &Path) -> Result<PathBuf, ReadError> {
        fs::canonicalize(path).map_err(|error| ReadError::io(path, error))
    }

    fn list(&self, folder: &Path) -> Result<Vec<DirEntry>, ReadError> {
        let failed = |error| ReadError::io(folder, error);
        let mut entries = Vec::new();
        for entry in fs::read_dir(folder).map_err(failed)? {
            let entry = entry.map_err(failed)?;
            let Ok(kind) = entry.file_type().map(kind_of) else { continue };
            let found = if kind == FileKind::File { entry.metadata().ok() } else { None };
            let size = found.as_ref().map_or(0, fs::Metadata::len);
            let stamp = found.as_ref().and_then(stamp_of);
            entries.push(DirEntry { name: entry.file_name(), kind, size, stamp });
        }
        Ok(entries)
    }

    fn write_atomic(&self, path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
        atomic::write(path, bytes)
    }

    fn create_folder(&self, path: &Path) -> Result<(), WriteError> {
        fs::create_dir_all(path).map_err(|error| WriteError::io(path, error))
    }

    fn remove_file(&self, path: &Path) -> Result<(), WriteError> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(WriteError::io(path, error)),
            _ => Ok(()),
        }
    }

    fn environment(&self, name: &str) -> Option<OsString> {
        std::env::var_os(name).filter(|value| !value.is_empty())
    }

    fn current_folder(&self) -> Option<PathBuf> {
        std::env::current_dir().ok()
    }

    fn now(&self) -> jiff::Timestamp {
        jiff::Timestamp::now()
    }
}

/// Opens without blocking: a pipe without a writer returns at once and is then refused by its kind.
pub(crate) fn open(path: &Path, follow: bool) -> std::io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        let link = if follow { 0 } else { libc::O_NOFOLLOW };
        options.custom_flags(libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC | link);
    }
    #[cfg(not(unix))]
    if !follow && fs::symlink_metadata(path)?.file_type().is_symlink() {
        return Err(std::io::ErrorKind::IsADirectory.into());
    }
    options.open(path)
}

fn read_open(mut file: File, path: &Path, limit: u64) -> Result<Capped, ReadError> {
    let failed = |error| ReadError::io(path, error);
    let refused = |problem| Err(ReadError::new(path, problem));
    let before = file.metadata().map_err(failed)?;
    if !before.is_file() {
        return refused(ReadProblem::WrongKind);
    }
    let size = before.len();
    if size > limit {
        return refused(ReadProblem::TooLarge { size, limit });
    }
    let mut bytes = Vec::new();
    let wanted = usize::try_from(size).unwrap_or(usize::MAX).saturating_add(1);
    if bytes.try_reserve_exact(wanted).is_err() {
        return refused(ReadProblem::Other(std::io::ErrorKind::OutOfMemory.into()));
    }
    // One call reads an ordinary file whole; that it ends there, the size says afterwards. Files that claim to be
    // empty (some of the kernel's are not) are read to their end.
    let whole = if size == 0 {
        reader::fill(&mut file, &mut bytes, limit)
    } else {
        (&mut file).take(size).read_to_end(&mut bytes).map(|_| true)
    };
    if !whole.map_err(failed)? {
        return refused(ReadProblem::TooLarge { size: limit.saturating_add(1), limit });
    }
    let after = file.metadata().map_err(failed)?;
    let same_time = before.modified().ok() == after.modified().ok();
    if after.len() != size || u64::try_from(bytes.len()).ok() != Some(size) || !same_time {
        return refused(ReadProblem::Changed);
    }
    Ok(Capped { bytes, stamp: stamp_of(&after) })
}

fn describe(found: &fs::Metadata) -> Metadata {
    let kind = kind_of(found.file_type());
    let file = Some(found).filter(|_| kind == FileKind::File);
    Metadata { kind, size: file.map_or(0, fs::Metadata::len), stamp: file.and_then(stamp_of) }
}

/// `None` when a time is too far off to be believed.
#[cfg(unix)]
pub(crate) fn stamp_of(found: &fs::Metadata) -> Option<Stamp> {
    use std::os::unix::fs::MetadataExt;
    let nanoseconds = |seconds: i64, rest: i64| seconds.checked_mul(1_000_000_000)?.checked_add(rest);
    Some(Stamp {
        size: found.len(),
        modified: nanoseconds(found.mtime(), found.mtime_nsec())?,
        changed: nanoseconds(found.ctime(), found.ctime_nsec())?,
        inode: found.ino() ^ found.dev().rotate_left(40),
    })
}

/// Without change time and inode a stamp would miss changes.
#[cfg(not(unix))]
pub(crate) fn stamp_of(_found: &fs::Metadata) -> Option<Stamp> {
    None
}

fn kind_of(kind: fs::FileType) -> FileKind {
    if kind.is_file() {
        FileKind::File
    } else if kind.is_dir() {
        FileKind::Folder
    } else if kind.is_symlink() {
        FileKind::SymbolicLink
    } else {
        FileKind::Special
    }
}
