use tree_sitter::Node;

use crate::Kind;
use crate::build::{Builder, METAVARIABLE, hole};
use crate::lower::java::{
    SUPER, THIS, TYPED, child_of, definition, each, field, first, optional, required, statement, types,
    variable,
};
use crate::lower::tools::{inner, number, text};

/// An expression, or what stands in the place of one.
pub(super) fn lower(node: Node<'_>, builder: &mut Builder<'_>) {
    let node = without_parentheses(node);
    let span = node.byte_range();
    match node.kind() {
        "identifier" => {
            builder.name(text(node, builder), span);
        }
        "method_invocation" => call(node, builder),
        "field_access" => member(node, builder),
        "string_literal" => string(node, "", builder),
        "binary_expression" => {
            let operator = field(node, "operator").map_or("", |operator| operator.kind());
            builder.node(Kind::Binary, operator, span, |builder| fields(node, &["left", "right"], builder));
        }
        "object_creation_expression" => creation(node, builder),
        "assignment_expression" => assignment(node, builder),
        "lambda_expression" => lambda(node, builder),
        "cast_expression" => cast(node, builder),
        "array_access" => {
            builder.node(Kind::Index, "", span, |builder| fields(node, &["array", "index"], builder));
        }
        "ternary_expression" => {
            let names = ["condition", "consequence", "alternative"];
            builder.node(Kind::Conditional, "", span, |builder| fields(node, &names, builder));
        }
        "unary_expression" => {
            let operator = field(node, "operator").map_or("", |operator| operator.kind());
            builder.node(Kind::Unary, operator, span, |builder| fields(node, &["operand"], builder));
        }
        "update_expression" => {
            builder.node(Kind::Unary, update(node), span, |builder| {
                required(first(node), node, builder, lower);
            });
        }
        "instanceof_expression" => instance_of(node, builder),
        "array_creation_expression" => array_creation(node, builder),
        "method_reference" => reference(node, builder),
        "switch_expression" => statement::switch(node, builder),
        _ => literal_or_part(node, builder),
    }
}

/// What has no kind of its own: its parts.
pub(super) fn other(node: Node<'_>, builder: &mut Builder<'_>) {
    if node.is_error() || node.is_missing() {
        builder.leaf(Kind::Broken, "", node.byte_range());
        return;
    }
    builder.node(Kind::Other, node.kind(), node.byte_range(), |builder| {
        each(node, |child| statement::any(child, builder));
    });
}

/// The arguments of a call.
pub(super) fn arguments(node: Option<Node<'_>>, at: usize, builder: &mut Builder<'_>) {
    let Some(node) = node else {
        builder.leaf(Kind::Args, "", at..at);
        return;
    };
    builder.node(Kind::Args, "", node.byte_range(), |builder| each(node, |child| lower(child, builder)));
}

/// Whether a node is an expression, from its name in the grammar.
pub(super) fn is_expression(node: Node<'_>) -> bool {
    let kind = node.kind();
    kind.ends_with("_expression")
        || kind.ends_with("_literal")
        || matches!(
            kind,
            "identifier"
                | "this"
                | "super"
                | "true"
                | "false"
                | "method_invocation"
                | "field_access"
                | "array_access"
                | "method_reference"
        )
}

fn without_parentheses(mut node: Node<'_>) -> Node<'_> {
    while node.kind() == "parenthesized_expression" {
        match first(node) {
            Some(inner) => node = inner,
            None => break,
        }
    }
    node
}

fn fields(node: Node<'_>, names: &[&str], builder: &mut Builder<'_>) {
    for name in names {
        required(field(node, name), node, builder, lower);
    }
}

fn call(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Call, "", node.byte_range(), |builder| {
        match (field(node, "object"), field(node, "name")) {
            (Some(object), Some(name)) => {
                let span = object.start_byte()..name.end_byte();
                builder.node(Kind::Member, "", span, |builder| {
                    qualified(node, object, builder);
                    callee(name, builder);
                });
            }
            (_, name) => required(name, node, builder, callee),
        }
        arguments(field(node, "arguments"), node.end_byte(), builder);
    });
}

fn callee(node: Node<'_>, builder: &mut Builder<'_>) {
    let name = text(node, builder);
    match name {
        SUPER if builder.is_pattern => builder.leaf(Kind::Super, "", node.byte_range()),
        THIS if builder.is_pattern => builder.leaf(Kind::This, "", node.byte_range()),
        _ => builder.name(name, node.byte_range()),
    };
}

