use tree_sitter::Node;

use super::expression::expression;
use super::{class, field, function, literal, optional, other, parts};
use crate::Kind;
use crate::build::Builder;
use crate::lower::tools::text;

/// An object: pairs, spreads and methods.
pub(super) fn object(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Record, "", node.byte_range(), |builder| {
        for part in parts(node) {
            property(part, builder);
        }
    });
}

fn property(node: Node<'_>, builder: &mut Builder<'_>) {
    match node.kind() {
        "pair" | "pair_pattern" => pair(node, builder),
        "shorthand_property_identifier" | "shorthand_property_identifier_pattern" => shorthand(node, builder),
        "spread_element" | "rest_pattern" => spread(node, "**", builder),
        "object_assignment_pattern" => defaulted(node, builder),
        "method_definition" => class::member(node, &[], builder),
        _ => expression(node, builder),
    }
}

/// `key: value`; one whose value is a function without a name is a method, however it is written.
fn pair(node: Node<'_>, builder: &mut Builder<'_>) {
    if let Some(value) = field(node, "value").filter(|value| function::is_anonymous(*value)) {
        return function::assigned(node, field(node, "key"), value, &[], builder);
    }
    builder.node(Kind::Pair, "", node.byte_range(), |builder| {
        optional(field(node, "key"), node.start_byte(), builder, key);
        optional(field(node, "value"), node.end_byte(), builder, target);
    });
}

fn shorthand(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Pair, "", node.byte_range(), |builder| {
        expression(node, builder);
        expression(node, builder);
    });
}

/// `{a = 1}`: the pair of `a` and an assignment as [`target`] makes it.
fn defaulted(node: Node<'_>, builder: &mut Builder<'_>) {
    let Some(left) = field(node, "left") else {
        return other(node, builder);
    };
    builder.node(Kind::Pair, "", node.byte_range(), |builder| {
        target(left, builder);
        assigned(node, builder);
    });
}

fn spread(node: Node<'_>, stars: &str, builder: &mut Builder<'_>) {
    builder.node(Kind::Spread, stars, node.byte_range(), |builder| {
        optional(parts(node).first().copied(), node.end_byte(), builder, target);
    });
}

/// What is assigned to: an expression, or a pattern of names.
pub(super) fn target(node: Node<'_>, builder: &mut Builder<'_>) {
    match node.kind() {
        "object_pattern" => object(node, builder),
        "array_pattern" => {
            builder.node(Kind::Array, "", node.byte_range(), |builder| {
                for part in parts(node) {
                    target(part, builder);
                }
            });
        }
        "assignment_pattern" => assigned(node, builder),
        "rest_pattern" => spread(node, "*", builder),
        _ => expression(node, builder),
    }
}

/// `a = 1` inside a pattern: an assignment.
fn assigned(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Assign, "", node.byte_range(), |builder| {
        optional(field(node, "left"), node.start_byte(), builder, target);
        optional(field(node, "right"), node.end_byte(), builder, expression);
    });
}

/// The name of a property. One that is computed is `Other` with the expression in it.
pub(super) fn key(node: Node<'_>, builder: &mut Builder<'_>) {
    match node.kind() {
        "string" => {
            let content = literal::content(node, builder);
            let span = node.byte_range();
            if builder.is_pattern && (content == "..." || content.starts_with("=~/")) {
                builder.leaf(Kind::Str, content, span);
            } else if builder.is_pattern && is_metavariable(content) {
                builder.leaf(Kind::Metavariable, content, span);
            } else {
                builder.name(content, span);
            }
        }
        "computed_property_name" => {
            builder.node(Kind::Other, "computed", node.byte_range(), |builder| {
                optional(parts(node).first().copied(), node.end_byte(), builder, expression);
            });
        }
        "number" => {
            builder.name(&literal::key(node, builder), node.byte_range());
        }
        _ if node.named_child_count() == 0 => {
            builder.name(text(node, builder), node.byte_range());
        }
        _ => expression(node, builder),
    }
}

/// Whether a text is `$X`.
pub(super) fn is_metavariable(text: &str) -> bool {
    text.strip_prefix('$').is_some_and(|name| {
        !name.is_empty()
            && name.bytes().all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
    })
}
