use std::ops::Range;

use tree_sitter::Node;

use super::expression::{arguments, expression, optional};
use super::nodes::{has_token, parts, parts_and_rescued};
use super::statement::{members, optional_block};
use super::table::{Field, child};
use crate::Kind;
use crate::build::Builder;

/// A function or class, decorated or not.
pub(super) fn definition(node: Node<'_>, builder: &mut Builder<'_>) {
    lower(node, "", builder);
}

/// A function of a class.
pub(super) fn member(node: Node<'_>, builder: &mut Builder<'_>) {
    lower(node, "method", builder);
}

fn lower(node: Node<'_>, function_text: &str, builder: &mut Builder<'_>) {
    let inner =
        if node.kind() == "decorated_definition" { child(node, Field::Definition) } else { Some(node) };
    let mut decorators = if inner == Some(node) { Vec::new() } else { parts(node) };
    decorators.retain(|part| part.kind() == "decorator");
    match inner {
        Some(inner) if inner.kind() == "class_definition" => {
            class(inner, node.byte_range(), &decorators, builder)
        }
        Some(inner) => function(inner, node.byte_range(), &decorators, function_text, builder),
        None => {
            builder.leaf(Kind::Broken, "", node.byte_range());
        }
    }
}

fn function(
    node: Node<'_>,
    span: Range<usize>,
    decorators: &[Node<'_>],
    text: &str,
    builder: &mut Builder<'_>,
) {
    builder.node(Kind::FunctionDef, text, span, |builder| {
        attributes(node, decorators, builder);
        optional(child(node, Field::Name), node.start_byte(), builder);
        let before = child(node, Field::Name).map_or(node.start_byte(), |name| name.end_byte());
        optional(child(node, Field::TypeParameters), before, builder);
        parameters(child(node, Field::Parameters), before, builder);
        optional(child(node, Field::ReturnType), before, builder);
        optional_block(child(node, Field::Body), node.end_byte(), builder);
    });
}

fn class(node: Node<'_>, span: Range<usize>, decorators: &[Node<'_>], builder: &mut Builder<'_>) {
    builder.node(Kind::ClassDef, "class", span, |builder| {
        attributes(node, decorators, builder);
        optional(child(node, Field::Name), node.start_byte(), builder);
        let before = child(node, Field::Name).map_or(node.start_byte(), |name| name.end_byte());
        optional(child(node, Field::TypeParameters), before, builder);
        supers(child(node, Field::Superclasses), before, builder);
        let body = child(node, Field::Body);
        let span = body.map_or(node.end_byte()..node.end_byte(), |body| body.byte_range());
        builder.node(Kind::ClassBody, "", span, |builder| {
            if let Some(body) = body {
                members(body, builder);
            }
        });
    });
}

fn supers(node: Option<Node<'_>>, at: usize, builder: &mut Builder<'_>) {
    let span = node.map_or(at..at, |node| node.byte_range());
    builder.node(Kind::Supers, "", span, |builder| {
        for part in node.map(parts_and_rescued).unwrap_or_default() {
            if part.kind() == "keyword_argument" {
                expression(part, builder);
            } else {
                builder
                    .node(Kind::SuperType, "extends", part.byte_range(), |builder| expression(part, builder));
            }
        }
    });
}

fn attributes(node: Node<'_>, decorators: &[Node<'_>], builder: &mut Builder<'_>) {
    let start = decorators.first().map_or(node.start_byte(), Node::start_byte);
    let word = has_token(node, "async").then(|| node.start_byte()..node.start_byte() + "async".len());
    let end = word.as_ref().map_or_else(|| decorators.last().map_or(start, Node::end_byte), |word| word.end);
    builder.node(Kind::Attributes, "", start..end, |builder| {
        decorators.iter().for_each(|decorator| attribute(*decorator, builder));
        if let Some(word) = word {
            builder.leaf(Kind::Modifier, "async", word);
        }
    });
}

fn attribute(node: Node<'_>, builder: &mut Builder<'_>) {
    let Some(value) = parts(node).into_iter().next() else { return };
    // The line's end belongs to the grammar's node.
    builder.node(Kind::Attribute, "", node.start_byte()..value.end_byte(), |builder| {
        if value.kind() == "call" {
            optional(child(value, Field::Function), value.start_byte(), builder);
            arguments(child(value, Field::Arguments), value.end_byte(), builder);
        } else {
            expression(value, builder);
            builder.absent(value.end_byte());
        }
    });
}

pub(super) fn lambda(node: Node<'_>, builder: &mut Builder<'_>) {
    let start = node.start_byte();
    builder.node(Kind::Lambda, "", node.byte_range(), |builder| {
        builder.leaf(Kind::Attributes, "", start..start);
        parameters(child(node, Field::Parameters), start, builder);
        builder.absent(start);
        optional(child(node, Field::Body), node.end_byte(), builder);
    });
}

fn parameters(node: Option<Node<'_>>, at: usize, builder: &mut Builder<'_>) {
    let span = node.map_or(at..at, |node| node.byte_range());
    builder.node(Kind::Params, "", span, |builder| {
        node.map(parts_and_rescued).unwrap_or_default().into_iter().for_each(|part| parameter(part, builder));
    });
}

fn parameter(node: Node<'_>, builder: &mut Builder<'_>) {
    let name = match node.kind() {
        "typed_parameter" => parts(node).first().copied(),
        "default_parameter" | "typed_default_parameter" => child(node, Field::Name),
        _ => Some(node),
    };
    let (text, name) = match name.map(|name| (name.kind(), name)) {
        Some(("keyword_separator", _)) => ("*", None),
        Some(("positional_separator", _)) => ("/", None),
        Some(("list_splat_pattern" | "list_splat", name)) => ("*", parts(name).first().copied()),
        Some(("dictionary_splat_pattern" | "dictionary_splat", name)) => ("**", parts(name).first().copied()),
        found => ("", found.map(|(_, name)| name)),
    };
    let start = node.start_byte();
    builder.node(Kind::Param, text, node.byte_range(), |builder| {
        builder.leaf(Kind::Attributes, "", start..start);
        optional(name, start, builder);
        optional(child(node, Field::Type), node.end_byte(), builder);
        optional(child(node, Field::Value), node.end_byte(), builder);
    });
}

/// `type A[T] = B`.
pub(super) fn type_alias(node: Node<'_>, builder: &mut Builder<'_>) {
    let left = child(node, Field::Left).map(parts).unwrap_or_default().into_iter().next();
    let generic = left.filter(|left| left.kind() == "generic_type").map(parts).unwrap_or_default();
    builder.node(Kind::TypeAlias, "", node.byte_range(), |builder| {
        optional(generic.first().copied().or(left), node.start_byte(), builder);
        optional(generic.get(1).copied(), node.start_byte(), builder);
        optional(child(node, Field::Right), node.end_byte(), builder);
    });
}
