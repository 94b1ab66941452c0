//! Files that are replaced in one step.

#![expect(clippy::disallowed_methods, reason = "this is the door that the lint points to")]

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};

use crate::WriteError;

/// Replaces the file at `path`: a temporary file in the same folder is written and renamed over it, so a reader, a
/// concurrent run or a killed process leaves the old or the new content. A symbolic link is followed; a device or
/// pipe is written to directly. After a crash of the machine either content may be there.
///
/// # Errors
/// When the disk is full, the folder is missing or may not be written to. The temporary file is removed.
pub fn write(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    replace(path, bytes, false).map_err(|error| WriteError::io(path, error))
}

/// As [`write()`], and the content is on the disk when it returns.
///
/// # Errors
/// As [`write()`].
pub fn write_durable(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    replace(path, bytes, true).map_err(|error| WriteError::io(path, error))
}

fn replace(path: &Path, bytes: &[u8], durable: bool) -> io::Result<()> {
    let target = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let existing = fs::metadata(&target).ok();
    if existing.as_ref().is_some_and(|found| !found.is_file() && !found.is_dir()) {
        return OpenOptions::new().write(true).open(&target)?.write_all(bytes);
    }
    let (mut file, temporary) = create_beside(&target)?;
    let done = existing
        .map_or(Ok(()), |found| file.set_permissions(found.permissions()))
        .and_then(|()| file.write_all(bytes))
        .and_then(|()| if durable { file.sync_all() } else { Ok(()) })
        .and_then(|()| {
            drop(file);
            fs::rename(&temporary, &target)
        });
    if done.is_err() {
        // The first error is the one to report; a temporary file that cannot be removed is only litter.
        let _ = fs::remove_file(&temporary);
    } else if durable {
        sync_folder(&target)?;
    }
    done
}

/// Creates a file that nobody else has, in the folder of `target`.
pub(crate) fn create_beside(target: &Path) -> io::Result<(File, PathBuf)> {
    static COUNTER: AtomicU64 = AtomicU64::new(0);
    const ATTEMPTS: u32 = 100;
    let name = target.file_name().ok_or(io::ErrorKind::InvalidInput)?;
    let mut attempt = 0;
    loop {
        let mut temporary = OsString::from(".");
        temporary.push(name);
        let number = COUNTER.fetch_add(1, Ordering::Relaxed);
        temporary.push(format!(".{}-{number}.tmp", std::process::id()));
        let path = target.with_file_name(temporary);
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists && attempt < ATTEMPTS => attempt += 1,
            other => return other.map(|file| (file, path)),
        }
    }
}

/// A rename is on the disk only when its folder is (fsync(2)).
pub(crate) fn sync_folder(target: &Path) -> io::Result<()> {
    if cfg!(unix) {
        let folder = target.parent().filter(|parent| !parent.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()?;
    }
    Ok(())
}
