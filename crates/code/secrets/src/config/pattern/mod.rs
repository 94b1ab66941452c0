//! Go's regular expressions, run by Rust's engine. See [`Pattern`].

mod class;
mod escape;
mod parse;
mod set;
mod shape;
mod size;
mod unicode;

use std::sync::OnceLock;

use regex_automata::meta::Regex;
use regex_syntax::hir::Hir;

use serde::{Deserialize, Serialize};

pub use set::PatternSet;
pub(crate) use shape::{Reach, Shape};

/// A regular expression in Go's RE2 syntax (`go doc regexp/syntax`).
///
/// It means what it means in Go: `\w`, `\d`, `\s`, `\b` and `[[:alpha:]]` are ASCII, `.` and negated classes match one
/// code point. Two things differ. Under `(?i)`, `k` and `s` do not also match U+212A (Kelvin sign) and U+017F (long s),
/// because with them no literal could be searched for first. And a byte that is not part of valid UTF-8 is matched by
/// nothing, where Go takes it for U+FFFD.
///
/// Read back from its serialised form it is taken at its word: nothing is parsed or checked before its first use.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(try_from = "Stored", into = "Stored")]
pub struct Pattern {
    source: Box<str>,
    /// Those that were set before it.
    flags: parse::Flags,
    groups: usize,
    hir: OnceLock<Hir>,
    shape: OnceLock<Shape>,
    compiled: OnceLock<Option<Regex>>,
    tail: OnceLock<Option<Regex>>,
    never: &'static Regex,
}

/// Why a regular expression cannot be run.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct PatternError {
    message: String,
}

/// A program larger than this is refused, in bytes.
const PROGRAM_LIMIT: usize = 4 << 20;
/// An expression estimated to stay below this is compiled when first used, any other at once, to see whether it can be.
const COMPILE_LATER: usize = 1 << 20;
/// What the lazily built automaton of one expression may take, in bytes.
const CACHE_CAPACITY: usize = 512 << 10;

impl Pattern {
    /// Reads `source`.
    ///
    /// # Errors
    /// When Go would not accept it, when it nests deeper than 128 levels, or when its program would exceed 4 MiB.
    pub fn new(source: &str) -> Result<Self, PatternError> {
        Self::with_flags(source, parse::Flags::default()).map(|(pattern, _)| pattern)
    }

    /// Reads `source` as if it stood behind an expression that left `flags` set; returns those that it leaves.
    fn with_flags(source: &str, flags: parse::Flags) -> Result<(Self, parse::Flags), PatternError> {
        let parsed = parse::parse(source, flags)?;
        let mut compiled = OnceLock::new();
        if size::estimate(&parsed.hir) > COMPILE_LATER {
            let regex = compile(&[&parsed.hir], PROGRAM_LIMIT).map_err(|_| {
                PatternError::new("it is too large to run: shorten its bounded repetitions `{n,m}`")
            })?;
            compiled = OnceLock::from(Some(regex));
        }
        let pattern = Self {
            source: source.into(),
            flags,
            groups: parsed.groups,
            hir: OnceLock::from(parsed.hir),
            shape: OnceLock::new(),
            compiled,
            tail: OnceLock::new(),
            never: never()?,
        };
        Ok((pattern, parsed.flags))
    }

    /// The expression as it was written.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// What it means, for literal analysis. Matches bytes; not every match need be valid UTF-8.
    pub fn hir(&self) -> &Hir {
        self.hir.get_or_init(|| {
            parse::parse(&self.source, self.flags).map_or_else(|_| Hir::fail(), |parsed| parsed.hir)
        })
    }

    /// What is known of every match, for a search that looks for literals first.
    pub(crate) fn shape(&self) -> &Shape {
        self.shape.get_or_init(|| Shape::of(self.hir()))
    }

    /// The compiled expression; compiled by the first call. Should that fail against the estimate made by
    /// [`Pattern::new`], one that never matches.
    pub fn regex(&self) -> &Regex {
        self.compiled
            .get_or_init(|| compile(&[self.hir()], PROGRAM_LIMIT).ok())
            .as_ref()
            .unwrap_or(self.never)
    }

    /// The expression from its anchors on: where it does not match at an anchor, no match holds that anchor. None for
    /// expressions whose anchors begin no part of their own.
    pub(crate) fn tail(&self) -> Option<&Regex> {
        let compile_tail = || {
            let part = self.shape().anchors.as_ref()?.part?;
            compile(&[&shape::tail(self.hir(), part)?], PROGRAM_LIMIT).ok()
        };
        self.tail.get_or_init(compile_tail).as_ref()
    }

    /// How many capture groups there are, the whole match not counted.
    pub fn group_count(&self) -> usize {
        self.groups
    }

    /// Whether it matches anywhere in `haystack`.
    pub fn is_match(&self, haystack: &[u8]) -> bool {
        self.regex().is_match(haystack)
    }
}

impl PartialEq for Pattern {
    fn eq(&self, other: &Self) -> bool {
        self.source == other.source && self.flags == other.flags
    }
}

/// A pattern as it is serialised, with what would take long to find out again.
#[derive(Serialize, Deserialize)]
struct Stored {
    source: String,
    flags: parse::Flags,
    groups: usize,
    shape: Shape,
}

impl From<Pattern> for Stored {
    fn from(pattern: Pattern) -> Self {
        let shape = pattern.shape().clone();
        Self { source: pattern.source.into(), flags: pattern.flags, groups: pattern.groups, shape }
    }
}

impl TryFrom<Stored> for Pattern {
    type Error = PatternError;

    fn try_from(stored: Stored) -> Result<Self, PatternError> {
        Ok(Self {
            source: stored.source.into(),
            flags: stored.flags,
            groups: stored.groups,
            hir: OnceLock::new(),
            shape: OnceLock::from(stored.shape),
            compiled: OnceLock::new(),
            tail: OnceLock::new(),
            never: never()?,
        })
    }
}

impl PatternError {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into() }
    }
}

fn compile(hirs: &[&Hir], limit: usize) -> Result<Regex, Box<regex_automata::meta::BuildError>> {
    let config =
        Regex::config().utf8_empty(false).nfa_size_limit(Some(limit)).hybrid_cache_capacity(CACHE_CAPACITY);
    Regex::builder().configure(config).build_many_from_hir(hirs).map_err(Box::new)
}

/// The expression that matches nothing, made once so that a late failure needs nothing that can fail.
fn never() -> Result<&'static Regex, PatternError> {
    static NEVER: OnceLock<Regex> = OnceLock::new();
    if let Some(regex) = NEVER.get() {
        return Ok(regex);
    }
    let regex = compile(&[&Hir::fail()], PROGRAM_LIMIT).map_err(|e| PatternError::new(e.to_string()))?;
    Ok(NEVER.get_or_init(|| regex))
}

#[cfg(test)]
mod tests;
