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

/// The start of the next sixteen base64 characters in a row. Such a run always fills one of the groups of eight that
/// the text divides into, so that only around full groups single characters are looked at. Whether groups are full
/// is computed for sixteen bytes at once, without branches, which the compiler turns into vector instructions.
fn next_run(data: &[u8], from: usize) -> Option<usize> {
    let mut at = from;
    while let Some(window) = data.get(at..).and_then(|rest| rest.first_chunk::<MIN_BASE64>()) {
        let [first, second] = full_groups(window);
        if !first && !second {
            at += MIN_BASE64;
            continue;
        }
        let group = if first { at } else { at + 8 };
        let before = data.get(from..group)?.iter().rev().take_while(|byte| is(**byte, RUN)).count();
        let after = data.get(group..)?.iter().take_while(|byte| is(**byte, RUN)).count();
        if before + after >= MIN_BASE64 {
            return Some(group - before);
        }
        at = group + after;
    }
    last_run(data, at.saturating_sub(MIN_BASE64 - 1).max(from))
}

/// Whether the first and the last eight bytes are all base64 characters.
fn full_groups(window: &[u8; MIN_BASE64]) -> [bool; 2] {
    let mut in_run = [0; MIN_BASE64];
    for (slot, byte) in in_run.iter_mut().zip(*window) {
        let letter = (byte | 0x20).wrapping_sub(b'a') < 26;
        let digit_or_slash = byte.wrapping_sub(b'/') < 11;
        *slot = u8::from(letter | digit_or_slash | (byte == b'+') | (byte == b'-') | (byte == b'_'));
    }
    let bits = u128::from_le_bytes(in_run);
    [bits as u64, (bits >> 64) as u64].map(|group| group == 0x0101_0101_0101_0101)
}

/// The same for the last bytes of a text.
fn last_run(data: &[u8], from: usize) -> Option<usize> {
    let mut start = from;
    loop {
        let window = data.get(start..start + MIN_BASE64)?;
        match window.iter().rposition(|byte| !is(*byte, RUN)) {
            None => return Some(start),
            Some(last) => start += last + 1,
        }
    }
}
