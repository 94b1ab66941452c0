//! Cobertura's XML.

use super::model::{CoverageFormat, CoverageReport};
use super::paths::ReportPaths;
use crate::report_error::ReportError;
use crate::xml::{Attributes, Visitor, walk};

pub(super) fn read(text: &str, paths: &ReportPaths, origin: &str) -> Result<CoverageReport, ReportError> {
    let mut reader = Cobertura {
        report: CoverageReport::new(CoverageFormat::Cobertura),
        paths,
        sources: Vec::new(),
        in_source: false,
        path: None,
        in_methods: 0,
        seen: false,
    };
    let broken = walk(text, origin, &mut reader)?;
    if !reader.seen {
        return Err(ReportError::unknown(origin, "there is no <coverage> element of Cobertura in it"));
    }
    match broken {
        Some(broken) => Err(ReportError::shape(origin, broken)),
        None => Ok(reader.report),
    }
}

struct Cobertura<'p> {
    report: CoverageReport,
    paths: &'p ReportPaths,
    sources: Vec<String>,
    in_source: bool,
    path: Option<String>,
    /// The lines of methods stand again among those of their class.
    in_methods: usize,
    seen: bool,
}

/// Folders that are believed.
const MOST_SOURCES: usize = 100;

impl Visitor for Cobertura<'_> {
    fn open(&mut self, name: &str, attributes: &Attributes<'_>) {
        match name {
            "coverage" => self.seen = true,
            "source" if self.sources.len() < MOST_SOURCES => {
                self.in_source = true;
                self.sources.push(String::new());
            }
            "class" => {
                let path = attributes.get("filename").unwrap_or_default();
                let path = self.paths.resolve(&path, &self.sources);
                self.report.file(path.clone());
                self.path = Some(path);
            }
            "methods" => self.in_methods += 1,
            "line" if self.in_methods == 0 => self.line(attributes),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        match name {
            "source" => self.in_source = false,
            "class" => self.path = None,
            "methods" => self.in_methods = self.in_methods.saturating_sub(1),
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        if let Some(source) = self.sources.last_mut().filter(|_| self.in_source) {
            source.push_str(text.trim());
        }
    }
}

impl Cobertura<'_> {
    fn line(&mut self, attributes: &Attributes<'_>) {
        let Some(path) = &self.path else { return };
        let number = attributes.number("number").and_then(|number| u32::try_from(number).ok());
        let Some((number, hits)) = number.zip(attributes.number("hits")) else { return };
        let file = self.report.files.entry(path.clone()).or_default();
        let known = file.branches.contains_key(&number);
        file.line(number, hits > 0);
        // `50% (1/2)`
        let condition = attributes.get("condition-coverage").unwrap_or_default();
        let inside =
            condition.split_once('(').and_then(|(_, rest)| rest.split_once(')')).map(|(inside, _)| inside);
        let counts = inside.and_then(|inside| inside.split_once('/'));
        if let Some((hit, total)) =
            counts.and_then(|(hit, total)| Some((hit.parse().ok()?, total.parse().ok()?)))
            && !known
        {
            file.branch(number, hit, total);
        }
    }
}