/// The object of an access, with the `super` that may follow it as in `A.super.f()`.
fn qualified(node: Node<'_>, object: Node<'_>, builder: &mut Builder<'_>) {
    match child_of(node, "super").filter(|above| above.id() != object.id()) {
        Some(above) => {
            builder.node(Kind::Member, "", object.start_byte()..above.end_byte(), |builder| {
                lower(object, builder);
                builder.leaf(Kind::Super, "", above.byte_range());
            });
        }
        None => lower(object, builder),
    }
}

fn member(node: Node<'_>, builder: &mut Builder<'_>) {
    let (Some(object), Some(name)) = (field(node, "object"), field(node, "field")) else {
        builder.leaf(Kind::Broken, "", node.byte_range());
        return;
    };
    if builder.is_pattern && text(name, builder) == TYPED {
        return typed(node, object, builder);
    }
    builder.node(Kind::Member, "", node.byte_range(), |builder| {
        qualified(node, object, builder);
        lower(name, builder);
    });
}

fn typed(node: Node<'_>, object: Node<'_>, builder: &mut Builder<'_>) {
    let cast = without_parentheses(object);
    let name = field(cast, "value").map_or("", |name| text(name, builder));
    let name = name.strip_prefix(METAVARIABLE).unwrap_or(name);
    builder.node(Kind::TypedMetavariable, &format!("${name}"), node.byte_range(), |builder| {
        required(field(cast, "type"), cast, builder, types::lower);
    });
}

fn string(node: Node<'_>, tag: &str, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    let quotes = if text(node, builder).starts_with("\"\"\"") { 3 } else { 1 };
    let content = inner(span.clone(), quotes, quotes);
    let has_parts = child_of(node, "string_interpolation").is_some();
    if tag.is_empty() && !has_parts {
        builder.leaf(Kind::Str, builder.source.get(content).unwrap_or_default(), span);
        return;
    }
    let tag = if tag.is_empty() { "f" } else { tag };
    builder.node(Kind::Template, tag, span, |builder| template_parts(node, content, builder));
}

fn template_parts(node: Node<'_>, content: std::ops::Range<usize>, builder: &mut Builder<'_>) {
    let mut at = content.start;
    let literal = |span: std::ops::Range<usize>, builder: &mut Builder<'_>| {
        if !span.is_empty() {
            builder.leaf(Kind::Str, builder.source.get(span.clone()).unwrap_or_default(), span);
        }
    };
    each(node, |child| {
        if child.kind() == "string_interpolation" {
            literal(at..child.start_byte(), builder);
            at = child.end_byte();
            required(first(child), child, builder, lower);
        }
    });
    literal(at..content.end, builder);
}

fn creation(node: Node<'_>, builder: &mut Builder<'_>) {
    let outer = node.child(0).filter(|outer| outer.kind() != "new" && !outer.is_extra());
    let Some(outer) = outer else { return new(node, node.start_byte(), builder) };
    builder.node(Kind::Other, "qualified_creation", node.byte_range(), |builder| {
        lower(outer, builder);
        let start = child_of(node, "new").map_or(node.start_byte(), |new| new.start_byte());
        new(node, start, builder);
    });
}

fn new(node: Node<'_>, start: usize, builder: &mut Builder<'_>) {
    builder.node(Kind::New, "", start..node.end_byte(), |builder| {
        required(field(node, "type"), node, builder, types::lower);
        arguments(field(node, "arguments"), node.end_byte(), builder);
        optional(child_of(node, "class_body"), node.end_byte(), builder, definition::body);
    });
}

/// `new T[2][3]` is an array of 2 of arrays of 3 of `T`.
fn array_creation(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    let mut cursor = node.walk();
    let lengths: Vec<_> = node.children_by_field_name("dimensions", &mut cursor).collect();
    builder.node(Kind::New, "", span.clone(), |builder| {
        array_of(node, &lengths, builder);
        optional(field(node, "value"), span.end, builder, lower);
        builder.absent(span.end);
    });
}

fn array_of(node: Node<'_>, lengths: &[Node<'_>], builder: &mut Builder<'_>) {
    let element = |builder: &mut Builder<'_>| required(field(node, "type"), node, builder, types::lower);
    let Some((length, rest)) = lengths.split_first() else { return element(builder) };
    if length.kind() == "dimensions" {
        return types::arrays(types::dimensions(*length), node.byte_range(), builder, element);
    }
    builder.node(Kind::ArrayType, "", node.byte_range(), |builder| {
        array_of(node, rest, builder);
        let mut cursor = length.walk();
        let value = length.named_children(&mut cursor).filter(|child| !child.is_extra()).last();
        required(value, *length, builder, lower);
    });
}

