//! Regular expressions as rules write them: those of PCRE2.

mod class;
mod escape;
mod translate;

use std::ops::Range;

use andon_syntax::{Symbol, Symbols};

use translate::{Translated, translate};

/// A compiled regular expression of a rule. Most run in time linear in the text; those with look-around, references back
/// or possessive parts run in an engine that gives up after a bounded number of steps.
#[derive(Clone, Debug)]
pub struct Expression {
    source: Box<str>,
    is_multi_line: bool,
    engine: Engine,
    /// The metavariables of each group that can bind one: `$1` and, if it has a name, `$NAME`.
    groups: Vec<(usize, Symbol)>,
}

impl PartialEq for Expression {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source && self.is_multi_line == other.is_multi_line
    }
}

impl Eq for Expression {}

/// A place that an expression matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hit {
    /// The place, in bytes of the text.
    pub span: Range<usize>,
    /// The groups that took part, by the names of their metavariables.
    pub groups: Vec<(Symbol, Range<usize>)>,
}

#[derive(Clone, Debug)]
enum Engine {
    Linear(regex::Regex),
    Backtracking(Box<fancy_regex::Regex>),
}

/// Longest expression, in bytes.
const LONGEST: usize = 1 << 16;
/// Most bytes that a compiled expression takes.
const LARGEST: usize = 16 << 20;
/// Most steps back that one search takes.
const MOST_STEPS: usize = 1_000_000;
/// Most places of one expression in one text.
const MOST_HITS: usize = 100_000;

impl Expression {
    /// Compiles an expression; `is_multi_line` says whether `^` and `$` match at every line. The names of its groups
    /// are added to `symbols`.
    ///
    /// # Errors
    /// When it is no expression, or one that cannot be run in bounded time; the text says why.
    pub fn new(source: &str, is_multi_line: bool, symbols: &mut Symbols) -> Result<Self, String> {
        if source.len() > LONGEST {
            return Err(format!("the expression is longer than {LONGEST} bytes"));
        }
        let Translated { text, boundaries, needs_backtracking } = translate(source)?;
        let engine = if needs_backtracking {
            Engine::Backtracking(Box::new(backtracking(&text, is_multi_line)?))
        } else {
            Engine::Linear(linear(&text, &boundaries, is_multi_line)?)
        };
        let names: Vec<Option<String>> = match &engine {
            Engine::Linear(regex) => regex.capture_names().map(|name| name.map(str::to_owned)).collect(),
            Engine::Backtracking(regex) => {
                regex.capture_names().map(|name| name.map(str::to_owned)).collect()
            }
        };
        let mut groups = Vec::new();
        for (group, name) in names.into_iter().enumerate().skip(1) {
            if let Some(name) = name {
                groups.push((group, symbols.intern(&format!("${name}"))));
            }
            groups.push((group, symbols.intern(&format!("${group}"))));
        }
        Ok(Self { source: source.into(), is_multi_line, engine, groups })
    }

    /// The expression as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Whether it runs in time linear in the text.
    pub fn is_linear(&self) -> bool {
        matches!(self.engine, Engine::Linear(_))
    }

    /// Whether it matches somewhere.
    pub fn is_in(&self, text: &str) -> bool {
        match &self.engine {
            Engine::Linear(regex) => regex.is_match(text),
            Engine::Backtracking(regex) => regex.is_match(text).unwrap_or(false),
        }
    }

    /// Every place where it matches, in order and without overlap, and whether that is all: a search that takes too many
    /// steps or finds too many places is given up.
    pub fn all(&self, text: &str) -> (Vec<Hit>, bool) {
        let mut hits = Vec::new();
        match &self.engine {
            Engine::Linear(regex) => {
                for captures in regex.captures_iter(text).take(MOST_HITS) {
                    hits.extend(self.hit(|group| captures.get(group).map(|found| found.range())));
                }
            }
            Engine::Backtracking(regex) => {
                for captures in regex.captures_iter(text).take(MOST_HITS) {
                    let Ok(captures) = captures else {
                        return (hits, false);
                    };
                    hits.extend(self.hit(|group| captures.get(group).map(|found| found.range())));
                }
            }
        }
        let is_all = hits.len() < MOST_HITS;
        (hits, is_all)
    }

    /// What it matches at the start of a text; nothing too if the search is given up.
    pub fn at_start(&self, text: &str) -> Option<Hit> {
        let hit = match &self.engine {
            Engine::Linear(regex) => {
                let captures = regex.captures(text)?;
                self.hit(|group| captures.get(group).map(|found| found.range()))
            }
            Engine::Backtracking(regex) => {
                let captures = regex.captures(text).ok()??;
                self.hit(|group| captures.get(group).map(|found| found.range()))
            }
        };
        hit.filter(|hit| hit.span.start == 0)
    }

    fn hit(&self, range: impl Fn(usize) -> Option<Range<usize>>) -> Option<Hit> {
        let groups = self.groups.iter().filter_map(|(group, name)| Some((*name, range(*group)?))).collect();
        Some(Hit { span: range(0)?, groups })
    }
}

fn linear(text: &str, boundaries: &[usize], is_multi_line: bool) -> Result<regex::Regex, String> {
    let mut ascii = String::with_capacity(text.len() + boundaries.len() * 6);
    let mut from = 0;
    for at in boundaries {
        ascii.push_str(text.get(from..*at).unwrap_or_default());
        ascii.push_str("(?-u:");
        ascii.push_str(text.get(*at..at + 2).unwrap_or_default());
        ascii.push(')');
        from = at + 2;
    }
    ascii.push_str(text.get(from..).unwrap_or_default());
    regex::RegexBuilder::new(&ascii)
        .multi_line(is_multi_line)
        .size_limit(LARGEST)
        .build()
        .map_err(|error| error.to_string())
}

fn backtracking(text: &str, is_multi_line: bool) -> Result<fancy_regex::Regex, String> {
    fancy_regex::RegexBuilder::new(text)
        .multi_line(is_multi_line)
        .backtrack_limit(MOST_STEPS)
        .delegate_size_limit(LARGEST)
        .build()
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests;
