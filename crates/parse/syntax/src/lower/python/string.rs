use tree_sitter::Node;

use super::expression::expression;
use super::nodes::parts;
use super::table::{Field, child};
use crate::Kind;
use crate::build::Builder;
use crate::lower::tools::text;

/// A string; an f-string is a template even without interpolation.
pub(super) fn string(node: Node<'_>, builder: &mut Builder<'_>) {
    let found = parts(node);
    let opening = found.first().filter(|part| part.kind() == "string_start");
    let reads_variables =
        opening.is_some_and(|opening| text(*opening, builder).contains(['f', 'F', 't', 'T']));
    if reads_variables {
        builder.node(Kind::Template, "f", node.byte_range(), |builder| {
            found.iter().for_each(|part| piece(*part, builder));
        });
        return;
    }
    let start = opening.map_or(node.start_byte(), Node::end_byte);
    let closing = found.last().filter(|part| part.kind() == "string_end");
    let end = closing.map_or(node.end_byte(), Node::start_byte);
    let inner = builder.source.get(start..end).unwrap_or_default();
    builder.leaf(Kind::Str, inner, node.byte_range());
}

/// Strings side by side.
pub(super) fn concatenation(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Template, "", node.byte_range(), |builder| {
        parts(node).into_iter().for_each(|part| expression(part, builder));
    });
}

/// `{x:{width}}`: what it reads. How that is written matters to nobody.
pub(super) fn interpolation(node: Node<'_>, builder: &mut Builder<'_>) {
    if let Some(value) = child(node, Field::Expression) {
        expression(value, builder);
    }
    for value in child(node, Field::FormatSpecifier).map(parts).unwrap_or_default() {
        builder.nested(|builder| interpolation(value, builder));
    }
}

fn piece(node: Node<'_>, builder: &mut Builder<'_>) {
    match node.kind() {
        "string_content" => {
            builder.leaf(Kind::Str, text(node, builder), node.byte_range());
        }
        "interpolation" => interpolation(node, builder),
        _ => {}
    }
}