fn assignment(node: Node<'_>, builder: &mut Builder<'_>) {
    let operator = field(node, "operator").map_or("", |operator| operator.kind());
    let (kind, operator) = match operator.strip_suffix('=') {
        Some("") | None => (Kind::Assign, ""),
        Some(operator) => (Kind::AugmentedAssign, operator),
    };
    builder.node(kind, operator, node.byte_range(), |builder| fields(node, &["left", "right"], builder));
}

fn lambda(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    builder.node(Kind::Lambda, "", span.clone(), |builder| {
        builder.leaf(Kind::Attributes, "", span.start..span.start);
        variable::parameters(field(node, "parameters"), span.start, builder);
        builder.absent(span.start);
        required(field(node, "body"), node, builder, |body, builder| {
            if body.kind() == "block" { statement::lower(body, builder) } else { lower(body, builder) }
        });
    });
}

fn cast(node: Node<'_>, builder: &mut Builder<'_>) {
    let mut cursor = node.walk();
    let kinds: Vec<_> = node.children_by_field_name("type", &mut cursor).collect();
    builder.node(Kind::Cast, "", node.byte_range(), |builder| {
        statement::joined(&kinds, "&", node, builder);
        required(field(node, "value"), node, builder, lower);
    });
}

/// The operands, and after them the variables that are bound.
fn instance_of(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Binary, "instanceof", node.byte_range(), |builder| {
        required(field(node, "left"), node, builder, lower);
        if let Some(pattern) = field(node, "pattern") {
            required(first(pattern), pattern, builder, lower);
            return statement::case_pattern(pattern, builder);
        }
        let kind = field(node, "right");
        required(kind, node, builder, types::lower);
        if let Some(name) = field(node, "name") {
            variable::bound(kind, name, builder);
        }
    });
}

fn reference(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Member, "::", node.byte_range(), |builder| {
        required(first(node), node, builder, lower);
        let name = node.child(node.child_count().saturating_sub(1));
        required(name, node, builder, |name, builder| {
            builder.name(text(name, builder), name.byte_range());
        });
    });
}

fn update(node: Node<'_>) -> &'static str {
    match (node.child(0).map_or("", |first| first.kind()), child_of(node, "++").is_some()) {
        ("++", _) => "++",
        ("--", _) => "--",
        (_, true) => "p++",
        (_, false) => "p--",
    }
}

fn literal_or_part(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    let content = text(node, builder);
    match node.kind() {
        "decimal_integer_literal"
        | "hex_integer_literal"
        | "octal_integer_literal"
        | "binary_integer_literal" => {
            builder.leaf(Kind::Int, &number(content), span);
        }
        "decimal_floating_point_literal" | "hex_floating_point_literal" => {
            builder.leaf(Kind::Float, &number(content), span);
        }
        "true" | "false" => {
            builder.leaf(Kind::Bool, content, span);
        }
        "null_literal" => {
            builder.leaf(Kind::Null, "", span);
        }
        "this" => {
            builder.leaf(Kind::This, "", span);
        }
        "super" => {
            builder.leaf(Kind::Super, "", span);
        }
        "character_literal" => {
            let content = builder.source.get(inner(span.clone(), 1, 1)).unwrap_or_default();
            builder.leaf(Kind::Char, content, span);
        }
        "array_initializer" | "element_value_array_initializer" => {
            builder.node(Kind::Array, "", span, |builder| each(node, |child| lower(child, builder)));
        }
        "class_literal" => {
            builder.node(Kind::Member, "", span.clone(), |builder| {
                required(first(node), node, builder, types::lower);
                builder.leaf(Kind::Name, "class", span.end.saturating_sub(5)..span.end);
            });
        }
        "scoped_identifier" => {
            builder.node(Kind::Member, "", span, |builder| fields(node, &["scope", "name"], builder));
        }
        "marker_annotation" | "annotation" => definition::annotation(node, builder),
        "template_expression" => tagged(node, builder),
        "underscore_pattern" => {
            builder.leaf(Kind::Name, "_", span);
        }
        _ => types::lower(node, builder),
    }
}

fn tagged(node: Node<'_>, builder: &mut Builder<'_>) {
    let tag = field(node, "template_processor").map_or("f", |tag| text(tag, builder));
    required(field(node, "template_argument"), node, builder, |argument, builder| {
        string(argument, tag, builder)
    });
}

/// The name of an argument, or the metavariable in its place.
pub(super) fn keyword(name: &str, builder: &Builder<'_>) -> String {
    hole(name).filter(|_| builder.is_pattern).map_or_else(|| name.to_owned(), |(_, name)| name)
}
