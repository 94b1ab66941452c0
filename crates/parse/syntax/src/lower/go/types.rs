use tree_sitter::Node;

use crate::Kind;
use crate::build::Builder;
use crate::lower::go::{all, child_of, definition, each, expression, field, first, name, required};

/// A type; what is none is lowered as an expression would be.
pub(super) fn lower(node: Node<'_>, builder: &mut Builder<'_>) {
    let node = without_parentheses(node);
    let span = node.byte_range();
    match node.kind() {
        "type_identifier" | "package_identifier" | "field_identifier" => name(node, builder),
        "qualified_type" => {
            builder.node(Kind::Member, "", span, |builder| {
                required(field(node, "package"), node, builder, name);
                required(field(node, "name"), node, builder, name);
            });
        }
        "pointer_type" => {
            builder.node(Kind::PointerType, "", span, |builder| required(first(node), node, builder, lower));
        }
        "slice_type" | "array_type" | "implicit_length_array_type" => array(node, builder),
        "map_type" => {
            builder.node(Kind::GenericType, "", span.clone(), |builder| {
                builder.leaf(Kind::Name, "map", span.start..span.start + 3);
                required(field(node, "key"), node, builder, lower);
                required(field(node, "value"), node, builder, lower);
            });
        }
        "channel_type" => {
            builder.node(Kind::GenericType, "", span.clone(), |builder| {
                builder.leaf(Kind::Name, channel(node), span.start..span.start);
                required(field(node, "value"), node, builder, lower);
            });
        }
        "generic_type" | "type_instantiation_expression" => {
            builder.node(Kind::GenericType, "", span, |builder| {
                each(node, |part| match part.kind() {
                    "type_arguments" => each(part, |argument| lower(argument, builder)),
                    _ => lower(part, builder),
                });
            });
        }
        "function_type" => function(node, builder),
        "struct_type" | "interface_type" => {
            let kind = if node.kind() == "struct_type" { "struct" } else { "interface" };
            builder.node(Kind::AnonymousClass, kind, span.clone(), |builder| {
                builder.leaf(Kind::Supers, "", span.start..span.start);
                definition::body(node, builder);
            });
        }
        "negated_type" => {
            builder.node(Kind::Unary, "~", span, |builder| required(first(node), node, builder, lower));
        }
        "type_elem" | "type_constraint" => {
            let mut parts = Vec::new();
            each(node, |part| parts.push(part));
            joined(&parts, node, builder);
        }
        _ => expression::literal_or_other(node, builder),
    }
}

fn function(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    builder.node(Kind::Other, "function_type", span.clone(), |builder| {
        definition::parameters(field(node, "parameters"), span.end, builder);
        match field(node, "result") {
            None => {
                builder.leaf(Kind::Name, "void", span.end..span.end);
            }
            result => definition::result(result, span.end, builder),
        }
    });
}

fn without_parentheses(mut node: Node<'_>) -> Node<'_> {
    while node.kind() == "parenthesized_type" {
        match first(node) {
            Some(inner) => node = inner,
            None => break,
        }
    }
    node
}

fn array(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    builder.node(Kind::ArrayType, "", span.clone(), |builder| {
        required(field(node, "element"), node, builder, lower);
        match (all(node, "length").first(), child_of(node, "...")) {
            (Some(length), _) => expression::lower(*length, builder),
            (None, Some(dots)) => {
                builder.leaf(Kind::Name, "...", dots.byte_range());
            }
            (None, None) => {
                builder.absent(span.start);
            }
        }
    });
}

/// The name of the type of a channel; those that only send or receive are types of their own.
fn channel(node: Node<'_>) -> &'static str {
    match (node.child(0).map_or("", |first| first.kind()), child_of(node, "<-")) {
        ("<-", _) => "<-chan",
        (_, Some(_)) => "chan<-",
        _ => "chan",
    }
}

fn joined(kinds: &[Node<'_>], parent: Node<'_>, builder: &mut Builder<'_>) {
    match kinds {
        [] => required(None, parent, builder, lower),
        [only] => lower(*only, builder),
        [rest @ .., last] => {
            builder.node(Kind::Binary, "|", parent.start_byte()..last.end_byte(), |builder| {
                joined(rest, parent, builder);
                lower(*last, builder);
            });
        }
    }
}
