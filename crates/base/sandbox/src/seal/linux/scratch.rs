use std::fs::{self, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

use crate::seal::SecretFile;

/// A private folder on the host for a command that has no mounts of its own; removed when dropped.
#[derive(Debug)]
pub(super) struct Scratch(tempfile::TempDir);

impl Scratch {
    pub(super) fn make(secrets: &[SecretFile]) -> io::Result<Self> {
        let folder = tempfile::Builder::new().prefix("andon-step-").tempdir()?;
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(0o700))?;
        // Landlock's rules and the command's variables name the folder without symbolic links.
        let scratch = Self(folder);
        for name in ["tmp", "home"] {
            fs::DirBuilder::new().mode(0o700).create(scratch.path().join(name))?;
        }
        write_secrets(&secrets_folder(scratch.path()), secrets)?;
        Ok(scratch)
    }

    pub(super) fn path(&self) -> &Path {
        self.0.path()
    }
}

/// Where the secrets are below a scratch folder.
pub(super) fn secrets_folder(scratch: &Path) -> PathBuf {
    scratch.join("secrets")
}

/// Writes the secrets as files that only their owner can read.
pub(super) fn write_secrets(folder: &Path, secrets: &[SecretFile]) -> io::Result<()> {
    fs::DirBuilder::new().mode(0o700).recursive(true).create(folder)?;
    for secret in secrets {
        let mut options = OpenOptions::new();
        let options = options.write(true).create_new(true).mode(0o400);
        options.open(folder.join(&secret.name))?.write_all(&secret.bytes)?;
    }
    Ok(())
}
