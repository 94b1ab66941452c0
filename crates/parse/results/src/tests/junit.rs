//! JUnit XML. There is no standard; what pytest, Surefire, Gradle, jest-junit, go-junit-report, nextest, mocha and
//! node write has these elements in common.

use super::model::{Outcome, TestCase, TestCounts, TestFormat, TestReport, message};
use crate::report_error::ReportError;
use crate::xml::{Attributes, Visitor, walk};

pub(super) fn read(text: &str, origin: &str) -> Result<TestReport, ReportError> {
    let mut reader = Junit {
        report: TestReport::new(TestFormat::Junit),
        suites: Vec::new(),
        case: None,
        inside: Inside::Nothing,
        depth: 0,
        root: None,
    };
    let broken = walk(text, origin, &mut reader)?;
    let Some(root) = &reader.root else {
        return Err(ReportError::shape(
            origin,
            broken.unwrap_or_else(|| "there is no XML element in it".to_owned()),
        ));
    };
    if !matches!(root.as_str(), "testsuites" | "testsuite") {
        return Err(ReportError::unknown(
            origin,
            &format!("its root element is <{root}>, not <testsuites> or <testsuite>"),
        ));
    }
    while let Some(suite) = reader.suites.pop() {
        reader.end_suite(&suite);
    }
    let mut report = reader.report;
    if let Some(broken) = broken {
        report.incomplete(&broken);
    }
    Ok(report)
}

struct Junit {
    report: TestReport,
    suites: Vec<Suite>,
    case: Option<Case>,
    inside: Inside,
    /// Open elements, to know the root and the children of a case.
    depth: usize,
    root: Option<String>,
}

/// A `<testsuite>` or `<testsuites>` that is open.
#[derive(Default)]
struct Suite {
    name: String,
    file: Option<String>,
    /// What the element says: all tests, and those that did not pass.
    told: Option<(u64, TestCounts)>,
    /// What was counted inside it.
    counted: TestCounts,
    is_root: bool,
}

/// A `<testcase>` that is open.
struct Case {
    suite: Option<String>,
    name: String,
    file: Option<String>,
    duration_ms: Option<u64>,
    /// The worst that was seen; text may still be added to its message.
    outcome: Outcome,
    text: String,
    failed_before: bool,
    /// Its failing is expected.
    expected: bool,
    depth: usize,
}

/// Which element's text is read.
#[derive(PartialEq, Eq)]
enum Inside {
    Nothing,
    /// The message of the case's outcome.
    Message,
}

/// Bytes of an element's text that are looked at for a message.
const TEXT: usize = 4000;

impl Visitor for Junit {
    fn open(&mut self, name: &str, attributes: &Attributes<'_>) {
        self.depth += 1;
        if self.root.is_none() {
            self.root = Some(name.chars().take(60).collect());
        }
        match name {
            "testsuite" | "testsuites" if self.case.is_none() => self.open_suite(name, attributes),
            "testcase" if self.case.is_none() => self.case = Some(Case::open(attributes, self.depth)),
            _ => {
                let depth = self.depth;
                if let Some(case) = self.case.as_mut().filter(|case| case.depth + 1 == depth) {
                    self.inside = case.child(name, attributes);
                } else if self.case.is_none() && matches!(name, "error" | "failure") {
                    self.report.incomplete("a suite reports an error outside any test");
                    let said = attributes.get("message").unwrap_or_default();
                    let suite = self.suites.last().map_or("", |suite| suite.name.as_str());
                    let case = TestCase::new(suite, "(suite)", Outcome::Error { message: message(&said) });
                    self.report.push(case);
                }
            }
        }
    }

    fn close(&mut self, name: &str) {
        let depth = self.depth;
        self.depth = depth.saturating_sub(1);
        if self.case.as_ref().is_some_and(|case| case.depth == depth) {
            if let Some(case) = self.case.take() {
                self.end_case(case);
            }
        } else if self.case.as_ref().is_some_and(|case| case.depth + 1 == depth) {
            self.inside = Inside::Nothing;
        } else if self.case.is_none()
            && matches!(name, "testsuite" | "testsuites")
            && let Some(suite) = self.suites.pop()
        {
            self.end_suite(&suite);
        }
    }

    fn text(&mut self, text: &str) {
        if self.inside != Inside::Message {
            return;
        }
        if let Some(case) = self.case.as_mut().filter(|case| case.text.len() < TEXT) {
            case.text.push_str(super::text::cut(text, TEXT));
        }
    }
}

impl Junit {
    fn open_suite(&mut self, name: &str, attributes: &Attributes<'_>) {
        let number = |name| attributes.number(name);
        let told = number("tests").map(|tests| {
            let counts = TestCounts {
                passed: 0,
                failed: number("failures").unwrap_or(0),
                errors: number("errors").unwrap_or(0),
                skipped: number("skipped")
                    .or_else(|| number("skip"))
                    .or_else(|| number("disabled"))
                    .unwrap_or(0),
            };
            (tests, counts)
        });
        self.suites.push(Suite {
            name: attributes.get("name").unwrap_or_default().into_owned(),
            file: attributes.get("file").or_else(|| attributes.get("filepath")).map(|file| file.into_owned()),
            told,
            counted: TestCounts::default(),
            is_root: name == "testsuites",
        });
    }

