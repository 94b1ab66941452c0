//! Go's cover profiles: `file.go:line.column,line.column statements count`.

use super::model::{CoverageFormat, CoverageReport};
use super::paths::ReportPaths;
use crate::report_error::ReportError;

pub(super) fn read(text: &str, paths: &ReportPaths, origin: &str) -> Result<CoverageReport, ReportError> {
    let mut lines = text.lines();
    if !lines.next().is_some_and(|line| line.starts_with("mode: ")) {
        return Err(ReportError::unknown(origin, "there is no `mode:` line of a Go cover profile in it"));
    }
    let mut report = CoverageReport::new(CoverageFormat::Go);
    let mut used = 0;
    for line in lines.filter(|line| !line.trim().is_empty() && !line.starts_with("mode: ")) {
        let Some((path, from, to, hit)) = block(line) else {
            report.note("lines that are no blocks of a cover profile are passed over");
            continue;
        };
        if !report.has_room(&mut used, u64::from(to.saturating_sub(from)) + 1) {
            break;
        }
        let file = report.file(paths.resolve(path, &[]));
        (from..=to).for_each(|line| file.line(line, hit));
    }
    Ok(report)
}

/// A block; one whose end stands in the first column ends on the line before.
fn block(line: &str) -> Option<(&str, u32, u32, bool)> {
    let (path, rest) = line.rsplit_once(':')?;
    let mut fields = rest.split_ascii_whitespace();
    let (from, to) = fields.next()?.split_once(',')?;
    let from: u32 = from.split_once('.')?.0.parse().ok()?;
    let (to, column) = to.split_once('.')?;
    let to: u32 = to.parse().ok()?;
    let to = if column == "1" && to > from { to - 1 } else { to };
    fields.next()?;
    let count: u64 = fields.next()?.parse().ok()?;
    (from <= to).then_some((path, from, to, count > 0))
}
