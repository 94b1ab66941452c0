//! Results of tools in exchange formats: SARIF 2.1.0, the OASIS Static Analysis Results Interchange Format, read and
//! written, as any scanner writes it and as GitHub takes it; the results of tests and their coverage, read from what test
//! runners write.
//!
//! This crate knows the format and the vocabulary of `andon-model`, nothing else: it reads no file and no clock, and
//! it decides nothing about what it reads.
//!
//! ```
//! let sarif = br#"{ "version": "2.1.0", "runs": [ {
//!     "tool": { "driver": { "name": "other" } },
//!     "results": [ { "ruleId": "weak-hash", "level": "error", "message": { "text": "MD5 is broken" } } ]
//! } ] }"#;
//! let report = andon_results::read_sarif(sarif, "other.sarif")?;
//! assert_eq!(report.findings[0].severity, andon_model::Severity::High);
//! assert!(!report.coverage.complete, "another tool does not say what it looked at");
//! # Ok::<(), andon_results::ResultsError>(())
//! ```
//!
//! ```
//! let junit = br#"<testsuite name="a" tests="2"><testcase name="x"/><testcase name="y"/></testsuite>"#;
//! let report = andon_results::read_tests(junit, None, "junit.xml")?;
//! assert!(report.passed());
//! # Ok::<(), andon_results::ReportError>(())
//! ```

mod coverage;
mod error;
mod read;
mod report_error;
mod report_input;
mod secretive;
mod tests;
mod uri;
mod write;
mod xml;

pub use coverage::{
    ChangedLines, CoverageFormat, CoverageReport, Covered, FileCoverage, ReportPaths, Told, read_coverage,
};
pub use error::ResultsError;
pub use read::{MAX_INPUT_BYTES, read_sarif};
pub use report_error::ReportError;
pub use report_input::MAX_REPORT_BYTES;
pub use tests::{
    MAX_TEST_CASES, Outcome, TestCase, TestChange, TestCounts, TestFormat, TestReport, compare_tests,
    read_tests,
};
pub use write::{SarifLimits, SarifOutput, write_sarif};
