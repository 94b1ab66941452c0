//! The only door to the disk, the clock and the environment. Everything that is read through it is bounded, never
//! blocks on a pipe or a device, and is never mapped into memory; everything else in Andon gets a [`System`] and can
//! therefore be tested with a [`MemorySystem`]. It knows nothing of git, of engines or of file formats.
//!
//! ```
//! use andon_system::{MemorySystem, System};
//! let system = MemorySystem::new().file("/project/a.txt", "text");
//! assert_eq!(system.read_capped("/project/a.txt".as_ref(), 100)?.bytes, b"text");
//! assert!(system.read_capped("/project/a.txt".as_ref(), 3).is_err());
//! # Ok::<(), andon_system::ReadError>(())
//! ```

pub mod atomic;
mod error;
pub mod files;
mod folders;
mod memory;
mod os;
pub mod paths;
pub mod private;
mod reader;

use std::ffi::OsString;
use std::path::{Path, PathBuf};

pub use error::{ReadError, ReadProblem, WriteError, WriteProblem};
pub use memory::MemorySystem;
pub use os::OsSystem;
pub use reader::read_stream;

/// The disk, the clock and the environment, as far as Andon uses them.
pub trait System: Send + Sync {
    /// Reads a file of a target. Symbolic links are not followed, pipes and devices are refused without blocking.
    ///
    /// # Errors
    /// When the file holds more than `limit` bytes, is no regular file, is not there any more, may not be read, or
    /// changed while it was read; see [`ReadProblem`].
    fn read_capped(&self, path: &Path, limit: u64) -> Result<Capped, ReadError>;

    /// Reads the first bytes of a file of a target, at most `length`, to tell what it is. Otherwise as
    /// [`System::read_capped`].
    ///
    /// # Errors
    /// As [`System::read_capped`], except that no file is too large.
    fn read_start(&self, path: &Path, length: u64) -> Result<Vec<u8>, ReadError>;

    /// Opens a file of a target to be read from any place, for what is too large to be read whole. Symbolic links are
    /// not followed, pipes and devices are refused without blocking.
    ///
    /// # Errors
    /// When it is no regular file, is not there any more, or may not be read.
    fn open_file(&self, path: &Path) -> Result<Box<dyn files::ReadSeek>, ReadError>;

    /// Reads a file that the user named. Unlike [`System::read_capped`] it follows symbolic links.
    ///
    /// # Errors
    /// As [`System::read_capped`].
    fn read_named(&self, path: &Path, limit: u64) -> Result<Capped, ReadError>;

    /// What is at a path, without following a symbolic link in its last component.
    ///
    /// # Errors
    /// When there is nothing, or it may not be looked at.
    fn metadata(&self, path: &Path) -> Result<Metadata, ReadError>;

    /// The absolute path with every symbolic link resolved.
    ///
    /// # Errors
    /// When there is nothing, or it may not be looked at.
    fn canonical(&self, path: &Path) -> Result<PathBuf, ReadError>;

    /// The entries of a folder, in no particular order.
    ///
    /// # Errors
    /// When it is no folder, is not there, or may not be read.
    fn list(&self, folder: &Path) -> Result<Vec<DirEntry>, ReadError>;

    /// Replaces a file by `bytes`, so that a reader sees the old or the new content and nothing between.
    ///
    /// # Errors
    /// When the disk is full, the folder is missing or may not be written to. No temporary file stays behind.
    fn write_atomic(&self, path: &Path, bytes: &[u8]) -> Result<(), WriteError>;

    /// Creates a folder and those above it; fine when it is there already.
    ///
    /// # Errors
    /// When it may not be created, or a file is in the way.
    fn create_folder(&self, path: &Path) -> Result<(), WriteError>;

    /// Removes a file; fine when there is none.
    ///
    /// # Errors
    /// When it may not be removed.
    fn remove_file(&self, path: &Path) -> Result<(), WriteError>;

    /// An environment variable; `None` when it is unset or empty.
    fn environment(&self, name: &str) -> Option<OsString>;

    /// The working folder; `None` when it has been removed.
    fn current_folder(&self) -> Option<PathBuf>;

    /// The clock.
    fn now(&self) -> jiff::Timestamp;

    /// Where caches live: `ANDON_CACHE_DIR`, or `andon` in the user's cache folder (XDG base directories; on macOS
    /// `~/Library/Caches`, on Windows `%LOCALAPPDATA%`). `None` when nothing says where. It need not exist.
    fn cache_dir(&self) -> Option<PathBuf> {
        folders::cache(&|name| self.environment(name))
    }

    /// Where the user's configuration lives: `ANDON_CONFIG_DIR`, or `andon` in the user's configuration folder (XDG
    /// base directories; on macOS `~/Library/Application Support`, on Windows `%APPDATA%`). `None` when nothing says
    /// where. It need not exist.
    fn config_dir(&self) -> Option<PathBuf> {
        folders::config(&|name| self.environment(name))
    }

    /// Where data lives that is dear to get again: `ANDON_DATA_DIR`, or `andon` in the user's data folder (XDG base
    /// directories; on macOS `~/Library/Application Support`, on Windows `%LOCALAPPDATA%`). `None` when nothing says
    /// where. It need not exist.
    fn data_dir(&self) -> Option<PathBuf> {
        folders::data(&|name| self.environment(name))
    }
}

/// A file that was read whole.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Capped {
    /// Its content, never more than the limit.
    pub bytes: Vec<u8>,
    /// Its stamp after it was read, where it is a file that has one.
    pub stamp: Option<Stamp>,
}

/// What is at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Metadata {
    /// What kind of thing.
    pub kind: FileKind,
    /// Bytes, for a regular file; otherwise 0.
    pub size: u64,
    /// What tells whether a regular file changed; `None` where the system cannot tell.
    pub stamp: Option<Stamp>,
}

/// An entry of a folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DirEntry {
    /// Its name, without the folder.
    pub name: OsString,
    /// What kind of thing.
    pub kind: FileKind,
    /// Bytes, for a regular file that may be looked at; otherwise 0.
    pub size: u64,
    /// What tells whether a regular file changed; `None` where the system cannot tell.
    pub stamp: Option<Stamp>,
}

/// What changes whenever a regular file changes. Taken before the file is read, it never claims too much.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Stamp {
    /// Bytes.
    pub size: u64,
    /// Modification time, in nanoseconds since 1970.
    pub modified: i64,
    /// Time of the last change of content, name or rights, in nanoseconds since 1970.
    pub changed: i64,
    /// Number of the file on its device, mixed with that of the device.
    pub inode: u64,
}

/// Kinds of things in a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FileKind {
    /// A regular file.
    File,
    /// A folder.
    Folder,
    /// A symbolic link, wherever it leads.
    SymbolicLink,
    /// A pipe, socket or device.
    Special,
}
