use tree_sitter::Node;

use super::expression::{condition, expression};
use super::{class, field, function, has_token, module, object, optional, other, parts, types};
use crate::Kind;
use crate::build::{Builder, ELLIPSIS};
use crate::lower::tools::text;

/// The statements in a node, each lowered to any number of nodes.
pub(super) fn statements(node: Node<'_>, builder: &mut Builder<'_>) {
    let mut cursor = node.walk();
    for child in node.named_children(&mut cursor) {
        if !child.is_extra() || child.is_error() {
            statement(child, builder);
        }
    }
}

pub(super) fn is_statement(node: Node<'_>) -> bool {
    let kind = node.kind();
    kind.ends_with("_statement")
        || kind.ends_with("_declaration")
        || matches!(
            kind,
            "statement_block" | "function_signature" | "import_alias" | "internal_module" | "module"
        )
}

/// A statement: one node for most, one for each name for a declaration of several, none for an empty one.
pub(super) fn statement(node: Node<'_>, builder: &mut Builder<'_>) {
    match node.kind() {
        "expression_statement" => expression_statement(node, builder),
        "lexical_declaration" | "variable_declaration" | "using_declaration" => declaration(node, builder),
        "return_statement" => valued(Kind::Return, node, builder),
        "if_statement" => if_(node, builder),
        "statement_block" => block(node, builder),
        "function_declaration" | "generator_function_declaration" | "function_signature" => {
            function::definition(node, builder);
        }
        "class_declaration" | "abstract_class_declaration" => class::definition(node, &[], builder),
        "import_statement" => module::import(node, builder),
        "import_alias" => module::import_alias(node, builder),
        "export_statement" => module::export(node, builder),
        "empty_statement" | "hash_bang_line" => {}
        "for_statement" => for_(node, builder),
        "for_in_statement" => for_each(node, builder),
        "while_statement" | "with_statement" | "do_statement" => loop_(node, builder),
        "switch_statement" => switch(node, builder),
        "try_statement" => try_(node, builder),
        "throw_statement" => throw(node, builder),
        "break_statement" => jump(Kind::Break, node, builder),
        "continue_statement" => jump(Kind::Continue, node, builder),
        "labeled_statement" => label(node, builder),
        "debugger_statement" => {
            builder.leaf(Kind::Keyed, "debugger", node.byte_range());
        }
        "interface_declaration" | "enum_declaration" => class::definition(node, &[], builder),
        "type_alias_declaration" => types::alias(node, builder),
        "ambient_declaration" => ambient(node, builder),
        "internal_module" | "module" => namespace(node, builder),
        _ if node.is_error() => broken(node, builder),
        _ => as_statement(node, builder),
    }
}

/// A statement that is one node whatever it is, where the grammar wants one.
pub(super) fn body(node: Node<'_>, builder: &mut Builder<'_>) {
    let many = matches!(
        node.kind(),
        "empty_statement"
            | "lexical_declaration"
            | "variable_declaration"
            | "import_statement"
            | "ambient_declaration"
    );
    if many || node.is_error() {
        builder.node(Kind::Block, "", node.byte_range(), |builder| statement(node, builder));
    } else {
        statement(node, builder);
    }
}

pub(super) fn block(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Block, "", node.byte_range(), |builder| statements(node, builder));
}

fn expression_statement(node: Node<'_>, builder: &mut Builder<'_>) {
    let inner = parts(node);
    // A namespace is an expression to the grammar.
    if let Some(first) = inner.first().filter(|first| first.kind() == "internal_module") {
        return namespace(*first, builder);
    }
    builder.node(Kind::ExprStatement, "", node.byte_range(), |builder| {
        for part in inner {
            expression(part, builder);
        }
    });
}

fn as_statement(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::ExprStatement, "", node.byte_range(), |builder| expression(node, builder));
}

/// What is sound inside code that does not parse.
fn broken(node: Node<'_>, builder: &mut Builder<'_>) {
    let inner = parts(node);
    if inner.is_empty() {
        builder.leaf(Kind::Broken, "", node.byte_range());
    }
    for part in inner {
        if is_statement(part) || part.is_error() {
            builder.node(Kind::Block, "", part.byte_range(), |builder| statement(part, builder));
        } else if class::is_member(part) {
            class::member(part, &[], builder);
        } else {
            builder.node(Kind::ExprStatement, "", part.byte_range(), |builder| super::any(part, builder));
        }
    }
}

