use andon_attestation::predicate::{EngineUsed, PackUsed, Scan, ScanCoverage, SeverityCounts};
use andon_attestation::{Resource, Statement, StatementError};
use andon_model::{Coverage, ScanReport};

/// That a scan was done and what came out. `report` is the SHA-256 of its report, in hexadecimal; `subject` is what
/// was scanned.
///
/// # Errors
/// When the subject has no digest.
pub(crate) fn scan(
    report: &ScanReport,
    digest: &str,
    configuration: &str,
    subject: Resource,
) -> Result<Statement, StatementError> {
    let mut findings = SeverityCounts::default();
    let mut new = SeverityCounts::default();
    for finding in report.findings.iter().filter(|finding| finding.counts()) {
        findings.add(finding.severity);
        if finding.is_new() {
            new.add(finding.severity);
        }
    }
    let scan = Scan {
        tool: report.tool.name.clone(),
        tool_version: report.tool.version.clone(),
        engines: engines(&report.coverage),
        packs: packs(&report.coverage),
        configuration: configuration.to_owned(),
        report: digest.to_owned(),
        report_format: report.schema.clone(),
        findings,
        new_findings: report.target.base.is_some().then_some(new),
        coverage: ScanCoverage {
            complete: report.coverage.complete,
            gaps: report.coverage.gaps.len() as u64,
            sandboxed: report.coverage.sandbox.filesystem && report.coverage.sandbox.syscalls,
        },
        base_commit: report.target.base.clone(),
        head_commit: report.target.head.clone(),
        started_on: report.started.clone(),
        finished_on: finished(report),
    };
    Statement::of(vec![subject], &scan)
}

fn engines(coverage: &Coverage) -> Vec<EngineUsed> {
    let used = coverage.engines.iter();
    used.map(|engine| EngineUsed { name: engine.engine.clone(), examined: engine.files, rules: engine.rules_loaded })
        .collect()
}

fn packs(coverage: &Coverage) -> Vec<PackUsed> {
    let packs = coverage.engines.iter().flat_map(|engine| &engine.packs);
    packs.map(|pack| PackUsed { name: pack.clone(), ..PackUsed::default() }).collect()
}

fn finished(report: &ScanReport) -> String {
    let took = jiff::SignedDuration::from_millis(i64::try_from(report.duration_ms).unwrap_or(i64::MAX));
    let started = report.started.parse::<jiff::Timestamp>();
    started.map_or_else(|_| report.started.clone(), |started| started.saturating_add(took).map_or_else(|_| report.started.clone(), |end| end.to_string()))
}
