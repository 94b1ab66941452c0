//! What a run of tests told, whatever ran it.

mod cargo;
mod compare;
mod events;
mod junit;
mod model;
mod pytest;
mod tap;
mod text;

use crate::report_error::ReportError;
use crate::report_input;

pub(crate) use text::cut;

pub use compare::{TestChange, compare_tests};
pub use model::{MAX_TEST_CASES, Outcome, TestCase, TestCounts, TestFormat, TestReport};

/// Reads the report of a run of tests. Without a format it is told from the text. `origin` names the file in errors.
///
/// Takes time and memory linear in the text, of which at most [`crate::MAX_REPORT_BYTES`] are read. What cannot be read inside
/// a report of a known format is told in [`TestReport::notes`] and makes it incomplete.
///
/// # Errors
/// When the bytes are no such report: empty, too large, of an unknown format, XML that declares entities of its own.
pub fn read_tests(bytes: &[u8], format: Option<TestFormat>, origin: &str) -> Result<TestReport, ReportError> {
    let text = report_input::text(bytes, origin)?;
    let Some(format) = format.or_else(|| TestFormat::detect(&text)) else {
        return Err(ReportError::unknown(
            origin,
            "neither JUnit XML, TAP, the output of cargo test nor that of pytest is in it",
        ));
    };
    let mut report = match format {
        TestFormat::Junit => junit::read(&text, origin),
        TestFormat::Tap => tap::read(&text, origin),
        TestFormat::Cargo => cargo::read(&text, origin),
        TestFormat::CargoJson => events::read(&text, origin),
        TestFormat::Pytest => pytest::read(&text, origin),
    }?;
    if matches!(text, std::borrow::Cow::Owned(_)) {
        report.note("bytes that are not UTF-8 were replaced");
    }
    Ok(report)
}