fn declaration(node: Node<'_>, builder: &mut Builder<'_>) {
    let keyword = keyword(node);
    for part in parts(node) {
        if part.kind() == "variable_declarator" {
            let span = node.start_byte()..part.end_byte();
            builder.node(Kind::VarDef, keyword, span, |builder| {
                builder.leaf(Kind::Attributes, "", node.start_byte()..node.start_byte());
                let at = part.end_byte();
                optional(field(part, "name"), at, builder, object::target);
                optional(field(part, "type"), at, builder, types::annotation);
                optional(field(part, "value"), at, builder, expression);
            });
        } else {
            statement(part, builder);
        }
    }
}

/// The keyword of a declaration; `using` makes a constant.
fn keyword(node: Node<'_>) -> &'static str {
    match node.child(0).map(|first| first.kind()) {
        Some("var") => "var",
        Some("let") => "let",
        _ => "const",
    }
}

fn valued(kind: Kind, node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(kind, "", node.byte_range(), |builder| {
        optional(parts(node).first().copied(), node.end_byte(), builder, expression);
    });
}

fn throw(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Throw, "", node.byte_range(), |builder| {
        optional(parts(node).first().copied(), node.end_byte(), builder, expression);
        builder.absent(node.end_byte());
    });
}

fn jump(kind: Kind, node: Node<'_>, builder: &mut Builder<'_>) {
    let label = field(node, "label").map_or("", |label| text(label, builder));
    builder.leaf(kind, label, node.byte_range());
}

fn label(node: Node<'_>, builder: &mut Builder<'_>) {
    let name = field(node, "label").map_or("", |label| text(label, builder));
    builder.node(Kind::Label, name, node.byte_range(), |builder| {
        optional(field(node, "body"), node.end_byte(), builder, body);
    });
}

fn if_(node: Node<'_>, builder: &mut Builder<'_>) {
    let at = node.end_byte();
    builder.node(Kind::If, "", node.byte_range(), |builder| {
        optional(field(node, "condition"), at, builder, condition);
        optional(field(node, "consequence"), at, builder, body);
        let alternative = field(node, "alternative").and_then(|clause| parts(clause).first().copied());
        optional(alternative, at, builder, body);
    });
}

fn loop_(node: Node<'_>, builder: &mut Builder<'_>) {
    let at = node.end_byte();
    let (test, inner) = (field(node, "condition"), field(node, "body"));
    match node.kind() {
        "do_statement" => builder.node(Kind::DoWhile, "", node.byte_range(), |builder| {
            optional(inner, at, builder, body);
            optional(test, at, builder, condition);
        }),
        "while_statement" => builder.node(Kind::While, "", node.byte_range(), |builder| {
            optional(test, at, builder, condition);
            optional(inner, at, builder, body);
            builder.absent(at);
        }),
        _ => builder.node(Kind::With, "", node.byte_range(), |builder| {
            let object = field(node, "object");
            builder.node(
                Kind::WithItem,
                "",
                object.map_or(at..at, |object| object.byte_range()),
                |builder| {
                    optional(object, at, builder, condition);
                    builder.absent(at);
                },
            );
            optional(inner, at, builder, body);
        }),
    };
}

fn for_(node: Node<'_>, builder: &mut Builder<'_>) {
    let at = node.end_byte();
    let mut cursor = node.walk();
    let condition = node
        .children_by_field_name("condition", &mut cursor)
        .find(|part| part.is_named() && part.kind() != "empty_statement");
    builder.node(Kind::For, "", node.byte_range(), |builder| {
        let init = field(node, "initializer").filter(|init| init.kind() != "empty_statement");
        optional(init.filter(|init| init.is_named()), at, builder, for_init);
        optional(condition, at, builder, unwrapped);
        optional(field(node, "increment"), at, builder, unwrapped);
        optional(field(node, "body"), at, builder, body);
    });
}

fn for_init(node: Node<'_>, builder: &mut Builder<'_>) {
    if !matches!(node.kind(), "lexical_declaration" | "variable_declaration") {
        unwrapped(node, builder);
    } else if node.named_child_count() == 1 {
        declaration(node, builder);
    } else {
        builder.node(Kind::Block, "", node.byte_range(), |builder| declaration(node, builder));
    }
}

