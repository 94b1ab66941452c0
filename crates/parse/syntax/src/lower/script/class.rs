use std::ops::Range;

use tree_sitter::Node;

use super::expression::{arguments, expression};
use super::object::key;
use super::{field, function, has_token, optional, other, parts, statement, types};
use crate::Kind;
use crate::build::Builder;
use crate::lower::tools::text;

/// What stands before the name of a definition.
pub(super) struct Header<'t> {
    start: usize,
    end: usize,
    decorators: Vec<Node<'t>>,
    modifiers: Vec<Node<'t>>,
}

impl<'t> Header<'t> {
    /// The decorators, `before` a definition and in it, and its modifiers.
    pub(super) fn of(node: Node<'t>, before: &[Node<'t>]) -> Self {
        let mut decorators = before.to_vec();
        let mut modifiers = Vec::new();
        let mut cursor = node.walk();
        for child in node.children(&mut cursor) {
            match child.kind() {
                "decorator" => decorators.push(child),
                "accessibility_modifier" | "override_modifier" => modifiers.push(child),
                "formal_parameters" | "class_body" | "statement_block" | "=" => break,
                kind if !child.is_named() && is_modifier(kind) => modifiers.push(child),
                _ => {}
            }
        }
        let start =
            before.first().map_or(node.start_byte(), |first| first.start_byte().min(node.start_byte()));
        Self { start, end: node.end_byte(), decorators, modifiers }
    }

    /// With the modifiers of a function that is the value.
    pub(super) fn with_modifiers(mut self, value: Node<'t>) -> Self {
        self.modifiers.extend(Header::of(value, &[]).modifiers);
        self
    }

    /// The definition with the decorators before it.
    pub(super) fn span(&self) -> Range<usize> {
        self.start..self.end
    }

    pub(super) fn attributes(&self, builder: &mut Builder<'_>) {
        let last = self.modifiers.last().or(self.decorators.last());
        let end = last.map_or(self.start, |last| last.end_byte().max(self.start));
        builder.node(Kind::Attributes, "", self.start..end, |builder| {
            for decorator in &self.decorators {
                attribute(*decorator, builder);
            }
            for modifier in &self.modifiers {
                builder.leaf(Kind::Modifier, text(*modifier, builder), modifier.byte_range());
            }
        });
    }
}

fn is_modifier(token: &str) -> bool {
    matches!(
        token,
        "async" | "static" | "abstract" | "readonly" | "declare" | "const" | "accessor" | "*" | "?" | "!"
    )
}

fn attribute(node: Node<'_>, builder: &mut Builder<'_>) {
    let at = node.end_byte();
    let Some(inner) = parts(node).first().copied() else {
        return other(node, builder);
    };
    builder.node(Kind::Attribute, "", node.byte_range(), |builder| {
        let call = Some(inner).filter(|inner| inner.kind() == "call_expression");
        let name = call.map_or(Some(inner), |call| field(call, "function"));
        optional(name, at, builder, expression);
        let list = call.and_then(|call| field(call, "arguments")).filter(|list| list.kind() == "arguments");
        optional(list, at, builder, arguments);
    });
}

/// A class, interface or enum that is declared; `decorators` stand before it.
pub(super) fn definition(node: Node<'_>, decorators: &[Node<'_>], builder: &mut Builder<'_>) {
    let header = Header::of(node, decorators);
    let which = match node.kind() {
        "interface_declaration" => "interface",
        "enum_declaration" => "enum",
        _ => "class",
    };
    builder.node(Kind::ClassDef, which, header.span(), |builder| {
        header.attributes(builder);
        optional(field(node, "name"), node.start_byte(), builder, expression);
        optional(field(node, "type_parameters"), node.start_byte(), builder, types::parameters);
        supers(node, builder);
        optional(field(node, "body"), node.end_byte(), builder, body);
    });
}

/// A class that is a value: supertypes and body.
pub(super) fn anonymous(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::AnonymousClass, "", node.byte_range(), |builder| {
        supers(node, builder);
        optional(field(node, "body"), node.end_byte(), builder, body);
    });
}

