use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use tempfile::{Builder, TempDir};

use super::wire::HostFolders;
use crate::seal::SecretFile;

/// Private folders on the host for a command that has no mounts of its own; removed when dropped. The watcher removes
/// them too, since the caller may be killed.
#[derive(Debug)]
pub(super) struct Scratch {
    temporary: TempDir,
    secrets: Option<TempDir>,
}

impl Scratch {
    /// Makes them. Secrets are kept in memory where the system has a place for that.
    #[allow(clippy::disallowed_methods, reason = "the folder for temporary files is the system's business")]
    pub(super) fn make(secrets: &[SecretFile]) -> io::Result<Self> {
        let temporary = private(&std::env::temp_dir())?;
        for name in ["tmp", "home"] {
            fs::DirBuilder::new().mode(0o700).create(temporary.path().join(name))?;
        }
        let mut scratch = Self { temporary, secrets: None };
        if !secrets.is_empty() {
            let folder = private(Path::new("/dev/shm")).or_else(|_| private(&std::env::temp_dir()))?;
            write_secrets(folder.path(), secrets)?;
            scratch.secrets = Some(folder);
        }
        Ok(scratch)
    }

    pub(super) fn folders(&self) -> HostFolders {
        HostFolders {
            temporary: self.temporary.path().as_os_str().into(),
            secrets: self.secrets.as_ref().map(|folder| folder.path().as_os_str().into()),
        }
    }
}

impl HostFolders {
    pub(super) fn tmp(&self) -> PathBuf {
        self.temporary.path().join("tmp")
    }

    pub(super) fn home(&self) -> PathBuf {
        self.temporary.path().join("home")
    }

    /// Removes all, as far as that is possible.
    pub(super) fn remove(&self) {
        for folder in [Some(&self.temporary), self.secrets.as_ref()].into_iter().flatten() {
            let _ = fs::remove_dir_all(folder.path());
        }
    }
}

/// A new folder that only its owner can enter, by a path without symbolic links.
fn private(parent: &Path) -> io::Result<TempDir> {
    let mode = fs::Permissions::from_mode(0o700);
    Builder::new().prefix("andon-step-").permissions(mode).tempdir_in(parent.canonicalize()?)
}

/// Writes the secrets as files that only their owner can read.
pub(super) fn write_secrets(folder: &Path, secrets: &[SecretFile]) -> io::Result<()> {
    for secret in secrets {
        let mut options = OpenOptions::new();
        let options = options.write(true).create_new(true).mode(0o400);
        options.open(folder.join(&secret.name))?.write_all(&secret.bytes)?;
    }
    Ok(())
}
