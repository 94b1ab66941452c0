//! Patterns against trees.

mod bindings;
mod calls;
mod candidates;
mod definitions;
mod envs;
mod equal;
mod expressions;
mod imports;
mod inner;
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

use std::cell::{Cell, OnceCell, RefCell};

use andon_syntax::{Kind, NodeId, Symbol, Symbols, Tree};
use rustc_hash::FxHashMap;

use crate::rule::{Expression, Options};

pub use bindings::{Bindings, Match, Value};
pub(crate) use equal::same_value;
pub(crate) use literals::integer;
pub use search::search;
pub(crate) use search::search_at;
pub use source::Source;
pub(crate) use types::has_type;

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
    /// The strings of the file by their content, once they are asked for.
    strings: OnceCell<FxHashMap<Symbol, Vec<NodeId>>>,
    /// Whether the next comparison is that of a whole pattern.
    is_whole: Cell<bool>,
    /// The regular expressions in the pattern that were needed.
    regexes: RefCell<FxHashMap<Symbol, Option<Expression>>>,
}

impl<'a> Matcher<'a> {
    pub(crate) fn new(
        pattern: &'a Tree,
        source: &'a Source<'a>,
        options: &'a Options,
        fuel: &'a Cell<u64>,
    ) -> Self {
        Self {
            pattern,
            words: &source.symbols,
            source,
            options,
            fuel,
            replaced: Cell::new(0),
            strings: OnceCell::new(),
            is_whole: Cell::new(false),
            regexes: RefCell::default(),
        }
    }

    /// Compares a node of the pattern with one of the file.
    pub(crate) fn node(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        if !self.spend() {
            return none();
        }
        stacker::maybe_grow(RED_ZONE, STACK, || self.dispatch(p, t, env))
    }

    /// Takes a comparison from what is left; whether one was.
    fn spend(&self) -> bool {
        let left = self.fuel.get().checked_sub(1);
        self.fuel.set(left.unwrap_or(0));
        left.is_some()
    }

    /// Compares a whole pattern with a node, which then stands for nothing but itself.
    pub(crate) fn whole_node(&self, p: NodeId, t: NodeId, env: &Env) -> Envs {
        self.is_whole.set(true);
        self.node(p, t, env)
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
