use tree_sitter::Node;

use crate::Kind;
use crate::build::Builder;
use crate::lower::java::{
    DOTS_CASE, PARTIAL, child_of, definition, each, expression, field, first, optional, required, types,
    variable,
};
use crate::lower::tools::text;

/// The statements or members that are a node's children.
pub(super) fn list(node: Node<'_>, builder: &mut Builder<'_>) {
    each(node, |child| lower(child, builder));
}

/// A statement or member, which may become several nodes.
pub(super) fn lower(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    match node.kind() {
        "expression_statement" => {
            builder.node(Kind::ExprStatement, "", span, |builder| {
                required(first(node), node, builder, expression::lower);
            });
        }
        "local_variable_declaration" => variable::declared(node, "", builder),
        "field_declaration" | "constant_declaration" => variable::declared(node, "field", builder),
        "block" | "constructor_body" => {
            builder.node(Kind::Block, "", span, |builder| list(node, builder));
        }
        "if_statement" => {
            builder.node(Kind::If, "", span.clone(), |builder| {
                required(field(node, "condition"), node, builder, expression::lower);
                required(field(node, "consequence"), node, builder, lower);
                optional(field(node, "alternative"), span.end, builder, lower);
            });
        }
        "return_statement" => {
            builder.node(Kind::Return, "", span.clone(), |builder| {
                optional(first(node), span.end, builder, expression::lower);
            });
        }
        "throw_statement" => {
            builder.node(Kind::Throw, "", span.clone(), |builder| {
                required(first(node), node, builder, expression::lower);
                builder.absent(span.end);
            });
        }
        "import_declaration" => import(node, builder),
        "package_declaration" => package(node, builder),
        "try_statement" | "try_with_resources_statement" => attempt(node, builder),
        "switch_expression" => switch(node, builder),
        "explicit_constructor_invocation" => constructor_call(node, builder),
        "ERROR" => around_error(node, builder),
        // An empty statement.
        ";" => {
            builder.leaf(Kind::Block, "", span);
        }
        _ if definition::lower(node, builder) || jump_or_loop(node, builder) => {}
        _ if expression::is_expression(node) => {
            builder.node(Kind::ExprStatement, "", span, |builder| expression::lower(node, builder));
        }
        _ => expression::other(node, builder),
    }
}

/// A part of which it is not known what it is.
pub(super) fn any(node: Node<'_>, builder: &mut Builder<'_>) {
    let kind = node.kind();
    if kind.ends_with("_statement") || kind.ends_with("_declaration") || kind == "block" {
        lower(node, builder);
    } else {
        expression::lower(node, builder);
    }
}

/// `switch`, which is an expression as well.
pub(super) fn switch(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Switch, "", node.byte_range(), |builder| {
        required(field(node, "condition"), node, builder, expression::lower);
        if let Some(body) = field(node, "body") {
            each(body, |case| branch(case, builder));
        }
    });
}

/// What a case or `instanceof` takes apart.
pub(super) fn case_pattern(node: Node<'_>, builder: &mut Builder<'_>) {
    match node.kind() {
        "pattern" => each(node, |child| case_pattern(child, builder)),
        "type_pattern" | "record_pattern_component" => match (node.named_child(0), last(node)) {
            (Some(kind), Some(name)) if kind.id() != name.id() => variable::bound(Some(kind), name, builder),
            _ => expression::other(node, builder),
        },
        "record_pattern" => {
            builder.node(Kind::Other, "record_pattern", node.byte_range(), |builder| {
                each(node, |child| match child.kind() {
                    "record_pattern_body" => each(child, |part| case_pattern(part, builder)),
                    _ => expression::lower(child, builder),
                });
            });
        }
        "guard" => {
            builder.node(Kind::Other, "guard", node.byte_range(), |builder| {
                required(first(node), node, builder, expression::lower);
            });
        }
        _ => expression::lower(node, builder),
    }
}

