//! GitLab's reports against their schemas. The schemas are not part of this repository: take
//! `dependency-scanning-report-format.json` and `secret-detection-report-format.json` of GitLab's security report schemas,
//! both or one of them, in one folder.

use std::path::PathBuf;

use andon_model::ScanReport;
use andon_report::{Format, RenderOptions, render};
use anyhow::{Context, Result, ensure};
use clap::Args;

use super::{examples, schema};

/// Write examples, and the given reports, for GitLab and check them against its schemas.
#[derive(Args)]
pub(crate) struct Gitlab {
    /// Folder with the schemas.
    #[arg(long, value_name = "DIR")]
    schemas: PathBuf,
    /// Reports that `andon scan --format json` wrote.
    #[arg(long, value_name = "FILE", num_args = 1..)]
    reports: Vec<PathBuf>,
}

const SCHEMAS: [(Format, &str); 2] = [
    (Format::GitlabDependencies, "dependency-scanning-report-format.json"),
    (Format::Gitlab, "secret-detection-report-format.json"),
];

impl Gitlab {
    pub(super) fn run(&self) -> Result<bool> {
        let mut reports = vec![("examples".to_owned(), examples::report())];
        for file in &self.reports {
            let bytes = std::fs::read(file).with_context(|| format!("cannot read {}", file.display()))?;
            let report: ScanReport = serde_json::from_slice(&bytes)
                .with_context(|| format!("{} is no report of ours", file.display()))?;
            reports.push((file.display().to_string(), report));
        }
        let (mut sound, mut checked) = (true, 0);
        for (format, file) in SCHEMAS {
            let file = self.schemas.join(file);
            if !file.is_file() {
                println!("{format}: not checked, there is no {}", file.display());
                continue;
            }
            let validator = schema::validator(&file)?;
            for (name, report) in &reports {
                let written = render(report, format, &RenderOptions::default());
                let document =
                    serde_json::from_slice(&written.bytes).with_context(|| format!("{name} is no JSON"))?;
                sound &= schema::report(&format!("{name} as {format}"), &validator, &document);
                checked += 1;
            }
        }
        ensure!(checked > 0, "{} holds no schema: nothing was checked", self.schemas.display());
        Ok(sound)
    }
}
