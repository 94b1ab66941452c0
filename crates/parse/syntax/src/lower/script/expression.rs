use tree_sitter::Node;

use super::{class, field, function, has_token, jsx, literal, object, optional, other, parts, types};
use crate::Kind;
use crate::build::Builder;
use crate::lower::tools::text;

/// An expression, as one node.
pub(super) fn expression(node: Node<'_>, builder: &mut Builder<'_>) {
    let whole = node.byte_range();
    let id = builder.upcoming();
    match unwrap(node) {
        Inner::Plain(inner) => {
            bare(inner, builder);
            if inner != node {
                // What is in parentheses is found with them.
                builder.set_span(id, whole);
            }
        }
        Inner::Typed(value, annotation) => typed(value, annotation, builder),
    }
}

/// What stands in the parentheses that belong to a statement.
pub(super) fn condition(node: Node<'_>, builder: &mut Builder<'_>) {
    let inner =
        Some(node).filter(|node| node.kind() == "parenthesized_expression" && field(*node, "type").is_none());
    let inner = inner.and_then(|node| parts(node).first().copied());
    expression(inner.unwrap_or(node), builder);
}

fn bare(node: Node<'_>, builder: &mut Builder<'_>) {
    match node.kind() {
        "identifier"
        | "property_identifier"
        | "private_property_identifier"
        | "shorthand_property_identifier"
        | "shorthand_property_identifier_pattern"
        | "type_identifier"
        | "statement_identifier"
        | "undefined"
        | "import"
        | "jsx_identifier" => {
            builder.name(text(node, builder), node.byte_range());
        }
        "member_expression" | "nested_identifier" => member(node, builder),
        "call_expression" => call(node, builder),
        "string" => literal::string(node, builder),
        "number" => literal::number(node, builder),
        "binary_expression" => binary(node, builder),
        "object" => object::object(node, builder),
        "array" => array(node, builder),
        "arrow_function" | "function_expression" | "generator_function" | "function" => {
            function::lambda(node, builder);
        }
        "template_string" => literal::template(node, "f", builder),
        "assignment_expression" => assignment(node, builder),
        "augmented_assignment_expression" => augmented(node, builder),
        "this" => {
            builder.leaf(Kind::This, "", node.byte_range());
        }
        "super" => {
            builder.leaf(Kind::Super, "", node.byte_range());
        }
        "true" | "false" => {
            builder.leaf(Kind::Bool, node.kind(), node.byte_range());
        }
        "null" => {
            builder.leaf(Kind::Null, "", node.byte_range());
        }
        "regex" => {
            builder.leaf(Kind::Regex, text(node, builder), node.byte_range());
        }
        _ => rarer(node, builder),
    }
}

fn rarer(node: Node<'_>, builder: &mut Builder<'_>) {
    match node.kind() {
        "subscript_expression" => subscript(node, builder),
        "new_expression" => new(node, builder),
        "unary_expression" => unary(node, "", builder),
        "update_expression" => update(node, builder),
        "ternary_expression" => ternary(node, builder),
        "await_expression" => children(Kind::Await, "", node, builder),
        "yield_expression" => yield_(node, builder),
        "sequence_expression" => sequence(node, builder),
        "spread_element" | "rest_pattern" => children(Kind::Spread, "*", node, builder),
        "class" => class::anonymous(node, builder),
        "jsx_element" | "jsx_self_closing_element" | "jsx_fragment" => jsx::element(node, builder),
        "jsx_expression" => jsx::braces(node, builder),
        "as_expression" | "satisfies_expression" => cast(node, false, builder),
        "type_assertion" => cast(node, true, builder),
        "non_null_expression" => children(Kind::Unary, "p!", node, builder),
        "instantiation_expression" => {
            optional(parts(node).first().copied(), node.end_byte(), builder, expression)
        }
        "meta_property" => meta(node, builder),
        "array_pattern" | "object_pattern" | "assignment_pattern" => object::target(node, builder),
        "arguments" => arguments(node, builder),
        "statement_block" => super::statement::block(node, builder),
        _ if types::is_type(node) => types::type_(node, builder),
        _ if node.is_error() && node.named_child_count() == 0 => {
            builder.leaf(Kind::Broken, "", node.byte_range());
        }
        _ => other(node, builder),
    }
}

