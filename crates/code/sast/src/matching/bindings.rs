use std::ops::Range;
use std::sync::Arc;

use andon_syntax::{NodeId, Symbol};

/// What metavariables stand for in one match, by name. Cheap to clone; holds few.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct Bindings(Option<Arc<Vec<(Symbol, Value)>>>);

/// A part of a file that a metavariable is bound to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Value {
    /// The part, in bytes of the file.
    pub span: Range<usize>,
    /// The nodes that stand there: the first and the last of a run of siblings, or one node twice. None if it is text
    /// alone, such as what a regular expression found, or the inside of a string.
    pub nodes: Option<(NodeId, NodeId)>,
}

/// A place that a pattern matches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Match {
    /// The place, in bytes of the file.
    pub span: Range<usize>,
    /// What the pattern's metavariables stand for there.
    pub bindings: Bindings,
}

impl Bindings {
    /// What a metavariable is bound to.
    pub fn get(&self, name: Symbol) -> Option<&Value> {
        self.iter().find_map(|(bound, value)| (bound == name).then_some(value))
    }

    /// The same and one more; replaces what the name was bound to.
    pub fn with(&self, name: Symbol, value: Value) -> Self {
        let mut list: Vec<_> = self.0.as_deref().cloned().unwrap_or_default();
        match list.binary_search_by_key(&name, |(bound, _)| *bound) {
            Ok(at) => {
                if let Some(slot) = list.get_mut(at) {
                    slot.1 = value;
                }
            }
            Err(at) => list.insert(at, (name, value)),
        }
        Self(Some(Arc::new(list)))
    }

    /// Every binding, in the order of the names' symbols.
    pub fn iter(&self) -> impl Iterator<Item = (Symbol, &Value)> {
        self.0.iter().flat_map(|list| list.iter()).map(|(name, value)| (*name, value))
    }

    /// Whether nothing is bound.
    pub fn is_empty(&self) -> bool {
        self.0.as_ref().is_none_or(|list| list.is_empty())
    }

    /// The same and what only the other has.
    pub fn joined(&self, other: &Self) -> Self {
        if other.iter().all(|(name, _)| self.get(name).is_some()) {
            return self.clone();
        }
        other
            .iter()
            .filter(|(name, _)| self.get(*name).is_none())
            .fold(self.clone(), |joined, (name, value)| joined.with(name, value.clone()))
    }
}
