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
use crate::lower::tools::text;
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

/// Calls `visit` for each named child but comments.
fn each<'t>(node: Node<'t>, mut visit: impl FnMut(Node<'t>)) {
    let mut cursor = node.walk();
    for child in node.named_children(&mut cursor) {
        if child.kind() != "comment" {
            visit(child);
        }
    }
}

/// The first named child that is not a comment.
fn first(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).find(|child| child.kind() != "comment")
}

/// The first child of a kind.
fn child_of<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).find(|child| child.kind() == kind)
}

fn field<'t>(node: Node<'t>, name: &str) -> Option<Node<'t>> {
    node.child_by_field_name(name)
}

/// The named children of a field.
fn all<'t>(node: Node<'t>, name: &str) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children_by_field_name(name, &mut cursor).filter(Node::is_named).collect()
}

/// Lowers a child that has to be there, or says that it did not parse.
fn required(
    node: Option<Node<'_>>,
    parent: Node<'_>,
    builder: &mut Builder<'_>,
    lower: impl FnOnce(Node<'_>, &mut Builder<'_>),
) {
    match node {
        Some(node) => lower(node, builder),
        None => {
            builder.leaf(Kind::Broken, "", parent.start_byte()..parent.start_byte());
        }
    }
}

/// Lowers a child that may be there.
fn optional(
    node: Option<Node<'_>>,
    at: usize,
    builder: &mut Builder<'_>,
    lower: impl FnOnce(Node<'_>, &mut Builder<'_>),
) {
    match node {
        Some(node) => lower(node, builder),
        None => {
            builder.absent(at);
        }
    }
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
