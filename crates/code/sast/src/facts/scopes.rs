use std::sync::Arc;

use andon_syntax::{NodeId, Symbol};
use rustc_hash::FxHashMap;

/// What a name stands for.
#[derive(Clone, Debug)]
pub(crate) struct Binding {
    pub(crate) place: Place,
    /// The type it was declared with.
    pub(crate) declared: Option<NodeId>,
    /// The full name of what was imported.
    pub(crate) path: Option<Arc<[Symbol]>>,
    /// How often it is assigned.
    pub(crate) sets: u32,
    /// Whether it cannot be assigned again.
    pub(crate) is_constant: bool,
    /// Whether it is a private field.
    pub(crate) is_private: bool,
}

/// Where a name is declared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Place {
    Global,
    Local,
    Parameter,
    Field,
    Imported,
}

impl Binding {
    pub(crate) fn new(place: Place, declared: Option<NodeId>) -> Self {
        Self { place, declared, path: None, sets: 0, is_constant: false, is_private: false }
    }
}

/// The names that can be seen from where a walk stands.
#[derive(Debug, Default)]
pub(crate) struct Scopes {
    names: FxHashMap<Symbol, Slots>,
    /// The names declared in the open scopes, and where each scope's begin.
    declared: Vec<Symbol>,
    starts: Vec<usize>,
}

#[derive(Debug, Default)]
struct Slots {
    /// In open scopes, the innermost last, with the scope's depth.
    inner: Vec<(usize, u32)>,
    global: Option<u32>,
    /// Imports stand behind all else, whatever the order.
    imported: Option<u32>,
}

impl Scopes {
    pub(crate) fn open(&mut self) {
        self.starts.push(self.declared.len());
    }

    pub(crate) fn close(&mut self) {
        let start = self.starts.pop().unwrap_or(0);
        for symbol in self.declared.drain(start..) {
            if let Some(slots) = self.names.get_mut(&symbol) {
                slots.inner.pop();
            }
        }
    }

    /// Declares a name in the innermost scope.
    pub(crate) fn add(&mut self, symbol: Symbol, binding: u32) {
        let depth = self.starts.len();
        let slots = self.names.entry(symbol).or_default();
        if depth == 0 {
            slots.global = Some(binding);
        } else {
            slots.inner.push((depth, binding));
            self.declared.push(symbol);
        }
    }

    pub(crate) fn add_global(&mut self, symbol: Symbol, binding: u32) {
        self.names.entry(symbol).or_default().global = Some(binding);
    }

    pub(crate) fn add_imported(&mut self, symbol: Symbol, binding: u32) {
        self.names.entry(symbol).or_default().imported = Some(binding);
    }

    pub(crate) fn find(&self, symbol: Symbol) -> Option<u32> {
        let slots = self.names.get(&symbol)?;
        slots.inner.last().map(|(_, binding)| *binding).or(slots.global).or(slots.imported)
    }

    /// As an assignment in Python finds it, which declares what is not in the innermost scope.
    pub(crate) fn find_here(&self, symbol: Symbol) -> Option<u32> {
        let slots = self.names.get(&symbol)?;
        let depth = self.starts.len();
        let here = if depth == 0 {
            slots.global
        } else {
            slots.inner.last().filter(|(at, _)| *at == depth).map(|(_, binding)| *binding)
        };
        here.or(slots.imported)
    }

    pub(crate) fn find_global(&self, symbol: Symbol) -> Option<u32> {
        self.names.get(&symbol)?.global
    }

    /// The innermost that is not in the innermost scope.
    pub(crate) fn find_outside(&self, symbol: Symbol) -> Option<u32> {
        let depth = self.starts.len();
        let slots = self.names.get(&symbol)?;
        slots.inner.iter().rev().find(|(at, _)| *at < depth).map(|(_, binding)| *binding)
    }

    /// The innermost that `wanted` accepts.
    pub(crate) fn find_such(&self, symbol: Symbol, wanted: impl Fn(u32) -> bool) -> Option<u32> {
        let slots = self.names.get(&symbol)?;
        let inner = slots.inner.iter().rev().take(MOST_SHADOWED).map(|(_, binding)| *binding);
        inner.chain(slots.global).chain(slots.imported).find(|binding| wanted(*binding))
    }
}

/// How many declarations of one name, each hiding the next, are looked through.
const MOST_SHADOWED: usize = 32;
