//! Go.

mod definition;
mod expression;
mod pattern;
mod statement;
mod types;

use tree_sitter::Node;

use crate::Kind;
use crate::build::{Builder, hole};
use crate::lower::Lowering;
use crate::lower::tools::{child_of, each, field, first, optional, required, text};
use crate::pattern::Attempt;

pub(super) struct Go;

impl Lowering for Go {
    fn grammar(&self) -> tree_sitter::Language {
        tree_sitter_go::LANGUAGE.into()
    }

    fn file(&self, root: Node<'_>, builder: &mut Builder<'_>) {
        each(root, |child| {
            if builder.is_pattern {
                statement::lower(child, builder)
            } else {
                definition::outer(child, builder)
            }
        });
    }

    fn attempts(&self, pattern: &str) -> Vec<Attempt> {
        pattern::attempts(pattern)
    }
}

/// The only statement of a body that was left out, in a pattern's source.
const PARTIAL: &str = "__partial__";
/// What a typed metavariable's name follows, in a pattern's source: `$X.(T)` stands for `($X : T)`.
const TYPED: &str = "__typed__";

/// The named children of a field.
fn all<'t>(node: Node<'t>, name: &str) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children_by_field_name(name, &mut cursor).filter(Node::is_named).collect()
}

/// A name, or the hole that it stands for.
fn name(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.name(text(node, builder), node.byte_range());
}

/// Whether a node is `...` or `$...X`.
fn is_dots(node: Node<'_>, builder: &Builder<'_>) -> bool {
    builder.is_pattern
        && hole(text(node, builder))
            .is_some_and(|(kind, _)| matches!(kind, Kind::Ellipsis | Kind::MetavariableEllipsis))
}
