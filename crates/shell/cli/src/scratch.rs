//! Folders that a command needs for a while.

use std::fs;
use std::path::{Path, PathBuf};

use andon_system::System;
use jiff::{SignedDuration, Timestamp};

use crate::problem::Problem;

/// A folder of one's own, which is removed when this is dropped.
pub(crate) struct Scratch {
    parent: PathBuf,
    folder: PathBuf,
}

impl Scratch {
    /// Makes a folder in `parent`, which is made too if it is missing. Also removes what killed processes left there
    /// more than a day ago.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn new(system: &dyn System, parent: &Path) -> anyhow::Result<Self> {
        system.create_folder(parent)?;
        let parent = system.canonical(parent)?;
        remove_leftovers(system, &parent);
        let mut random = [0; 8];
        getrandom::fill(&mut random)
            .map_err(|error| Problem::internal(format!("no random numbers: {error}")))?;
        let folder = parent.join(format!("{:016x}", u64::from_le_bytes(random)));
        create_private(&folder)
            .map_err(|error| Problem::new(format!("cannot make {}: {error}", folder.display())))?;
        Ok(Self { parent, folder })
    }

    /// The folder, absolute.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// Where it stands: what has to be writable for it to be removed.
    pub(crate) fn parent(&self) -> &Path {
        &self.parent
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // A thread that is being stopped may still write into it.
        const ATTEMPTS: usize = 3;
        for _ in 0..ATTEMPTS {
            if fs::remove_dir_all(&self.folder).is_ok() {
                break;
            }
        }
    }
}

/// Only for its owner: images may be private.
fn create_private(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(folder)
}

fn remove_leftovers(system: &dyn System, parent: &Path) {
    const OLD: SignedDuration = SignedDuration::from_hours(24);
    let now = system.now();
    let is_old = |folder: &Path| {
        let changed = fs::symlink_metadata(folder).and_then(|found| found.modified()).ok();
        let changed = changed.and_then(|time| Timestamp::try_from(time).ok());
        changed.is_some_and(|changed| now.duration_since(changed) > OLD)
    };
    for entry in system.list(parent).unwrap_or_default() {
        let folder = parent.join(entry.name);
        if is_old(&folder) {
            // The next run tries again.
            let _ = fs::remove_dir_all(&folder);
        }
    }
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "the test makes files")]
mod tests {
    use andon_system::OsSystem;

    use super::*;

    #[test]
    fn it_goes_and_takes_old_ones_along() {
        let parent = tempfile::tempdir().unwrap();
        let parent = parent.path().join("images");
        let (old, young) = (parent.join("old"), parent.join("young"));
        for folder in [&old, &young] {
            fs::create_dir_all(folder.join("deep")).unwrap();
        }
        let long_ago = std::time::SystemTime::UNIX_EPOCH;
        fs::File::open(&old).unwrap().set_modified(long_ago).unwrap();
        let scratch = Scratch::new(&OsSystem, &parent).unwrap();
        assert!(!old.exists() && young.exists());
        let folder = scratch.folder().to_owned();
        fs::create_dir(folder.join("deep")).unwrap();
        fs::write(folder.join("deep/file"), "x").unwrap();
        drop(scratch);
        assert!(!folder.exists() && young.exists());
        assert!(Scratch::new(&OsSystem, Path::new("/dev/null/x")).is_err());
    }
}
