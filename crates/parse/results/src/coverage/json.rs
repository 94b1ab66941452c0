//! The JSON of coverage.py and of llvm-cov.

use serde_json::Value;

use super::model::{CoverageFormat, CoverageReport, Covered, FileCoverage, Told};
use super::paths::ReportPaths;
use crate::report_error::ReportError;

/// `coverage json`: executed and missing lines, and branches as pairs of lines.
pub(super) fn coverage_py(
    value: &Value,
    paths: &ReportPaths,
    origin: &str,
) -> Result<CoverageReport, ReportError> {
    let files = value.get("files").and_then(Value::as_object);
    let files =
        files.ok_or_else(|| ReportError::unknown(origin, "it has no `files` as coverage.py writes them"))?;
    let mut report = CoverageReport::new(CoverageFormat::CoveragePy);
    for (path, each) in files {
        let file = report.file(paths.resolve(path, &[]));
        for (name, hit) in [("executed_lines", true), ("missing_lines", false)] {
            numbers(each.get(name)).for_each(|line| file.line(line, hit));
        }
        for (name, hit) in [("executed_branches", 1), ("missing_branches", 0)] {
            let pairs = each.get(name).and_then(Value::as_array).into_iter().flatten();
            for line in pairs.filter_map(|pair| number(pair.get(0)?)) {
                file.branch(line, hit, 1);
            }
        }
    }
    Ok(report)
}

/// `llvm-cov export`: regions begin and end at segments.
pub(super) fn llvm_cov(
    value: &Value,
    paths: &ReportPaths,
    origin: &str,
) -> Result<CoverageReport, ReportError> {
    let data = value.get("data").and_then(Value::as_array);
    let data =
        data.ok_or_else(|| ReportError::unknown(origin, "it has no `data` as llvm-cov writes them"))?;
    let mut report = CoverageReport::new(CoverageFormat::LlvmCov);
    let mut used = 0;
    for each in data.iter().filter_map(|each| each.get("files")?.as_array()).flatten() {
        let Some(path) = each.get("filename").and_then(Value::as_str) else { continue };
        let mut file = FileCoverage::default();
        let segments: Vec<Segment> = each
            .get("segments")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Segment::of)
            .collect();
        if !segment_lines(&segments, &mut file, &mut report, &mut used) {
            break;
        }
        for branch in each.get("branches").and_then(Value::as_array).into_iter().flatten() {
            let field = |index: usize| branch.get(index).and_then(Value::as_u64);
            if let (Some(line), Some(taken), Some(not_taken)) = (field(0), field(4), field(5)) {
                let hit = u64::from(taken > 0) + u64::from(not_taken > 0);
                file.branch(u32::try_from(line).unwrap_or(0), hit, 2);
            }
        }
        if segments.is_empty() {
            file.told = told(each.get("summary"));
        }
        let source = report.source;
        let files = [(paths.resolve(path, &[]), file)].into();
        report.merge(CoverageReport { source, files, notes: Vec::new() });
    }
    Ok(report)
}

/// `[line, column, count, has count, is region entry, is gap]`
struct Segment {
    line: u32,
    count: u64,
    counts: bool,
    entry: bool,
    gap: bool,
}

impl Segment {
    fn of(value: &Value) -> Option<Self> {
        let flag = |index: usize| value.get(index).and_then(Value::as_bool).unwrap_or(false);
        Some(Self {
            line: number(value.get(0)?)?,
            count: value.get(2)?.as_u64()?,
            counts: flag(3),
            entry: flag(4),
            gap: flag(5),
        })
    }
}

/// Lines as llvm-cov counts them: a line has code when a region begins in it or goes on from before; it was run when one
/// of those was.
fn segment_lines(
    segments: &[Segment],
    file: &mut FileCoverage,
    report: &mut CoverageReport,
    used: &mut usize,
) -> bool {
    let mut wrapped: Option<&Segment> = None;
    let mut rest = segments;
    while let Some(line) = rest.first().map(|segment| segment.line) {
        let end = rest.iter().position(|segment| segment.line != line).unwrap_or(rest.len());
        let (own, after) = rest.split_at(end);
        let entries = || own.iter().filter(|segment| segment.counts && segment.entry && !segment.gap);
        let skipped = own.first().is_some_and(|segment| !segment.counts && segment.entry);
        let from_before = wrapped.filter(|segment| segment.counts);
        let begins = own.iter().any(|segment| segment.counts && segment.entry);
        if begins || !skipped && from_before.is_some() {
            let before = from_before.is_some_and(|segment| segment.count > 0);
            file.line(line, before || entries().any(|segment| segment.count > 0));
        }
        wrapped = own.last();
        let next = after.first().map_or(line, |segment| segment.line);
        if let Some(segment) = wrapped.filter(|segment| segment.counts && next > line + 1) {
            if !report.has_room(used, u64::from(next - line)) {
                return false;
            }
            (line + 1..next).for_each(|between| file.line(between, segment.count > 0));
        }
        rest = after;
    }
    true
}

fn told(summary: Option<&Value>) -> Option<Told> {
    let covered = |name: &str| {
        let part = summary?.get(name)?;
        Some(Covered { hit: part.get("covered")?.as_u64()?, total: part.get("count")?.as_u64()? })
    };
    Some(Told { lines: covered("lines")?, branches: covered("branches").unwrap_or_default() })
}

fn numbers(value: Option<&Value>) -> impl Iterator<Item = u32> {
    value.and_then(Value::as_array).into_iter().flatten().filter_map(number)
}

pub(super) fn number(value: &Value) -> Option<u32> {
    value.as_u64().and_then(|number| u32::try_from(number).ok())
}
