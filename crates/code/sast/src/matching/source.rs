use andon_syntax::{Kind, Language, NodeId, Symbol, Symbols, Tree};
use rustc_hash::FxHashMap;

use crate::matching::roles::{Role, roles};

/// A file that patterns are compared with: its tree and what is known of its names.
#[derive(Clone, Debug)]
pub struct Source<'f> {
    /// The language.
    pub language: Language,
    /// The text.
    pub text: &'f str,
    /// The tree.
    pub tree: Tree,
    /// The texts of the tree.
    pub symbols: Symbols,
    /// What is known of names and values.
    pub facts: Facts,
    pub(crate) roles: Vec<Role>,
}

/// What analysis knows of nodes; empty at first.
#[derive(Clone, Debug, Default)]
pub struct Facts {
    /// The full name of a name or dotted name that was imported: the module's parts and the name in it.
    pub full_names: FxHashMap<NodeId, Box<[Symbol]>>,
    /// Modules whose names are all imported, as dotted names.
    pub wildcards: Vec<Box<[Symbol]>>,
    /// The declaration that a name refers to, by number.
    pub declarations: FxHashMap<NodeId, u32>,
    /// The value that an expression is known to have there.
    pub constants: FxHashMap<NodeId, Constant>,
    /// The expression that a name was assigned, where it is the only one.
    pub expressions: FxHashMap<NodeId, NodeId>,
    /// The type that a name was declared with.
    pub types: FxHashMap<NodeId, NodeId>,
}

/// A value known before the program runs.
#[derive(Clone, Debug, PartialEq)]
pub enum Constant {
    /// A string with this content, escapes as written.
    Text(Box<str>),
    /// A string whose content is not known.
    SomeText,
    /// An integer.
    Integer(i64),
    /// A number.
    Number(f64),
    /// `true` or `false`.
    Bool(bool),
}

impl<'f> Source<'f> {
    /// A file about whose names nothing is known yet.
    pub fn new(language: Language, text: &'f str, tree: Tree, symbols: Symbols) -> Self {
        let roles = roles(&tree, language);
        Self { language, text, tree, symbols, facts: Facts::default(), roles }
    }

    /// The text of a node as its kind says.
    pub fn name(&self, id: NodeId) -> &str {
        self.symbols.text(self.tree.text(id))
    }

    pub(crate) fn role(&self, id: NodeId) -> Role {
        self.roles.get(id.index()).copied().unwrap_or(Role::Other)
    }

    pub(crate) fn kind(&self, id: NodeId) -> Kind {
        self.tree.kind(id)
    }
}
