use tree_sitter::Node;

use crate::Kind;
use crate::build::Builder;
use crate::lower::go::{
    all, child_of, definition, each, expression, field, first, is_dots, name, optional, required, types,
};
use crate::lower::tools::text;

/// A statement or declaration, which may become several nodes.
pub(super) fn lower(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    match node.kind() {
        "expression_statement"
        | "send_statement"
        | "inc_statement"
        | "dec_statement"
        | "assignment_statement"
        | "short_var_declaration" => {
            builder.node(Kind::ExprStatement, "", span, |builder| simple(node, builder));
        }
        "block" => {
            builder.node(Kind::Block, "", span, |builder| each(node, |child| lower(child, builder)));
        }
        "statement_list" => each(node, |child| lower(child, builder)),
        "if_statement" => initialised(node, builder, condition),
        "return_statement" => {
            builder.node(Kind::Return, "", span.clone(), |builder| {
                optional(first(node), span.end, builder, expression::list);
            });
        }
        "for_statement" => iteration(node, builder),
        "expression_switch_statement" | "type_switch_statement" | "select_statement" => {
            initialised(node, builder, switch);
        }
        "go_statement" => keyed(node, "go", builder),
        "defer_statement" => keyed(node, "defer", builder),
        "goto_statement" => keyed(node, "goto", builder),
        "fallthrough_statement" => keyed(node, "fallthrough", builder),
        "break_statement" | "continue_statement" => {
            let kind = if node.kind() == "break_statement" { Kind::Break } else { Kind::Continue };
            let label = first(node).map_or("", |label| text(label, builder));
            builder.leaf(kind, label, span);
        }
        "labeled_statement" => label(node, builder),
        "empty_statement" => {}
        "ERROR" => around_error(node, builder),
        _ if definition::lower(node, builder) => {}
        _ if expression::is_expression(node) => {
            builder.node(Kind::ExprStatement, "", span, |builder| expression::lower(node, builder));
        }
        _ => types::lower(node, builder),
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

/// A statement that is an expression: an assignment, a call.
fn simple(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    match node.kind() {
        "assignment_statement" => {
            let operator = field(node, "operator").map_or("", |operator| operator.kind());
            match operator.strip_suffix('=') {
                Some("") | None => assign("", node, builder),
                Some(operator) => {
                    builder.node(Kind::AugmentedAssign, operator, span, |builder| sides(node, builder));
                }
            }
        }
        "short_var_declaration" => assign(":=", node, builder),
        "receive_statement" => match field(node, "left") {
            Some(_) => assign(if child_of(node, ":=").is_some() { ":=" } else { "" }, node, builder),
            None => required(field(node, "right"), node, builder, expression::lower),
        },
        "send_statement" => {
            builder.node(Kind::Binary, "<-", span, |builder| {
                required(field(node, "channel"), node, builder, expression::lower);
                required(field(node, "value"), node, builder, expression::lower);
            });
        }
        "inc_statement" | "dec_statement" => {
            let operator = if node.kind() == "inc_statement" { "p++" } else { "p--" };
            builder.node(Kind::Unary, operator, span, |builder| {
                required(first(node), node, builder, expression::lower);
            });
        }
        "expression_statement" => required(first(node), node, builder, expression::lower),
        _ => expression::lower(node, builder),
    }
}

fn assign(operator: &str, node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Assign, operator, node.byte_range(), |builder| sides(node, builder));
}

fn sides(node: Node<'_>, builder: &mut Builder<'_>) {
    required(field(node, "left"), node, builder, expression::list);
    required(field(node, "right"), node, builder, expression::list);
}

/// A statement, in a block after its initialiser if it has one.
fn initialised(node: Node<'_>, builder: &mut Builder<'_>, rest: impl FnOnce(Node<'_>, &mut Builder<'_>)) {
    let Some(initialiser) = field(node, "initializer") else { return rest(node, builder) };
    builder.node(Kind::Block, "", node.byte_range(), |builder| {
        lower(initialiser, builder);
        rest(node, builder);
    });
}

fn condition(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    builder.node(Kind::If, "", span.clone(), |builder| {
        required(field(node, "condition"), node, builder, expression::lower);
        required(field(node, "consequence"), node, builder, lower);
        optional(field(node, "alternative"), span.end, builder, lower);
    });
}

fn iteration(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    let head = first(node).filter(|head| head.kind() != "block");
    if let Some(range) = head.filter(|head| head.kind() == "range_clause") {
        return for_each(node, range, builder);
    }
    builder.node(Kind::For, "", span.clone(), |builder| {
        match head {
            Some(dots) if is_dots(dots, builder) => {
                name(dots, builder);
                builder.absent(span.start);
                builder.absent(span.start);
            }
            Some(clause) if clause.kind() == "for_clause" => {
                optional(field(clause, "initializer"), span.start, builder, simple);
                optional(field(clause, "condition"), span.start, builder, expression::lower);
                optional(field(clause, "update"), span.start, builder, simple);
            }
            condition => {
                builder.absent(span.start);
                optional(condition, span.start, builder, expression::lower);
                builder.absent(span.start);
            }
        }
        required(field(node, "body"), node, builder, lower);
    });
}

fn for_each(node: Node<'_>, range: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    builder.node(Kind::ForEach, "", span.clone(), |builder| {
        match field(range, "left") {
            Some(left) if child_of(range, ":=").is_some() => {
                builder.node(Kind::VarDef, "", left.byte_range(), |builder| {
                    builder.leaf(Kind::Attributes, "", left.start_byte()..left.start_byte());
                    expression::list(left, builder);
                    builder.absent(left.end_byte());
                    builder.absent(left.end_byte());
                });
            }
            left => optional(left, range.start_byte(), builder, expression::list),
        }
        required(field(range, "right"), range, builder, expression::lower);
        required(field(node, "body"), node, builder, lower);
        builder.absent(span.end);
    });
}

