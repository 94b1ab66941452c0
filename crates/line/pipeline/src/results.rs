//! Reports of tests and of their coverage that a step wrote, read into its record.

use andon_config::{WHOLE_OUTPUT, globs};
use andon_results::{
    CoverageFormat, Outcome, ReportPaths, TestFormat, TestReport, read_coverage, read_tests,
};
use andon_system::{System, paths};
use sha2::{Digest, Sha256};
use std::path::Path;

use crate::hash::hex;
use crate::record::{CoverageResult, ReportFile, TestResults};
use crate::{Failure, OutputFile, PlannedStep};

const LARGEST: u64 = 256 << 20;
const MOST_REPORTS: usize = 10_000;
const MOST_FAILING: usize = 100;

/// The results of a step's tests; `None` when it declares no reports.
///
/// # Errors
/// When a declared report is not there or cannot be read: tests that nobody knows of are no tests.
pub(crate) fn test_results(
    system: &dyn System,
    root: &Path,
    log: &Path,
    step: &PlannedStep,
    outputs: &[OutputFile],
) -> Result<Option<TestResults>, Failure> {
    if step.tests.is_empty() {
        return Ok(None);
    }
    let mut results = TestResults { complete: true, ..TestResults::default() };
    for (format, patterns) in step.tests.by_format() {
        for pattern in patterns {
            for (path, place) in places(root, log, pattern, outputs)? {
                if results.reports.len() >= MOST_REPORTS {
                    return Err(Failure(format!("there are more than {MOST_REPORTS} reports of tests")));
                }
                let bytes =
                    system.read_capped(&place, LARGEST).map_err(|error| Failure(error.to_string()))?.bytes;
                let report =
                    read_tests(&bytes, known(format), &path).map_err(|error| Failure(error.to_string()))?;
                let sha256 = hex(&Sha256::digest(&bytes));
                results.reports.push(ReportFile { path, sha256, format: format.to_owned() });
                add(&mut results, &report);
            }
        }
    }
    Ok(Some(results))
}

/// What a step's tests covered; `None` when it declares no reports.
///
/// # Errors
/// When a declared report is not there or cannot be read.
pub(crate) fn coverage_result(
    system: &dyn System,
    root: &Path,
    step: &PlannedStep,
    outputs: &[OutputFile],
) -> Result<Option<CoverageResult>, Failure> {
    let mut result: Option<CoverageResult> = None;
    let top = root.to_string_lossy();
    for (format, path) in step.coverage.by_format() {
        // What is not among the outputs may be somewhere else, behind a link that the step made.
        if !outputs.iter().any(|output| output.path == path) {
            return Err(Failure(format!("it wrote no coverage report `{path}`")));
        }
        let place = root.join(paths::to_path(path));
        let bytes = system.read_capped(&place, LARGEST).map_err(|error| Failure(error.to_string()))?.bytes;
        let places = ReportPaths::below(&[&top]);
        let report = read_coverage(&bytes, coverage_format(format), &places, path)
            .map_err(|error| Failure(error.to_string()))?;
        let totals = report.line_totals();
        let sum =
            result.get_or_insert_with(|| CoverageResult { complete: true, ..CoverageResult::default() });
        sum.lines = sum.lines.saturating_add(totals.total);
        sum.covered = sum.covered.saturating_add(totals.hit);
        sum.complete &= report.notes.is_empty();
        let sha256 = hex(&Sha256::digest(&bytes));
        sum.reports.push(ReportFile { path: path.to_owned(), sha256, format: format.to_owned() });
    }
    Ok(result)
}

fn coverage_format(format: &str) -> Option<CoverageFormat> {
    match format {
        "lcov" => Some(CoverageFormat::Lcov),
        "cobertura" => Some(CoverageFormat::Cobertura),
        "jacoco" => Some(CoverageFormat::Jacoco),
        "go" => Some(CoverageFormat::Go),
        "coverage-py" => Some(CoverageFormat::CoveragePy),
        "llvm-cov" => Some(CoverageFormat::LlvmCov),
        "istanbul" => Some(CoverageFormat::Istanbul),
        _ => None,
    }
}

/// Why tests make a step fail; `None` when they do not.
pub(crate) fn complaint(results: &TestResults) -> Option<String> {
    let bad = results.failed.saturating_add(results.errors);
    if bad > 0 {
        let first = results.failing.first().map_or_else(String::new, |name| format!(", first `{name}`"));
        return Some(format!("{bad} of its tests failed{first}"));
    }
    if results.passed == 0 {
        return Some("its reports name no test that passed".to_owned());
    }
    (!results.complete).then(|| "its tests did not run to their end".to_owned())
}

fn places(
    root: &Path,
    log: &Path,
    pattern: &str,
    outputs: &[OutputFile],
) -> Result<Vec<(String, std::path::PathBuf)>, Failure> {
    if pattern == WHOLE_OUTPUT {
        return Ok(vec![(pattern.to_owned(), log.to_owned())]);
    }
    let matcher = globs([&pattern.to_owned()]).map_err(|error| Failure(error.to_string()))?;
    let named = outputs.iter().filter(|output| matcher.is_match(&output.path));
    let found: Vec<_> =
        named.map(|file| (file.path.clone(), root.join(paths::to_path(&file.path)))).collect();
    if found.is_empty() {
        return Err(Failure(format!("it wrote no report of tests `{pattern}`")));
    }
    Ok(found)
}

/// Where the events of `cargo test` may stand for what it prints, the text tells.
fn known(format: &str) -> Option<TestFormat> {
    match format {
        "junit" => Some(TestFormat::Junit),
        "tap" => Some(TestFormat::Tap),
        "pytest" => Some(TestFormat::Pytest),
        _ => None,
    }
}

fn add(results: &mut TestResults, report: &TestReport) {
    results.passed = results.passed.saturating_add(report.counts.passed);
    results.failed = results.failed.saturating_add(report.counts.failed);
    results.errors = results.errors.saturating_add(report.counts.errors);
    results.skipped = results.skipped.saturating_add(report.counts.skipped);
    results.complete &= report.complete;
    let bad = report
        .cases
        .iter()
        .filter(|case| matches!(case.outcome, Outcome::Failed { .. } | Outcome::Error { .. }));
    let names = bad.map(|case| match case.suite.is_empty() {
        true => case.name.clone(),
        false => format!("{}::{}", case.suite, case.name),
    });
    let room = MOST_FAILING.saturating_sub(results.failing.len());
    results.failing.extend(names.take(room));
}
