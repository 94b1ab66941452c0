//! LCOV's trace files, geninfo(1).

use super::model::{CoverageFormat, CoverageReport, FileCoverage};
use super::paths::ReportPaths;
use crate::report_error::ReportError;

pub(super) fn read(text: &str, paths: &ReportPaths, origin: &str) -> Result<CoverageReport, ReportError> {
    let mut report = CoverageReport::new(CoverageFormat::Lcov);
    let mut current: Option<(String, FileCoverage)> = None;
    let mut seen = false;
    for line in text.lines() {
        let line = line.trim();
        if let Some(path) = line.strip_prefix("SF:") {
            seen = true;
            keep(&mut report, current.take());
            current = Some((paths.resolve(path, &[]), FileCoverage::default()));
        } else if line == "end_of_record" {
            keep(&mut report, current.take());
        } else if let Some((_, file)) = &mut current {
            record(line, file);
        }
    }
    if current.is_some() {
        report.note("the last record is not ended, so lines may be missing");
        keep(&mut report, current);
    }
    if seen { Ok(report) } else { Err(ReportError::unknown(origin, "there is no `SF:` line of LCOV in it")) }
}

/// The records of several runs for one file add up.
fn keep(report: &mut CoverageReport, current: Option<(String, FileCoverage)>) {
    let Some((path, file)) = current else { return };
    let source = report.source;
    report.merge(CoverageReport { source, files: [(path, file)].into(), notes: Vec::new() });
}

fn record(line: &str, file: &mut FileCoverage) {
    if let Some(rest) = line.strip_prefix("DA:") {
        let mut fields = rest.split(',');
        let number = fields.next().and_then(|field| field.parse().ok());
        let hits = fields.next().and_then(|field| field.trim().parse::<f64>().ok());
        if let Some((number, hits)) = number.zip(hits) {
            file.line(number, hits > 0.0);
        }
    } else if let Some(rest) = line.strip_prefix("BRDA:") {
        let number = rest.split(',').next().and_then(|field| field.parse().ok());
        let taken = rest.rsplit(',').next().unwrap_or("-");
        if let Some(number) = number {
            let taken = taken.parse::<f64>().is_ok_and(|taken| taken > 0.0);
            file.branch(number, taken.into(), 1);
        }
    }
}