/// An expression that may be wrapped as a statement.
fn unwrapped(node: Node<'_>, builder: &mut Builder<'_>) {
    match parts(node).first() {
        Some(inner) if node.kind() == "expression_statement" => expression(*inner, builder),
        _ => expression(node, builder),
    }
}

fn for_each(node: Node<'_>, builder: &mut Builder<'_>) {
    let at = node.end_byte();
    let operator =
        if field(node, "operator").is_some_and(|token| token.kind() == "in") { "in" } else { "of" };
    builder.node(Kind::ForEach, operator, node.byte_range(), |builder| {
        optional(field(node, "left"), at, builder, |left, builder| match field(node, "kind") {
            Some(word) => for_target(word, left, builder),
            None => object::target(left, builder),
        });
        optional(field(node, "right"), at, builder, expression);
        optional(field(node, "body"), at, builder, body);
        builder.absent(at);
    });
}

fn for_target(word: Node<'_>, left: Node<'_>, builder: &mut Builder<'_>) {
    let keyword = match word.kind() {
        "var" => "var",
        "let" => "let",
        _ => "const",
    };
    let end = left.end_byte();
    builder.node(Kind::VarDef, keyword, word.start_byte()..end, |builder| {
        builder.leaf(Kind::Attributes, "", word.start_byte()..word.start_byte());
        object::target(left, builder);
        builder.absent(end);
        builder.absent(end);
    });
}

fn switch(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Switch, "", node.byte_range(), |builder| {
        optional(field(node, "value"), node.end_byte(), builder, condition);
        for case in field(node, "body").map(parts).unwrap_or_default() {
            branch(case, builder);
        }
    });
}

fn branch(node: Node<'_>, builder: &mut Builder<'_>) {
    let value = field(node, "value");
    if is_dots(value, builder) {
        builder.leaf(Kind::Ellipsis, "", node.byte_range());
        return;
    }
    if !matches!(node.kind(), "switch_case" | "switch_default") {
        return other(node, builder);
    }
    let label = if node.kind() == "switch_default" { "default" } else { "" };
    let inner: Vec<_> = parts(node).into_iter().filter(|part| Some(*part) != value).collect();
    builder.node(Kind::Case, label, node.byte_range(), |builder| {
        if let Some(value) = value {
            expression(value, builder);
        }
        let end = node.end_byte();
        let span = inner.first().map_or(end..end, |first| first.start_byte()..end);
        builder.node(Kind::Block, "", span, |builder| {
            for part in inner {
                statement(part, builder);
            }
        });
    });
}

/// Whether a part of a pattern says that anything may stand in place of the whole.
fn is_dots(part: Option<Node<'_>>, builder: &Builder<'_>) -> bool {
    builder.is_pattern && part.is_some_and(|part| text(part, builder) == ELLIPSIS)
}

fn try_(node: Node<'_>, builder: &mut Builder<'_>) {
    let at = node.end_byte();
    builder.node(Kind::Try, "", node.byte_range(), |builder| {
        builder.absent(node.start_byte());
        optional(field(node, "body"), at, builder, block);
        if let Some(handler) = field(node, "handler") {
            catch(handler, builder);
        }
        builder.absent(at);
        let finalizer = field(node, "finalizer").and_then(|clause| field(clause, "body"));
        optional(finalizer, at, builder, block);
    });
}

fn catch(node: Node<'_>, builder: &mut Builder<'_>) {
    let at = node.end_byte();
    let parameter = field(node, "parameter");
    if is_dots(parameter, builder) {
        builder.leaf(Kind::Ellipsis, "", node.byte_range());
        return;
    }
    builder.node(Kind::Catch, "", node.byte_range(), |builder| {
        optional(field(node, "type"), node.start_byte(), builder, types::annotation);
        optional(parameter, node.start_byte(), builder, object::target);
        optional(field(node, "body"), at, builder, block);
    });
}

/// `declare …`: what is declared.
fn ambient(node: Node<'_>, builder: &mut Builder<'_>) {
    if !has_token(node, "declare") {
        return other(node, builder);
    }
    for part in parts(node) {
        if is_statement(part) {
            statement(part, builder);
        } else {
            other(part, builder);
        }
    }
}

fn namespace(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::Keyed, "namespace", node.byte_range(), |builder| {
        optional(field(node, "name"), node.start_byte(), builder, expression);
        optional(field(node, "body"), node.end_byte(), builder, block);
    });
}
