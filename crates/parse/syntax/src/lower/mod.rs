//! One lowering per language: the grammar's tree in, the normalised one out.

mod go;
mod java;
mod python;
mod script;
mod tools;

use tree_sitter::Node;

use crate::Language;
use crate::build::Builder;
use crate::pattern::Attempt;

/// What a language brings.
pub(crate) trait Lowering: Sync {
    /// Its grammar.
    fn grammar(&self) -> tree_sitter::Language;

    /// Adds the statements of a file. `root` is the grammar's tree, which may hold errors anywhere.
    fn file(&self, root: Node<'_>, builder: &mut Builder<'_>);

    /// The ways to read a pattern as code, best first; the first that parses without error is taken. Holes have to be
    /// written as the names in [`crate::build`].
    fn attempts(&self, pattern: &str) -> Vec<Attempt>;
}

pub(crate) fn lowering(language: Language) -> &'static dyn Lowering {
    match language {
        Language::Python => &python::Python,
        Language::JavaScript => &script::Script::JavaScript,
        Language::TypeScript => &script::Script::TypeScript,
        Language::Tsx => &script::Script::Tsx,
        Language::Java => &java::Java,
        Language::Go => &go::Go,
    }
}
