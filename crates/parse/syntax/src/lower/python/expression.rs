use std::ops::Range;

use tree_sitter::Node;

use super::nodes::{has_token, parts, parts_and_rescued};
use super::table::{Field, child, children, handler};
use super::{holes, statement};
use crate::Kind;
use crate::build::{Builder, hole};
use crate::lower::tools;

/// An expression, type or target. Parentheses around it only widen its span, as they do not that of a name.
pub(super) fn expression(node: Node<'_>, builder: &mut Builder<'_>) {
    let mut inner = node;
    while inner.kind_id() == node.kind_id() && inner.kind() == "parenthesized_expression" {
        let Some(next) = parts(inner).into_iter().next() else { break };
        inner = next;
    }
    if inner.is_missing() {
        builder.leaf(Kind::Broken, "", inner.byte_range());
        return;
    }
    let id = builder.upcoming();
    let (_, lower) = handler(inner);
    lower(inner, builder);
    if inner != node && inner.kind() != "identifier" {
        builder.set_span(id, node.byte_range());
    }
}

/// An expression that may be left out.
pub(super) fn optional(node: Option<Node<'_>>, at: usize, builder: &mut Builder<'_>) {
    match node {
        Some(node) => expression(node, builder),
        None => {
            builder.absent(at);
        }
    }
}

/// A node without a kind of its own.
pub(super) fn other(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Other, node.kind(), node.byte_range(), |builder| {
        for part in parts_and_rescued(node) {
            if part.kind() == "block" { statement::block(part, builder) } else { expression(part, builder) }
        }
    });
}

/// What only stands around another.
pub(super) fn transparent(node: Node<'_>, builder: &mut Builder<'_>) {
    match parts(node).first() {
        Some(inner) => builder.nested(|builder| expression(*inner, builder)),
        None => {
            builder.leaf(Kind::Broken, "", node.byte_range());
        }
    }
}

/// A node without children.
pub(super) fn leaf(kind: Kind, text: &str, node: Node<'_>, builder: &mut Builder<'_>) {
    builder.leaf(kind, text, node.byte_range());
}

pub(super) fn name(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.name(tools::text(node, builder), node.byte_range());
}

pub(super) fn number(node: Node<'_>, builder: &mut Builder<'_>) {
    let text = tools::number(tools::text(node, builder));
    let kind = match node.kind() {
        _ if text.ends_with('j') => Kind::Imaginary,
        "float" => Kind::Float,
        _ => Kind::Int,
    };
    builder.leaf(kind, text.strip_suffix('l').unwrap_or(&text), node.byte_range());
}

/// A node of parts in a row.
pub(super) fn list(kind: Kind, node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(kind, "", node.byte_range(), |builder| {
        parts_and_rescued(node).into_iter().for_each(|part| expression(part, builder));
    });
}

pub(super) fn comprehension(text: &str, node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Comprehension, text, node.byte_range(), |builder| {
        parts(node).into_iter().for_each(|part| expression(part, builder));
    });
}

/// `for a in b`, where Python 2 has `for a in b, c` too.
pub(super) fn comprehension_for(node: Node<'_>, builder: &mut Builder<'_>) {
    let iterables = children(node, Field::Right);
    builder.node(Kind::ComprehensionFor, "", node.byte_range(), |builder| {
        optional(child(node, Field::Left), node.start_byte(), builder);
        one_or_tuple(&iterables, node.end_byte(), builder);
    });
}

pub(super) fn call(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Call, "", node.byte_range(), |builder| {
        optional(child(node, Field::Function), node.start_byte(), builder);
        arguments(child(node, Field::Arguments), node.end_byte(), builder);
    });
}

/// Arguments; a generator may stand for them.
pub(super) fn arguments(node: Option<Node<'_>>, at: usize, builder: &mut Builder<'_>) {
    match node {
        Some(node) if node.kind() == "argument_list" => list(Kind::Args, node, builder),
        Some(node) => {
            builder.node(Kind::Args, "", node.byte_range(), |builder| expression(node, builder));
        }
        None => {
            builder.leaf(Kind::Args, "", at..at);
        }
    }
}

pub(super) fn keyword(node: Node<'_>, builder: &mut Builder<'_>) {
    let name = child(node, Field::Name).map(|name| tools::text(name, builder)).unwrap_or_default();
    let value = child(node, Field::Value);
    named(Kind::Keyword, name, node, builder, |builder| optional(value, node.end_byte(), builder));
}

/// A node whose text is a name, or the hole in its place.
pub(super) fn named(
    kind: Kind,
    name: &str,
    node: Node<'_>,
    builder: &mut Builder<'_>,
    children: impl FnOnce(&mut Builder<'_>),
) {
    let found = hole(name).filter(|_| builder.is_pattern);
    let text = found.as_ref().map_or(name, |(_, text)| text);
    builder.node(kind, text, node.byte_range(), children);
}

pub(super) fn spread(stars: &str, node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Spread, stars, node.byte_range(), |builder| {
        optional(parts(node).first().copied(), node.end_byte(), builder);
    });
}

