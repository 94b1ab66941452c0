//! What `cargo test` prints: one block of lines for each test binary; and what `cargo nextest run` prints.

use super::model::{Outcome, TestCase, TestCounts, TestFormat, TestReport, message};
use super::text::{milliseconds, plain};
use crate::report_error::ReportError;

/// Whether a line could only be cargo's.
pub(super) fn shows(line: &str) -> bool {
    planned(line).is_some()
        || result(line).is_some()
        || line.starts_with("error: could not compile `")
        || line.starts_with("Nextest run ID ")
        || line.starts_with("Summary [") && line.contains(" run:")
}

pub(super) fn read(text: &str, origin: &str) -> Result<TestReport, ReportError> {
    let mut reader = Cargo { report: TestReport::new(TestFormat::Cargo), ..Cargo::new() };
    for line in text.lines() {
        let line = plain(line);
        reader.line(line.trim_end());
    }
    reader.end_block();
    if !reader.seen {
        return Err(ReportError::unknown(origin, "there is no `test result:` of cargo test in it"));
    }
    if reader.nextest == Some(false) {
        reader.report.incomplete("the run has no summary: it was ended before");
    }
    Ok(reader.report)
}

struct Cargo {
    report: TestReport,
    /// The binary that cargo said it runs, until its block begins.
    next: Option<String>,
    block: Option<Block>,
    /// The test whose output follows, by its index among the cases.
    output_of: Option<usize>,
    seen: bool,
    /// For nextest's output: whether its summary was there.
    nextest: Option<bool>,
}

/// The lines of one test binary.
struct Block {
    suite: String,
    planned: u64,
    first: usize,
    counted: TestCounts,
    /// A test that began and whose end is on a later line, behind its output.
    open: Option<String>,
}

impl Cargo {
    fn new() -> Self {
        Self {
            report: TestReport::new(TestFormat::Cargo),
            next: None,
            block: None,
            output_of: None,
            seen: false,
            nextest: None,
        }
    }

    fn line(&mut self, line: &str) {
        let trimmed = line.trim_start();
        if self.nextest.is_some() {
            // What a failed test printed stands among its lines, with a `test result:` of its own.
            self.nextest_line(trimmed);
        } else if let Some(target) = running(trimmed) {
            self.next = Some(target.to_owned());
        } else if let Some(planned) = planned(line) {
            self.end_block();
            let suite = self.next.take().unwrap_or_default();
            let first = self.report.cases.len();
            self.block = Some(Block { suite, planned, first, counted: TestCounts::default(), open: None });
            self.seen = true;
        } else if let Some(told) = result(line) {
            self.end_with(&told);
        } else if trimmed.starts_with("error: could not compile `")
            || trimmed.starts_with("error: no test target")
        {
            self.seen = true;
            self.report.incomplete("the tests could not be compiled");
        } else if line.starts_with("error: test failed, to rerun") {
            self.report
                .note("what would run after the failed binary was not run, unless with --no-fail-fast");
        } else if trimmed.starts_with("Nextest run ID ") {
            self.seen = true;
            self.nextest_line(trimmed);
        } else {
            self.inside(line);
        }
    }

    /// A line of a block.
    fn inside(&mut self, line: &str) {
        if let Some(name) = line.strip_prefix("---- ").and_then(|rest| rest.strip_suffix(" stdout ----")) {
            let first = self.block.as_ref().map_or(0, |block| block.first);
            let cases = self.report.cases.get(first..).unwrap_or_default();
            let found = cases.iter().position(|case| case.name == name);
            self.output_of = found.map(|index| first + index);
            return;
        }
        if self.output_of.is_some() {
            return self.output(line);
        }
        let Some(block) = &mut self.block else { return };
        if let Some((name, end)) = line.strip_prefix("test ").and_then(|rest| rest.split_once(" ... ")) {
            match outcome(end).or_else(|| end.rsplit_once(' ').and_then(|(_, last)| outcome(last))) {
                Some(outcome) => self.case(name, outcome),
                None => block.open = Some(name.to_owned()),
            }
        } else if let Some(name) = line.strip_prefix("test ").and_then(|rest| rest.strip_suffix(" ...")) {
            block.open = Some(name.to_owned());
        } else if block.open.is_some()
            && let Some(outcome) = outcome(line)
            && let Some(name) = block.open.take()
        {
            self.case(&name, outcome);
        }
    }

