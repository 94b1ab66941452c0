//! The events of Rust's test harness, `--format json`. The format is unstable; what is not known is passed over.

use serde::Deserialize;

use super::model::{Outcome, TestCase, TestCounts, TestFormat, TestReport, message};
use crate::report_error::ReportError;

/// One line.
#[derive(Deserialize)]
struct Event {
    #[serde(rename = "type")]
    kind: String,
    event: String,
    name: Option<String>,
    message: Option<String>,
    stdout: Option<String>,
    exec_time: Option<f64>,
    test_count: Option<u64>,
    passed: Option<u64>,
    failed: Option<u64>,
    ignored: Option<u64>,
    filtered_out: Option<u64>,
}

pub(super) fn read(text: &str, origin: &str) -> Result<TestReport, ReportError> {
    let mut report = TestReport::new(TestFormat::CargoJson);
    let mut seen = false;
    // What the suite that is open was to run, and what was counted before it.
    let mut open: Option<(u64, TestCounts)> = None;
    for line in text.lines().filter(|line| line.starts_with('{')) {
        let Ok(event) = serde_json::from_str::<Event>(line) else { continue };
        seen |= event.kind == "suite";
        match (event.kind.as_str(), event.event.as_str()) {
            ("suite", "started")
                if open.replace((event.test_count.unwrap_or(0), report.counts)).is_some() =>
            {
                report.incomplete("a test binary ended without a result");
            }
            ("suite", "ok" | "failed") => end(&mut report, open.take(), &event),
            ("test", _) => report.cases_of(&event),
            _ => {}
        }
    }
    if !seen {
        return Err(ReportError::unknown(origin, "there are no events of Rust's test harness in it"));
    }
    if open.is_some() {
        report.incomplete("a test binary ended without a result");
    }
    Ok(report)
}

fn end(report: &mut TestReport, open: Option<(u64, TestCounts)>, event: &Event) {
    let (planned, before) = open.unwrap_or_default();
    let told = TestCounts {
        passed: event.passed.unwrap_or(0),
        failed: event.failed.unwrap_or(0),
        errors: 0,
        skipped: event.ignored.unwrap_or(0),
    };
    let counted = report.counts.total().saturating_sub(before.total());
    if told.total() != counted || planned > counted {
        report.incomplete(&format!(
            "a test binary was to run {planned} tests, counts {} and shows {counted}",
            told.total()
        ));
        report.counts = report.counts.or_more(before.and(told));
    }
    if event.filtered_out.unwrap_or(0) > 0 {
        report.note("tests were left out by a filter on the command line");
    }
}

impl TestReport {
    fn cases_of(&mut self, event: &Event) {
        let said = || {
            let output = event.stdout.as_deref().unwrap_or_default();
            message(event.message.as_deref().unwrap_or(output))
        };
        let outcome = match event.event.as_str() {
            "ok" => Outcome::Passed,
            "failed" => Outcome::Failed { message: said() },
            "ignored" => Outcome::Skipped { reason: said() },
            _ => return,
        };
        let name = event.name.as_deref().unwrap_or_default();
        let mut case = TestCase::new("", name, outcome);
        let seconds = event.exec_time.filter(|seconds| seconds.is_finite() && *seconds >= 0.0);
        case.duration_ms = seconds.map(|seconds| (seconds * 1000.0).round() as u64);
        self.push(case);
    }
}
