use tree_sitter::Node;

use crate::Kind;
use crate::build::Builder;
use crate::lower::java::{
    PARTIAL, child_of, each, expression, field, first, is_comment, optional, required, statement, types,
    variable,
};
use crate::lower::tools::text;

/// A class or method or what is like them; whether it was one.
pub(super) fn lower(node: Node<'_>, builder: &mut Builder<'_>) -> bool {
    match node.kind() {
        "method_declaration" => method(node, "method", builder),
        "constructor_declaration" | "compact_constructor_declaration" => method(node, "constructor", builder),
        "annotation_type_element_declaration" => method(node, "method", builder),
        "class_declaration" => class(node, "class", builder),
        "interface_declaration" => class(node, "interface", builder),
        "enum_declaration" => class(node, "enum", builder),
        "record_declaration" => class(node, "record", builder),
        "annotation_type_declaration" => class(node, "@interface", builder),
        "enum_constant" => constant(node, builder),
        _ => return false,
    }
    true
}

/// A class's members.
pub(super) fn body(node: Node<'_>, builder: &mut Builder<'_>) {
    members(node, None, builder);
}

/// The annotations and modifiers of a definition, and what is thrown and permitted.
pub(super) fn attributes(node: Node<'_>, builder: &mut Builder<'_>) {
    let start = node.start_byte();
    let span = child_of(node, "modifiers").map_or(start..start, |modifiers| modifiers.byte_range());
    builder.node(Kind::Attributes, "", span, |builder| {
        let mut cursor = node.walk();
        for child in node.children(&mut cursor) {
            match child.kind() {
                "modifiers" => modifiers(child, builder),
                "throws" => each(child, |kind| clause("throws", kind, builder)),
                "permits" => listed(child, |kind| clause("permits", kind, builder)),
                _ => {}
            }
        }
        let default = field(node, "value").filter(|_| node.kind() == "annotation_type_element_declaration");
        if let Some(default) = default {
            builder.node(Kind::Other, "default", default.byte_range(), |builder| {
                expression::lower(default, builder);
            });
        }
    });
}

/// An annotation.
pub(super) fn annotation(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Attribute, "", node.byte_range(), |builder| {
        required(field(node, "name"), node, builder, expression::lower);
        optional(field(node, "arguments"), node.end_byte(), builder, |list, builder| {
            builder.node(Kind::Args, "", list.byte_range(), |builder| {
                each(list, |argument| value(argument, builder));
            });
        });
    });
}

fn value(node: Node<'_>, builder: &mut Builder<'_>) {
    if node.kind() != "element_value_pair" {
        return expression::lower(node, builder);
    }
    if let Some(key) = field(node, "key").filter(|key| is_dots(*key, builder)) {
        return variable::name(key, builder);
    }
    let name = field(node, "key").map_or("", |key| text(key, builder));
    let name = expression::keyword(name, builder);
    builder.node(Kind::Keyword, &name, node.byte_range(), |builder| {
        required(field(node, "value"), node, builder, expression::lower);
    });
}

fn modifiers(node: Node<'_>, builder: &mut Builder<'_>) {
    let mut cursor = node.walk();
    for child in node.children(&mut cursor) {
        match child.kind() {
            "annotation" | "marker_annotation" => annotation(child, builder),
            "ERROR" => {}
            _ if is_comment(child) => {}
            keyword => {
                builder.leaf(Kind::Modifier, keyword, child.byte_range());
            }
        }
    }
}

fn clause(kind: &str, node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Other, kind, node.byte_range(), |builder| types::lower(node, builder));
}

fn method(node: Node<'_>, kind: &str, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    builder.node(Kind::FunctionDef, kind, span.clone(), |builder| {
        attributes(node, builder);
        required(field(node, "name"), node, builder, variable::name);
        optional(field(node, "type_parameters"), span.start, builder, type_parameters);
        variable::parameters(field(node, "parameters"), span.end, builder);
        types::of_variable(field(node, "type"), node, builder);
        match field(node, "body") {
            Some(body) if is_left_out(body, builder) => {
                builder.leaf(Kind::Ellipsis, "", body.byte_range());
            }
            body => optional(body, span.end, builder, statement::lower),
        }
    });
}

