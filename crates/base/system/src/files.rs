//! Large files of Andon's own folders: read from any place, appended to, renamed in one step, locked against a second
//! process. Files of a target are read through [`crate::System`] instead.

pub mod journal;
mod lock;
mod made;
mod scratch;

use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::{ReadError, ReadProblem, WriteError, atomic, os};

pub use made::{Opened, create, create_link, make_private, open_with_rights, read_link, remove_all, touch};
pub use lock::{Lock, LockError, lock, lock_waiting};
pub use scratch::{Scratch, scratch};

/// A file that is read from any place.
pub trait ReadSeek: Read + Seek + Send {}

impl<T: Read + Seek + Send> ReadSeek for T {}

/// Opens a regular file of any size; a symbolic link is followed, a pipe or device is refused without blocking.
///
/// # Errors
/// When it is not there, is no regular file, or may not be read.
pub fn open_read(path: &Path) -> Result<Box<dyn ReadSeek>, ReadError> {
    let failed = |error| ReadError::io(path, error);
    let file = os::open(path, true).map_err(failed)?;
    if !file.metadata().map_err(failed)?.is_file() {
        return Err(ReadError::new(path, ReadProblem::WrongKind));
    }
    Ok(Box::new(file))
}

/// Opens a file for writing at its end, and creates it when it is not there. A symbolic link is not followed where
/// the system can tell.
///
/// # Errors
/// When the folder is missing or may not be written to, or something else than a file is in the way.
pub fn open_append(path: &Path) -> Result<Appended, WriteError> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK | libc::O_NOCTTY | libc::O_CLOEXEC);
    }
    let open = || {
        let mut file = options.open(path)?;
        let length = file.seek(SeekFrom::End(0))?;
        Ok(Appended { file, length })
    };
    open().map_err(|error| WriteError::io(path, error))
}

/// A file that is written at its end.
#[derive(Debug)]
pub struct Appended {
    file: File,
    length: u64,
}

impl Appended {
    /// Bytes in the file now.
    pub fn length(&self) -> u64 {
        self.length
    }

    /// Empties the file.
    ///
    /// # Errors
    /// When the operating system refuses.
    pub fn clear(&mut self) -> io::Result<()> {
        self.file.set_len(0)?;
        self.length = self.file.seek(SeekFrom::Start(0))?;
        Ok(())
    }

    /// Waits until the content is on the disk (fsync(2)).
    ///
    /// # Errors
    /// When the operating system could not write it.
    pub fn sync(&mut self) -> io::Result<()> {
        self.file.sync_all()
    }
}

impl Write for Appended {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        self.length = self.length.saturating_add(u64::try_from(written).unwrap_or(u64::MAX));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Puts a file in the place of another in one step; both are in the same folder or file system. The name is on the
/// disk when it returns.
///
/// # Errors
/// When `from` is not there or the folder of `to` may not be written to.
pub fn rename(from: &Path, to: &Path) -> Result<(), WriteError> {
    fs::rename(from, to).and_then(|()| atomic::sync_folder(to)).map_err(|error| WriteError::io(to, error))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the tests look past the door")]
mod tests {
    use super::*;

    #[test]
    fn appending_goes_on_where_it_stopped_and_clearing_starts_again() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.part");
        open_append(&path).unwrap().write_all(b"one").unwrap();
        let mut again = open_append(&path).unwrap();
        assert_eq!(again.length(), 3);
        again.write_all(b"two").unwrap();
        again.sync().unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"onetwo");
        again.clear().unwrap();
        again.write_all(b"x").unwrap();
        assert_eq!((again.length(), fs::read(&path).unwrap()), (1, b"x".to_vec()));
    }

    #[test]
    fn a_renamed_file_replaces_the_other() {
        let folder = tempfile::tempdir().unwrap();
        let (from, to) = (folder.path().join("new"), folder.path().join("old"));
        fs::write(&from, "new").unwrap();
        fs::write(&to, "old").unwrap();
        rename(&from, &to).unwrap();
        let mut text = String::new();
        open_read(&to).unwrap().read_to_string(&mut text).unwrap();
        assert_eq!(text, "new");
        assert!(rename(&from, &to).is_err());
        assert!(open_read(folder.path()).is_err(), "a folder is no file");
        assert!(open_append(&folder.path().join("none/x")).is_err());
    }
}
