//! SARIF against its schema. The schema is not part of this repository: download `sarif-schema-2.1.0.json` from the
//! page of the OASIS SARIF committee and name the file.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, bail, ensure};
use clap::Args;
use serde_json::Value;

use super::schema;
use crate::process;

/// Scan something, write SARIF and check it against the schema.
#[derive(Args)]
pub(crate) struct Sarif {
    /// The schema of SARIF 2.1.0, `sarif-schema-2.1.0.json`.
    #[arg(long, value_name = "FILE")]
    schema: PathBuf,
    /// What to scan; without it, `examples/leaky` of this repository.
    #[arg(long, value_name = "DIR")]
    target: Option<PathBuf>,
    /// Scan the whole history of the target instead of its files.
    #[arg(long)]
    history: bool,
    /// The `andon` to run. Without it, one is built.
    #[arg(long, value_name = "FILE")]
    binary: Option<PathBuf>,
}

impl Sarif {
    pub(super) fn run(&self) -> Result<bool> {
        let validator = schema::validator(&self.schema)?;
        let target = self.target.clone().unwrap_or_else(|| process::root().join("examples/leaky"));
        let log = self.scan(&target)?;
        let results = log.pointer("/runs/0/results").and_then(Value::as_array).map_or(0, Vec::len);
        ensure!(results > 0, "the scan of {} found nothing: nothing was checked", target.display());
        let name = format!("{}, {results} results", target.display());
        Ok(schema::report(&name, &validator, &log))
    }

    fn scan(&self, target: &Path) -> Result<Value> {
        let andon = match &self.binary {
            Some(binary) => binary.clone(),
            None => process::andon("dev")?,
        };
        let mut command = Command::new(andon);
        command.arg("scan").arg(target).args(["--format", "sarif", "--no-gate"]);
        if self.history {
            command.arg("--history");
        }
        let done = command.output().with_context(|| format!("cannot start {command:?}"))?;
        // 3 says that the scan is incomplete, which the log must be able to say too.
        if !matches!(done.status.code(), Some(0 | 3)) {
            bail!("{command:?} failed ({}): {}", done.status, String::from_utf8_lossy(&done.stderr).trim());
        }
        serde_json::from_slice(&done.stdout).context("what `andon` wrote is no JSON")
    }
}
