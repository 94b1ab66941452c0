//! What `pytest` prints on a terminal.

use std::collections::HashMap;

use super::model::{Outcome, TestCase, TestCounts, TestFormat, TestReport, message};
use super::text::plain;
use crate::report_error::ReportError;

/// Whether a line could only be pytest's: the first or the last.
pub(super) fn shows(line: &str) -> bool {
    line.starts_with('=') && line.contains(" test session starts ") || summary(line).is_some()
}

pub(super) fn read(text: &str, origin: &str) -> Result<TestReport, ReportError> {
    let mut reader = Pytest {
        report: TestReport::new(TestFormat::Pytest),
        known: HashMap::new(),
        selected: None,
        told: None,
        stopped: false,
        seen: false,
    };
    for line in text.lines() {
        let line = plain(line);
        reader.line(line.trim_end());
    }
    if !reader.seen {
        return Err(ReportError::unknown(origin, "there is no summary of pytest in it"));
    }
    Ok(reader.end())
}

struct Pytest {
    report: TestReport,
    /// Where a test is among the cases.
    known: HashMap<String, usize>,
    /// How many tests were to run.
    selected: Option<u64>,
    told: Option<Told>,
    stopped: bool,
    seen: bool,
}

impl Pytest {
    fn line(&mut self, line: &str) {
        if shows(line) {
            self.seen = true;
        }
        if let Some(told) = summary(line) {
            self.told = Some(told);
        } else if line.starts_with('!') && line.ends_with('!') && line.len() > 6 {
            self.stop(line.trim_matches(['!', ' ']));
        } else if line.starts_with("INTERNALERROR>") {
            self.seen = true;
            self.stop("pytest itself failed");
        } else if let Some(rest) = line.strip_prefix("collected ") {
            self.selected = selected(rest);
        } else if let Some((id, outcome)) = short(line).or_else(|| verbose(line)) {
            self.case(id, outcome);
        }
    }

    fn stop(&mut self, why: &str) {
        self.stopped = true;
        self.report.incomplete(&message(&format!("the run was stopped: {why}")));
    }

    /// Keeps a test; a later line tells more about one that is known already.
    fn case(&mut self, id: &str, outcome: Outcome) {
        if let Some(case) = self.known.get(id).and_then(|&index| self.report.cases.get_mut(index)) {
            let same = std::mem::discriminant(&case.outcome) == std::mem::discriminant(&outcome);
            if same || case.outcome == Outcome::Passed {
                case.outcome = outcome;
            }
            return;
        }
        let (suite, name) = id.rsplit_once("::").unwrap_or((id, id));
        let mut case = TestCase::new(suite, name, outcome);
        case.file = Some(id.split("::").next().unwrap_or(id).to_owned());
        self.known.insert(id.to_owned(), self.report.cases.len());
        self.report.push(case);
    }

    fn end(mut self) -> TestReport {
        let Some(told) = self.told else {
            self.report.incomplete("the last line with the counts is missing: the run was ended before");
            return self.report;
        };
        // The last line counts all; what stands before it may name only some.
        self.report.counts = told.counts;
        if told.other > 0 {
            self.report.note("the last line counts something that is not known");
        }
        if told.deselected > 0 {
            self.report.note("tests were left out by an option of the command line");
        }
        let ran = told.counts.total();
        if let Some(selected) = self.selected.filter(|selected| *selected > ran && !self.stopped) {
            self.report.incomplete(&format!("{ran} of {selected} collected tests were run"));
        }
        self.report
    }
}

#[derive(Default)]
struct Told {
    counts: TestCounts,
    deselected: u64,
    other: u64,
}

/// `==== 1 failed, 2 passed in 0.12s ====`, with `-q` without the signs. The counts come in any order.
fn summary(line: &str) -> Option<Told> {
    let inside = line.trim().trim_matches('=').trim();
    let (counts, time) = inside.rsplit_once(" in ")?;
    let time = time.split_once(" (").map_or(time, |(time, _)| time);
    let seconds = time.strip_suffix('s').or_else(|| time.strip_suffix(" seconds"))?;
    seconds.parse::<f64>().ok()?;
    let mut told = Told::default();
    if counts == "no tests ran" || counts == "no tests collected" {
        return Some(told);
    }
    for part in counts.split(", ") {
        let (number, word) = part.trim().split_once(' ')?;
        let number: u64 = number.parse().ok()?;
        let count = match word {
            "passed" | "xpassed" => &mut told.counts.passed,
            "failed" => &mut told.counts.failed,
            "error" | "errors" => &mut told.counts.errors,
            "skipped" | "xfailed" => &mut told.counts.skipped,
            "deselected" => &mut told.deselected,
            "warning" | "warnings" | "rerun" | "subtests passed" | "subtests failed" => continue,
            _ if word.chars().all(|c| c.is_ascii_lowercase() || c == ' ') => &mut told.other,
            _ => return None,
        };
        *count = count.saturating_add(number);
    }
    (told.other == 0 || told.counts.total() > 0).then_some(told)
}

/// How many tests are to run: `5 items / 1 error / 2 deselected / 3 selected`.
fn selected(rest: &str) -> Option<u64> {
    let mut selected = None;
    for part in rest.split(" / ") {
        let (number, word) = part.trim().split_once(' ')?;
        match word {
            "item" | "items" | "selected" => selected = number.parse().ok(),
            _ => {}
        }
    }
    selected
}

/// A line of the short summary: `FAILED tests/a.py::test_x - why`. Skipped tests have no name there.
fn short(line: &str) -> Option<(&str, Outcome)> {
    let (word, rest) = line.split_once(' ')?;
    let make = outcome_of(word)?;
    let (id, why) = rest.split_once(" - ").unwrap_or((rest, ""));
    is_id(id, word == "ERROR").then(|| (id, make(message(why))))
}

/// A line of `-v`: `tests/a.py::test_x PASSED   [ 20%]`, with xdist `[gw0] [ 20%] PASSED tests/a.py::test_x`.
fn verbose(line: &str) -> Option<(&str, Outcome)> {
    if let Some(rest) = line.strip_prefix("[gw") {
        let (word, id) = rest.split_once("%] ")?.1.split_once(' ')?;
        return is_id(id, false).then_some((id, outcome_of(word)?(String::new())));
    }
    let line = line
        .strip_suffix("%]")
        .and_then(|rest| rest.rsplit_once('['))
        .map_or(line, |(rest, _)| rest)
        .trim_end();
    let (line, why) = match line.strip_suffix(')') {
        Some(inside) => inside.rsplit_once(" (").unwrap_or((line, "")),
        None => (line, ""),
    };
    let (id, word) = line.rsplit_once(' ')?;
    is_id(id, false).then_some((id, outcome_of(word)?(message(why))))
}

fn is_id(text: &str, file: bool) -> bool {
    text.contains("::")
        && text.split("::").next().is_some_and(|path| path.contains('.') && !path.contains(' '))
        || file && text.ends_with(".py") && !text.contains(' ')
}

fn outcome_of(word: &str) -> Option<fn(String) -> Outcome> {
    match word {
        "PASSED" | "XPASS" => Some(|_| Outcome::Passed),
        "FAILED" => Some(|message| Outcome::Failed { message }),
        "ERROR" => Some(|message| Outcome::Error { message }),
        "SKIPPED" | "XFAIL" => Some(|reason| Outcome::Skipped { reason }),
        _ => None,
    }
}
