//! JaCoCo's XML.

use super::model::{CoverageFormat, CoverageReport};
use super::paths::ReportPaths;
use crate::report_error::ReportError;
use crate::xml::{Attributes, Visitor, walk};

pub(super) fn read(text: &str, paths: &ReportPaths, origin: &str) -> Result<CoverageReport, ReportError> {
    let mut reader = Jacoco {
        report: CoverageReport::new(CoverageFormat::Jacoco),
        paths,
        package: String::new(),
        path: None,
        seen: false,
    };
    let broken = walk(text, origin, &mut reader)?;
    if !reader.seen {
        return Err(ReportError::unknown(origin, "there is no <report> element of JaCoCo in it"));
    }
    match broken {
        Some(broken) => Err(ReportError::shape(origin, broken)),
        None => Ok(reader.report),
    }
}

struct Jacoco<'p> {
    report: CoverageReport,
    paths: &'p ReportPaths,
    package: String,
    path: Option<String>,
    seen: bool,
}

impl Visitor for Jacoco<'_> {
    fn open(&mut self, name: &str, attributes: &Attributes<'_>) {
        match name {
            "report" => self.seen = true,
            "package" => self.package = attributes.get("name").unwrap_or_default().into_owned(),
            "sourcefile" => {
                let file = attributes.get("name").unwrap_or_default();
                let path = self.paths.resolve(&format!("{}/{file}", self.package), &[]);
                self.report.file(path.clone());
                self.path = Some(path);
            }
            "line" => self.line(attributes),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "sourcefile" => self.path = None,
            "package" => self.package.clear(),
            _ => {}
        }
    }
}

impl Jacoco<'_> {
    /// Instructions and branches, missed and covered: `nr`, `mi`, `ci`, `mb`, `cb`.
    fn line(&mut self, attributes: &Attributes<'_>) {
        let Some(path) = &self.path else { return };
        let Some(number) = attributes.number("nr").and_then(|number| u32::try_from(number).ok()) else {
            return;
        };
        let count = |name| attributes.number(name).unwrap_or(0);
        let file = self.report.files.entry(path.clone()).or_default();
        file.line(number, count("ci") > 0);
        let (missed, covered) = (count("mb"), count("cb"));
        file.branch(number, covered, missed.saturating_add(covered));
    }
}
