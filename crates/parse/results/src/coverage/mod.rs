//! How much of a project's code its tests run.

mod cobertura;
mod goprofile;
mod istanbul;
mod jacoco;
mod json;
mod lcov;
mod model;
mod paths;

use serde_json::Value;

use crate::report_error::ReportError;
use crate::report_input;

pub use model::{ChangedLines, CoverageFormat, CoverageReport, Covered, FileCoverage, Told};
pub use paths::ReportPaths;

/// Reads a coverage report. Without a format it is told from the text. `origin` names the file in errors; `paths` says
/// how the report's paths become those of the repository.
///
/// Takes time and memory linear in the text, of which at most [`crate::MAX_REPORT_BYTES`] are read. What cannot be read
/// inside a report of a known format is told in [`CoverageReport::notes`].
///
/// # Errors
/// When the bytes are no such report: empty, too large, of an unknown format, broken, XML that declares entities of its
/// own.
pub fn read_coverage(
    bytes: &[u8],
    format: Option<CoverageFormat>,
    paths: &ReportPaths,
    origin: &str,
) -> Result<CoverageReport, ReportError> {
    let text = report_input::text(bytes, origin)?;
    let Some(format) = format.or_else(|| detect(&text)) else {
        return Err(ReportError::unknown(
            origin,
            "neither LCOV, Cobertura, JaCoCo, coverage.py's JSON, llvm-cov's JSON, Istanbul's JSON nor a Go cover profile \
             is in it",
        ));
    };
    match format {
        CoverageFormat::Lcov => lcov::read(&text, paths, origin),
        CoverageFormat::Cobertura => cobertura::read(&text, paths, origin),
        CoverageFormat::Jacoco => jacoco::read(&text, paths, origin),
        CoverageFormat::Go => goprofile::read(&text, paths, origin),
        CoverageFormat::CoveragePy => json::coverage_py(&parse(&text, origin)?, paths, origin),
        CoverageFormat::LlvmCov => json::llvm_cov(&parse(&text, origin)?, paths, origin),
        CoverageFormat::Istanbul => istanbul::read(&parse(&text, origin)?, paths, origin),
    }
}

fn parse(text: &str, origin: &str) -> Result<Value, ReportError> {
    serde_json::from_str(text).map_err(|error| ReportError::shape(origin, format!("it is no JSON ({error})")))
}

/// How much of the beginning is looked at.
const BEGINNING: usize = 100_000;

fn detect(text: &str) -> Option<CoverageFormat> {
    let start = text.trim_start();
    let beginning = crate::tests::cut(start, BEGINNING);
    if start.starts_with('<') {
        return if beginning.contains("<report") {
            Some(CoverageFormat::Jacoco)
        } else {
            beginning.contains("<coverage").then_some(CoverageFormat::Cobertura)
        };
    }
    if start.starts_with("mode: ") {
        return Some(CoverageFormat::Go);
    }
    if start.starts_with('{') {
        return detect_json(&serde_json::from_str(text).ok()?);
    }
    beginning.lines().any(|line| line.starts_with("SF:")).then_some(CoverageFormat::Lcov)
}

fn detect_json(value: &Value) -> Option<CoverageFormat> {
    if value.get("type").and_then(Value::as_str) == Some("llvm.coverage.json.export") {
        return Some(CoverageFormat::LlvmCov);
    }
    if value.get("files").is_some() && value.get("totals").is_some() {
        return Some(CoverageFormat::CoveragePy);
    }
    let is_file = |each: &Value| each.get("statementMap").is_some() || each.get("lines").is_some();
    value.as_object()?.values().any(is_file).then_some(CoverageFormat::Istanbul)
}