pub(super) fn splat_type(node: Node<'_>, builder: &mut Builder<'_>) {
    spread(if has_token(node, "**") { "**" } else { "*" }, node, builder);
}

pub(super) fn member(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Member, "", node.byte_range(), |builder| {
        optional(child(node, Field::Object), node.start_byte(), builder);
        optional(child(node, Field::Attribute), node.end_byte(), builder);
    });
}

pub(super) fn subscript(node: Node<'_>, builder: &mut Builder<'_>) {
    let mut found = parts(node).into_iter();
    let Some(object) = found.next() else { return other(node, builder) };
    let indices: Vec<_> = found.collect();
    if let [only] = indices.as_slice()
        && only.kind() == "slice"
    {
        return slice(Some(object), *only, node.byte_range(), builder);
    }
    let is_tuple = has_token(node, ",");
    builder.node(Kind::Index, "", node.byte_range(), |builder| {
        expression(object, builder);
        several(&indices, is_tuple, node.end_byte(), builder);
    });
}

/// `a[l:h:s]`; one of several slices, as in `a[:, 1:]`, has no object.
pub(super) fn slice(object: Option<Node<'_>>, node: Node<'_>, span: Range<usize>, builder: &mut Builder<'_>) {
    let mut bounds = [None; 3];
    let mut position = 0;
    let mut cursor = node.walk();
    for part in node.children(&mut cursor) {
        if part.kind() == ":" {
            position += 1;
        } else if part.is_named()
            && !part.is_extra()
            && let Some(bound) = bounds.get_mut(position)
        {
            *bound = Some(part);
        }
    }
    builder.node(Kind::Slice, "", span, |builder| {
        optional(object, node.start_byte(), builder);
        bounds.into_iter().for_each(|bound| optional(bound, node.end_byte(), builder));
    });
}

/// `List[int]` where a type stands is what it is elsewhere.
pub(super) fn generic_type(node: Node<'_>, builder: &mut Builder<'_>) {
    let found = parts(node);
    let arguments = found.get(1).copied().map(parts).unwrap_or_default();
    let is_tuple = found.get(1).is_some_and(|arguments| has_token(*arguments, ","));
    builder.node(Kind::Index, "", node.byte_range(), |builder| {
        optional(found.first().copied(), node.start_byte(), builder);
        several(&arguments, is_tuple, node.end_byte(), builder);
    });
}

pub(super) fn unary(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Unary, operator(node), node.byte_range(), |builder| {
        optional(child(node, Field::Argument), node.end_byte(), builder);
    });
}

pub(super) fn negation(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Unary, "!", node.byte_range(), |builder| {
        optional(child(node, Field::Argument), node.end_byte(), builder);
    });
}

pub(super) fn binary(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Binary, operator(node), node.byte_range(), |builder| {
        optional(child(node, Field::Left), node.start_byte(), builder);
        optional(child(node, Field::Right), node.end_byte(), builder);
    });
}

/// Operands with one operator between them, grouped to the left.
pub(super) fn chain(operator: &str, node: Node<'_>, builder: &mut Builder<'_>) {
    grouped(operator, &parts(node), builder);
}

