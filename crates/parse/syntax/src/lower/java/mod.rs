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

fn is_comment(node: Node<'_>) -> bool {
    matches!(node.kind(), "line_comment" | "block_comment")
}

/// Calls `visit` for each named child but comments.
fn each<'t>(node: Node<'t>, mut visit: impl FnMut(Node<'t>)) {
    let mut cursor = node.walk();
    for child in node.named_children(&mut cursor) {
        if !is_comment(child) {
            visit(child);
        }
    }
}

/// The first named child that is not a comment.
fn first(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).find(|child| !is_comment(*child))
}

/// The first child of a kind.
fn child_of<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).find(|child| child.kind() == kind)
}

fn field<'t>(node: Node<'t>, name: &str) -> Option<Node<'t>> {
    node.child_by_field_name(name)
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
            builder.leaf(crate::Kind::Broken, "", parent.start_byte()..parent.start_byte());
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
