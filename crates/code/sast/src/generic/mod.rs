//! Patterns of the generic mode: text of any kind, compared by words, punctuation, indentation and brackets.
//!
//! There are two engines. The usual one reads a text as a tree: lines that are indented more are inside the line before
//! them, and what is between brackets of one line is inside these. The other one reads words and brackets alone and is
//! asked for by a rule's options.

mod alien;
mod comments;
mod document;
mod readable;
mod space;
mod subject;

use andon_syntax::{Symbol, Symbols};

use crate::matching::{Bindings, Match, Value};
use crate::rule::Options;

pub use document::Document;
pub use readable::is_readable;
pub use subject::{Compiled, GenericSubject};

/// A compiled pattern of the generic mode.
#[derive(Clone, Debug)]
pub struct Pattern {
    engine: Engine,
    /// The metavariables, by their slots.
    names: Vec<Symbol>,
}

#[derive(Clone, Debug)]
enum Engine {
    Space(space::Pattern),
    Alien(alien::Pattern),
}

/// Why a text is no pattern of the generic mode.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Error {
    /// Nothing is in it.
    #[error("the pattern is empty")]
    Empty,
    /// It is larger or deeper than is supported.
    #[error("the pattern is too large: {0}")]
    TooLarge(&'static str),
    /// An ellipsis is followed by one with a name, so that nothing says where one ends and the other starts.
    #[error("`...` cannot be followed by `{0}`")]
    Ellipses(String),
    /// A name stands for a word in one place and for several in another.
    #[error("`{0}` is used both for one word and for several")]
    Inconsistent(String),
    /// An option is not sound.
    #[error("{0}")]
    Option(String),
}

/// Longest pattern, in bytes.
const LONGEST: usize = 1 << 16;
/// Most places of one pattern in one text.
const MOST_MATCHES: usize = 100_000;
/// Steps that a search may take for each byte of the text, and at most; a step compares a word or a sign.
const STEPS_PER_BYTE: u64 = 200;
const LEAST_STEPS: u64 = 1_000_000;
const MOST_STEPS: u64 = 40_000_000;

impl Pattern {
    /// Compiles a pattern. The names of its metavariables, such as `$X` and `$...X`, are added to `symbols`.
    ///
    /// # Errors
    /// When it is empty, too large, or not sound.
    pub fn compile(text: &str, options: &Options, symbols: &mut Symbols) -> Result<Self, Error> {
        if text.len() > LONGEST {
            return Err(Error::TooLarge("it has more than 65536 bytes"));
        }
        let mut names = Names::default();
        let engine = if options.generic_aliengrep {
            Engine::Alien(alien::Pattern::compile(text, options, &mut names)?)
        } else {
            Engine::Space(space::Pattern::compile(text, options, &mut names)?)
        };
        let names = names.0.iter().map(|name| symbols.intern(name)).collect();
        Ok(Self { engine, names })
    }

    /// Where it matches, in the order of the text, and whether that is all: a search that takes too many steps is given
    /// up.
    pub fn search(&self, document: &Document<'_>) -> (Vec<Match>, bool) {
        let base = document.base();
        let (found, is_all) = match &self.engine {
            Engine::Space(pattern) => space::search(pattern, document.plain(), document.tree()),
            Engine::Alien(pattern) => alien::search(pattern, document.text()),
        };
        let moved = |span: Span| base + span.start as usize..base + span.end as usize;
        let matches = found.into_iter().map(|found| {
            let bound = self.names.iter().zip(found.slots);
            let bindings = bound.fold(Bindings::default(), |bindings, (name, slot)| match slot {
                Some(span) => bindings.with(*name, Value { span: moved(span), nodes: None }),
                None => bindings,
            });
            Match { span: moved(found.span), bindings }
        });
        (matches.collect(), is_all)
    }
}

/// A part of a text, in bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Span {
    start: u32,
    end: u32,
}

impl Span {
    fn of(self, text: &str) -> &str {
        text.get(self.start as usize..self.end as usize).unwrap_or_default()
    }
}

/// A match before it is given names.
#[derive(Debug)]
struct Found {
    span: Span,
    slots: Vec<Option<Span>>,
}

/// The metavariables of a pattern, each with a slot.
#[derive(Debug, Default)]
struct Names(Vec<String>);

impl Names {
    fn slot(&mut self, name: String) -> u32 {
        let known = self.0.iter().position(|known| *known == name);
        let slot = known.unwrap_or_else(|| {
            self.0.push(name);
            self.0.len() - 1
        });
        u32::try_from(slot).unwrap_or(u32::MAX)
    }
}

fn steps(text: &str) -> u64 {
    (text.len() as u64).saturating_mul(STEPS_PER_BYTE).clamp(LEAST_STEPS, MOST_STEPS)
}

#[cfg(test)]
mod tests;
