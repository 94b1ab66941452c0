use tree_sitter::Node;

use super::expression::expression;
use super::object::is_metavariable;
use super::{field, optional, parts};
use crate::Kind;
use crate::build::{Builder, hole};
use crate::lower::tools::text;

/// An element or fragment.
pub(super) fn element(node: Node<'_>, builder: &mut Builder<'_>) {
    let open = field(node, "open_tag").unwrap_or(node);
    let at = open.end_byte();
    builder.node(Kind::Xml, "", node.byte_range(), |builder| {
        optional(field(open, "name"), at, builder, name);
        let mut cursor = open.walk();
        for part in open.children_by_field_name("attribute", &mut cursor) {
            attribute(part, builder);
        }
        if open != node {
            children(node, builder);
        }
    });
}

fn name(node: Node<'_>, builder: &mut Builder<'_>) {
    if node.kind() == "jsx_namespace_name" {
        builder.leaf(Kind::Name, text(node, builder), node.byte_range());
    } else {
        expression(node, builder);
    }
}

fn attribute(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    if node.kind() == "jsx_expression" {
        builder.node(Kind::XmlAttribute, "", span.clone(), |builder| {
            optional(parts(node).first().copied(), span.end, builder, value);
        });
        return;
    }
    let inner = parts(node);
    let written = inner.first().map_or("", |name| text(*name, builder));
    let named = match hole(written).filter(|_| builder.is_pattern) {
        Some((kind @ (Kind::Ellipsis | Kind::MetavariableEllipsis), name)) => {
            builder.leaf(kind, &name, span);
            return;
        }
        Some((_, name)) => name,
        None => written.to_owned(),
    };
    builder.node(Kind::XmlAttribute, &named, span.clone(), |builder| {
        optional(inner.get(1).copied(), span.end, builder, value);
    });
}

/// An attribute's value without its braces.
fn value(node: Node<'_>, builder: &mut Builder<'_>) {
    match node.kind() {
        "jsx_expression" => optional(parts(node).first().copied(), node.end_byte(), builder, value),
        "spread_element" => {
            builder.node(Kind::Spread, "**", node.byte_range(), |builder| {
                optional(parts(node).first().copied(), node.end_byte(), builder, expression);
            });
        }
        _ => expression(node, builder),
    }
}

fn children(node: Node<'_>, builder: &mut Builder<'_>) {
    for part in parts(node) {
        match part.kind() {
            "jsx_opening_element" | "jsx_closing_element" => {}
            "jsx_expression" if part.named_child_count() == 0 => {}
            "jsx_text" | "html_character_reference" => words(part, builder),
            _ => expression(part, builder),
        }
    }
}

fn words(node: Node<'_>, builder: &mut Builder<'_>) {
    let (words, span) = (text(node, builder), node.byte_range());
    match words.trim() {
        "" => {}
        "..." if builder.is_pattern => {
            builder.leaf(Kind::Ellipsis, "", span);
        }
        only if builder.is_pattern && is_metavariable(only) => {
            builder.leaf(Kind::Metavariable, only, span);
        }
        _ => {
            builder.leaf(Kind::XmlText, words, span);
        }
    }
}

/// `{x}` between tags, told apart from text and elements by the kind around it.
pub(super) fn braces(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Other, "jsx_expression", node.byte_range(), |builder| {
        for part in parts(node) {
            value(part, builder);
        }
    });
}
