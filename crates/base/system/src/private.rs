//! Files that only their owner may read, such as private keys.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use thiserror::Error;

use crate::{ReadError, ReadProblem, WriteError, atomic, os};

/// Why a private file was not read.
#[derive(Debug, Error)]
pub enum PrivateError {
    /// It cannot be read at all.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Others may read or change it.
    #[error(
        "cannot use {}: others may read or change it (mode {mode:04o})\nhint: chmod 600 {}",
        path.display(), path.display()
    )]
    Exposed {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
}

/// Reads a file of the user that nobody else may read or change, at most `limit` bytes. A symbolic link is followed;
/// the permissions are those of the file that was opened. Where the system has no such permissions none are asked for.
///
/// # Errors
/// When the group or others have any permission, it holds more than `limit` bytes, is no regular file, is not there,
/// or may not be read.
pub fn read(path: &Path, limit: u64) -> Result<Vec<u8>, PrivateError> {
    let failed = |error| ReadError::io(path, error);
    let file = os::open(path, true).map_err(failed)?;
    let found = file.metadata().map_err(failed)?;
    if !found.is_file() {
        return Err(ReadError::new(path, ReadProblem::WrongKind).into());
    }
    if let Some(mode) = exposed(&found) {
        return Err(PrivateError::Exposed { path: path.to_owned(), mode });
    }
    let too_large = |size| ReadError::new(path, ReadProblem::TooLarge { size, limit });
    if found.len() > limit {
        return Err(too_large(found.len()).into());
    }
    // Enough from the start: a buffer that grows leaves copies of a secret behind.
    let wanted = usize::try_from(limit.min(found.len().saturating_add(1))).unwrap_or(usize::MAX);
    let mut bytes = Vec::with_capacity(wanted);
    file.take(limit.saturating_add(1)).read_to_end(&mut bytes).map_err(failed)?;
    match u64::try_from(bytes.len()) {
        Ok(size) if size <= limit => Ok(bytes),
        _ => Err(too_large(limit.saturating_add(1)).into()),
    }
}

/// Makes a file that only its owner may read and write. The content is on the disk when it returns.
///
/// # Errors
/// When something is there already, the disk is full, or the folder is missing or may not be written to. Nothing stays
/// behind.
pub fn create(path: &Path, bytes: &[u8]) -> Result<(), WriteError> {
    let failed = |error| WriteError::io(path, error);
    let mut file = open_new(path).map_err(failed)?;
    let written = file.write_all(bytes).and_then(|()| file.sync_all());
    if written.is_err() {
        // The first error is the one to report.
        let _ = fs::remove_file(path);
    }
    written.and_then(|()| atomic::sync_folder(path)).map_err(failed)
}

/// Makes a folder that only its owner may enter, and those above it; fine when it is there already.
///
/// # Errors
/// When it may not be made, or a file is in the way.
pub fn create_folder(path: &Path) -> Result<(), WriteError> {
    let mut builder = DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path).map_err(|error| WriteError::io(path, error))
}

fn open_new(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600).custom_flags(libc::O_NOFOLLOW | libc::O_CLOEXEC);
    }
    options.open(path)
}

/// The permission bits, when others than the owner have some.
#[cfg(unix)]
fn exposed(found: &fs::Metadata) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    let mode = found.mode() & 0o7777;
    (mode & 0o077 != 0).then_some(mode)
}

#[cfg(not(unix))]
fn exposed(_found: &fs::Metadata) -> Option<u32> {
    None
}

#[cfg(all(test, unix))]
mod tests {
    use std::os::unix::fs::{PermissionsExt, symlink};

    use super::*;

    #[test]
    fn only_the_owner_may_read_it() {
        let folder = tempfile::tempdir().unwrap();
        let keys = folder.path().join("a/keys");
        create_folder(&keys).unwrap();
        create_folder(&keys).unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
        assert_eq!((mode(&keys), mode(&folder.path().join("a"))), (0o700, 0o700));

        let path = keys.join("key");
        create(&path, b"secret").unwrap();
        assert_eq!((mode(&path), read(&path, 6).unwrap()), (0o600, b"secret".to_vec()));
        assert!(create(&path, b"other").is_err(), "it is there");
        assert_eq!(read(&path, 6).unwrap(), b"secret");
        assert!(matches!(read(&path, 5), Err(PrivateError::Read(_))), "too large");

        let link = keys.join("link");
        symlink(&path, &link).unwrap();
        assert_eq!(read(&link, 6).unwrap(), b"secret");
        assert!(create(&link, b"other").is_err(), "a link is not followed");

        let check = |bits: u32, refused: bool| {
            fs::set_permissions(&path, fs::Permissions::from_mode(bits)).unwrap();
            let error = read(&path, 6).err().map(|error| error.to_string());
            assert_eq!(error.is_some(), refused, "{bits:o}: {error:?}");
            if let Some(error) = error {
                assert!(error.contains(&format!("{bits:04o}")) && error.contains("chmod 600"), "{error}");
            }
        };
        for bits in [0o600, 0o400, 0o700] {
            check(bits, false);
        }
        for bits in [0o640, 0o604, 0o644, 0o620, 0o601] {
            check(bits, true);
        }
        assert!(matches!(read(folder.path(), 6), Err(PrivateError::Read(_))), "a folder");
        assert!(matches!(read(&keys.join("none"), 6), Err(PrivateError::Read(_))));
    }
}
