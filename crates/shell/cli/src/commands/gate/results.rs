use andon_attestation::hex;
use andon_model::{Coverage, ScanReport, Target, TargetKind, Tool};
use andon_system::System;
use anyhow::Context;
use sha2::{Digest, Sha256};

use crate::arguments::GateArguments;
use crate::problem::Problem;

/// A report with where it came from and the SHA-256 of its file.
#[derive(Clone)]
pub(crate) struct Given {
    pub(crate) name: String,
    pub(crate) digest: String,
    pub(crate) report: ScanReport,
}

const LARGEST: u64 = 512 << 20;

/// Reads the results that the user named.
///
/// # Errors
/// When one cannot be read or has another form.
pub(crate) fn read(system: &dyn System, arguments: &GateArguments) -> anyhow::Result<Vec<Given>> {
    let mut given = Vec::new();
    for path in &arguments.reports {
        let name = path.display().to_string();
        let bytes = system.read_named(path, LARGEST)?.bytes;
        given.push(Given { digest: digest(&bytes), report: own(&name, &bytes)?, name });
    }
    for path in &arguments.sarif {
        let name = path.display().to_string();
        let bytes = system.read_named(path, LARGEST)?.bytes;
        given.push(Given { digest: digest(&bytes), report: andon_results::read_sarif(&bytes, &name)?, name });
    }
    Ok(given)
}

/// A report in our own format.
///
/// # Errors
/// When it is none, or of another version.
pub(crate) fn own(name: &str, bytes: &[u8]) -> anyhow::Result<ScanReport> {
    let report: ScanReport = serde_json::from_slice(bytes)
        .with_context(|| format!("{name} is no report of `andon scan --format json`"))?;
    if report.schema != ScanReport::SCHEMA {
        let shown: String = report.schema.chars().take(60).collect();
        let message = format!("{name} has the form `{shown}`; this version reads `{}`", ScanReport::SCHEMA);
        return Err(Problem::new(message).hint("scan again with this version").into());
    }
    Ok(report)
}

pub(crate) fn digest(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes))
}

/// All reports as one. A single report stays as it is.
pub(crate) fn merged(reports: Vec<ScanReport>) -> ScanReport {
    let is_single = reports.len() == 1;
    let mut reports = reports.into_iter();
    let Some(mut all) = reports.next() else { return empty() };
    for other in reports {
        all.tool.name = format!("{}, {}", all.tool.name, other.tool.name);
        all.tool.version.clear();
        all.target.name = format!("{}, {}", all.target.name, other.target.name);
        all.duration_ms = all.duration_ms.saturating_add(other.duration_ms);
        all.findings.extend(other.findings);
        all.rules.extend(other.rules);
        all.coverage.complete &= other.coverage.complete;
        all.coverage.engines.extend(other.coverage.engines);
        all.coverage.gaps.extend(other.coverage.gaps);
        all.coverage.skipped.extend(other.coverage.skipped);
        all.protected_changes.extend(other.protected_changes);
        all.exception_issues.extend(other.exception_issues);
    }
    if !is_single {
        all.target.kind = TargetKind::Import;
        all.findings.sort_by_key(|finding| {
            std::cmp::Reverse((finding.counts(), finding.severity, finding.confidence))
        });
    }
    all
}

fn empty() -> ScanReport {
    ScanReport {
        schema: ScanReport::SCHEMA.to_owned(),
        tool: Tool { name: "andon".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
        target: Target {
            kind: TargetKind::Import,
            name: String::new(),
            base: None,
            head: None,
            branch: None,
            image: None,
            commits: None,
        },
        started: String::new(),
        duration_ms: 0,
        findings: Vec::new(),
        rules: Vec::new(),
        coverage: Coverage::default(),
        inventory: None,
        protected_changes: Vec::new(),
        exception_issues: Vec::new(),
        gate: None,
    }
}
