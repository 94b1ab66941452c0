use andon_syntax::{Kind, Language, NodeId, Symbols, Tree};

use crate::facts::Facts;
use crate::matching::candidates::Kinds;
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
    pub(crate) kinds: Kinds,
}

impl<'f> Source<'f> {
    /// A file, with what can be learned of its names.
    pub fn new(language: Language, text: &'f str, tree: Tree, mut symbols: Symbols) -> Self {
        let roles = roles(&tree, language, &symbols);
        let facts = crate::facts::facts(language, &tree, &mut symbols);
        let kinds = Kinds::new(&tree, &facts);
        Self { language, text, tree, symbols, facts, roles, kinds }
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
