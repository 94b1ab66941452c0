//! Finds what looks encoded, leftmost first and without overlap: the matches of gitleaks' combined expression
//! `percent | unicode | hex | base64`, without running an expression.

use std::ops::Range;
use std::sync::LazyLock;

use memchr::memmem::Finder;

use super::Kinds;
use super::escapes::{backslash_escape, code_point, is_percent, percent_end, unicode_end};
use super::tables::{HEX, RUN, is};

/// Fewer characters are not taken for base64.
const MIN_BASE64: usize = 16;
/// Fewer digits are not taken for hexadecimal.
const MIN_HEX: usize = 32;

static CODE_POINT: LazyLock<Finder<'static>> = LazyLock::new(|| Finder::new("U+"));

/// A stretch of text that looks encoded. Whether it decodes is not known yet.
#[derive(Debug, Clone)]
pub(super) struct Match {
    pub(super) kind: Kinds,
    pub(super) range: Range<usize>,
}

/// The matches of a text. For each sort of candidate the next position is remembered, so that the searches, which
/// run at different speeds, pass over the text once each.
pub(super) struct Matches<'a> {
    data: &'a [u8],
    cursor: usize,
    percent: Option<usize>,
    backslash: Option<usize>,
    code_point: Option<usize>,
    run: Option<usize>,
}

impl<'a> Matches<'a> {
    pub(super) fn new(data: &'a [u8]) -> Self {
        let start = Some(0);
        let mut matches =
            Self { data, cursor: 0, percent: start, backslash: start, code_point: start, run: start };
        matches.search(true);
        matches
    }

    /// Looks further wherever the remembered position lies before the cursor.
    fn search(&mut self, first: bool) {
        let stale = |at: Option<usize>| first || at.is_some_and(|at| at < self.cursor);
        let (percent, backslash) = (stale(self.percent), stale(self.backslash));
        let (code_point, run) = (stale(self.code_point), stale(self.run));
        let (data, from) = (self.data, self.cursor);
        if percent {
            self.percent = next_percent(data, from);
        }
        if backslash {
            self.backslash = next_backslash(data, from);
        }
        if code_point {
            self.code_point = next_code_point(data, from);
        }
        if run {
            self.run = next_run(data, from);
        }
    }

    fn run_match(&self, start: usize) -> Match {
        let rest = self.data.get(start..).unwrap_or_default();
        let digits = rest.iter().take_while(|b| is(**b, HEX)).count();
        if digits >= MIN_HEX {
            return Match { kind: Kinds::HEX, range: start..start + digits };
        }
        let run = digits + rest.iter().skip(digits).take_while(|b| is(**b, RUN)).count();
        let padding = rest.iter().skip(run).take(2).take_while(|b| **b == b'=').count();
        Match { kind: Kinds::BASE64, range: start..start + run + padding }
    }
}

impl Iterator for Matches<'_> {
    type Item = Match;

    fn next(&mut self) -> Option<Match> {
        let candidates = [self.percent, self.backslash, self.code_point, self.run];
        let start = candidates.into_iter().flatten().min()?;
        let found = if self.percent == Some(start) {
            Match { kind: Kinds::PERCENT, range: start..percent_end(self.data, start) }
        } else if self.run == Some(start) {
            self.run_match(start)
        } else {
            Match { kind: Kinds::UNICODE, range: start..unicode_end(self.data, start) }
        };
        self.cursor = found.range.end;
        self.search(false);
        Some(found)
    }
}

fn next_percent(data: &[u8], from: usize) -> Option<usize> {
    let rest = data.get(from..)?;
    memchr::memchr_iter(b'%', rest).map(|i| from + i).find(|i| is_percent(data, *i))
}

fn next_backslash(data: &[u8], from: usize) -> Option<usize> {
    let rest = data.get(from..)?;
    memchr::memchr_iter(b'\\', rest).map(|i| from + i).find(|i| backslash_escape(data, *i).is_some())
}

fn next_code_point(data: &[u8], from: usize) -> Option<usize> {
    let rest = data.get(from..)?;
    CODE_POINT.find_iter(rest).map(|i| from + i).find(|i| code_point(data, *i).is_some())
}

/// The start of the next sixteen base64 characters in a row. Of sixteen bytes in a row every fourth of the text is one
/// of four, so only every fourth byte is looked at until four of them in turn are base64 characters.
fn next_run(data: &[u8], from: usize) -> Option<usize> {
    const STEP: usize = 4;
    let mut probe = from + STEP - 1;
    let mut streak = 0;
    while let Some(byte) = data.get(probe) {
        if !is(*byte, RUN) {
            streak = 0;
            probe += STEP;
            continue;
        }
        streak += 1;
        if streak < MIN_BASE64 / STEP {
            probe += STEP;
            continue;
        }
        let before = data.get(from..probe)?.iter().rev().take_while(|byte| is(**byte, RUN)).count();
        let after = data.get(probe..)?.iter().take(MIN_BASE64).take_while(|byte| is(**byte, RUN)).count();
        if before + after >= MIN_BASE64 {
            return Some(probe - before);
        }
        // The run around this byte is too short; the next one begins behind it.
        streak = 0;
        probe += after + STEP;
    }
    None
}
