//! Files that only grow, and that several processes grow in turn: every call opens the file anew, so nobody sees a
//! file that another has replaced meanwhile.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::{ReadError, ReadProblem, WriteError, atomic, os};

/// Bytes of a regular file; `None` when nothing is there. A symbolic link is not followed.
///
/// # Errors
/// When it may not be looked at, or is no regular file.
pub fn length(path: &Path) -> Result<Option<u64>, ReadError> {
    match fs::symlink_metadata(path) {
        Ok(found) if found.is_file() => Ok(Some(found.len())),
        Ok(_) => Err(ReadError::new(path, ReadProblem::WrongKind)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(ReadError::io(path, error)),
    }
}

/// Reads `length` bytes from `offset` on, fewer where the file ends before. A symbolic link is not followed.
///
/// # Errors
/// When the file is not there, is no regular file, or may not be read.
pub fn read_at(path: &Path, offset: u64, length: u64) -> Result<Vec<u8>, ReadError> {
    let failed = |error| ReadError::io(path, error);
    let mut file = os::open(path, false).map_err(failed)?;
    let found = file.metadata().map_err(failed)?;
    if !found.is_file() {
        return Err(ReadError::new(path, ReadProblem::WrongKind));
    }
    let wanted = length.min(found.len().saturating_sub(offset));
    let mut bytes = Vec::new();
    let room = usize::try_from(wanted).unwrap_or(usize::MAX);
    bytes.try_reserve_exact(room).map_err(|_| failed(io::ErrorKind::OutOfMemory.into()))?;
    if offset > 0 {
        file.seek(SeekFrom::Start(offset)).map_err(failed)?;
    }
    file.take(wanted).read_to_end(&mut bytes).map_err(failed)?;
    Ok(bytes)
}

/// Writes bytes at `at`, where the file must end or is cut off first, and creates the file when it is not there. What
/// could not be written whole is cut off again.
///
/// # Errors
/// When the disk is full, the folder is missing or may not be written to.
pub fn write_at(path: &Path, at: u64, bytes: &[u8]) -> Result<(), WriteError> {
    let failed = |error| WriteError::io(path, error);
    let mut file = writable(path, true).map_err(failed)?;
    let written = file
        .metadata()
        .and_then(|found| if found.len() == at { Ok(()) } else { file.set_len(at) })
        .and_then(|()| file.seek(SeekFrom::Start(at)))
        .and_then(|_| file.write_all(bytes));
    written.map_err(|error| {
        // The first error is the one to report; whoever reads the file must expect a torn end in any case.
        let _ = file.set_len(at);
        failed(error)
    })
}

/// Replaces the content of a small file in place, and creates it when it is not there. Cheaper than
/// [`crate::atomic`] where it happens often, since no name and no file comes or goes; but a reader, a killed process or
/// a power cut may see a mixture, so the content must tell whether it is whole.
///
/// # Errors
/// When the disk is full, the folder is missing or may not be written to.
pub fn overwrite(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let write = || {
        let mut file = writable(path, true)?;
        file.write_all(bytes)?;
        let length = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        if file.metadata()?.len() == length { Ok(()) } else { file.set_len(length) }
    };
    write().map_err(|error| WriteError::io(path, error))
}

/// Cuts a file off.
///
/// # Errors
/// When it is not there or may not be written to.
pub fn truncate(path: &Path, length: u64) -> Result<(), WriteError> {
    let cut = || writable(path, false)?.set_len(length);
    cut().map_err(|error| WriteError::io(path, error))
}

/// Waits until the content of a file is on the disk (fdatasync(2)).
///
/// # Errors
/// When the operating system could not write it.
pub fn sync(path: &Path) -> Result<(), WriteError> {
    let sync = || writable(path, false)?.sync_data();
    sync().map_err(|error| WriteError::io(path, error))
}

/// As [`sync`], and waits for the name of the file too: for one that may be new.
///
/// # Errors
/// As [`sync`].
pub fn sync_named(path: &Path) -> Result<(), WriteError> {
    sync(path)?;
    atomic::sync_folder(path).map_err(|error| WriteError::io(path, error))
}

/// Creates a folder and those above it, so that their names are on the disk when it returns.
///
/// # Errors
/// When it may not be created, or a file is in the way.
pub fn create_folder(path: &Path) -> Result<(), WriteError> {
    if path.is_dir() {
        return Ok(());
    }
    if let Some(parent) = path.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        create_folder(parent)?;
    }
    let created = match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => Ok(()),
        other => other,
    };
    created.and_then(|()| atomic::sync_folder(path)).map_err(|error| WriteError::io(path, error))
}

/// Removes a file, so that its name is gone from the disk when it returns; fine when there is none.
///
/// # Errors
/// When it may not be removed.
pub fn remove_file(path: &Path) -> Result<(), WriteError> {
    match fs::remove_file(path).and_then(|()| atomic::sync_folder(path)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(WriteError::io(path, error)),
        _ => Ok(()),
    }
}

fn writable(path: &Path, create: bool) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(create).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC);
    }
    options.open(path)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_grows_is_read_and_is_cut_off() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("journal");
        assert_eq!(length(&path).unwrap(), None);
        assert!(read_at(&path, 0, 1).is_err() && sync(&path).is_err() && truncate(&path, 0).is_err());
        write_at(&path, 0, b"one").unwrap();
        write_at(&path, 3, b"twothree").unwrap();
        sync(&path).unwrap();
        assert_eq!(read_at(&path, 3, 3).unwrap(), b"two");
        assert_eq!(read_at(&path, 9, 100).unwrap(), b"ee");
        assert_eq!(read_at(&path, 100, 100).unwrap(), b"");
        write_at(&path, 6, b"!").unwrap();
        assert_eq!(read_at(&path, 0, u64::MAX).unwrap(), b"onetwo!");
        truncate(&path, 2).unwrap();
        assert_eq!(length(&path).unwrap(), Some(2));
        sync_named(&path).unwrap();
        for content in ["longer", "s", ""] {
            overwrite(&path, content.as_bytes()).unwrap();
            assert_eq!(read_at(&path, 0, 9).unwrap(), content.as_bytes());
        }
        assert!(length(folder.path()).is_err(), "a folder is no file");
    }

    #[test]
    fn folders_are_made_and_files_removed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a/b/c");
        create_folder(&path).unwrap();
        create_folder(&path).unwrap();
        write_at(&path.join("file"), 0, b"x").unwrap();
        assert!(create_folder(&path.join("file/d")).is_err());
        remove_file(&path.join("file")).unwrap();
        remove_file(&path.join("file")).unwrap();
        assert!(remove_file(&path).is_err() && !path.join("file").exists());
    }

    #[cfg(unix)]
    #[test]
    fn a_symbolic_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let (target, link) = (folder.path().join("target"), folder.path().join("link"));
        write_at(&target, 0, b"secret").unwrap();
        std::os::unix::fs::symlink(&target, &link).unwrap();
        assert!(read_at(&link, 0, 9).is_err() && write_at(&link, 0, b"x").is_err() && length(&link).is_err());
        assert_eq!(read_at(&target, 0, 9).unwrap(), b"secret");
    }
}
