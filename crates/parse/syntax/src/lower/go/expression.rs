use tree_sitter::Node;

use crate::Kind;
use crate::build::Builder;
use crate::lower::go::{
    TYPED, definition, each, field, first, is_dots, name, optional, required, statement, types,
};
use crate::lower::tools::{inner, number, text};

/// An expression, or what stands in the place of one.
pub(super) fn lower(node: Node<'_>, builder: &mut Builder<'_>) {
    let node = unwrapped(node);
    let span = node.byte_range();
    match node.kind() {
        "identifier" => name(node, builder),
        "selector_expression" => {
            builder.node(Kind::Member, "", span, |builder| {
                required(field(node, "operand"), node, builder, lower);
                required(field(node, "field"), node, builder, name);
            });
        }
        "call_expression" if makes(node, builder).is_some() => make(node, builder),
        "call_expression" => {
            builder.node(Kind::Call, "", span.clone(), |builder| {
                required(field(node, "function"), node, builder, lower);
                arguments(field(node, "arguments"), span.end, builder);
            });
        }
        "binary_expression" => {
            let operator = field(node, "operator").map_or("", |operator| operator.kind());
            builder.node(Kind::Binary, operator, span, |builder| {
                required(field(node, "left"), node, builder, lower);
                required(field(node, "right"), node, builder, lower);
            });
        }
        "unary_expression" => {
            let operator = field(node, "operator").map_or("", |operator| operator.kind());
            builder.node(Kind::Unary, operator, span, |builder| {
                required(field(node, "operand"), node, builder, lower);
            });
        }
        "index_expression" => {
            builder.node(Kind::Index, "", span, |builder| {
                required(field(node, "operand"), node, builder, lower);
                required(field(node, "index"), node, builder, lower);
            });
        }
        "slice_expression" => {
            builder.node(Kind::Slice, "", span.clone(), |builder| {
                required(field(node, "operand"), node, builder, lower);
                for bound in ["start", "end", "capacity"] {
                    optional(field(node, bound), span.end, builder, lower);
                }
            });
        }
        "composite_literal" => composite(node, builder),
        "func_literal" => {
            builder.node(Kind::Lambda, "", span.clone(), |builder| {
                builder.leaf(Kind::Attributes, "", span.start..span.start);
                definition::parameters(field(node, "parameters"), span.end, builder);
                definition::result(field(node, "result"), span.end, builder);
                required(field(node, "body"), node, builder, statement::lower);
            });
        }
        "type_assertion_expression" => assertion(node, builder),
        "type_conversion_expression" => conversion(node, builder),
        _ => literal_or_type(node, builder),
    }
}

/// Expressions with commas between: one alone, or a tuple.
pub(super) fn list(node: Node<'_>, builder: &mut Builder<'_>) {
    if node.kind() != "expression_list" {
        return lower(node, builder);
    }
    let mut parts = Vec::new();
    each(node, |part| parts.push(part));
    if let [only] = parts.as_slice() {
        return lower(*only, builder);
    }
    builder.node(Kind::Tuple, "", node.byte_range(), |builder| {
        for part in &parts {
            lower(*part, builder);
        }
    });
}

/// A literal, or what has no kind of its own: its parts.
pub(super) fn literal_or_other(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    let content = text(node, builder);
    let kind = match node.kind() {
        "interpreted_string_literal" | "raw_string_literal" => Kind::Str,
        "rune_literal" => Kind::Char,
        "int_literal" => Kind::Int,
        "float_literal" => Kind::Float,
        "imaginary_literal" => Kind::Imaginary,
        "nil" => Kind::Null,
        "true" | "false" => Kind::Bool,
        "iota" | "blank_identifier" | "label_name" => return name(node, builder),
        _ => return other(node, builder),
    };
    match kind {
        Kind::Str | Kind::Char => {
            let content = builder.source.get(inner(span.clone(), 1, 1)).unwrap_or_default();
            builder.leaf(kind, content, span);
        }
        Kind::Int | Kind::Float | Kind::Imaginary => {
            builder.leaf(kind, &number(content), span);
        }
        Kind::Null => {
            builder.leaf(kind, "", span);
        }
        _ => {
            builder.leaf(kind, content, span);
        }
    }
}

/// Whether a node is an expression, from its name in the grammar.
pub(super) fn is_expression(node: Node<'_>) -> bool {
    let kind = node.kind();
    kind.ends_with("_expression")
        || kind.ends_with("_literal")
        || matches!(kind, "identifier" | "nil" | "true" | "false")
}