enum Inner<'t> {
    Plain(Node<'t>),
    Typed(Node<'t>, Node<'t>),
}

/// What parentheses hold, however many there are.
fn unwrap(mut node: Node<'_>) -> Inner<'_> {
    while node.kind() == "parenthesized_expression" {
        let annotation = field(node, "type");
        let Some(inner) = parts(node).into_iter().find(|part| Some(*part) != annotation) else {
            break;
        };
        if let Some(annotation) = annotation {
            return Inner::Typed(inner, annotation);
        }
        node = inner;
    }
    Inner::Plain(node)
}

/// `($X: T)` in a pattern; elsewhere the annotation is no code.
fn typed(value: Node<'_>, annotation: Node<'_>, builder: &mut Builder<'_>) {
    let hole = crate::build::hole(text(value, builder)).filter(|_| builder.is_pattern);
    match hole {
        Some((Kind::Metavariable, name)) => {
            let span = value.start_byte()..annotation.end_byte();
            builder
                .node(Kind::TypedMetavariable, &name, span, |builder| types::annotation(annotation, builder));
        }
        _ => expression(value, builder),
    }
}

fn children(kind: Kind, text: &str, node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(kind, text, node.byte_range(), |builder| {
        optional(parts(node).first().copied(), node.end_byte(), builder, expression);
    });
}

fn member(node: Node<'_>, builder: &mut Builder<'_>) {
    let optional_chain = if field(node, "optional_chain").is_some() { "?" } else { "" };
    builder.node(Kind::Member, optional_chain, node.byte_range(), |builder| {
        optional(field(node, "object"), node.start_byte(), builder, expression);
        optional(field(node, "property"), node.end_byte(), builder, expression);
    });
}

fn subscript(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Index, "", node.byte_range(), |builder| {
        optional(field(node, "object"), node.start_byte(), builder, expression);
        optional(field(node, "index"), node.end_byte(), builder, expression);
    });
}

/// A call; a tagged template is a call whose one argument is the template.
fn call(node: Node<'_>, builder: &mut Builder<'_>) {
    let at = node.end_byte();
    builder.node(Kind::Call, "", node.byte_range(), |builder| {
        optional(field(node, "function"), node.start_byte(), builder, expression);
        match field(node, "arguments") {
            Some(template) if template.kind() == "template_string" => {
                builder.node(Kind::Args, "", template.byte_range(), |builder| {
                    literal::template(template, "tag", builder);
                });
            }
            Some(list) => arguments(list, builder),
            None => {
                builder.leaf(Kind::Args, "", at..at);
            }
        }
    });
}

pub(super) fn arguments(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Args, "", node.byte_range(), |builder| {
        for part in parts(node) {
            expression(part, builder);
        }
    });
}

fn new(node: Node<'_>, builder: &mut Builder<'_>) {
    let at = node.end_byte();
    builder.node(Kind::New, "", node.byte_range(), |builder| {
        optional(field(node, "constructor"), at, builder, expression);
        match field(node, "arguments") {
            Some(list) => arguments(list, builder),
            None => {
                builder.leaf(Kind::Args, "", at..at);
            }
        }
        builder.absent(at);
    });
}

fn binary(node: Node<'_>, builder: &mut Builder<'_>) {
    let operator = field(node, "operator").map_or("", |operator| operator.kind());
    builder.node(Kind::Binary, operator, node.byte_range(), |builder| {
        optional(field(node, "left"), node.start_byte(), builder, expression);
        optional(field(node, "right"), node.end_byte(), builder, expression);
    });
}

