use std::ops::Range;

use tree_sitter::Node;

use crate::Kind;
use crate::build::Builder;

/// The source of a grammar's node.
pub(super) fn text<'s>(node: Node<'_>, builder: &Builder<'s>) -> &'s str {
    builder.source.get(node.byte_range()).unwrap_or_default()
}

/// A number as it is compared: without separators, in lower case.
pub(super) fn number(text: &str) -> String {
    text.chars().filter(|letter| *letter != '_').map(|letter| letter.to_ascii_lowercase()).collect()
}

/// What stands between the first `open` and the last `close` bytes of a node.
pub(super) fn inner(span: Range<usize>, open: usize, close: usize) -> Range<usize> {
    let start = (span.start + open).min(span.end);
    start..span.end.saturating_sub(close).max(start)
}

/// Whether a node is a comment, which stands between the parts of anything.
pub(super) fn is_comment(node: Node<'_>) -> bool {
    matches!(node.kind(), "comment" | "line_comment" | "block_comment")
}

/// Calls `visit` for each named child but comments.
pub(super) fn each<'t>(node: Node<'t>, mut visit: impl FnMut(Node<'t>)) {
    let mut cursor = node.walk();
    for child in node.named_children(&mut cursor) {
        if !is_comment(child) {
            visit(child);
        }
    }
}

/// The first named child that is not a comment.
pub(super) fn first(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).find(|child| !is_comment(*child))
}

/// The first child of a kind.
pub(super) fn child_of<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    let mut cursor = node.walk();
    node.children(&mut cursor).find(|child| child.kind() == kind)
}

/// The child of a field.
pub(super) fn field<'t>(node: Node<'t>, name: &str) -> Option<Node<'t>> {
    node.child_by_field_name(name)
}

/// Lowers a child that has to be there, or says that it did not parse.
pub(super) fn required(
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
pub(super) fn optional(
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