/// Types joined by `&` or `|`.
pub(super) fn joined(kinds: &[Node<'_>], operator: &str, parent: Node<'_>, builder: &mut Builder<'_>) {
    match kinds {
        [] => required(None, parent, builder, types::lower),
        [only] => types::lower(*only, builder),
        [rest @ .., last] => {
            let start = rest.first().map_or(last.start_byte(), |first| first.start_byte());
            builder.node(Kind::Binary, operator, start..last.end_byte(), |builder| {
                joined(rest, operator, parent, builder);
                types::lower(*last, builder);
            });
        }
    }
}

/// The sound parts of what did not parse. The parts of an error can be errors; those nest without limit.
fn around_error(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.leaf(Kind::Broken, "", node.byte_range());
    let mut todo = vec![node];
    while let Some(node) = todo.pop() {
        if node.is_error() {
            let start = todo.len();
            each(node, |child| todo.push(child));
            todo.get_mut(start..).unwrap_or_default().reverse();
        } else if is_whole(node) {
            lower(node, builder);
        } else if expression::is_expression(node) && node.named_child_count() > 0 {
            builder
                .node(Kind::ExprStatement, "", node.byte_range(), |builder| expression::lower(node, builder));
        }
    }
}

fn is_whole(node: Node<'_>) -> bool {
    let kind = node.kind();
    kind.ends_with("_statement")
        || kind.ends_with("_declaration")
        || matches!(kind, "block" | "static_initializer" | "explicit_constructor_invocation")
}

fn branch(node: Node<'_>, builder: &mut Builder<'_>) {
    let is_arrow = node.kind() == "switch_rule";
    if !is_arrow && node.kind() != "switch_block_statement_group" {
        return lower(node, builder);
    }
    if builder.is_pattern && text(node, builder) == DOTS_CASE {
        builder.leaf(Kind::Ellipsis, "", node.byte_range());
        return;
    }
    let kind = match (is_default(node), is_arrow) {
        (true, _) => "default",
        (false, true) => "->",
        (false, false) => "",
    };
    builder.node(Kind::Case, kind, node.byte_range(), |builder| {
        each(node, |child| {
            if child.kind() == "switch_label" {
                each(child, |label| case_pattern(label, builder));
            }
        });
        branch_body(node, builder);
    });
}

fn branch_body(node: Node<'_>, builder: &mut Builder<'_>) {
    let mut cursor = node.walk();
    let mut body = node.named_children(&mut cursor).filter(|child| child.kind() != "switch_label");
    let start = body.next().map_or(node.end_byte(), |first| first.start_byte());
    if let Some(block) = child_of(node, "block").filter(|_| node.kind() == "switch_rule") {
        return lower(block, builder);
    }
    builder.node(Kind::Block, "", start..node.end_byte(), |builder| {
        each(node, |child| {
            if child.kind() != "switch_label" {
                lower(child, builder);
            }
        });
    });
}

fn is_default(node: Node<'_>) -> bool {
    let mut cursor = node.walk();
    let mut labels = node.named_children(&mut cursor).filter(|child| child.kind() == "switch_label");
    labels.any(|label| label.child(0).is_some_and(|keyword| keyword.kind() == "default"))
}

fn attempt(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    builder.node(Kind::Try, "", span.clone(), |builder| {
        optional(field(node, "resources"), span.start, builder, resources);
        required(field(node, "body"), node, builder, lower);
        let mut is_partial = false;
        each(node, |child| {
            if child.kind() == "catch_clause" {
                is_partial |= handler(child, builder);
            }
        });
        if is_partial {
            builder.leaf(Kind::Ellipsis, "", span.end..span.end);
            builder.leaf(Kind::Ellipsis, "", span.end..span.end);
            return;
        }
        builder.absent(span.end);
        optional(child_of(node, "finally_clause"), span.end, builder, |last, builder| {
            required(child_of(last, "block"), last, builder, lower);
        });
    });
}

fn resources(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Block, "", node.byte_range(), |builder| {
        each(node, |resource| match field(resource, "value") {
            Some(value) => variable::single(resource, Some(value), builder),
            None => {
                builder.node(Kind::ExprStatement, "", resource.byte_range(), |builder| {
                    required(first(resource), resource, builder, expression::lower);
                });
            }
        });
    });
}

/// A handler; whether it stands for those that a pattern leaves out.
fn handler(node: Node<'_>, builder: &mut Builder<'_>) -> bool {
    let parameter = child_of(node, "catch_formal_parameter");
    let mut kinds = Vec::new();
    if let Some(list) = parameter.and_then(|parameter| child_of(parameter, "catch_type")) {
        each(list, |kind| kinds.push(kind));
    }
    if builder.is_pattern && kinds.first().is_some_and(|kind| text(*kind, builder) == PARTIAL) {
        builder.leaf(Kind::Ellipsis, "", node.byte_range());
        return true;
    }
    builder.node(Kind::Catch, "", node.byte_range(), |builder| {
        joined(&kinds, "|", node, builder);
        let name = parameter.and_then(|parameter| field(parameter, "name"));
        optional(name, node.start_byte(), builder, variable::name);
        required(field(node, "body"), node, builder, lower);
    });
    false
}

fn import(node: Node<'_>, builder: &mut Builder<'_>) {
    let kind = if child_of(node, "asterisk").is_some() { Kind::ImportAll } else { Kind::Import };
    let text = if child_of(node, "static").is_some() { "static" } else { "" };
    builder.node(kind, text, node.byte_range(), |builder| {
        required(first(node), node, builder, expression::lower);
        builder.absent(node.end_byte());
    });
}

