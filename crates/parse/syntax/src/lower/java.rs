use tree_sitter::Node;

use crate::build::Builder;
use crate::lower::Lowering;
use crate::pattern::Attempt;

pub(super) struct Java;

impl Lowering for Java {
    fn grammar(&self) -> tree_sitter::Language {
        tree_sitter_java::LANGUAGE.into()
    }

    fn file(&self, _root: Node<'_>, _builder: &mut Builder<'_>) {}

    fn attempts(&self, _pattern: &str) -> Vec<Attempt> {
        Vec::new()
    }
}
