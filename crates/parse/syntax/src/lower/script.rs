use tree_sitter::Node;

use crate::build::Builder;
use crate::lower::Lowering;
use crate::pattern::Attempt;

pub(super) enum Script {
    JavaScript,
    TypeScript,
    Tsx,
}

impl Lowering for Script {
    fn grammar(&self) -> tree_sitter::Language {
        match self {
            Self::JavaScript => tree_sitter_javascript::LANGUAGE.into(),
            Self::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
            Self::Tsx => tree_sitter_typescript::LANGUAGE_TSX.into(),
        }
    }

    fn file(&self, _root: Node<'_>, _builder: &mut Builder<'_>) {}

    fn attempts(&self, _pattern: &str) -> Vec<Attempt> {
        Vec::new()
    }
}
