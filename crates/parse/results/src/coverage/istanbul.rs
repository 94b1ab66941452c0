//! Istanbul's `coverage-final.json` and `coverage-summary.json`.

use serde_json::Value;

use super::json::number;
use super::model::{CoverageFormat, CoverageReport, Covered, FileCoverage, Told};
use super::paths::ReportPaths;
use crate::report_error::ReportError;

pub(super) fn read(value: &Value, paths: &ReportPaths, origin: &str) -> Result<CoverageReport, ReportError> {
    let files = value
        .as_object()
        .ok_or_else(|| ReportError::unknown(origin, "it is no object with a file for each key"))?;
    let mut report = CoverageReport::new(CoverageFormat::Istanbul);
    let mut seen = false;
    for (path, each) in files.iter().filter(|(path, _)| *path != "total") {
        let path = each.get("path").and_then(Value::as_str).unwrap_or(path);
        let file = if each.get("statementMap").is_some() {
            detailed(each)
        } else if let Some(told) = told(each) {
            FileCoverage { told: Some(told), ..FileCoverage::default() }
        } else {
            report.note("entries that are no coverage of a file are passed over");
            continue;
        };
        seen = true;
        let source = report.source;
        let files = [(paths.resolve(path, &[]), file)].into();
        report.merge(CoverageReport { source, files, notes: Vec::new() });
    }
    if seen || files.contains_key("total") || files.is_empty() {
        Ok(report)
    } else {
        Err(ReportError::unknown(origin, "there is no coverage of a file as Istanbul writes it"))
    }
}

/// A line counts where a statement begins, and was run when one of those was.
fn detailed(each: &Value) -> FileCoverage {
    let mut file = FileCoverage::default();
    let counts = each.get("s");
    for (id, place) in each.get("statementMap").and_then(Value::as_object).into_iter().flatten() {
        let hits = counts.and_then(|counts| counts.get(id)).and_then(Value::as_u64).unwrap_or(0);
        if let Some(line) = place.pointer("/start/line").and_then(number) {
            file.line(line, hits > 0);
        }
    }
    let counts = each.get("b");
    for (id, branch) in each.get("branchMap").and_then(Value::as_object).into_iter().flatten() {
        let line = branch.pointer("/loc/start/line").or_else(|| branch.get("line")).and_then(number);
        let ways = counts.and_then(|counts| counts.get(id)).and_then(Value::as_array);
        if let Some((line, ways)) = line.zip(ways) {
            let hit = ways.iter().filter(|way| way.as_u64().is_some_and(|hits| hits > 0)).count();
            file.branch(line, hit as u64, ways.len() as u64);
        }
    }
    file
}

fn told(each: &Value) -> Option<Told> {
    let covered = |name: &str| {
        let part = each.get(name)?;
        Some(Covered { hit: part.get("covered")?.as_u64()?, total: part.get("total")?.as_u64()? })
    };
    Some(Told { lines: covered("lines")?, branches: covered("branches").unwrap_or_default() })
}