fn grouped(operator: &str, operands: &[Node<'_>], builder: &mut Builder<'_>) {
    match operands {
        [] => {}
        [only] => expression(*only, builder),
        [first, .., last] => {
            builder.node(Kind::Binary, operator, first.start_byte()..last.end_byte(), |builder| {
                grouped(operator, operands.get(..operands.len() - 1).unwrap_or_default(), builder);
                expression(*last, builder);
            });
        }
    }
}

/// `a < b < c` compares twice.
pub(super) fn comparison(node: Node<'_>, builder: &mut Builder<'_>) {
    let mut operands = Vec::new();
    let mut operators = Vec::new();
    let mut cursor = node.walk();
    for part in node.children(&mut cursor) {
        match part.kind() {
            _ if part.is_extra() || part.is_error() => {}
            // Unnamed, whatever the grammar calls the two-word ones.
            "<" | "<=" | "==" | "!=" | ">=" | ">" | "<>" | "in" | "not in" | "is" | "is not" => {
                operators.push(part.kind());
            }
            _ => operands.push(part),
        }
    }
    compared(&operands, &operators, builder);
}

fn compared(operands: &[Node<'_>], operators: &[&str], builder: &mut Builder<'_>) {
    /// A larger operand in the middle is not repeated, or nested chains would grow without bound.
    const MOST_REPEATED: usize = 24;
    let [first, .., right] = operands else { return };
    let Some(left) = operands.get(1..operands.len() - 1).and_then(<[_]>::last) else {
        return compared_once(operators, [*first, *right], builder);
    };
    let (Some(operands), Some((last, operators))) =
        (operands.get(..operands.len() - 1), operators.split_last())
    else {
        return;
    };
    builder.node(Kind::Binary, "&&", first.start_byte()..right.end_byte(), |builder| {
        compared(operands, operators, builder);
        builder.node(Kind::Binary, spelled(last), left.start_byte()..right.end_byte(), |builder| {
            if left.descendant_count() <= MOST_REPEATED {
                expression(*left, builder);
            } else {
                builder.leaf(Kind::Other, "repeated", left.byte_range());
            }
            expression(*right, builder);
        });
    });
}

fn compared_once(operators: &[&str], [left, right]: [Node<'_>; 2], builder: &mut Builder<'_>) {
    let operator = spelled(operators.first().copied().unwrap_or_default());
    builder.node(Kind::Binary, operator, left.start_byte()..right.end_byte(), |builder| {
        expression(left, builder);
        expression(right, builder);
    });
}

/// `a if c else b`; in a pattern also what a typed metavariable is written as.
pub(super) fn conditional(node: Node<'_>, builder: &mut Builder<'_>) {
    let found = parts(node);
    let [then, condition, otherwise] = found.as_slice() else { return other(node, builder) };
    if builder.is_pattern && tools::text(*condition, builder) == holes::TYPED {
        let name = tools::text(*then, builder);
        return named(Kind::TypedMetavariable, name, node, builder, |builder| {
            expression(*otherwise, builder);
        });
    }
    builder.node(Kind::Conditional, "", node.byte_range(), |builder| {
        [condition, then, otherwise].into_iter().for_each(|part| expression(*part, builder));
    });
}

/// `a = b` and `a := b`; `a: T = b` declares.
pub(super) fn assignment(node: Node<'_>, builder: &mut Builder<'_>) {
    let target = child(node, Field::Left).or_else(|| child(node, Field::Name));
    let value = child(node, Field::Right).or_else(|| child(node, Field::Value));
    let start = node.start_byte();
    let Some(kind) = child(node, Field::Type) else {
        builder.node(Kind::Assign, "", node.byte_range(), |builder| {
            optional(target, start, builder);
            optional(value, node.end_byte(), builder);
        });
        return;
    };
    builder.node(Kind::VarDef, "", node.byte_range(), |builder| {
        builder.leaf(Kind::Attributes, "", start..start);
        optional(target, start, builder);
        expression(kind, builder);
        optional(value, node.end_byte(), builder);
    });
}

pub(super) fn augmented(node: Node<'_>, builder: &mut Builder<'_>) {
    let operator = operator(node).trim_end_matches('=');
    builder.node(Kind::AugmentedAssign, operator, node.byte_range(), |builder| {
        optional(child(node, Field::Left), node.start_byte(), builder);
        optional(child(node, Field::Right), node.end_byte(), builder);
    });
}

pub(super) fn delegate(node: Node<'_>, builder: &mut Builder<'_>) {
    let text = if has_token(node, "from") { "from" } else { "" };
    builder.node(Kind::Yield, text, node.byte_range(), |builder| {
        optional(parts(node).first().copied(), node.end_byte(), builder);
    });
}

/// `a as b` outside `with` and `except`.
pub(super) fn binding(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::WithItem, "", node.byte_range(), |builder| bound(node, builder));
}

/// The two sides of `a as b`.
pub(super) fn bound(node: Node<'_>, builder: &mut Builder<'_>) {
    let found = parts(node);
    optional(found.first().copied(), node.start_byte(), builder);
    optional(found.get(1).copied(), node.end_byte(), builder);
}

/// `a`, or `a, b` as a tuple.
pub(super) fn one_or_tuple(nodes: &[Node<'_>], at: usize, builder: &mut Builder<'_>) {
    several(nodes, nodes.len() > 1, at, builder);
}

fn several(nodes: &[Node<'_>], is_tuple: bool, at: usize, builder: &mut Builder<'_>) {
    match nodes {
        [only] if !is_tuple => expression(*only, builder),
        [first, .., last] | [first @ last] => {
            builder.node(Kind::Tuple, "", first.start_byte()..last.end_byte(), |builder| {
                nodes.iter().for_each(|node| expression(*node, builder));
            });
        }
        [] => {
            builder.absent(at);
        }
    }
}

/// A node's operator as the tree spells it.
fn operator(node: Node<'_>) -> &str {
    child(node, Field::Operator).map_or("", |operator| spelled(operator.kind()))
}

fn spelled(operator: &str) -> &str {
    match operator {
        "and" => "&&",
        "or" => "||",
        "<>" => "!=",
        operator => operator,
    }
}
