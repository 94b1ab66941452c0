//! Keys and commits in a temporary folder.

use std::cell::OnceCell;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tempfile::TempDir;

use super::cases::Case;
use crate::process::output;

/// The committer of all cases.
pub(super) const EMAIL: &str = "alice@example.org";
/// When all commits are made: 2026-03-01 12:00 UTC.
pub(super) const WHEN: i64 = 1_772_366_400;

/// A folder with keys and repositories, away from those of whoever runs this.
pub(super) struct Workshop {
    folder: TempDir,
    keyring: OnceCell<Vec<u8>>,
}

impl Workshop {
    pub(super) fn open() -> Result<Self> {
        let shop = Self { folder: tempfile::tempdir()?, keyring: OnceCell::new() };
        for home in ["trusted", "stranger"] {
            let home = shop.path(home);
            fs::create_dir(&home)?;
            fs::set_permissions(&home, fs::Permissions::from_mode(0o700))?;
            fs::write(home.join("gpg.conf"), "trust-model always\npinentry-mode loopback\nbatch\nno-tty\n")?;
        }
        for format in ["sha1", "sha256"] {
            let format_option = format!("--object-format={format}");
            output(shop.command("git").args(["init", "-q", &format_option]).arg(shop.path(format)))?;
        }
        Ok(shop)
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// A program that sees nothing of the user's own configuration and keys.
    pub(super) fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command.env("HOME", self.folder.path()).env("GNUPGHOME", self.path("trusted")).env("TZ", "UTC");
        command.env("GIT_CONFIG_NOSYSTEM", "1").env_remove("SSH_AUTH_SOCK").env("LC_ALL", "C.UTF-8");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "Alice").env(format!("GIT_{who}_EMAIL"), EMAIL);
            command.env(format!("GIT_{who}_DATE"), format!("{WHEN} +0000"));
        }
        command
    }

    pub(super) fn git(&self, repository: &str) -> Command {
        let mut command = self.command("git");
        command.arg("-C").arg(self.path(repository));
        command
    }

    /// A commit that git itself signs.
    pub(super) fn commit(&self, repository: &str, settings: &[String]) -> Result<String> {
        let mut commit = self.git(repository);
        settings.iter().for_each(|setting| {
            commit.args(["-c", setting]);
        });
        let sign = if settings.is_empty() { "--no-gpg-sign" } else { "-S" };
        output(commit.args(["commit", "-q", "--allow-empty", "-m", "Change something", sign]))?;
        Ok(output(self.git(repository).args(["rev-parse", "HEAD"]))?.trim().to_owned())
    }

    pub(super) fn tag(&self, name: &str, settings: &[String]) -> Result<String> {
        let mut tag = self.git("sha1");
        settings.iter().for_each(|setting| {
            tag.args(["-c", setting]);
        });
        output(tag.args(["tag", "-s", "-m", "A release", name]))?;
        Ok(output(self.git("sha1").args(["rev-parse", name]))?.trim().to_owned())
    }

    /// The bytes of an object.
    pub(super) fn object(&self, repository: &str, id: &str) -> Result<Vec<u8>> {
        let kind = output(self.git(repository).args(["cat-file", "-t", id]))?;
        let done = self.git(repository).args(["cat-file", kind.trim(), id]).output()?;
        ensure!(done.status.success(), "git cannot read {id}");
        Ok(done.stdout)
    }

    /// A commit with these bytes, however wrong they are.
    pub(super) fn forge(&self, repository: &str, object: &[u8]) -> Result<String> {
        let file = self.path("object");
        fs::write(&file, object)?;
        let mut hash = self.git(repository);
        hash.args(["hash-object", "-t", "commit", "-w", "--literally"]).arg(&file);
        Ok(output(&mut hash)?.trim().to_owned())
    }

    /// What git says: the letter, whether it takes the signature, and its words.
    pub(super) fn ask_git(&self, case: &Case) -> Result<(String, bool, String)> {
        let allowed = self.path("allowed_signers");
        fs::write(&allowed, &case.allowed)?;
        let revoked = self.path("revoked_keys");
        fs::write(&revoked, case.revoked.as_deref().unwrap_or_default())?;
        let ask = |arguments: &[&str]| {
            let mut git = self.git(case.repository);
            git.arg("-c").arg(setting("gpg.ssh.allowedSignersFile", &allowed));
            if case.revoked.is_some() {
                git.arg("-c").arg(setting("gpg.ssh.revocationFile", &revoked));
            }
            git.args(arguments).arg(&case.object);
            git.output().context("cannot start git")
        };
        let verify = ask(&[if case.is_tag { "verify-tag" } else { "verify-commit" }])?;
        let letter = if case.is_tag {
            "-".to_owned()
        } else {
            let log = ask(&["log", "-1", "--format=%G?"])?;
            String::from_utf8_lossy(&log.stdout).trim().to_owned()
        };
        let said = String::from_utf8_lossy(&verify.stderr).into_owned();
        Ok((letter, verify.status.success(), said))
    }

    /// The public keys that gpg knows.
    pub(super) fn keyring(&self) -> Result<Vec<u8>> {
        if let Some(keyring) = self.keyring.get() {
            return Ok(keyring.clone());
        }
        let keyring = output(self.command("gpg").args(["--export", "--armor"]))?.into_bytes();
        Ok(self.keyring.get_or_init(|| keyring).clone())
    }

    /// Ends the agents that gpg started.
    pub(super) fn close(&self) {
        for home in ["trusted", "stranger"] {
            let _ =
                self.command("gpgconf").args(["--kill", "all"]).env("GNUPGHOME", self.path(home)).status();
        }
    }
}

/// `name=file` for `git -c`.
pub(super) fn setting(name: &str, file: &Path) -> String {
    format!("{name}={}", file.display())
}
