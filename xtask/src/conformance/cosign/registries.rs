//! Registries on this machine.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use andon_network::registry::{Credentials, Reference, Repository};
use andon_network::{Client, Settings};
use andon_system::OsSystem;
use anyhow::{Context, Result, bail};

use crate::process::on_path;

#[allow(clippy::unwrap_used, reason = "a server for tests")]
#[path = "../../../../crates/base/network/tests/support/oci.rs"]
mod oci;
#[allow(clippy::unwrap_used, clippy::panic, reason = "a server for tests")]
#[path = "../../../../crates/base/network/tests/support/server.rs"]
mod server;

/// A docker-registry, which is stopped in the end, and a registry of our own that knows OCI 1.1.
pub(super) struct Registries {
    child: Child,
    host: String,
    own: oci::Registry,
    _folder: tempfile::TempDir,
}

impl Registries {
    pub(super) fn start(program: Option<&Path>) -> Result<Self> {
        let program = program.map(PathBuf::from).or_else(|| on_path("docker-registry"));
        let program =
            program.context("there is no docker-registry on PATH; name one with --docker-registry")?;
        let folder = tempfile::tempdir()?;
        // Free now, and most likely still free in a moment.
        let host = TcpListener::bind("127.0.0.1:0")?.local_addr()?.to_string();
        let data = folder.path().join("data");
        let config = format!(
            "version: 0.1\nlog:\n  level: error\nstorage:\n  filesystem:\n    rootdirectory: {}\nhttp:\n  addr: {host}\n",
            data.display()
        );
        let file = folder.path().join("config.yml");
        std::fs::write(&file, config)?;
        let mut command = Command::new(&program);
        command.arg("serve").arg(&file).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let child = command.spawn().with_context(|| format!("cannot start {}", program.display()))?;
        let own = oci::Registry::start(oci::MODERN);
        let registries = Self { child, host, own, _folder: folder };
        registries.wait()?;
        Ok(registries)
    }

    /// Name and host of each.
    pub(super) fn hosts(&self) -> [(&'static str, String); 2] {
        [("docker-registry", self.host.clone()), ("OCI 1.1", self.own.server.host())]
    }

    /// Until it answers.
    fn wait(&self) -> Result<()> {
        let client = Client::new(&OsSystem, Settings { attempts: 1, ..Settings::default() })?;
        let reference = Reference::parse(&format!("{}/none", self.host))?;
        for _ in 0..100 {
            if Repository::new(&client, &reference, &Credentials::Anonymous).manifest("none").is_ok() {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        bail!("docker-registry does not answer at {}", self.host)
    }
}

impl Drop for Registries {
    fn drop(&mut self) {
        // It may have ended by itself.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