fn supers(node: Node<'_>, builder: &mut Builder<'_>) {
    let heritage = parts(node)
        .into_iter()
        .find(|part| matches!(part.kind(), "class_heritage" | "extends_type_clause" | "extends_clause"));
    let at = field(node, "body").map_or(node.end_byte(), |body| body.start_byte());
    let span = heritage.map_or(at..at, |heritage| heritage.byte_range());
    builder.node(Kind::Supers, "", span, |builder| {
        let Some(heritage) = heritage else { return };
        if heritage.kind() != "class_heritage" {
            return clause(heritage, builder);
        }
        for part in parts(heritage) {
            match part.kind() {
                "extends_clause" | "implements_clause" => clause(part, builder),
                _ => super_type(part, "extends", builder),
            }
        }
    });
}

fn clause(node: Node<'_>, builder: &mut Builder<'_>) {
    let which = if node.kind() == "implements_clause" { "implements" } else { "extends" };
    for part in parts(node) {
        if part.kind() != "type_arguments" {
            super_type(part, which, builder);
        }
    }
}

/// A supertype without its type arguments.
fn super_type(node: Node<'_>, which: &str, builder: &mut Builder<'_>) {
    builder.node(Kind::SuperType, which, node.byte_range(), |builder| {
        let name =
            Some(node).filter(|node| node.kind() == "generic_type").and_then(|node| field(node, "name"));
        super::any(name.unwrap_or(node), builder);
    });
}

fn body(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::ClassBody, "", node.byte_range(), |builder| members(node, builder));
}

/// The members in a body. Decorators stand before their member in some grammars and in it in others.
pub(super) fn members(node: Node<'_>, builder: &mut Builder<'_>) {
    let mut decorators = Vec::new();
    for part in parts(node) {
        if part.kind() == "decorator" {
            decorators.push(part);
        } else {
            member(part, &decorators, builder);
            decorators.clear();
        }
    }
    for decorator in decorators {
        attribute(decorator, builder);
    }
}

pub(super) fn is_member(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        "method_definition"
            | "method_signature"
            | "abstract_method_signature"
            | "public_field_definition"
            | "field_definition"
            | "property_signature"
            | "enum_assignment"
            | "class_static_block"
            | "class_body"
            | "decorator"
    )
}

/// A member of a class, an interface, an enum or a type of objects.
pub(super) fn member(node: Node<'_>, decorators: &[Node<'_>], builder: &mut Builder<'_>) {
    match node.kind() {
        "method_definition" | "method_signature" | "abstract_method_signature" => {
            function::function(node, method_kind(node, builder), decorators, builder);
        }
        "public_field_definition" | "field_definition" | "property_signature" | "enum_assignment" => {
            variable(node, decorators, builder);
        }
        "class_static_block" => optional(field(node, "body"), node.end_byte(), builder, statement::block),
        "class_body" => body(node, builder),
        "decorator" => attribute(node, builder),
        "property_identifier"
        | "private_property_identifier"
        | "string"
        | "number"
        | "computed_property_name" => {
            constant(node, builder);
        }
        _ if node.is_error() => other(node, builder),
        _ => super::any(node, builder),
    }
}

fn method_kind(node: Node<'_>, builder: &Builder<'_>) -> &'static str {
    if has_token(node, "get") || has_token(node, "static get") {
        return "get";
    }
    if has_token(node, "set") {
        return "set";
    }
    match field(node, "name").map(|name| text(name, builder)) {
        Some("constructor") => "constructor",
        _ => "method",
    }
}

fn variable(node: Node<'_>, decorators: &[Node<'_>], builder: &mut Builder<'_>) {
    let at = node.end_byte();
    let name = field(node, "name").or_else(|| field(node, "property"));
    if let Some(value) = field(node, "value").filter(|value| function::is_anonymous(*value)) {
        return function::assigned(node, name, value, decorators, builder);
    }
    let header = Header::of(node, decorators);
    builder.node(Kind::VarDef, "field", header.span(), |builder| {
        header.attributes(builder);
        optional(name, node.start_byte(), builder, key);
        optional(field(node, "type"), at, builder, types::annotation);
        optional(field(node, "value"), at, builder, expression);
    });
}

/// A constant of an enum without a value.
fn constant(node: Node<'_>, builder: &mut Builder<'_>) {
    let (start, end) = (node.start_byte(), node.end_byte());
    builder.node(Kind::VarDef, "field", start..end, |builder| {
        builder.leaf(Kind::Attributes, "", start..start);
        key(node, builder);
        builder.absent(end);
        builder.absent(end);
    });
}