    fn end_case(&mut self, mut case: Case) {
        self.inside = Inside::Nothing;
        case.finish();
        let inner = self.suites.iter().rev().find(|suite| !suite.is_root);
        let suite = case.suite.or_else(|| inner.map(|suite| suite.name.clone())).unwrap_or_default();
        let flaky = case.failed_before && case.outcome == Outcome::Passed;
        let mut done = TestCase::new(&suite, &case.name, case.outcome);
        done.file = case.file.or_else(|| inner.and_then(|suite| suite.file.clone()));
        done.duration_ms = case.duration_ms;
        done.flaky = flaky;
        if let Some(suite) = self.suites.last_mut() {
            suite.counted.add(&done.outcome);
        }
        self.report.push(done);
    }

    /// Compares what a suite says with what is in it. One that says more has lost tests on the way.
    fn end_suite(&mut self, suite: &Suite) {
        if let Some((tests, told)) = &suite.told {
            let counted = suite.counted;
            let name = super::text::cut(&suite.name, 80);
            if *tests > counted.total() {
                let missing = tests - counted.total();
                let why = format!(
                    "suite `{name}` counts {tests} tests but holds {}: {missing} missing",
                    counted.total()
                );
                self.report.incomplete(&why);
            } else if told.failed.saturating_add(told.errors) > counted.failed.saturating_add(counted.errors)
            {
                let why = format!("suite `{name}` counts more failures than it shows");
                self.report.incomplete(&why);
                self.report.counts.failed = self.report.counts.failed.saturating_add(
                    (told.failed.saturating_add(told.errors))
                        - (counted.failed.saturating_add(counted.errors)),
                );
            } else if *tests < counted.total() || *told != (TestCounts { passed: 0, ..counted }) {
                self.report.note(&format!("suite `{name}` counts other than it holds"));
            }
        }
        if let Some(parent) = self.suites.last_mut() {
            parent.counted = parent.counted.and(suite.counted);
        }
    }
}

impl Case {
    fn open(attributes: &Attributes<'_>, depth: usize) -> Self {
        let status = attributes.get("status").or_else(|| attributes.get("result")).unwrap_or_default();
        let outcome = match status.to_ascii_lowercase().as_str() {
            "skipped" | "disabled" | "notrun" | "ignored" | "suppressed" => {
                Outcome::Skipped { reason: String::new() }
            }
            _ => Outcome::Passed,
        };
        let seconds: Option<f64> =
            attributes.get("time").and_then(|time| time.trim().replace(',', "").parse().ok());
        Self {
            suite: attributes.get("classname").filter(|name| !name.is_empty()).map(|name| name.into_owned()),
            name: attributes.get("name").unwrap_or_default().into_owned(),
            file: attributes.get("file").map(|file| file.into_owned()),
            duration_ms: seconds
                .filter(|seconds| *seconds >= 0.0)
                .map(|seconds| (seconds * 1000.0).round() as u64),
            outcome,
            text: String::new(),
            failed_before: false,
            expected: false,
            depth,
        }
    }

    fn child(&mut self, name: &str, attributes: &Attributes<'_>) -> Inside {
        let said = || message(&attributes.get("message").unwrap_or_default());
        let outcome = match name {
            "failure" => Outcome::Failed { message: said() },
            "error" => Outcome::Error { message: said() },
            "skipped" | "skip" | "ignored" => Outcome::Skipped { reason: said() },
            // Surefire and nextest: it failed before, then passed, or failed again, in which case <failure> is there too.
            "flakyFailure" | "flakyError" | "rerunFailure" | "rerunError" => {
                self.failed_before = true;
                return Inside::Nothing;
            }
            _ => return Inside::Nothing,
        };
        // node: it failed, as is expected of what is still to be done.
        self.expected |= name == "skipped" && attributes.get("type").is_some_and(|kind| kind == "todo");
        if worse(&outcome) <= worse(&self.outcome) {
            return Inside::Nothing;
        }
        self.outcome = outcome;
        self.text.clear();
        Inside::Message
    }

    /// Where there is no `message`, the first line of the text is one.
    fn finish(&mut self) {
        if self.expected {
            self.outcome = Outcome::Skipped { reason: "to be done".to_owned() };
        }
        let text = message(self.text.trim().lines().next().unwrap_or_default());
        match &mut self.outcome {
            Outcome::Failed { message }
            | Outcome::Error { message }
            | Outcome::Skipped { reason: message }
                if message.is_empty() =>
            {
                *message = text;
            }
            _ => {}
        }
    }
}

fn worse(outcome: &Outcome) -> u8 {
    match outcome {
        Outcome::Passed => 0,
        Outcome::Skipped { .. } => 1,
        Outcome::Failed { .. } => 2,
        Outcome::Error { .. } => 3,
    }
}
