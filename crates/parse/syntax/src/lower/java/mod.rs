//! Java.

mod definition;
mod expression;
mod pattern;
mod statement;
mod tokens;
mod types;
mod variable;

use tree_sitter::Node;

use crate::build::Builder;
use crate::lower::Lowering;
use crate::lower::tools::{child_of, each, field, first, is_comment, optional, required};
use crate::pattern::Attempt;

pub(super) struct Java;

impl Lowering for Java {
    fn grammar(&self) -> tree_sitter::Language {
        tree_sitter_java::LANGUAGE.into()
    }

    fn file(&self, root: Node<'_>, builder: &mut Builder<'_>) {
        statement::list(root, builder);
    }

    fn attempts(&self, pattern: &str) -> Vec<Attempt> {
        pattern::attempts(pattern)
    }
}

/// The type of what has none, in a pattern's source.
const UNTYPED: &str = "__untyped__";
/// The type of the only member or statement of a body that was left out, in a pattern's source.
const PARTIAL: &str = "__partial__";
/// The field that marks a typed metavariable, in a pattern's source: `((T) $X).__typed__`.
const TYPED: &str = "__typed__";
/// `...` between the branches of a switch, in a pattern's source.
const DOTS_CASE: &str = "case __dots__:";
/// The method that stands for `super` where it is called, in a pattern's source.
const SUPER: &str = "__super__";
/// The same for `this`.
const THIS: &str = "__this__";
