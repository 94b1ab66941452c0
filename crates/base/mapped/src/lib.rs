//! A read-only memory map of a file that only Andon writes, so that an index of any size opens at once and costs only
//! the pages that are looked at. This is the one home of the `unsafe` that a map needs.
//!
//! It knows nothing of what the file says. Use it only for files that are never changed in place: written under another
//! name, then renamed. A reader of untrusted files uses the capped readers of `andon-system` instead.
//!
//! ```no_run
//! let map = andon_mapped::Mapped::open(std::path::Path::new("advisories.index"))?;
//! println!("{} bytes", map.len());
//! # Ok::<(), andon_mapped::MapError>(())
//! ```

use std::fmt;
use std::fs::File;
use std::io;
use std::ops::Deref;
use std::path::{Path, PathBuf};

use memmap2::Mmap;

/// The bytes of an immutable file. Cheap to open, shared between threads, unmapped when dropped.
pub struct Mapped {
    map: Mmap,
}

/// A file could not be mapped.
#[derive(Debug, thiserror::Error)]
#[error("cannot map {} into memory: {source}; check that it exists, is a file and may be read", path.display())]
pub struct MapError {
    /// The file.
    pub path: PathBuf,
    /// What the system said.
    #[source]
    pub source: io::Error,
}

impl Mapped {
    /// Maps the whole file at `path`, read-only. The file must only ever be replaced by a rename, never be written
    /// or truncated in place.
    ///
    /// # Errors
    /// When it does not exist, is no regular file, may not be read, or the system refuses the map.
    pub fn open(path: &Path) -> Result<Self, MapError> {
        map(path).map(|map| Self { map }).map_err(|source| MapError { path: path.to_owned(), source })
    }
}

impl Deref for Mapped {
    type Target = [u8];

    fn deref(&self) -> &[u8] {
        &self.map
    }
}

impl AsRef<[u8]> for Mapped {
    fn as_ref(&self) -> &[u8] {
        self
    }
}

impl fmt::Debug for Mapped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Mapped").field("bytes", &self.len()).finish()
    }
}

#[allow(unsafe_code, reason = "a memory map is only as safe as the file beneath it; see SAFETY")]
#[allow(clippy::disallowed_methods, reason = "a map is no read: no buffer is filled, nothing needs a cap")]
fn map(path: &Path) -> io::Result<Mmap> {
    let file = File::open(path)?;
    if !file.metadata()?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is no regular file"));
    }
    // SAFETY: the bytes behind a map must not change while it lives. The file is written by Andon alone, under another
    // name, and put into place by a rename, which leaves the inode of an older map untouched. Whoever else may write
    // into the user's own data directory could as well replace the program.
    unsafe { Mmap::map(&file) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_map_outlives_the_replacement_of_its_file() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("index");
        write(&path, b"old");
        let map = Mapped::open(&path).unwrap();
        write(&folder.path().join("next"), b"newer");
        std::fs::rename(folder.path().join("next"), &path).unwrap();
        assert_eq!(&*map, b"old");
        assert_eq!(&*Mapped::open(&path).unwrap(), b"newer");
    }

    #[test]
    fn an_empty_file_has_no_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("index");
        write(&path, b"");
        assert!(Mapped::open(&path).unwrap().is_empty());
    }

    #[test]
    fn what_is_no_file_is_refused() {
        let folder = tempfile::tempdir().unwrap();
        let missing = Mapped::open(&folder.path().join("none")).unwrap_err();
        assert_eq!(missing.source.kind(), io::ErrorKind::NotFound);
        assert!(Mapped::open(folder.path()).is_err());
    }

    #[allow(clippy::disallowed_methods, reason = "a test prepares its file")]
    fn write(path: &Path, bytes: &[u8]) {
        std::fs::write(path, bytes).unwrap();
    }
}
