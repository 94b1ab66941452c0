//! The Test Anything Protocol, versions 12 to 14.

use super::model::{Outcome, TestCase, TestFormat, TestReport, message};
use super::text::{milliseconds, plain};
use crate::report_error::ReportError;

/// Levels of subtests that are told apart.
const DEPTH: usize = 64;

/// Whether a line could only be TAP's: a plan or a test.
pub(super) fn shows(line: &str) -> bool {
    plan(line).is_some() || point(line).is_some_and(|point| point.number.is_some())
}

pub(super) fn read(text: &str, origin: &str) -> Result<TestReport, ReportError> {
    let mut reader = Tap {
        report: TestReport::new(TestFormat::Tap),
        levels: vec![Level::default()],
        subtest: None,
        block: None,
        seen: false,
        last: None,
    };
    for line in text.lines() {
        if reader.line(&plain(line)) {
            break;
        }
    }
    reader.leave(0);
    if let Some(root) = reader.levels.pop() {
        reader.end(&root);
    }
    if !reader.seen {
        return Err(ReportError::unknown(origin, "there is neither a plan nor a test of TAP in it"));
    }
    Ok(reader.report)
}

struct Tap {
    report: TestReport,
    /// Open subtests, outermost first; the first is the run itself.
    levels: Vec<Level>,
    /// The name of the subtest that is announced.
    subtest: Option<String>,
    /// The indentation of the block of details that is open.
    block: Option<usize>,
    seen: bool,
    /// The case that details belong to.
    last: Option<usize>,
}

#[derive(Default)]
struct Level {
    name: String,
    planned: Option<u64>,
    points: u64,
    failed: bool,
}

impl Tap {
    /// Reads a line; true when the run was given up.
    fn line(&mut self, line: &str) -> bool {
        let content = line.trim_start_matches(' ');
        let indent = line.len() - content.len();
        if let Some(open) = self.block {
            if indent == open && content.trim_end() == "..." {
                self.block = None;
            } else {
                self.detail(content);
            }
            return false;
        }
        if content.trim_end() == "---" && indent > 0 {
            self.block = Some(indent);
            return false;
        }
        if let Some(why) = content.strip_prefix("Bail out!") {
            self.seen = true;
            self.report.incomplete(&format!("the run was given up: {}", message(why)));
            return true;
        }
        if !indent.is_multiple_of(4) || indent / 4 >= DEPTH {
            return false;
        }
        let depth = indent / 4;
        if let Some(name) = content.strip_prefix("# Subtest") {
            self.leave(depth);
            self.subtest = Some(name.trim_start_matches(':').trim().to_owned());
        } else if let Some((planned, why)) = plan(content) {
            self.enter(depth);
            self.plan(planned, why);
        } else if let Some(point) = point(content) {
            self.point(depth, &point);
        }
        false
    }

    fn plan(&mut self, planned: u64, why: &str) {
        self.seen = true;
        let Some(level) = self.levels.last_mut() else { return };
        if level.planned.replace(planned).is_some() {
            self.report.incomplete("there are two plans");
        }
        if planned == 0 && self.levels.len() == 1 {
            self.report.note(&format!("no tests are planned: {}", message(why)));
        }
    }

    fn point(&mut self, depth: usize, point: &Point<'_>) {
        self.seen = true;
        let children = self.leave(depth);
        if children.is_none() {
            self.enter(depth);
        }
        let outcome = point.outcome();
        let failed = matches!(outcome, Outcome::Failed { .. });
        if let Some(level) = self.levels.last_mut() {
            level.points = level.points.saturating_add(1);
            level.failed |= failed;
        }
        self.subtest = None;
        self.last = None;
        match children {
            // Its subtests were counted; it adds something only when it failed by itself.
            Some(child_failed) if !failed || child_failed => {}
            _ => {
                let suite: Vec<&str> = self
                    .levels
                    .iter()
                    .map(|level| level.name.as_str())
                    .filter(|name| !name.is_empty())
                    .collect();
                let case = TestCase::new(&suite.join(" › "), &point.name(), outcome);
                self.last = Some(self.report.cases.len());
                self.report.push(case);
            }
        }
    }

    /// Opens levels down to `depth`.
    fn enter(&mut self, depth: usize) {
        self.leave(depth);
        while self.levels.len() <= depth {
            let name = self.subtest.take().unwrap_or_default();
            self.levels.push(Level { name, ..Level::default() });
        }
    }