fn switch(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    let kind = if node.kind() == "select_statement" { "select" } else { "" };
    builder.node(Kind::Switch, kind, span.clone(), |builder| {
        if node.kind() == "type_switch_statement" {
            type_subject(node, builder);
        } else {
            optional(field(node, "value"), span.start, builder, expression::lower);
        }
        each(node, |case| {
            if case.kind().ends_with("_case") {
                branch(case, builder);
            }
        });
    });
}

/// `x := y.(type)`, or the part on the right.
fn type_subject(node: Node<'_>, builder: &mut Builder<'_>) {
    let subject = |builder: &mut Builder<'_>| {
        let span = field(node, "value").map_or(node.byte_range(), |value| value.byte_range());
        builder.node(Kind::Other, "type_of", span, |builder| {
            required(field(node, "value"), node, builder, expression::lower);
        });
    };
    let Some(alias) = field(node, "alias") else { return subject(builder) };
    let end = field(node, "value").map_or(alias.end_byte(), |value| value.end_byte());
    builder.node(Kind::Assign, ":=", alias.start_byte()..end, |builder| {
        expression::list(alias, builder);
        subject(builder);
    });
}

fn branch(node: Node<'_>, builder: &mut Builder<'_>) {
    let mut labels = all(node, "value");
    labels.extend(all(node, "type"));
    labels.extend(all(node, "communication"));
    let body = child_of(node, "statement_list");
    if let ([only], None) = (labels.as_slice(), body)
        && is_dots(*only, builder)
    {
        return expression::list(unwrapped(*only), builder);
    }
    let kind = if node.kind() == "default_case" { "default" } else { "" };
    builder.node(Kind::Case, kind, node.byte_range(), |builder| {
        for label in labels {
            match label.kind() {
                "expression_list" => each(label, |part| expression::lower(part, builder)),
                "send_statement" | "receive_statement" => simple(label, builder),
                _ => types::lower(label, builder),
            }
        }
        let span = body.map_or(node.end_byte()..node.end_byte(), |body| body.byte_range());
        builder.node(Kind::Block, "", span, |builder| {
            if let Some(body) = body {
                lower(body, builder);
            }
        });
    });
}

/// What a statement holds that is only an expression.
fn unwrapped(node: Node<'_>) -> Node<'_> {
    if node.kind() == "receive_statement" { first(node).unwrap_or(node) } else { node }
}

fn keyed(node: Node<'_>, keyword: &str, builder: &mut Builder<'_>) {
    builder.node(Kind::Keyed, keyword, node.byte_range(), |builder| {
        each(node, |part| expression::lower(part, builder));
    });
}

fn label(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    let label = field(node, "label");
    let text = label.map_or("", |label| text(label, builder));
    builder.node(Kind::Label, text, span.clone(), |builder| {
        let mut statement = None;
        each(node, |child| {
            if label.map(|label| label.id()) != Some(child.id()) {
                statement = Some(child);
            }
        });
        match statement {
            Some(statement) => lower(statement, builder),
            None => {
                builder.leaf(Kind::Block, "", span.end..span.end);
            }
        }
    });
}

/// The sound parts of what did not parse. The parts of an error can be errors; those nest without limit.
fn around_error(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.leaf(Kind::Broken, "", node.byte_range());
    let mut todo = vec![node];
    while let Some(node) = todo.pop() {
        let kind = node.kind();
        if node.is_error() {
            let start = todo.len();
            each(node, |child| todo.push(child));
            todo.get_mut(start..).unwrap_or_default().reverse();
        } else if kind.ends_with("_statement")
            || kind.ends_with("_declaration")
            || kind == "block"
            || kind == "statement_list"
        {
            lower(node, builder);
        } else if expression::is_expression(node) && node.named_child_count() > 0 {
            builder
                .node(Kind::ExprStatement, "", node.byte_range(), |builder| expression::lower(node, builder));
        }
    }
}
