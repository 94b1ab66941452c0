//! What steps made, by what it was made from. Files are kept by their digest, successes by their key; whatever is
//! damaged or gone is as good as absent, and is said.
//!
//! ```text
//! blobs/ab/<sha256>       contents of outputs
//! steps/<key>             a success: outputs, log digest, test results
//! sets/<digest>           a set of input files, to explain with
//! <project>/digests       what files held, by what the disk says of them
//! <project>/lock          held by the run that works there
//! <project>/last/<step>   the parts of the key at the last run, to explain with
//! ```

mod entry;
mod evict;
mod key;
mod outputs;
mod restore;
mod why;

use std::path::{Path, PathBuf};

use andon_system::{System, WriteError, files};
use sha2::{Digest, Sha256};

use crate::hash::hex;

pub(crate) use entry::{Entry, Found};
pub(crate) use key::{Key, KeyMaker, Part};
pub(crate) use outputs::collect;
pub(crate) use restore::{clear, make_way};
pub use why::{Difference, Why};

/// The folders of the cache.
pub(crate) struct Cache<'a> {
    pub(crate) system: &'a dyn System,
    folder: PathBuf,
    project: PathBuf,
    /// Bytes that contents may take.
    limit: u64,
}

impl<'a> Cache<'a> {
    /// The cache below `folder` for the workspace at `root`. Its folders are made when something is kept.
    pub(crate) fn new(system: &'a dyn System, folder: &Path, root: &Path, limit: u64) -> Self {
        let folder = folder.join("line");
        let name = hex(&Sha256::digest(root.as_os_str().as_encoded_bytes()));
        let project = folder.join(name.get(..16).unwrap_or_default());
        Self { system, folder, project, limit }
    }

    /// Makes its folders, private to the user.
    pub(crate) fn prepare(&self) -> Result<(), WriteError> {
        for folder in [self.folder.join("steps"), self.folder.join("sets"), self.project.join("last")] {
            self.system.create_folder(&folder)?;
        }
        files::make_private(&self.folder)
    }

    /// Where digests of files are remembered.
    pub(crate) fn digests(&self) -> PathBuf {
        self.project.join("digests")
    }

    /// Locked by the run that works in the workspace.
    pub(crate) fn turn(&self) -> PathBuf {
        self.project.join("lock")
    }

    fn blob(&self, sha256: &str) -> PathBuf {
        self.folder.join("blobs").join(sha256.get(..2).unwrap_or("00")).join(sha256)
    }

    fn step(&self, key: &str) -> PathBuf {
        self.folder.join("steps").join(key)
    }
}

#[cfg(test)]
mod tests;
