//! The other side: cosign, with keys and without any log.

use std::path::{Path, PathBuf};
use std::process::Command;

use andon_attestation::{KeyKind, PublicKey, Signer};
use andon_signing::key_file;
use anyhow::{Context, Result, bail};

use super::{Case, How, KIND, Keys, PREDICATE, What};

/// A cosign and a folder of its own.
pub(super) struct Tool {
    program: PathBuf,
    folder: tempfile::TempDir,
}

impl Tool {
    pub(super) fn new(program: &Path) -> Result<Self> {
        let program = std::path::absolute(program)?;
        let tool = Self { program, folder: tempfile::tempdir()? };
        std::fs::write(tool.folder.path().join("predicate.json"), PREDICATE)?;
        tool.run(&["version"])?.map_err(anyhow::Error::msg).context("is that a cosign?")?;
        Ok(tool)
    }

    /// Makes key files of its own from ours.
    pub(super) fn import(&self, keys: &Keys) -> Result<()> {
        let name = file(keys.kind);
        std::fs::write(self.folder.path().join(format!("{name}.pem")), key_file::to_pem(&keys.ours))?;
        for key in [keys.ours.public(), keys.stranger.public()] {
            std::fs::write(self.folder.path().join(public_file(key)), key.to_pem())?;
        }
        let pem = format!("{name}.pem");
        let done = self.run(&["import-key-pair", "--key", &pem, "--output-key-prefix", name, "--yes"])?;
        if let Err(message) = done {
            bail!("cosign does not import our {} key: {message}", keys.kind);
        }
        Ok(())
    }

    /// Signs or attests; the message when it does not.
    pub(super) fn sign(&self, image: &str, case: &Case<'_>) -> Result<Result<(), String>> {
        let key = format!("{}.key", file(case.keys.kind));
        let command = if case.what == What::Attestation { "attest" } else { "sign" };
        let mut arguments = vec![
            command,
            "--key",
            &key,
            "--use-signing-config=false",
            "--tlog-upload=false",
            "--allow-http-registry",
            "--yes",
        ];
        if case.how != How::Bundle {
            arguments.push("--new-bundle-format=false");
        }
        if case.how == How::Referrer {
            arguments.push("--registry-referrers-mode=oci-1-1");
        }
        if case.what == What::Attestation {
            arguments.extend(["--type", KIND, "--predicate", "predicate.json"]);
        }
        arguments.push(image);
        self.run(&arguments)
    }

    /// Verifies; the message when it does not.
    pub(super) fn verify(&self, image: &str, case: &Case<'_>, key: &PublicKey) -> Result<Result<(), String>> {
        let key = public_file(key);
        let command = if case.what == What::Attestation { "verify-attestation" } else { "verify" };
        let mut arguments = vec![command, "--key", &key, "--insecure-ignore-tlog", "--allow-http-registry"];
        if case.how != How::Bundle {
            arguments.push("--new-bundle-format=false");
        }
        if case.how == How::Referrer {
            arguments.push("--experimental-oci11");
        }
        if case.what == What::Attestation {
            arguments.extend(["--type", KIND]);
        }
        arguments.push(image);
        self.run(&arguments)
    }

    fn run(&self, arguments: &[&str]) -> Result<Result<(), String>> {
        let mut command = Command::new(&self.program);
        command.args(arguments).current_dir(self.folder.path());
        command.env("HOME", self.folder.path()).env("COSIGN_PASSWORD", "").env_remove("DOCKER_CONFIG");
        command.env("COSIGN_EXPERIMENTAL", "1");
        let done = command.output().with_context(|| format!("cannot start {}", self.program.display()))?;
        if done.status.success() {
            return Ok(Ok(()));
        }
        let text = String::from_utf8_lossy(&done.stderr);
        let said = text.lines().find_map(|line| line.strip_prefix("Error: "));
        Ok(Err(said.or_else(|| text.lines().last()).unwrap_or("no message").to_owned()))
    }
}

fn file(kind: KeyKind) -> &'static str {
    kind.as_str()
}

fn public_file(key: &PublicKey) -> String {
    format!("{}.pub", key.id())
}
