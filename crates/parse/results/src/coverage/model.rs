use std::collections::BTreeMap;
use std::ops::RangeInclusive;

use serde::{Deserialize, Serialize};

/// Lines and files that are kept of one report.
const MOST_LINES: usize = 20_000_000;
/// Notes that are kept.
const NOTES: usize = 50;
/// The largest number of a line that is believed.
const LARGEST_LINE: u32 = 10_000_000;

/// The format of a coverage report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum CoverageFormat {
    /// LCOV's `.info` files, which gcov, llvm-cov, cargo-llvm-cov and most JavaScript runners write.
    Lcov,
    /// Cobertura's XML, which coverage.py, gcovr and .NET write.
    Cobertura,
    /// JaCoCo's XML.
    Jacoco,
    /// What `go test -coverprofile` writes.
    Go,
    /// What `coverage json` writes.
    CoveragePy,
    /// What `llvm-cov export` writes.
    LlvmCov,
    /// Istanbul's `coverage-final.json` and `coverage-summary.json`.
    Istanbul,
}

/// So many of so many.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    /// How many the tests ran.
    pub hit: u64,
    /// How many there are.
    pub total: u64,
}

impl Covered {
    /// In percent, rounded down to a hundredth so that 99.999 is not taken for all; `None` of nothing.
    pub fn percent(self) -> Option<f64> {
        let hundredths = u128::from(self.hit.min(self.total)) * 10_000
            / u128::from((self.total > 0).then_some(self.total)?);
        Some(hundredths as f64 / 100.0)
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self { hit: self.hit.saturating_add(other.hit), total: self.total.saturating_add(other.total) }
    }
}

/// The coverage of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileCoverage {
    /// Lines with code: 1-based number, and whether the tests ran them. Empty where the report has totals only.
    pub lines: BTreeMap<u32, bool>,
    /// Branches by line: 1-based number, how many were taken of how many.
    pub branches: BTreeMap<u32, Covered>,
    /// The totals of a report that names no lines.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Told>,
}

/// Totals of a file whose report names no lines.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Lines.
    pub lines: Covered,
    /// Branches.
    pub branches: Covered,
}

impl FileCoverage {
    /// Lines with code, and how many of them the tests ran.
    pub fn line_totals(&self) -> Covered {
        match self.told {
            Some(told) if self.lines.is_empty() => told.lines,
            _ => Covered {
                hit: self.lines.values().filter(|hit| **hit).count() as u64,
                total: self.lines.len() as u64,
            },
        }
    }

    /// Branches, and how many of them the tests took.
    pub fn branch_totals(&self) -> Covered {
        match self.told {
            Some(told) if self.lines.is_empty() => told.branches,
            _ => self.branches.values().fold(Covered::default(), |sum, each| sum.and(*each)),
        }
    }

    pub(super) fn line(&mut self, line: u32, hit: bool) {
        if (1..=LARGEST_LINE).contains(&line) {
            *self.lines.entry(line).or_default() |= hit;
        }
    }

    /// Adds branches to a line.
    pub(super) fn branch(&mut self, line: u32, hit: u64, total: u64) {
        if (1..=LARGEST_LINE).contains(&line) && total > 0 {
            let sum = self.branches.entry(line).or_default();
            *sum = sum.and(Covered { hit: hit.min(total), total });
        }
    }

    /// What is covered here or there. Of a line's branches the better count is taken: which ones were taken is not known.
    fn merge(&mut self, other: Self) {
        for (line, hit) in other.lines {
            *self.lines.entry(line).or_default() |= hit;
        }
        for (line, branches) in other.branches {
            let own = self.branches.entry(line).or_default();
            *own = Covered { hit: own.hit.max(branches.hit), total: own.total.max(branches.total) };
        }
        let better = |own: Told, other: Told| if other.lines.hit > own.lines.hit { other } else { own };
        self.told = match (self.told, other.told) {
            (Some(own), Some(other)) => Some(better(own, other)),
            (own, other) => own.or(other),
        };
    }
}

