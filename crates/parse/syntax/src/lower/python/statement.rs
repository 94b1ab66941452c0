use std::ops::Range;

use tree_sitter::Node;

use super::definition;
use super::expression::{self, expression as lower, optional};
use super::nodes::{has_token, parts, parts_and_rescued, rescued};
use super::table::{Field, Role, child, children, handler};
use crate::Kind;
use crate::build::Builder;

/// The statements of a file or block.
pub(super) fn statements(node: Node<'_>, builder: &mut Builder<'_>) {
    for part in parts_and_rescued(node) {
        statement(part, builder);
    }
}

/// One statement, and what could be read of the broken code right below it. Of broken code also an expression without a
/// statement around it, if there is more to it than a name.
pub(super) fn statement(node: Node<'_>, builder: &mut Builder<'_>) {
    match handler(node) {
        (Role::Statement, handler) => {
            handler(node, builder);
            rescued(node).into_iter().for_each(|part| statement(part, builder));
        }
        (Role::Expression, _) if node.named_child_count() == 0 || node.kind() == "parameters" => {}
        (Role::Expression, _) => {
            builder.node(Kind::ExprStatement, "", node.byte_range(), |builder| match node.kind() {
                // In an unclosed call the next line's assignment looks like an argument.
                "keyword_argument" => expression::assignment(node, builder),
                _ => lower(node, builder),
            });
        }
    }
}

/// A suite.
pub(super) fn block(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Block, "", node.byte_range(), |builder| statements(node, builder));
}

/// The suite in a field, or nothing.
pub(super) fn optional_block(node: Option<Node<'_>>, at: usize, builder: &mut Builder<'_>) {
    match node {
        Some(node) => block(node, builder),
        None => {
            builder.absent(at);
        }
    }
}

/// The suite of `else` or `finally`.
pub(super) fn clause_block(node: Node<'_>, builder: &mut Builder<'_>) {
    let block = parts(node).into_iter().find(|part| part.kind() == "block");
    optional_block(block, node.end_byte(), builder);
}

pub(super) fn expression(node: Node<'_>, builder: &mut Builder<'_>) {
    let found = parts_and_rescued(node);
    let declares = |part: &Node<'_>| part.kind() == "assignment" && child(*part, Field::Type).is_some();
    if let [only] = found.as_slice()
        && declares(only)
    {
        return expression::assignment(*only, builder);
    }
    builder.node(Kind::ExprStatement, "", node.byte_range(), |builder| match found.as_slice() {
        [only] if !has_token(node, ",") => lower(*only, builder),
        _ => {
            builder.node(Kind::Tuple, "", node.byte_range(), |builder| {
                found.iter().for_each(|part| lower(*part, builder));
            });
        }
    });
}

/// `if` with all that follows, or an `elif` alone.
pub(super) fn if_chain(node: Node<'_>, builder: &mut Builder<'_>) {
    let clauses = children(node, Field::Alternative);
    conditional(node, node.byte_range(), &clauses, builder);
}

fn conditional(node: Node<'_>, span: Range<usize>, rest: &[Node<'_>], builder: &mut Builder<'_>) {
    let end = span.end;
    builder.node(Kind::If, "", span, |builder| {
        optional(child(node, Field::Condition), node.start_byte(), builder);
        optional_block(child(node, Field::Consequence), node.end_byte(), builder);
        match rest.split_first() {
            Some((next, rest)) if next.kind() == "elif_clause" => {
                conditional(*next, next.start_byte()..end, rest, builder);
            }
            Some((next, _)) => clause_block(*next, builder),
            None => {
                builder.absent(end);
            }
        }
    });
}

pub(super) fn while_loop(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::While, "", node.byte_range(), |builder| {
        optional(child(node, Field::Condition), node.start_byte(), builder);
        loop_body(node, builder);
    });
}

pub(super) fn for_loop(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::ForEach, "in", node.byte_range(), |builder| {
        optional(child(node, Field::Left), node.start_byte(), builder);
        optional(child(node, Field::Right), node.start_byte(), builder);
        loop_body(node, builder);
    });
}

fn loop_body(node: Node<'_>, builder: &mut Builder<'_>) {
    optional_block(child(node, Field::Body), node.end_byte(), builder);
    match child(node, Field::Alternative) {
        Some(clause) => clause_block(clause, builder),
        None => {
            builder.absent(node.end_byte());
        }
    }
}