/// An operator before its operand; `operator` where the grammar has no field for it.
pub(super) fn unary(node: Node<'_>, operator: &str, builder: &mut Builder<'_>) {
    let operator = field(node, "operator").map_or(operator, |operator| operator.kind());
    let operand = field(node, "argument").or_else(|| parts(node).first().copied());
    builder.node(Kind::Unary, operator, node.byte_range(), |builder| {
        optional(operand, node.end_byte(), builder, super::any);
    });
}

fn update(node: Node<'_>, builder: &mut Builder<'_>) {
    let (operator, argument) = (field(node, "operator"), field(node, "argument"));
    let plus = operator.is_some_and(|operator| operator.kind() == "++");
    let is_before = operator.map(|node| node.start_byte()) < argument.map(|node| node.start_byte());
    let name = match (is_before, plus) {
        (true, true) => "++",
        (true, false) => "--",
        (false, true) => "p++",
        (false, false) => "p--",
    };
    builder.node(Kind::Unary, name, node.byte_range(), |builder| {
        optional(argument, node.end_byte(), builder, expression);
    });
}

fn ternary(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Conditional, "", node.byte_range(), |builder| {
        for name in ["condition", "consequence", "alternative"] {
            optional(field(node, name), node.end_byte(), builder, expression);
        }
    });
}

fn yield_(node: Node<'_>, builder: &mut Builder<'_>) {
    let star = if has_token(node, "*") { "*" } else { "" };
    children(Kind::Yield, star, node, builder);
}

/// `a, b, c`, which the grammar may nest.
fn sequence(node: Node<'_>, builder: &mut Builder<'_>) {
    let mut items = Vec::new();
    let mut rest = Some(node);
    while let Some(list) = rest.take() {
        for part in parts(list) {
            if part.kind() == "sequence_expression" {
                rest = Some(part);
            } else {
                items.push(part);
            }
        }
    }
    builder.node(Kind::Sequence, "", node.byte_range(), |builder| {
        for item in items {
            expression(item, builder);
        }
    });
}

fn array(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Array, "", node.byte_range(), |builder| {
        for part in parts(node) {
            expression(part, builder);
        }
    });
}

fn assignment(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Assign, "", node.byte_range(), |builder| {
        optional(field(node, "left"), node.start_byte(), builder, object::target);
        optional(field(node, "right"), node.end_byte(), builder, expression);
    });
}

fn augmented(node: Node<'_>, builder: &mut Builder<'_>) {
    let operator = field(node, "operator").map_or("", |operator| operator.kind());
    let operator = operator.strip_suffix('=').unwrap_or(operator);
    builder.node(Kind::AugmentedAssign, operator, node.byte_range(), |builder| {
        optional(field(node, "left"), node.start_byte(), builder, expression);
        optional(field(node, "right"), node.end_byte(), builder, expression);
    });
}

/// `x as T`, `x satisfies T`, `<T>x`; `as const` has the name `const` for a type.
fn cast(node: Node<'_>, type_first: bool, builder: &mut Builder<'_>) {
    let inner = parts(node);
    let (first, last) = (inner.first().copied(), inner.get(1).copied());
    let (value, type_) = if type_first { (last, first) } else { (first, last) };
    builder.node(Kind::Cast, "", node.byte_range(), |builder| {
        match type_ {
            Some(type_) => types::type_(type_, builder),
            None => {
                builder.leaf(Kind::Name, "const", node.end_byte()..node.end_byte());
            }
        }
        optional(value, node.end_byte(), builder, expression);
    });
}

/// `import.meta`, `new.target`.
fn meta(node: Node<'_>, builder: &mut Builder<'_>) {
    let (start, end) = (node.start_byte(), node.end_byte());
    let (object, name) = text(node, builder).split_once('.').unwrap_or_default();
    builder.node(Kind::Member, "", start..end, |builder| {
        builder.leaf(Kind::Name, object.trim_end(), start..start + object.len());
        builder.leaf(Kind::Name, name.trim_start(), end.saturating_sub(name.len())..end);
    });
}