fn package(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Package, "", node.byte_range(), |builder| {
        required(last(node), node, builder, expression::lower);
    });
}

fn constructor_call(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    builder.node(Kind::ExprStatement, "", span.clone(), |builder| {
        builder.node(Kind::Call, "", span.clone(), |builder| {
            let callee = field(node, "constructor");
            match (field(node, "object"), callee) {
                (Some(object), Some(callee)) => {
                    builder.node(Kind::Member, "", object.start_byte()..callee.end_byte(), |builder| {
                        expression::lower(object, builder);
                        expression::lower(callee, builder);
                    });
                }
                _ => required(callee, node, builder, expression::lower),
            }
            expression::arguments(field(node, "arguments"), span.end, builder);
        });
    });
}

/// Loops, jumps and other statements; whether it was one.
fn jump_or_loop(node: Node<'_>, builder: &mut Builder<'_>) -> bool {
    let span = node.byte_range();
    match node.kind() {
        "enhanced_for_statement" => for_each(node, builder),
        "for_statement" => counted(node, builder),
        "while_statement" => {
            builder.node(Kind::While, "", span.clone(), |builder| {
                required(field(node, "condition"), node, builder, expression::lower);
                required(field(node, "body"), node, builder, lower);
                builder.absent(span.end);
            });
        }
        "do_statement" => {
            builder.node(Kind::DoWhile, "", span, |builder| {
                required(field(node, "body"), node, builder, lower);
                required(field(node, "condition"), node, builder, expression::lower);
            });
        }
        "break_statement" | "continue_statement" => {
            let kind = if node.kind() == "break_statement" { Kind::Break } else { Kind::Continue };
            let label = first(node).map_or("", |label| text(label, builder));
            builder.leaf(kind, label, span);
        }
        "labeled_statement" => {
            let label = first(node).map_or("", |label| text(label, builder));
            builder.node(Kind::Label, label, span, |builder| {
                required(node.child(node.child_count().saturating_sub(1)), node, builder, lower);
            });
        }
        "synchronized_statement" => {
            builder.node(Kind::Keyed, "synchronized", span, |builder| {
                required(child_of(node, "parenthesized_expression"), node, builder, expression::lower);
                required(field(node, "body"), node, builder, lower);
            });
        }
        "yield_statement" => {
            builder.node(Kind::Keyed, "yield", span, |builder| {
                required(first(node), node, builder, expression::lower);
            });
        }
        "static_initializer" => {
            builder.node(Kind::Keyed, "static", span, |builder| {
                required(child_of(node, "block"), node, builder, lower);
            });
        }
        "assert_statement" => {
            let message =
                last(node).filter(|message| first(node).map(|only| only.id()) != Some(message.id()));
            builder.node(Kind::Assert, "", span.clone(), |builder| {
                required(first(node), node, builder, expression::lower);
                optional(message, span.end, builder, expression::lower);
            });
        }
        _ => return false,
    }
    true
}

fn for_each(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::ForEach, "", node.byte_range(), |builder| {
        variable::single(node, None, builder);
        required(field(node, "value"), node, builder, expression::lower);
        required(field(node, "body"), node, builder, lower);
        builder.absent(node.end_byte());
    });
}

fn counted(node: Node<'_>, builder: &mut Builder<'_>) {
    let at = node.start_byte();
    builder.node(Kind::For, "", node.byte_range(), |builder| {
        match field(node, "init").filter(|init| init.kind() == "local_variable_declaration") {
            Some(init) if child_count(init, "variable_declarator") == 1 => lower(init, builder),
            Some(init) => {
                builder.node(Kind::Block, "", init.byte_range(), |builder| lower(init, builder));
            }
            None => several(node, "init", at, builder),
        }
        optional(field(node, "condition"), at, builder, expression::lower);
        several(node, "update", at, builder);
        required(field(node, "body"), node, builder, lower);
    });
}

/// Expressions with commas between, in the head of a loop.
fn several(node: Node<'_>, name: &str, at: usize, builder: &mut Builder<'_>) {
    let mut cursor = node.walk();
    let all: Vec<_> = node.children_by_field_name(name, &mut cursor).filter(Node::is_named).collect();
    match all.as_slice() {
        [] => {
            builder.absent(at);
        }
        [only] => expression::lower(*only, builder),
        [first, .., last] => {
            builder.node(Kind::Sequence, "", first.start_byte()..last.end_byte(), |builder| {
                for each in &all {
                    expression::lower(*each, builder);
                }
            });
        }
    }
}

fn child_count(node: Node<'_>, kind: &str) -> usize {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| child.kind() == kind).count()
}

/// The last named child that is not a comment.
fn last(node: Node<'_>) -> Option<Node<'_>> {
    let mut found = None;
    each(node, |child| found = Some(child));
    found
}
