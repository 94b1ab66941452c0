//! Tests of rules: files whose comments say where a rule must find something and where it must not.
//!
//! The comment stands on the line before the one it is about: `ruleid: NAME` for a line that must be found, `ok: NAME` for
//! one that must not, `todoruleid:` and `todook:` for lines where the opposite is known to happen. Every other line
//! must not be found either.

mod annotations;
mod files;

use std::collections::{BTreeMap, BTreeSet};

pub use annotations::{Annotation, Expectation, annotations};
pub use files::{TestFile, test_file};

/// How a rule did in a test file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// Lines where it should have found something and did not, from 1.
    pub missed: Vec<u32>,
    /// Lines where it found something and should not have.
    pub unexpected: Vec<u32>,
    /// Lines that are known not to be found as they should, and now are as they should.
    pub better: Vec<u32>,
    /// How many lines say something of this rule.
    pub annotated: usize,
}

impl Verdict {
    /// Whether it found all that it should and nothing else.
    pub fn passes(&self) -> bool {
        self.missed.is_empty() && self.unexpected.is_empty()
    }
}

/// Compares what was found in a test file, as names of rules and lines from 1 where the findings start, with what the
/// file's comments say. Returns each rule that found something or that a comment names.
pub fn judge<'a>(
    text: &'a str,
    found: impl IntoIterator<Item = (&'a str, u32)>,
) -> BTreeMap<&'a str, Verdict> {
    let mut rules: BTreeMap<&str, Lines> = BTreeMap::new();
    for annotation in annotations(text) {
        for rule in annotation.rules {
            let lines = rules.entry(rule).or_default();
            lines.annotated += 1;
            lines.of(annotation.expectation).insert(annotation.line);
        }
    }
    for (rule, line) in found {
        rules.entry(rule).or_default().found.insert(line);
    }
    rules.into_iter().map(|(rule, lines)| (rule, lines.verdict())).collect()
}

/// What comments say of one rule, and what it found.
#[derive(Default)]
struct Lines {
    must: BTreeSet<u32>,
    must_not: BTreeSet<u32>,
    is_missed: BTreeSet<u32>,
    is_unexpected: BTreeSet<u32>,
    found: BTreeSet<u32>,
    annotated: usize,
}

impl Lines {
    fn of(&mut self, expectation: Expectation) -> &mut BTreeSet<u32> {
        match expectation {
            Expectation::Found => &mut self.must,
            Expectation::NotFound => &mut self.must_not,
            Expectation::MissedSoFar => &mut self.is_missed,
            Expectation::FoundSoFar => &mut self.is_unexpected,
        }
    }

    fn verdict(&self) -> Verdict {
        let is_open = |line: &&u32| self.is_missed.contains(line) || self.is_unexpected.contains(line);
        let missed = self.must.difference(&self.found).filter(|line| !is_open(line));
        let unexpected = self.found.difference(&self.must).filter(|line| !is_open(line));
        let better =
            self.is_missed.intersection(&self.found).chain(self.is_unexpected.difference(&self.found));
        let mut better: Vec<u32> = better.copied().collect();
        better.sort_unstable();
        Verdict {
            missed: missed.copied().collect(),
            unexpected: unexpected.copied().collect(),
            better,
            annotated: self.annotated,
        }
    }
}

#[cfg(test)]
mod tests;
