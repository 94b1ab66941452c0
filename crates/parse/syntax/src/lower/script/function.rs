use tree_sitter::Node;

use super::class::{self, Header};
use super::expression::expression;
use super::object::{key, target};
use super::statement::block;
use super::{field, has_token, optional, parts, types};
use crate::Kind;
use crate::build::Builder;

/// A function that is declared.
pub(super) fn definition(node: Node<'_>, builder: &mut Builder<'_>) {
    function(node, "", &[], builder);
}

/// A function or method with a name; `decorators` stand before it.
pub(super) fn function(node: Node<'_>, kind: &str, decorators: &[Node<'_>], builder: &mut Builder<'_>) {
    let at = node.end_byte();
    let header = Header::of(node, decorators);
    builder.node(Kind::FunctionDef, kind, header.span(), |builder| {
        header.attributes(builder);
        optional(field(node, "name"), node.start_byte(), builder, key);
        optional(field(node, "type_parameters"), node.start_byte(), builder, types::parameters);
        parameters(node, builder);
        let result = field(node, "return_type").or_else(|| field(node, "type"));
        optional(result, at, builder, types::annotation);
        optional(field(node, "body"), at, builder, block);
    });
}

/// Whether a value is a function without a name.
pub(super) fn is_anonymous(node: Node<'_>) -> bool {
    matches!(node.kind(), "arrow_function" | "function_expression" | "generator_function")
        && field(node, "name").is_none()
}

/// A function that is a property's value, as the method that it is.
pub(super) fn assigned(
    node: Node<'_>,
    name: Option<Node<'_>>,
    value: Node<'_>,
    decorators: &[Node<'_>],
    builder: &mut Builder<'_>,
) {
    let at = node.end_byte();
    let header = Header::of(node, decorators).with_modifiers(value);
    builder.node(Kind::FunctionDef, "method", header.span(), |builder| {
        header.attributes(builder);
        optional(name, node.start_byte(), builder, key);
        optional(field(value, "type_parameters"), value.start_byte(), builder, types::parameters);
        parameters(value, builder);
        optional(field(value, "return_type"), at, builder, types::annotation);
        optional(field(value, "body"), at, builder, returned);
    });
}

/// A body; an expression is what is returned.
fn returned(node: Node<'_>, builder: &mut Builder<'_>) {
    if node.kind() == "statement_block" {
        return block(node, builder);
    }
    builder.node(Kind::Block, "", node.byte_range(), |builder| {
        builder.node(Kind::Return, "", node.byte_range(), |builder| expression(node, builder));
    });
}

/// A function that is a value; a name it may have is seen only inside and left out.
pub(super) fn lambda(node: Node<'_>, builder: &mut Builder<'_>) {
    let at = node.end_byte();
    let text = if has_token(node, "async") { "async" } else { "" };
    builder.node(Kind::Lambda, text, node.byte_range(), |builder| {
        let start = node.start_byte();
        builder.node(Kind::Attributes, "", start..start, |builder| {
            if node.kind() == "generator_function" {
                builder.leaf(Kind::Modifier, "*", start..start);
            }
        });
        parameters(node, builder);
        optional(field(node, "return_type"), at, builder, types::annotation);
        optional(field(node, "body"), at, builder, expression);
    });
}

/// The parameters of a function or of a type of functions.
pub(super) fn parameters(node: Node<'_>, builder: &mut Builder<'_>) {
    let list = field(node, "parameters");
    let span = list.or_else(|| field(node, "parameter")).map_or(node.byte_range(), |list| list.byte_range());
    builder.node(Kind::Params, "", span, |builder| match list {
        Some(list) => parts(list).into_iter().for_each(|part| parameter(part, builder)),
        None => {
            if let Some(only) = field(node, "parameter") {
                parameter(only, builder);
            }
        }
    });
}

fn parameter(node: Node<'_>, builder: &mut Builder<'_>) {
    let at = node.end_byte();
    let is_wrapped = matches!(node.kind(), "required_parameter" | "optional_parameter");
    let default = field(node, if is_wrapped { "value" } else { "right" });
    let name = match node.kind() {
        "required_parameter" | "optional_parameter" => field(node, "pattern").or_else(|| field(node, "name")),
        "assignment_pattern" => field(node, "left"),
        _ => Some(node),
    };
    let rest = name.filter(|name| name.kind() == "rest_pattern");
    let name = rest.map_or(name, |rest| parts(rest).first().copied());
    builder.node(Kind::Param, if rest.is_some() { "*" } else { "" }, node.byte_range(), |builder| {
        if is_wrapped {
            class::Header::of(node, &[]).attributes(builder);
        } else {
            builder.leaf(Kind::Attributes, "", node.start_byte()..node.start_byte());
        }
        optional(name, node.start_byte(), builder, target);
        optional(field(node, "type"), at, builder, types::annotation);
        optional(default, at, builder, expression);
    });
}
