use std::ops::Range;

use tree_sitter::Node;

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
