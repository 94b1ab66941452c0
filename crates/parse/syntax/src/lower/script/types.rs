use tree_sitter::Node;

use super::expression::{expression, unary};
use super::{class, field, function, literal, optional, other, parts};
use crate::Kind;
use crate::build::Builder;
use crate::lower::tools::text;

/// The type in `: T`.
pub(super) fn annotation(node: Node<'_>, builder: &mut Builder<'_>) {
    match node.kind() {
        "type_annotation"
        | "opting_type_annotation"
        | "omitting_type_annotation"
        | "adding_type_annotation" => {
            optional(parts(node).first().copied(), node.end_byte(), builder, type_);
        }
        "asserts_annotation" | "type_predicate_annotation" => other(node, builder),
        _ => type_(node, builder),
    }
}

pub(super) fn is_type(node: Node<'_>) -> bool {
    let kind = node.kind();
    kind.ends_with("_type")
        || kind.ends_with("_annotation")
        || matches!(kind, "nested_type_identifier" | "type_query" | "index_type_query" | "type_arguments")
}

/// A type. Unions and intersections are operators, literals and names what they are in expressions.
pub(super) fn type_(node: Node<'_>, builder: &mut Builder<'_>) {
    let node = unwrap(node);
    let span = node.byte_range();
    match node.kind() {
        "predefined_type" | "this_type" | "existential_type" | "const" => {
            builder.name(text(node, builder), span);
        }
        "nested_type_identifier" => {
            builder.node(Kind::Member, "", span, |builder| {
                optional(field(node, "module"), node.start_byte(), builder, expression);
                optional(field(node, "name"), node.end_byte(), builder, expression);
            });
        }
        "generic_type" => generic(node, builder),
        "array_type" => {
            builder.node(Kind::ArrayType, "", span.clone(), |builder| {
                optional(parts(node).first().copied(), span.end, builder, type_);
                builder.absent(span.end);
            });
        }
        "union_type" => either(node, "|", builder),
        "intersection_type" => either(node, "&", builder),
        "tuple_type" => listed(Kind::Tuple, node, builder),
        "object_type" | "interface_body" | "enum_body" => {
            builder.node(Kind::ClassBody, "", span, |builder| class::members(node, builder));
        }
        "function_type" | "constructor_type" => callable(node, builder),
        "literal_type" => optional(parts(node).first().copied(), span.end, builder, expression),
        "template_literal_type" => literal::template(node, "f", builder),
        "type_query" => unary(node, "typeof", builder),
        "index_type_query" => unary(node, "keyof", builder),
        "readonly_type" => unary(node, "readonly", builder),
        "rest_type" => unary(node, "...", builder),
        "optional_type" | "flow_maybe_type" => unary(node, "?", builder),
        "infer_type" => unary(node, "infer", builder),
        "type_annotation" => annotation(node, builder),
        "required_parameter" | "optional_parameter" => other(node, builder),
        _ if is_type(node) => other(node, builder),
        _ => expression(node, builder),
    }
}

fn unwrap(mut node: Node<'_>) -> Node<'_> {
    while node.kind() == "parenthesized_type" {
        let Some(inner) = parts(node).first().copied() else { break };
        node = inner;
    }
    node
}

/// `A | B | C`: nested to the left; a leading operator says nothing.
fn either(node: Node<'_>, operator: &str, builder: &mut Builder<'_>) {
    let sides = parts(node);
    let (Some(left), right) = (sides.first().copied(), sides.get(1).copied()) else {
        return other(node, builder);
    };
    match right {
        None => type_(left, builder),
        Some(right) => {
            builder.node(Kind::Binary, operator, node.byte_range(), |builder| {
                type_(left, builder);
                type_(right, builder);
            });
        }
    }
}

fn listed(kind: Kind, node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(kind, "", node.byte_range(), |builder| {
        for part in parts(node) {
            type_(part, builder);
        }
    });
}

fn generic(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::GenericType, "", node.byte_range(), |builder| {
        optional(field(node, "name"), node.start_byte(), builder, type_);
        for part in field(node, "type_arguments").map(parts).unwrap_or_default() {
            type_(part, builder);
        }
    });
}

fn callable(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Other, node.kind(), node.byte_range(), |builder| {
        function::parameters(node, builder);
        let result = field(node, "return_type").or_else(|| field(node, "type"));
        optional(result, node.end_byte(), builder, super::any);
    });
}

/// `<T, U>` after a name.
pub(super) fn parameters(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::TypeParams, "", node.byte_range(), |builder| {
        for part in parts(node) {
            other(part, builder);
        }
    });
}

/// `type A = B`.
pub(super) fn alias(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::TypeAlias, "", node.byte_range(), |builder| {
        optional(field(node, "name"), node.start_byte(), builder, type_);
        optional(field(node, "type_parameters"), node.start_byte(), builder, parameters);
        optional(field(node, "value"), node.end_byte(), builder, type_);
    });
}