pub(super) fn try_block(node: Node<'_>, builder: &mut Builder<'_>) {
    let clauses = parts(node);
    let of_kind = |kind| clauses.iter().find(move |clause: &&Node<'_>| clause.kind() == kind);
    builder.node(Kind::Try, "", node.byte_range(), |builder| {
        builder.absent(node.start_byte());
        optional_block(child(node, Field::Body), node.end_byte(), builder);
        for clause in clauses.iter().filter(|clause| clause.kind() == "except_clause") {
            catch(*clause, builder);
        }
        for kind in ["else_clause", "finally_clause"] {
            match of_kind(kind) {
                Some(clause) => clause_block(*clause, builder),
                None => {
                    builder.absent(node.end_byte());
                }
            }
        }
    });
}

/// `except T as e:`, and Python 2's `except T, e:`.
pub(super) fn catch(node: Node<'_>, builder: &mut Builder<'_>) {
    let values = children(node, Field::Value);
    let block = parts(node).into_iter().rfind(|part| part.kind() == "block");
    let at = block.map_or(node.end_byte(), |block| block.start_byte());
    builder.node(Kind::Catch, "", node.byte_range(), |builder| {
        match values.as_slice() {
            [only] if only.kind() == "as_pattern" => {
                expression::bound(*only, builder);
            }
            [kind, name] if name.kind() == "identifier" => {
                lower(*kind, builder);
                lower(*name, builder);
            }
            [only] => {
                lower(*only, builder);
                optional(child(node, Field::Alias), at, builder);
            }
            [] => {
                builder.absent(at);
                builder.absent(at);
            }
            [first, .., last] => {
                builder.node(Kind::Tuple, "", first.start_byte()..last.end_byte(), |builder| {
                    values.iter().for_each(|value| lower(*value, builder));
                });
                builder.absent(at);
            }
        }
        optional_block(block, node.end_byte(), builder);
    });
}

/// `with a, b:` is a `with b:` in a `with a:`, which is what it means.
pub(super) fn with(node: Node<'_>, builder: &mut Builder<'_>) {
    let clause = parts(node).into_iter().find(|part| part.kind() == "with_clause");
    let mut items = Vec::new();
    for item in clause.map(parts).unwrap_or_default() {
        add_with_items(item, &mut items);
    }
    let keyword = if has_token(node, "async") { "async" } else { "" };
    nested_with(node, node.byte_range(), keyword, &items, builder);
}

/// The grammar takes parentheses around all items for a tuple now and then.
fn add_with_items<'t>(item: Node<'t>, items: &mut Vec<Node<'t>>) {
    let value = child(item, Field::Value).unwrap_or(item);
    let inner = match value.kind() {
        "tuple" | "parenthesized_expression" => parts(value),
        _ => Vec::new(),
    };
    if inner.iter().any(|part| part.kind() == "as_pattern") {
        items.extend(inner);
    } else {
        items.push(value);
    }
}

fn nested_with(
    node: Node<'_>,
    span: Range<usize>,
    keyword: &str,
    items: &[Node<'_>],
    builder: &mut Builder<'_>,
) {
    let end = span.end;
    builder.node(Kind::With, keyword, span, |builder| {
        if let Some(item) = items.first() {
            builder.node(Kind::WithItem, "", item.byte_range(), |builder| {
                if item.kind() == "as_pattern" {
                    expression::bound(*item, builder);
                } else {
                    lower(*item, builder);
                    builder.absent(item.end_byte());
                }
            });
        }
        match items.get(1..).filter(|rest| !rest.is_empty()) {
            Some(rest) => {
                let span = rest.first().map_or(end, Node::start_byte)..end;
                builder.node(Kind::Block, "", span.clone(), |builder| {
                    nested_with(node, span, keyword, rest, builder);
                });
            }
            None => optional_block(child(node, Field::Body), end, builder),
        }
    });
}

/// `raise a from b`; `raise A, "text"` of Python 2 throws a tuple.
pub(super) fn raise(node: Node<'_>, builder: &mut Builder<'_>) {
    let cause = child(node, Field::Cause);
    let value = parts(node).into_iter().find(|part| Some(*part) != cause);
    builder.node(Kind::Throw, "", node.byte_range(), |builder| {
        optional(value, node.end_byte(), builder);
        optional(cause, node.end_byte(), builder);
    });
}

pub(super) fn delete(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Keyed, "del", node.byte_range(), |builder| {
        for part in parts(node) {
            if part.kind() == "expression_list" {
                parts(part).into_iter().for_each(|part| lower(part, builder));
            } else {
                lower(part, builder);
            }
        }
    });
}

/// A statement of its keyword and values; a `return` without one says so.
pub(super) fn with_values(kind: Kind, keyword: &str, node: Node<'_>, builder: &mut Builder<'_>) {
    let values = parts(node);
    builder.node(kind, keyword, node.byte_range(), |builder| {
        if values.is_empty() && kind != Kind::Keyed {
            builder.absent(node.end_byte());
        }
        values.iter().for_each(|part| lower(*part, builder));
    });
}

/// A statement with a value and perhaps a second.
pub(super) fn with_optional(kind: Kind, node: Node<'_>, builder: &mut Builder<'_>) {
    let values = parts(node);
    builder.node(kind, "", node.byte_range(), |builder| {
        optional(values.first().copied(), node.end_byte(), builder);
        optional(values.get(1).copied(), node.end_byte(), builder);
    });
}

/// `print x` and `exec x` of Python 2 as the calls that they became.
pub(super) fn call_of_old(node: Node<'_>, builder: &mut Builder<'_>) {
    let start = node.start_byte();
    let word = if node.kind() == "print_statement" { "print" } else { "exec" };
    let values = parts(node);
    builder.node(Kind::ExprStatement, "", node.byte_range(), |builder| {
        builder.node(Kind::Call, "", node.byte_range(), |builder| {
            builder.name(word, start..start + word.len());
            let span = values.first().map_or(node.end_byte(), Node::start_byte)..node.end_byte();
            builder.node(Kind::Args, "", span, |builder| {
                let (files, values): (Vec<_>, Vec<_>) =
                    values.iter().partition(|part| part.kind() == "chevron");
                values.into_iter().for_each(|value| lower(value, builder));
                for file in files {
                    builder.node(Kind::Keyword, "file", file.byte_range(), |builder| lower(file, builder));
                }
            });
        });
    });
}

/// The members of a class.
pub(super) fn members(node: Node<'_>, builder: &mut Builder<'_>) {
    for part in parts_and_rescued(node) {
        if matches!(part.kind(), "function_definition" | "decorated_definition") {
            definition::member(part, builder);
            rescued(part).into_iter().for_each(|part| statement(part, builder));
        } else {
            statement(part, builder);
        }
    }
}
