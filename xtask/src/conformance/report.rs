//! How many cases held, and which did not.

use std::path::Path;

/// Failures that are printed; more would say nothing more.
const SHOWN: usize = 200;

/// Counts cases and prints those that failed, with file and line.
#[derive(Default)]
pub(super) struct Report {
    cases: usize,
    failures: Vec<String>,
}

impl Report {
    /// Counts one case of a file's line (1-based); `failure` says what is wrong with our answer.
    pub(super) fn add(&mut self, path: &Path, line: usize, failure: Option<&str>) {
        self.cases += 1;
        self.failures.extend(failure.map(|failure| format!("{}:{line}: {failure}", path.display())));
    }

    pub(super) fn cases(&self) -> usize {
        self.cases
    }

    pub(super) fn all_held(&self) -> bool {
        self.failures.is_empty()
    }

    pub(super) fn print(&self) {
        self.failures.iter().take(SHOWN).for_each(|failure| println!("{failure}"));
        println!("{} of {} cases held", self.cases - self.failures.len(), self.cases);
    }
}
