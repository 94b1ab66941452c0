use std::ops::Range;

use andon_model::{Content, Diagnostic, Examined, GapKind, Region, line_context};

use crate::check::{Checked, Hit, Ruleset};
use crate::engine::classes::{self, Classes};
use crate::engine::facts::{self, Seen, Step};
use crate::engine::ignore;

/// Lines and characters of a line that a snippet shows.
const SNIPPET_LINES: usize = 5;
const SNIPPET_CHARACTERS: usize = 400;
/// Lines before and after a place that its context is made of.
const NEIGHBOURS: usize = 3;

/// Runs the rules on a text.
pub(super) fn examine(rules: &Ruleset, classes: &Classes, content: &Content<'_>) -> Examined {
    let text = String::from_utf8_lossy(content.bytes);
    let mut checked = match classes::language(content.form) {
        Some(language) => rules.check(language, &text),
        None => Checked::default(),
    };
    if classes::is_any_text(content.form) {
        let more = rules.check_text(&text, |rule| classes.reads(content.form, rule));
        checked.found.extend(more.found);
        checked.gave_up.extend(more.gave_up);
    }
    let lines = Lines::new(&text);
    let seen: Vec<_> = checked.found.iter().map(|hit| seen(rules, hit, &lines)).collect();
    Examined { facts: facts::encode(&seen), diagnostics: diagnostics(rules, &checked, &lines) }
}

fn seen(rules: &Ruleset, hit: &Hit, lines: &Lines<'_>) -> Seen {
    let region = lines.region(&hit.span);
    let rule = rules.rules.get(hit.rule).map_or("", |rule| rule.id.as_str());
    let (first, last) = (region.start_line as usize, region.end_line as usize);
    let code = lines.text.get(hit.span.clone()).unwrap_or_default();
    Seen {
        rule: u32::try_from(hit.rule).unwrap_or(u32::MAX),
        snippet: lines.snippet(&region),
        message: hit.message.clone(),
        fix: hit.fix.clone(),
        code: code_hash(code),
        symbol: hit.symbol.clone(),
        context: line_context(lines.around(first, last)),
        ignored: ignore::is_ignored(rule, lines.line(first), lines.line(first.saturating_sub(1))),
        flow: flow(hit, lines),
        region,
    }
}

/// The way of the data; of the places in between one for each line.
fn flow(hit: &Hit, lines: &Lines<'_>) -> Vec<Step> {
    let mut steps: Vec<Step> = Vec::new();
    for (position, (span, message)) in hit.flow.iter().enumerate() {
        let next = step(span, message, lines);
        let is_end = position == 0 || position + 1 == hit.flow.len();
        let line = |step: &Step| step.region.start_line;
        if is_end || steps.last().is_none_or(|last| line(last) != line(&next)) {
            steps.push(next);
        }
    }
    steps
}

fn step(span: &Range<usize>, message: &str, lines: &Lines<'_>) -> Step {
    let region = lines.region(span);
    Step { snippet: lines.snippet(&region), message: message.to_owned(), region }
}

fn code_hash(code: &str) -> [u8; 16] {
    let mut hasher = blake3::Hasher::new();
    for word in code.split_whitespace() {
        hasher.update(word.as_bytes());
    }
    let mut short = [0; 16];
    short.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
    short
}

fn diagnostics(rules: &Ruleset, checked: &Checked, lines: &Lines<'_>) -> Vec<Diagnostic> {
    let mut diagnostics = Vec::new();
    if let Some(first) = checked.broken.first() {
        let line = lines.region(first).start_line;
        let others = checked.broken.len() - 1;
        let more = match others {
            0 => String::new(),
            1 => " and one more place".to_owned(),
            _ => format!(" and {others} more places"),
        };
        diagnostics.push(Diagnostic {
            kind: GapKind::Unparsable,
            detail: format!("line {line}{more} could not be parsed; the rest was examined"),
        });
    }
    for index in &checked.gave_up {
        let rule = rules.rules.get(*index).map_or("", |rule| rule.id.as_str());
        diagnostics.push(Diagnostic {
            kind: GapKind::Limit,
            detail: format!("the rule {rule} was given up: it needs too much work here"),
        });
    }
    diagnostics
}

/// A text and where its lines start.
struct Lines<'t> {
    text: &'t str,
    starts: Vec<usize>,
}

impl<'t> Lines<'t> {
    fn new(text: &'t str) -> Self {
        let after = text.bytes().enumerate().filter(|(_, byte)| *byte == b'\n').map(|(at, _)| at + 1);
        Self { text, starts: std::iter::once(0).chain(after).collect() }
    }

    /// A line by number, from 1; empty if there is none.
    fn line(&self, number: usize) -> &'t str {
        let Some(start) = number.checked_sub(1).and_then(|at| self.starts.get(at)) else { return "" };
        let end = self.starts.get(number).copied().unwrap_or(self.text.len());
        self.text.get(*start..end).unwrap_or_default().trim_end_matches(['\n', '\r'])
    }

    fn around(&self, first: usize, last: usize) -> impl Iterator<Item = &'t str> {
        let before = first.saturating_sub(NEIGHBOURS).max(1)..first;
        let after = last + 1..last + 1 + NEIGHBOURS;
        before.chain(after).map(|number| self.line(number))
    }

    fn region(&self, span: &Range<usize>) -> Region {
        let (start_line, start_column) = self.position(span.start);
        let (end_line, end_column) = self.position(span.end);
        Region {
            start_byte: span.start as u64,
            end_byte: span.end as u64,
            start_line,
            start_column,
            end_line,
            end_column,
        }
    }

    fn position(&self, at: usize) -> (u32, u32) {
        let line = self.starts.partition_point(|start| *start <= at);
        let start = line.checked_sub(1).and_then(|index| self.starts.get(index)).copied().unwrap_or(0);
        let column = self.text.get(start..at).map_or(0, |before| before.chars().count());
        (u32::try_from(line).unwrap_or(u32::MAX), u32::try_from(column + 1).unwrap_or(u32::MAX))
    }

    fn snippet(&self, region: &Region) -> String {
        let lines = region.start_line as usize..=region.end_line as usize;
        let cut = |line: &str| line.chars().take(SNIPPET_CHARACTERS).collect::<String>();
        lines.take(SNIPPET_LINES).map(|number| cut(self.line(number))).collect::<Vec<_>>().join("\n")
    }
}