    /// Closes the levels below `depth`. Tells whether a test failed in them, if there were tests.
    fn leave(&mut self, depth: usize) -> Option<bool> {
        let mut children = None;
        while self.levels.len() > depth + 1 {
            let Some(level) = self.levels.pop() else { break };
            self.end(&level);
            if level.points > 0 {
                children = Some(children.unwrap_or(false) || level.failed);
            }
        }
        children
    }

    fn end(&mut self, level: &Level) {
        let place = if level.name.is_empty() { String::new() } else { format!(" of `{}`", level.name) };
        match level.planned {
            None => self.report.incomplete(&format!("there is no plan{place}, so tests may be missing")),
            Some(planned) if planned > level.points => {
                self.report.incomplete(&format!("{} of {planned} planned tests{place} ran", level.points));
            }
            Some(planned) if planned < level.points => {
                self.report
                    .incomplete(&format!("{} tests{place} ran but {planned} were planned", level.points));
            }
            Some(_) => {}
        }
    }

    /// A line of the details of the last test.
    fn detail(&mut self, line: &str) {
        let Some(case) = self.last.and_then(|index| self.report.cases.get_mut(index)) else { return };
        let Some((name, value)) = line.split_once(':') else { return };
        let value = value.trim().trim_matches(['\'', '"']);
        match (name, &mut case.outcome) {
            ("duration_ms", _) => {
                let seconds = value.parse::<f64>().map(|ms| (ms / 1000.0).to_string());
                case.duration_ms = seconds.ok().and_then(|seconds| milliseconds(&seconds));
            }
            ("error" | "message", Outcome::Failed { message: said })
                if said.is_empty() && !matches!(value, "" | "|-" | "|" | ">-" | ">") =>
            {
                *said = message(value);
            }
            _ => {}
        }
    }
}

/// `1..4`, perhaps with `# SKIP why`.
fn plan(line: &str) -> Option<(u64, &str)> {
    let rest = line.trim_end().strip_prefix("1..")?;
    let (number, why) = rest.split_once('#').unwrap_or((rest, ""));
    let why = why.trim();
    let why = why.get(..4).filter(|word| word.eq_ignore_ascii_case("skip")).and(why.get(4..)).unwrap_or(why);
    Some((number.trim().parse().ok()?, why))
}

/// A line such as `not ok 2 - name # SKIP why`.
struct Point<'a> {
    passed: bool,
    number: Option<u64>,
    description: &'a str,
    directive: Option<(Directive, &'a str)>,
}

enum Directive {
    Skip,
    Todo,
}

fn point(line: &str) -> Option<Point<'_>> {
    let line = line.trim_end();
    let (passed, rest) = match line.strip_prefix("not ok") {
        Some(rest) => (false, rest),
        None => (true, line.strip_prefix("ok")?),
    };
    if !rest.is_empty() && !rest.starts_with(' ') {
        return None;
    }
    let rest = rest.trim_start();
    let digits = rest.len() - rest.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let (number, rest) = rest.split_at_checked(digits).unwrap_or(("", rest));
    let (description, directive) = directive(rest);
    let description = description.trim().trim_start_matches("- ").trim();
    Some(Point { passed, number: number.parse().ok(), description, directive })
}

/// The description, and what follows the first `#` that is not escaped.
fn directive(text: &str) -> (&str, Option<(Directive, &str)>) {
    let mut from = 0;
    while let Some(at) = text.get(from..).and_then(|rest| rest.find('#')).map(|at| at + from) {
        let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
        from = at + 1;
        if before.ends_with('\\') || !before.is_empty() && !before.ends_with(' ') {
            continue;
        }
        let after = after.trim_start_matches('#').trim_start();
        let word = after.get(..4).unwrap_or_default().to_ascii_lowercase();
        let why = || after.split_once(' ').map_or("", |(_, why)| why).trim();
        match word.as_str() {
            "skip" => return (before, Some((Directive::Skip, why()))),
            "todo" => return (before, Some((Directive::Todo, why()))),
            _ => {}
        }
    }
    (text, None)
}

impl Point<'_> {
    fn name(&self) -> String {
        match (self.description, self.number) {
            ("", Some(number)) => number.to_string(),
            ("", None) => "(no name)".to_owned(),
            (name, _) => name.replace("\\#", "#").replace("\\\\", "\\"),
        }
    }

    fn outcome(&self) -> Outcome {
        match (&self.directive, self.passed) {
            (Some((Directive::Skip, why)), _) => Outcome::Skipped { reason: message(why) },
            (Some((Directive::Todo, why)), false) => {
                Outcome::Skipped { reason: message(&format!("to be done: {why}")) }
            }
            (_, true) => Outcome::Passed,
            (None, false) => Outcome::Failed { message: String::new() },
        }
    }
}
