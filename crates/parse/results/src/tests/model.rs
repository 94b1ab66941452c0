use serde::{Deserialize, Serialize};

use super::text;

/// Cases that are kept of one report; beyond them a report is incomplete.
pub const MAX_TEST_CASES: usize = 1_000_000;
/// Bytes that are kept of a message.
const MESSAGE: usize = 1000;
/// Bytes that are kept of a name.
const NAME: usize = 1000;
/// Notes that are kept.
const NOTES: usize = 50;

/// The format of a report of tests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum TestFormat {
    /// JUnit XML, which nearly every runner can write.
    Junit,
    /// The Test Anything Protocol, versions 12 to 14.
    Tap,
    /// What `cargo test` and `cargo nextest run` print.
    Cargo,
    /// The events of `cargo test -- --format json`, one object a line.
    CargoJson,
    /// What `pytest` prints.
    Pytest,
}

impl TestFormat {
    /// The format that a text seems to have; `None` for a text that shows none.
    pub fn detect(text: &str) -> Option<Self> {
        let start = text.trim_start_matches('\u{feff}').trim_start();
        if start.starts_with('<') {
            return Some(Self::Junit);
        }
        text::detect(start)
    }
}

/// How one test ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Outcome {
    /// It passed.
    Passed,
    /// What it asserts does not hold.
    Failed {
        /// What it said, cut at 1,000 bytes; may be empty.
        message: String,
    },
    /// It could not run to its end: a crash, a broken fixture, a time-out.
    Error {
        /// What it said, cut at 1,000 bytes; may be empty.
        message: String,
    },
    /// It did not run, or its failing is expected.
    Skipped {
        /// Why, cut at 1,000 bytes; may be empty.
        reason: String,
    },
}

/// One test.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestCase {
    /// Its name inside the suite.
    pub name: String,
    /// The class, module, file or binary that it belongs to; empty where the report does not say.
    pub suite: String,
    /// The source file, where the report says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// How it ended.
    #[serde(flatten)]
    pub outcome: Outcome,
    /// How long it took, in milliseconds, where the report says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// It passed only after it had failed before in the same run.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub flaky: bool,
}

impl TestCase {
    pub(super) fn new(suite: &str, name: &str, outcome: Outcome) -> Self {
        Self {
            name: text::cut(name, NAME).to_owned(),
            suite: text::cut(suite, NAME).to_owned(),
            file: None,
            outcome,
            duration_ms: None,
            flaky: false,
        }
    }
}

/// How many tests ended how.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestCounts {
    /// Passed.
    pub passed: u64,
    /// Failed.
    pub failed: u64,
    /// Could not run to their end.
    pub errors: u64,
    /// Did not run, or their failing is expected.
    pub skipped: u64,
}

impl TestCounts {
    /// All of them.
    pub fn total(&self) -> u64 {
        [self.passed, self.failed, self.errors, self.skipped].into_iter().fold(0, u64::saturating_add)
    }

    pub(super) fn add(&mut self, outcome: &Outcome) {
        let count = match outcome {
            Outcome::Passed => &mut self.passed,
            Outcome::Failed { .. } => &mut self.failed,
            Outcome::Error { .. } => &mut self.errors,
            Outcome::Skipped { .. } => &mut self.skipped,
        };
        *count = count.saturating_add(1);
    }

    /// The larger of each count.
    pub(super) fn or_more(self, other: Self) -> Self {
        Self {
            passed: self.passed.max(other.passed),
            failed: self.failed.max(other.failed),
            errors: self.errors.max(other.errors),
            skipped: self.skipped.max(other.skipped),
        }
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self {
            passed: self.passed.saturating_add(other.passed),
            failed: self.failed.saturating_add(other.failed),
            errors: self.errors.saturating_add(other.errors),
            skipped: self.skipped.saturating_add(other.skipped),
        }
    }
}

/// What a run of tests told.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TestReport {
    /// The format it was read from.
    pub source: TestFormat,
    /// The tests that the report names, at most [`MAX_TEST_CASES`], in its order. Some texts name only those that failed.
    pub cases: Vec<TestCase>,
    /// How many ended how: counted, or what the runner told where it names fewer than it counts.
    pub counts: TestCounts,
    /// Whether the run went to its end and the report holds all of it: nothing missing against a plan, no crash, no
    /// interruption, no text that breaks off.
    pub complete: bool,
    /// What is remarkable, such as counts that disagree with the cases.
    pub notes: Vec<String>,
}

impl TestReport {
    pub(super) fn new(source: TestFormat) -> Self {
        Self { source, cases: Vec::new(), counts: TestCounts::default(), complete: true, notes: Vec::new() }
    }

    /// Whether the tests passed: the run is complete, at least one test passed and none failed or ended in an error. A run
    /// without tests did not pass.
    pub fn passed(&self) -> bool {
        self.complete && self.counts.passed > 0 && self.counts.failed == 0 && self.counts.errors == 0
    }

    /// The names of the suites, each once, sorted.
    pub fn suites(&self) -> Vec<&str> {
        let mut suites: Vec<&str> = self.cases.iter().map(|case| case.suite.as_str()).collect();
        suites.sort_unstable();
        suites.dedup();
        suites
    }

    /// Adds the tests of another report of the same run, such as the next of many XML files.
    pub fn merge(&mut self, other: Self) {
        self.counts = self.counts.and(other.counts);
        self.complete &= other.complete;
        for case in other.cases {
            self.keep(case);
        }
        other.notes.iter().for_each(|note| self.note(note));
    }

    pub(super) fn push(&mut self, case: TestCase) {
        self.counts.add(&case.outcome);
        self.keep(case);
    }

    fn keep(&mut self, case: TestCase) {
        if self.cases.len() < MAX_TEST_CASES {
            self.cases.push(case);
        } else if self.complete {
            self.incomplete(&format!("only the first {MAX_TEST_CASES} tests are kept"));
        }
    }

    pub(super) fn note(&mut self, note: &str) {
        if self.notes.len() < NOTES && !self.notes.iter().any(|each| each == note) {
            self.notes.push(note.to_owned());
        }
    }

    pub(super) fn incomplete(&mut self, why: &str) {
        self.complete = false;
        self.note(why);
    }
}

/// A message as it is kept.
pub(super) fn message(text: &str) -> String {
    text::cut(text.trim(), MESSAGE).to_owned()
}
