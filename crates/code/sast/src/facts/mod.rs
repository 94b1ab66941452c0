//! What is known of a file's names and values before anything is compared with it.
//!
//! Three passes over the tree, each linear in its size: names are resolved to declarations and imports ([`resolve`]),
//! values of what is assigned once are carried to the uses ([`once`]), and values are followed through each function
//! ([`flow`]). What remains unknown is not in the maps.

mod evaluate;
mod finish;
mod flow;
mod imports;
mod once;
mod resolve;
mod scopes;
#[cfg(test)]
mod tests;
mod values;

use std::sync::Arc;

use andon_syntax::{Language, NodeId, Symbol, Symbols, Tree};
use rustc_hash::FxHashMap;

/// Stack that one level of walking may need, in bytes, and how much is taken when it runs short.
const RED_ZONE: usize = 64 * 1024;
const STACK: usize = 1024 * 1024;

/// What analysis knows of nodes; empty at first.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The full name of a name that was imported, at each of its uses: the module's parts and the name in it.
    pub full_names: FxHashMap<NodeId, Arc<[Symbol]>>,
    /// Modules whose names are all imported, as dotted names.
    pub wildcards: Vec<Arc<[Symbol]>>,
    /// The declaration that a name refers to, by number, where it is declared and where it is used. Two names with the
    /// same number are the same variable; a name without number was declared elsewhere.
    pub declarations: FxHashMap<NodeId, u32>,
    /// The value that an expression that is no literal is known to have there. For `this.x` it stands at the member.
    pub constants: FxHashMap<NodeId, Constant>,
    /// The expression that a name was assigned, where every way to the use passes this one assignment.
    pub expressions: FxHashMap<NodeId, NodeId>,
    /// The type that a name was declared with; a literal or `&T{}` where it was declared with that value instead. For
    /// `this.x` it stands at the member.
    pub types: FxHashMap<NodeId, NodeId>,
}

/// A value known before the program runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Constant {
    /// A string with this content, escapes as written.
    Text(Symbol),
    /// A string whose content is not known.
    SomeText,
    /// An integer.
    Integer(i64),
    /// An integer of which no more is known.
    SomeInteger,
    /// A number.
    Number(f64),
    /// `true` or `false`.
    Bool(bool),
    /// `true` or `false`, it is not known which.
    SomeBool,
    /// What this literal is: a null, character, regular expression, imaginary or huge number.
    Literal(NodeId),
}

/// Analyses a file. Texts that it puts together are added to `symbols`; their size is bounded by that of the file.
pub fn facts(language: Language, tree: &Tree, symbols: &mut Symbols) -> Facts {
    let resolved = resolve::resolve(language, tree, symbols);
    let mut evaluator = evaluate::Evaluator::new(language, tree, symbols);
    let mut values = once::values(&mut evaluator, &resolved);
    flow::follow(&mut evaluator, &resolved, &mut values);
    finish::finish(&mut evaluator, resolved, values)
}