fn class(node: Node<'_>, kind: &str, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    builder.node(Kind::ClassDef, kind, span.clone(), |builder| {
        attributes(node, builder);
        required(field(node, "name"), node, builder, variable::name);
        optional(field(node, "type_parameters"), span.start, builder, type_parameters);
        supers(node, builder);
        match field(node, "body") {
            Some(body) if is_left_out(body, builder) => {
                builder.leaf(Kind::Ellipsis, "", body.byte_range());
            }
            Some(body) => members(body, field(node, "parameters"), builder),
            None => {
                builder.leaf(Kind::ClassBody, "", span.end..span.end);
            }
        }
    });
}

/// A class's members, after a record's parameters.
fn members(node: Node<'_>, parameters: Option<Node<'_>>, builder: &mut Builder<'_>) {
    builder.node(Kind::ClassBody, "", node.byte_range(), |builder| {
        if parameters.is_some() {
            variable::parameters(parameters, node.start_byte(), builder);
        }
        each(node, |child| match child.kind() {
            "enum_body_declarations" => statement::list(child, builder),
            _ => statement::lower(child, builder),
        });
    });
}

fn supers(node: Node<'_>, builder: &mut Builder<'_>) {
    let at = field(node, "name").map_or(node.start_byte(), |name| name.end_byte());
    builder.node(Kind::Supers, "", at..at, |builder| {
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            match child.kind() {
                "superclass" => each(child, |kind| super_type("extends", kind, builder)),
                "extends_interfaces" => listed(child, |kind| super_type("extends", kind, builder)),
                "super_interfaces" => listed(child, |kind| super_type("implements", kind, builder)),
                _ => {}
            }
        }
    });
}

fn super_type(how: &str, node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::SuperType, how, node.byte_range(), |builder| types::lower(node, builder));
}

/// Calls `visit` for each type of the list that a clause holds.
fn listed<'t>(node: Node<'t>, mut visit: impl FnMut(Node<'t>)) {
    each(node, |list| each(list, &mut visit));
}

/// Type parameters; each is its name and its bounds.
fn type_parameters(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::TypeParams, "", node.byte_range(), |builder| {
        each(node, |parameter| {
            if is_hole(parameter, builder) {
                return required(first(parameter), parameter, builder, types::lower);
            }
            builder.node(Kind::Other, "type_parameter", parameter.byte_range(), |builder| {
                each(parameter, |part| match part.kind() {
                    "annotation" | "marker_annotation" => {}
                    "type_bound" => each(part, |bound| types::lower(bound, builder)),
                    _ => types::lower(part, builder),
                });
            });
        });
    });
}

fn is_hole(node: Node<'_>, builder: &Builder<'_>) -> bool {
    builder.is_pattern && crate::build::hole(text(node, builder)).is_some()
}

/// Whether a name stands for any number of arguments.
fn is_dots(node: Node<'_>, builder: &Builder<'_>) -> bool {
    builder.is_pattern
        && crate::build::hole(text(node, builder))
            .is_some_and(|(kind, _)| matches!(kind, Kind::Ellipsis | Kind::MetavariableEllipsis))
}

/// A constant of an enumeration; its value are its arguments and body, if it has any.
fn constant(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    let (arguments, members) = (field(node, "arguments"), field(node, "body"));
    builder.node(Kind::VarDef, "enum", span.clone(), |builder| {
        attributes(node, builder);
        required(field(node, "name"), node, builder, variable::name);
        builder.absent(span.end);
        if arguments.is_none() && members.is_none() {
            builder.absent(span.end);
            return;
        }
        builder.node(Kind::New, "", span.clone(), |builder| {
            builder.absent(span.start);
            expression::arguments(arguments, span.end, builder);
            optional(members, span.end, builder, body);
        });
    });
}

/// Whether a body stands for one that a pattern leaves out.
fn is_left_out(body: Node<'_>, builder: &Builder<'_>) -> bool {
    let only = first(body).and_then(|member| field(member, "type"));
    builder.is_pattern && only.is_some_and(|kind| text(kind, builder) == PARTIAL)
}
