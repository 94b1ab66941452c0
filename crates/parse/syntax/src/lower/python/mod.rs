//! Python, 3 and what the grammar knows of 2.

mod case;
mod definition;
mod expression;
mod holes;
mod import;
mod nodes;
mod reading;
mod statement;
mod string;
mod table;
mod words;

use tree_sitter::Node;

use crate::build::Builder;
use crate::lower::Lowering;
use crate::pattern::Attempt;

pub(super) struct Python;

impl Lowering for Python {
    fn grammar(&self) -> tree_sitter::Language {
        tree_sitter_python::LANGUAGE.into()
    }

    fn file(&self, root: Node<'_>, builder: &mut Builder<'_>) {
        statement::statements(root, builder);
    }

    fn attempts(&self, pattern: &str) -> Vec<Attempt> {
        reading::attempts(pattern)
    }
}
