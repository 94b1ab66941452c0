//! Patterns against trees.

mod bindings;
mod calls;
mod candidates;
mod definitions;
mod envs;
mod equal;
mod expressions;
mod imports;
mod lists;
mod literals;
mod names;
mod node;
mod operators;
mod roles;
mod search;
mod source;
mod statements;
mod types;
mod xml;

use std::cell::Cell;

use andon_syntax::{Kind, NodeId, Symbols, Tree};

use crate::rule::Options;

pub use bindings::{Bindings, Match, Value};
pub use search::search;
pub(crate) use equal::same_value;
pub(crate) use literals::integer;
pub(crate) use types::has_type;
pub use source::Source;

use envs::{Env, Envs, none};

/// Stack that one level of comparing may need, in bytes, and how much is taken when it runs short.
const RED_ZONE: usize = 128 * 1024;
const STACK: usize = 2 * 1024 * 1024;

/// Compares one pattern with one file.
pub(crate) struct Matcher<'a> {
    pattern: &'a Tree,
    /// The texts of the pattern; the file's start with them.
    words: &'a Symbols,
    source: &'a Source<'a>,
    options: &'a Options,
    /// Comparisons left before the pattern gives up on the file.
    fuel: &'a Cell<u64>,
    /// How many names have been replaced by their expressions.
    replaced: Cell<u32>,
}

impl<'a> Matcher<'a> {
    pub(crate) fn new(
        pattern: &'a Tree,
        source: &'a Source<'a>,
        options: &'a Options,
        fuel: &'a Cell<u64>,
    ) -> Self {
        Self { pattern, words: &source.symbols, source, options, fuel, replaced: Cell::new(0) }
    }

    /// Compares a node of the pattern with one of the file.
    pub(crate) fn node(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        let Some(left) = self.fuel.get().checked_sub(1) else { return none() };
        self.fuel.set(left);
        stacker::maybe_grow(RED_ZONE, STACK, || self.dispatch(p, t, env))
    }

    fn pattern_kind(&self, p: NodeId) -> Kind {
        self.pattern.kind(p)
    }

    fn pattern_text(&self, p: NodeId) -> &'a str {
        self.words.text(self.pattern.text(p))
    }

    fn pattern_children(&self, p: NodeId) -> Vec<NodeId> {
        self.pattern.children(p).collect()
    }

    fn children(&self, t: NodeId) -> Vec<NodeId> {
        self.source.tree.children(t).collect()
    }

    fn kind(&self, t: NodeId) -> Kind {
        self.source.tree.kind(t)
    }

    fn child(&self, t: NodeId, position: usize) -> Option<NodeId> {
        self.source.tree.child(t, position)
    }

    fn pattern_child(&self, p: NodeId, position: usize) -> Option<NodeId> {
        self.pattern.child(p, position)
    }

    fn same_text(&self, p: NodeId, t: NodeId) -> bool {
        self.pattern.text(p) == self.source.tree.text(t)
    }
}
