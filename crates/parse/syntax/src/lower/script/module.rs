use std::ops::Range;

use tree_sitter::Node;

use super::expression::expression;
use super::{class, field, has_token, literal, optional, other, parts, statement};
use crate::Kind;
use crate::build::Builder;
use crate::lower::tools::text;

/// An import: one node for each clause, all of the whole statement's span up to the module's name.
pub(super) fn import(node: Node<'_>, builder: &mut Builder<'_>) {
    let inner = parts(node);
    let required = inner.iter().copied().find(|part| part.kind() == "import_require_clause");
    let clause = inner.iter().copied().find(|part| part.kind() == "import_clause");
    let source = field(node, "source").or_else(|| required.and_then(|clause| field(clause, "source")));
    let Some(source) = source else { return other(node, builder) };
    let span = node.start_byte()..source.end_byte();
    if let Some(required) = required {
        return all(parts(required).first().copied(), source, span, builder);
    }
    let Some(clause) = clause else {
        builder.node(Kind::Import, "", span.clone(), |builder| {
            literal::string(source, builder);
            builder.absent(span.end);
        });
        return;
    };
    for part in parts(clause) {
        match part.kind() {
            "namespace_import" => all(parts(part).first().copied(), source, span.clone(), builder),
            "named_imports" => from(&parts(part), source, span.clone(), builder),
            _ => default(part, source, span.clone(), builder),
        }
    }
}

fn all(alias: Option<Node<'_>>, source: Node<'_>, span: Range<usize>, builder: &mut Builder<'_>) {
    builder.node(Kind::ImportAll, "", span.clone(), |builder| {
        literal::string(source, builder);
        optional(alias, span.end, builder, expression);
    });
}

fn default(alias: Node<'_>, source: Node<'_>, span: Range<usize>, builder: &mut Builder<'_>) {
    builder.node(Kind::ImportFrom, "", span, |builder| {
        literal::string(source, builder);
        builder.node(Kind::ImportName, "", alias.byte_range(), |builder| {
            builder.leaf(Kind::Name, "default", alias.start_byte()..alias.start_byte());
            expression(alias, builder);
        });
    });
}

fn from(names: &[Node<'_>], source: Node<'_>, span: Range<usize>, builder: &mut Builder<'_>) {
    builder.node(Kind::ImportFrom, "", span, |builder| {
        literal::string(source, builder);
        for name in names {
            specifier(*name, builder);
        }
    });
}

fn specifier(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.node(Kind::ImportName, "", node.byte_range(), |builder| {
        optional(field(node, "name"), node.start_byte(), builder, exported_name);
        optional(field(node, "alias"), node.end_byte(), builder, exported_name);
    });
}

fn exported_name(node: Node<'_>, builder: &mut Builder<'_>) {
    match node.kind() {
        "string" => literal::string(node, builder),
        _ => {
            builder.name(text(node, builder), node.byte_range());
        }
    }
}

/// `import a = b.c`: a constant.
pub(super) fn import_alias(node: Node<'_>, builder: &mut Builder<'_>) {
    let inner = parts(node);
    let (start, end) = (node.start_byte(), node.end_byte());
    builder.node(Kind::VarDef, "const", start..end, |builder| {
        builder.leaf(Kind::Attributes, "", start..start);
        optional(inner.first().copied(), start, builder, expression);
        builder.absent(start);
        optional(inner.get(1).copied(), end, builder, expression);
    });
}

/// An export: what is declared, or the default's value, or the names, after the module where there is one.
pub(super) fn export(node: Node<'_>, builder: &mut Builder<'_>) {
    let label = if has_token(node, "default") {
        "default"
    } else if has_token(node, "*") || parts(node).iter().any(|part| part.kind() == "namespace_export") {
        "*"
    } else {
        ""
    };
    let (decorators, inner): (Vec<_>, Vec<_>) =
        parts(node).into_iter().partition(|part| part.kind() == "decorator");
    let source = field(node, "source");
    builder.node(Kind::Export, label, node.byte_range(), |builder| {
        if let Some(source) = source {
            literal::string(source, builder);
        }
        for part in inner {
            if Some(part) != source {
                exported(part, &decorators, builder);
            }
        }
    });
}

fn exported(node: Node<'_>, decorators: &[Node<'_>], builder: &mut Builder<'_>) {
    match node.kind() {
        "export_clause" => parts(node).into_iter().for_each(|name| specifier(name, builder)),
        "namespace_export" => optional(parts(node).first().copied(), node.end_byte(), builder, exported_name),
        "class_declaration" | "abstract_class_declaration" => class::definition(node, decorators, builder),
        _ if statement::is_statement(node) => statement::statement(node, builder),
        _ => expression(node, builder),
    }
}