/// What the tests covered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CoverageReport {
    /// The format it was read from.
    pub source: CoverageFormat,
    /// By path, relative to the repository's root with `/` where it could be told.
    pub files: BTreeMap<String, FileCoverage>,
    /// What is remarkable.
    pub notes: Vec<String>,
}

/// Coverage of the lines that a change touched.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChangedLines {
    /// Changed lines with code, and how many of them the tests ran.
    pub lines: Covered,
    /// Changed lines that the tests did not run, by path.
    pub uncovered: BTreeMap<String, Vec<u32>>,
    /// Changed files that the report does not name, or names without lines: nothing is known of them.
    pub unknown: Vec<String>,
}

impl CoverageReport {
    pub(super) fn new(source: CoverageFormat) -> Self {
        Self { source, files: BTreeMap::new(), notes: Vec::new() }
    }

    /// Lines with code in all files, and how many of them the tests ran.
    pub fn line_totals(&self) -> Covered {
        self.files.values().fold(Covered::default(), |sum, file| sum.and(file.line_totals()))
    }

    /// Branches in all files, and how many of them the tests took.
    pub fn branch_totals(&self) -> Covered {
        self.files.values().fold(Covered::default(), |sum, file| sum.and(file.branch_totals()))
    }

    /// Adds what another run of tests of the same code covered.
    pub fn merge(&mut self, other: Self) {
        for (path, file) in other.files {
            self.files.entry(path).or_default().merge(file);
        }
        other.notes.iter().for_each(|note| self.note(note));
    }

    /// How the tests cover what a change touched: by path the ranges of lines (1-based) that are new or altered. Changed
    /// lines without code, such as comments, do not count.
    pub fn changed_lines(&self, changes: &BTreeMap<String, Vec<RangeInclusive<u32>>>) -> ChangedLines {
        let mut changed = ChangedLines::default();
        for (path, ranges) in changes {
            let Some(file) =
                self.files.get(path).filter(|file| file.told.is_none() || !file.lines.is_empty())
            else {
                changed.unknown.push(path.clone());
                continue;
            };
            let mut uncovered = Vec::new();
            for (line, hit) in joined(ranges).iter().flat_map(|range| file.lines.range(range.clone())) {
                changed.lines.total += 1;
                if *hit {
                    changed.lines.hit += 1;
                } else {
                    uncovered.push(*line);
                }
            }
            if !uncovered.is_empty() {
                changed.uncovered.insert(path.clone(), uncovered);
            }
        }
        changed
    }

    pub(super) fn file(&mut self, path: String) -> &mut FileCoverage {
        self.files.entry(path).or_default()
    }

    pub(super) fn note(&mut self, note: &str) {
        if self.notes.len() < NOTES && !self.notes.iter().any(|each| each == note) {
            self.notes.push(note.to_owned());
        }
    }

    /// Whether another `lines` lines may be kept: ranges in a short text can stand for very many.
    pub(super) fn has_room(&mut self, used: &mut usize, lines: u64) -> bool {
        *used = used.saturating_add(usize::try_from(lines).unwrap_or(usize::MAX));
        if *used > MOST_LINES {
            self.note("there are too many lines; the rest is not read");
            return false;
        }
        true
    }
}

/// Ranges in order, without overlap.
fn joined(ranges: &[RangeInclusive<u32>]) -> Vec<RangeInclusive<u32>> {
    let mut sorted: Vec<RangeInclusive<u32>> =
        ranges.iter().filter(|range| !range.is_empty()).cloned().collect();
    sorted.sort_by_key(|range| *range.start());
    let mut joined: Vec<RangeInclusive<u32>> = Vec::with_capacity(sorted.len());
    for range in sorted {
        match joined.last_mut() {
            Some(last) if *range.start() <= *last.end() => {
                *last = *last.start()..=*last.end().max(range.end())
            }
            _ => joined.push(range),
        }
    }
    joined
}