fn unwrapped(mut node: Node<'_>) -> Node<'_> {
    while matches!(node.kind(), "parenthesized_expression" | "literal_element") {
        match first(node) {
            Some(inner) => node = inner,
            None => break,
        }
    }
    node
}

fn literal_or_type(node: Node<'_>, builder: &mut Builder<'_>) {
    match node.kind() {
        "literal_value" => elements(node, Kind::Dict, builder),
        "variadic_argument" => {
            builder.node(Kind::Spread, "*", node.byte_range(), |builder| {
                required(first(node), node, builder, lower);
            });
        }
        "expression_list" => list(node, builder),
        _ => types::lower(node, builder),
    }
}

fn other(node: Node<'_>, builder: &mut Builder<'_>) {
    if node.is_error() || node.is_missing() {
        builder.leaf(Kind::Broken, "", node.byte_range());
        return;
    }
    builder.node(Kind::Other, node.kind(), node.byte_range(), |builder| {
        each(node, |child| statement::any(child, builder));
    });
}

/// Whether a call is one of those that make a value of a type: the arguments after the type.
fn makes<'t>(node: Node<'t>, builder: &Builder<'_>) -> Option<Vec<Node<'t>>> {
    let called = field(node, "function").filter(|called| called.kind() == "identifier")?;
    let mut arguments = Vec::new();
    each(field(node, "arguments")?, |argument| arguments.push(argument));
    match (text(called, builder), arguments.len()) {
        ("new", 1) | ("make", 1..) => Some(arguments),
        _ => None,
    }
}

/// `make(T, a)` makes a `T`, `new(T)` a pointer to one.
fn make(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    let is_pointer = field(node, "function").is_some_and(|called| text(called, builder) == "new");
    let arguments = makes(node, builder).unwrap_or_default();
    let Some((made, others)) = arguments.split_first() else { return };
    let value = |builder: &mut Builder<'_>| {
        builder.node(Kind::New, "", span.clone(), |builder| {
            types::lower(*made, builder);
            builder.node(Kind::Args, "", made.end_byte()..span.end, |builder| {
                let others = if is_dots(*made, builder) { arguments.as_slice() } else { others };
                for argument in others {
                    lower(*argument, builder);
                }
            });
            builder.absent(span.end);
        });
    };
    if is_pointer {
        builder.node(Kind::Unary, "&", span.clone(), value);
    } else {
        value(builder);
    }
}

fn arguments(node: Option<Node<'_>>, at: usize, builder: &mut Builder<'_>) {
    let Some(node) = node else {
        builder.leaf(Kind::Args, "", at..at);
        return;
    };
    builder.node(Kind::Args, "", node.byte_range(), |builder| each(node, |child| lower(child, builder)));
}

/// `T{a, b: c}`: an array for types of arrays, else a dictionary, whether it has keys or not.
fn composite(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    let created = field(node, "type");
    let is_array = created.is_some_and(|created| {
        matches!(created.kind(), "slice_type" | "array_type" | "implicit_length_array_type")
    });
    builder.node(Kind::New, "", span.clone(), |builder| {
        required(created, node, builder, types::lower);
        let kind = if is_array { Kind::Array } else { Kind::Dict };
        required(field(node, "body"), node, builder, |body, builder| elements(body, kind, builder));
        builder.absent(span.end);
    });
}

fn elements(node: Node<'_>, kind: Kind, builder: &mut Builder<'_>) {
    builder.node(kind, "", node.byte_range(), |builder| {
        each(node, |element| match element.kind() {
            "keyed_element" => {
                builder.node(Kind::Pair, "", element.byte_range(), |builder| {
                    required(field(element, "key"), element, builder, lower);
                    required(field(element, "value"), element, builder, lower);
                });
            }
            _ => lower(element, builder),
        });
    });
}

/// A conversion. Where the type is only a name, it cannot be told from a call and is one.
fn conversion(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    let kind = field(node, "type");
    let named = kind
        .map(|kind| if kind.kind() == "generic_type" { field(kind, "type").unwrap_or(kind) } else { kind });
    let Some(named) = named.filter(|named| matches!(named.kind(), "type_identifier" | "qualified_type"))
    else {
        builder.node(Kind::Cast, "", span, |builder| {
            required(kind, node, builder, types::lower);
            required(field(node, "operand"), node, builder, lower);
        });
        return;
    };
    builder.node(Kind::Call, "", span.clone(), |builder| {
        types::lower(named, builder);
        builder.node(Kind::Args, "", named.end_byte()..span.end, |builder| {
            required(field(node, "operand"), node, builder, lower);
        });
    });
}

fn assertion(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    let operand = field(node, "operand");
    let typed =
        operand.and_then(|operand| text(operand, builder).strip_prefix(TYPED)).filter(|_| builder.is_pattern);
    if let Some(name) = typed {
        builder.node(Kind::TypedMetavariable, &format!("${name}"), span, |builder| {
            required(field(node, "type"), node, builder, types::lower);
        });
        return;
    }
    builder.node(Kind::Cast, "", span, |builder| {
        required(field(node, "type"), node, builder, types::lower);
        required(operand, node, builder, lower);
    });
}
