use tree_sitter::Node;

use super::expression::expression;
use super::{optional, parts};
use crate::Kind;
use crate::build::{Builder, hole};
use crate::lower::tools::{self, inner, text};

/// A string. A pattern's hole where only a string may stand is written as the hole's name in quotes.
pub(super) fn string(node: Node<'_>, builder: &mut Builder<'_>) {
    let content = content(node, builder);
    match hole(content).filter(|_| builder.is_pattern) {
        Some((kind, name)) => builder.leaf(kind, &name, node.byte_range()),
        None => builder.leaf(Kind::Str, content, node.byte_range()),
    };
}

/// What stands between the quotes.
pub(super) fn content<'s>(node: Node<'_>, builder: &Builder<'s>) -> &'s str {
    builder.source.get(inner(node.byte_range(), 1, 1)).unwrap_or_default()
}

pub(super) fn number(node: Node<'_>, builder: &mut Builder<'_>) {
    let number = tools::number(text(node, builder));
    let is_decimal = !number.starts_with("0x") && !number.starts_with("0b") && !number.starts_with("0o");
    let kind = if is_decimal && number.contains(['.', 'e']) { Kind::Float } else { Kind::Int };
    builder.leaf(kind, &number, node.byte_range());
}

/// A number as the name of a property: its value in decimals.
pub(super) fn key(node: Node<'_>, builder: &Builder<'_>) -> String {
    let number = tools::number(text(node, builder));
    let radix = match number.get(..2) {
        Some("0x") => 16,
        Some("0o") => 8,
        Some("0b") => 2,
        _ => return number.parse::<f64>().map_or(number, |value| value.to_string()),
    };
    let digits = number.get(2..).unwrap_or_default();
    u64::from_str_radix(digits, radix).map_or_else(|_| number.clone(), |value| value.to_string())
}

/// A template: its texts as strings, what stands in braces as expressions.
pub(super) fn template(node: Node<'_>, label: &str, builder: &mut Builder<'_>) {
    let end = node.end_byte().saturating_sub(1);
    builder.node(Kind::Template, label, node.byte_range(), |builder| {
        let mut at = node.start_byte() + 1;
        for part in parts(node) {
            if !matches!(part.kind(), "template_substitution" | "template_type") {
                continue;
            }
            piece(at, part.start_byte(), builder);
            optional(parts(part).first().copied(), part.end_byte(), builder, expression);
            at = part.end_byte();
        }
        piece(at, end, builder);
    });
}

fn piece(start: usize, end: usize, builder: &mut Builder<'_>) {
    let text = builder.source.get(start..end).unwrap_or_default();
    if !text.is_empty() {
        builder.leaf(Kind::Str, text, start..end);
    }
}