    fn case(&mut self, name: &str, outcome: Outcome) {
        let Some(block) = &mut self.block else { return };
        block.open = None;
        block.counted.add(&outcome);
        let name = name.strip_suffix(" - should panic").unwrap_or(name);
        self.report.push(TestCase::new(&block.suite, name, outcome));
    }

    /// A line that a failed test printed: the panic's message is behind its place.
    fn output(&mut self, line: &str) {
        if line.is_empty() || line.starts_with("note: run with `RUST_BACKTRACE") {
            return;
        }
        if line == "failures:" {
            self.output_of = None;
            return;
        }
        let Some(case) = self.output_of.and_then(|index| self.report.cases.get_mut(index)) else { return };
        if let Outcome::Failed { message: said } = &mut case.outcome {
            let begins = line.starts_with("thread '") && line.contains(" panicked at ");
            if begins || said.is_empty() {
                *said = message(line);
            } else if said.starts_with("thread '") && said.ends_with(':') {
                *said = message(&format!("{said} {line}"));
            }
        }
    }

    fn end_with(&mut self, told: &Told) {
        self.seen = true;
        self.output_of = None;
        let block = self.block.take();
        let (planned, counted) =
            block.map_or((0, TestCounts::default()), |block| (block.planned, block.counted));
        let missing = TestCounts {
            passed: told.counts.passed.saturating_sub(counted.passed),
            failed: told.counts.failed.saturating_sub(counted.failed),
            errors: 0,
            skipped: told.counts.skipped.saturating_sub(counted.skipped),
        };
        self.report.counts = self.report.counts.and(missing);
        if told.counts.or_more(counted) != told.counts {
            self.report.note("a binary counts fewer tests than it shows");
        }
        if planned > told.counts.total() {
            let why = format!("a binary was to run {planned} tests and counts {}", told.counts.total());
            self.report.incomplete(&why);
        }
        if told.filtered > 0 {
            self.report.note("tests were left out by a filter on the command line");
        }
    }

    /// A block without result: its binary crashed or was ended.
    fn end_block(&mut self) {
        self.output_of = None;
        let Some(block) = self.block.take() else { return };
        let name = if block.suite.is_empty() { "a test binary" } else { block.suite.as_str() };
        let why = format!(
            "{name} ended without a result: {} of {} tests are known",
            block.counted.total(),
            block.planned
        );
        self.report.incomplete(&why);
        if let Some(test) = block.open {
            let outcome = Outcome::Error { message: "it ended the test binary".to_owned() };
            self.report.push(TestCase::new(&block.suite, &test, outcome));
        }
    }

    /// `PASS [   0.004s] package::binary module::test`, and the summary.
    fn nextest_line(&mut self, line: &str) {
        self.nextest.get_or_insert(false);
        if let Some(summary) = line.strip_prefix("Summary [").and_then(|rest| rest.split_once("] ")) {
            self.nextest = Some(true);
            return self.nextest_summary(summary.1);
        }
        if line.contains("tests were not run due to") || line.contains("test was not run due to") {
            return self.report.incomplete("not all tests were run, after one had failed");
        }
        if self.nextest == Some(true) {
            return;
        }
        let Some((status, rest)) = line.split_once(" [") else { return };
        let Some((time, test)) = rest.split_once("] ") else { return };
        let test = test.trim_start();
        // Newer versions count: `(1/3) package test`.
        let test =
            if test.starts_with('(') { test.split_once(") ").map_or(test, |(_, test)| test) } else { test };
        let (suite, name) = test.trim().split_once(' ').unwrap_or(("", test.trim()));
        let flaky = status.starts_with("FLAKY");
        let outcome = match status {
            "PASS" | "LEAK" => Outcome::Passed,
            _ if flaky => Outcome::Passed,
            "FAIL" => Outcome::Failed { message: String::new() },
            "TIMEOUT" | "ABORT" | "XFAIL" | "LEAK-FAIL" => Outcome::Error { message: status.to_owned() },
            _ if status.starts_with("SIG") => Outcome::Error { message: status.to_owned() },
            _ => return,
        };
        let mut case = TestCase::new(suite, name, outcome);
        case.duration_ms = milliseconds(time);
        case.flaky = flaky;
        self.report.push(case);
    }

