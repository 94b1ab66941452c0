#![expect(clippy::disallowed_methods, reason = "this is the door that the lint points to")]

use std::fs::{self, File, OpenOptions, Permissions};
use std::io::{self, Write};
use std::path::Path;
use std::time::SystemTime;

use super::ReadSeek;
use crate::{ReadError, ReadProblem, Stamp, WriteError, atomic, os};

/// A regular file that is open, and what was known of it when it was opened.
pub struct Opened {
    /// Its content.
    pub file: Box<dyn ReadSeek>,
    /// What tells whether it changed; `None` where the system cannot tell.
    pub stamp: Option<Stamp>,
    /// Whether its owner may run it.
    pub executable: bool,
}

/// Opens a regular file of any size, with its rights. A symbolic link is not followed, a pipe or device is refused
/// without blocking.
///
/// # Errors
/// When it is not there, is no regular file, or may not be read.
pub fn open_with_rights(path: &Path) -> Result<Opened, ReadError> {
    let failed = |error| ReadError::io(path, error);
    let file = os::open(path, false).map_err(failed)?;
    let found = file.metadata().map_err(failed)?;
    if !found.is_file() {
        return Err(ReadError::new(path, ReadProblem::WrongKind));
    }
    let (stamp, executable) = (os::stamp_of(&found), is_executable(&found.permissions()));
    Ok(Opened { file: Box::new(file), stamp, executable })
}

/// The bytes of a symbolic link's target.
///
/// # Errors
/// When it is not there or no link.
pub fn read_link(path: &Path) -> Result<Vec<u8>, ReadError> {
    let target = fs::read_link(path).map_err(|error| ReadError::io(path, error))?;
    Ok(target.into_os_string().into_encoded_bytes())
}

/// Makes a file that was not there, under a temporary name until it is whole; `fill` writes its content.
///
/// # Errors
/// When the disk is full, the folder is missing or may not be written to, or `fill` fails. Nothing stays behind.
pub fn create(
    path: &Path,
    executable: bool,
    fill: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> Result<(), WriteError> {
    let (file, temporary) = atomic::create_beside(path).map_err(|error| WriteError::io(path, error))?;
    let made = write_whole(file, executable, fill).and_then(|()| fs::rename(&temporary, path));
    made.map_err(|error| {
        // The first error is the one to report; a temporary file that cannot be removed is only litter.
        let _ = fs::remove_file(&temporary);
        WriteError::io(path, error)
    })
}

fn write_whole(
    file: File,
    executable: bool,
    fill: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    const BUFFER: usize = 1 << 16;
    let mut file = io::BufWriter::with_capacity(BUFFER, file);
    fill(&mut file)?;
    file.flush()?;
    if executable { make_executable(file.get_ref()) } else { Ok(()) }
}

/// Makes a symbolic link.
///
/// # Errors
/// When something is there already, the folder is missing or may not be written to, or the system has no links.
pub fn create_link(path: &Path, target: &[u8]) -> Result<(), WriteError> {
    #[cfg(unix)]
    let made = {
        use std::os::unix::ffi::OsStrExt;
        std::os::unix::fs::symlink(std::ffi::OsStr::from_bytes(target), path)
    };
    #[cfg(not(unix))]
    let made = {
        let _ = target;
        Err(io::ErrorKind::Unsupported.into())
    };
    made.map_err(|error| WriteError::io(path, error))
}

/// Removes a file, a symbolic link, or a folder with all that is in it; fine when there is nothing. Links inside are
/// removed, not followed.
///
/// # Errors
/// When something may not be removed.
pub fn remove_all(path: &Path) -> Result<(), WriteError> {
    let removed = match fs::symlink_metadata(path) {
        Ok(found) if found.is_dir() => fs::remove_dir_all(path),
        Ok(_) => fs::remove_file(path),
        Err(error) => Err(error),
    };
    match removed {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(WriteError::io(path, error)),
        _ => Ok(()),
    }
}

/// Sets the modification time of a file to now, so that it counts as used.
///
/// # Errors
/// When it is not there or may not be changed.
pub fn touch(path: &Path) -> Result<(), WriteError> {
    let file = OpenOptions::new().write(true).open(path);
    file.and_then(|file| file.set_modified(SystemTime::now())).map_err(|error| WriteError::io(path, error))
}

/// Takes the rights of everybody but the owner from a folder that Andon made; nothing where there are no rights.
///
/// # Errors
/// When they may not be changed.
pub fn make_private(folder: &Path) -> Result<(), WriteError> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(folder, Permissions::from_mode(0o700))
            .map_err(|error| WriteError::io(folder, error))?;
    }
    let _ = folder;
    Ok(())
}

#[cfg(unix)]
fn is_executable(rights: &Permissions) -> bool {
    use std::os::unix::fs::PermissionsExt;
    rights.mode() & 0o100 != 0
}

#[cfg(not(unix))]
fn is_executable(_rights: &Permissions) -> bool {
    false
}

/// Whoever may read it may run it.
#[cfg(unix)]
fn make_executable(file: &File) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    let mode = file.metadata()?.permissions().mode();
    file.set_permissions(Permissions::from_mode(mode | ((mode & 0o444) >> 2)))
}

#[cfg(not(unix))]
fn make_executable(_file: &File) -> io::Result<()> {
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn what_is_made_keeps_its_rights_and_goes_without_following_links() {
        let folder = tempfile::tempdir().unwrap();
        let outside = folder.path().join("outside");
        fs::write(&outside, "kept").unwrap();
        let tree = folder.path().join("tree");
        fs::create_dir(&tree).unwrap();
        let program = tree.join("program");
        create(&program, true, &mut |file| file.write_all(b"run")).unwrap();
        create_link(&tree.join("link"), b"../outside").unwrap();
        let mut opened = open_with_rights(&program).unwrap();
        let mut text = String::new();
        opened.file.read_to_string(&mut text).unwrap();
        assert_eq!((text.as_str(), opened.executable), ("run", true));
        assert_eq!(opened.stamp.map(|stamp| stamp.size), Some(3));
        assert_eq!(read_link(&tree.join("link")).unwrap(), b"../outside");
        assert!(open_with_rights(&tree.join("link")).is_err(), "links are not followed");
        assert!(create_link(&program, b"x").is_err());
        let failed = create(&tree.join("half"), false, &mut |_| Err(io::ErrorKind::StorageFull.into()));
        assert!(failed.is_err());
        assert_eq!(fs::read_dir(&tree).unwrap().count(), 2, "nothing stays behind");
        touch(&program).unwrap();
        remove_all(&tree).unwrap();
        remove_all(&tree).unwrap();
        assert!(outside.exists() && !tree.exists());
    }
}
