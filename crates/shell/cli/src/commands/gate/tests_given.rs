use andon_gate::evidence::{Figures, SaysCoverage, SaysTests};
use andon_results::{CoverageReport, ReportPaths};
use andon_system::System;

use crate::arguments::GateArguments;

/// A larger report is refused, in bytes.
const LARGEST: u64 = andon_results::MAX_REPORT_BYTES as u64;

/// Names and figures of what was handed in about the project's tests; nobody has signed it.
///
/// # Errors
/// When a file cannot be read, or is no report of tests.
pub(super) fn read(
    system: &dyn System,
    arguments: &GateArguments,
) -> anyhow::Result<(Vec<String>, Option<SaysTests>, Option<SaysCoverage>)> {
    let mut names = Vec::new();
    let mut tests: Option<SaysTests> = None;
    for path in &arguments.tests {
        let name = path.display().to_string();
        let bytes = system.read_named(path, LARGEST)?.bytes;
        let report = andon_results::read_tests(&bytes, None, &name)?;
        let sum = tests.get_or_insert_with(SaysTests::default);
        let counts = report.counts;
        sum.passed = sum.passed.saturating_add(counts.passed);
        sum.failed = sum.failed.saturating_add(counts.failed).saturating_add(counts.errors);
        sum.skipped = sum.skipped.saturating_add(counts.skipped);
        names.push(name);
    }
    let mut coverage: Option<CoverageReport> = None;
    for path in &arguments.coverage {
        let name = path.display().to_string();
        let bytes = system.read_named(path, LARGEST)?.bytes;
        let report = andon_results::read_coverage(&bytes, None, &ReportPaths::default(), &name)?;
        match &mut coverage {
            Some(all) => all.merge(report),
            None => coverage = Some(report),
        }
        names.push(name);
    }
    let coverage = coverage.map(|report| report.line_totals()).map(|lines| SaysCoverage {
        lines: Figures { covered: lines.hit, total: lines.total },
        ..SaysCoverage::default()
    });
    Ok((names, tests, coverage))
}