    /// `3 tests run: 2 passed (1 flaky), 1 failed, 0 skipped`.
    fn nextest_summary(&mut self, summary: &str) {
        let Some((run, parts)) = summary.split_once(" run: ") else { return };
        let mut told = TestCounts::default();
        for part in parts.split(", ") {
            let Some((number, word)) = part.trim().split_once(' ') else { continue };
            let Ok(number) = number.parse::<u64>() else { continue };
            let count = match word.split(' ').next().unwrap_or_default() {
                "passed" => &mut told.passed,
                "failed" => &mut told.failed,
                "skipped" => &mut told.skipped,
                "timed" | "exec" => &mut told.errors,
                _ => continue,
            };
            *count = count.saturating_add(number);
        }
        self.report.counts.skipped = told.skipped;
        let counted = self.report.counts;
        let bad = counted.failed.saturating_add(counted.errors);
        if told.passed != counted.passed || told.failed.saturating_add(told.errors) != bad {
            self.report.note("the summary counts other than the lines before it");
            self.report.counts = counted.or_more(told);
        }
        if let Some((done, planned)) = run.split(' ').next().and_then(|numbers| numbers.split_once('/')) {
            self.report.incomplete(&format!("{done} of {planned} tests were run"));
        }
    }
}

/// `Running unittests src/lib.rs (target/…)` or `Doc-tests name`: the name of what runs.
fn running(line: &str) -> Option<&str> {
    if let Some(package) = line.strip_prefix("Doc-tests ") {
        return (!package.contains(' ')).then_some(line);
    }
    let rest = line.strip_prefix("Running ")?;
    let path = rest.rsplit_once('(')?.1.strip_suffix(')')?;
    let file = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let file = file.strip_suffix(".exe").unwrap_or(file);
    // What follows the last `-` is a hash that changes with every build.
    Some(file.rsplit_once('-').map_or(file, |(name, _)| name))
}

/// `running 3 tests`
fn planned(line: &str) -> Option<u64> {
    let rest = line.strip_prefix("running ")?;
    let number = rest.strip_suffix(" tests").or_else(|| rest.strip_suffix(" test"))?;
    number.parse().ok()
}

struct Told {
    counts: TestCounts,
    filtered: u64,
}

/// `test result: ok. 1 passed; 0 failed; 0 ignored; 0 measured; 0 filtered out; finished in 0.00s`
fn result(line: &str) -> Option<Told> {
    let at = line.find("test result: ")?;
    let rest = line.get(at + "test result: ".len()..)?;
    let (_, parts) = rest.split_once(". ").filter(|(word, _)| matches!(*word, "ok" | "FAILED"))?;
    let mut told = Told { counts: TestCounts::default(), filtered: 0 };
    for part in parts.split("; ") {
        let Some((number, word)) = part.split_once(' ') else { continue };
        let Ok(number) = number.parse::<u64>() else { continue };
        match word {
            "passed" => told.counts.passed = number,
            "failed" => told.counts.failed = number,
            "ignored" => told.counts.skipped = number,
            "filtered out" => told.filtered = number,
            // Benchmarks ran to their end.
            "measured" => told.counts.passed = told.counts.passed.saturating_add(number),
            _ => {}
        }
    }
    Some(told)
}

/// What stands behind ` ... `.
fn outcome(text: &str) -> Option<Outcome> {
    let text = text.trim();
    let word = text.split_once(" <").filter(|(_, time)| time.ends_with("s>")).map_or(text, |(word, _)| word);
    match word {
        "ok" => Some(Outcome::Passed),
        "FAILED" => Some(Outcome::Failed { message: String::new() }),
        "ignored" => Some(Outcome::Skipped { reason: String::new() }),
        _ if word.starts_with("bench: ") => Some(Outcome::Passed),
        _ => word.strip_prefix("ignored, ").map(|why| Outcome::Skipped { reason: message(why) }),
    }
}
