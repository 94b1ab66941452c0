use tree_sitter::Node;

use crate::Kind;
use crate::build::Builder;
use crate::lower::java::{child_of, definition, each, expression, field, optional, required, types};
use crate::lower::tools::text;

/// The variables of a declaration, each a definition of its own that begins where the declaration does.
pub(super) fn declared(node: Node<'_>, kind: &str, builder: &mut Builder<'_>) {
    let mut cursor = node.walk();
    let count = node.children_by_field_name("declarator", &mut cursor).count();
    let mut at = 0;
    each(node, |child| {
        if child.kind() != "variable_declarator" {
            return;
        }
        at += 1;
        let end = if at == count { node.end_byte() } else { child.end_byte() };
        builder.node(Kind::VarDef, kind, node.start_byte()..end, |builder| parts(node, child, builder));
    });
}

/// A variable without more than one name: a resource, the variable of a loop, of a pattern.
pub(super) fn single(node: Node<'_>, value: Option<Node<'_>>, builder: &mut Builder<'_>) {
    let span = match (field(node, "type"), field(node, "name"), value) {
        (Some(first), Some(last), None) => first.start_byte()..last.end_byte(),
        _ => node.byte_range(),
    };
    builder.node(Kind::VarDef, "", span.clone(), |builder| {
        definition::attributes(node, builder);
        required(field(node, "name"), node, builder, name);
        types::of_variable(field(node, "type"), node, builder);
        optional(value, span.end, builder, expression::lower);
    });
}

/// A variable that a pattern binds: `T x`.
pub(super) fn bound(kind: Option<Node<'_>>, named: Node<'_>, builder: &mut Builder<'_>) {
    let start = kind.map_or(named.start_byte(), |kind| kind.start_byte());
    builder.node(Kind::VarDef, "", start..named.end_byte(), |builder| {
        builder.leaf(Kind::Attributes, "", start..start);
        name(named, builder);
        types::of_variable(kind, named, builder);
        builder.absent(named.end_byte());
    });
}

/// The name of what is defined.
pub(super) fn name(node: Node<'_>, builder: &mut Builder<'_>) {
    builder.name(text(node, builder), node.byte_range());
}

/// The parameters of a method or record, which may not be there.
pub(super) fn parameters(node: Option<Node<'_>>, at: usize, builder: &mut Builder<'_>) {
    let Some(node) = node else {
        builder.leaf(Kind::Params, "", at..at);
        return;
    };
    builder.node(Kind::Params, "", node.byte_range(), |builder| match node.kind() {
        "formal_parameters" | "inferred_parameters" => each(node, |child| parameter(child, builder)),
        _ => parameter(node, builder),
    });
}

fn parts(declaration: Node<'_>, declarator: Node<'_>, builder: &mut Builder<'_>) {
    definition::attributes(declaration, builder);
    required(field(declarator, "name"), declarator, builder, name);
    types::of_variable(field(declaration, "type"), declarator, builder);
    optional(field(declarator, "value"), declarator.end_byte(), builder, expression::lower);
}

fn parameter(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    match node.kind() {
        "formal_parameter" => {
            builder.node(Kind::Param, "", span.clone(), |builder| {
                definition::attributes(node, builder);
                required(field(node, "name"), node, builder, name);
                types::of_variable(field(node, "type"), node, builder);
                builder.absent(span.end);
            });
        }
        "spread_parameter" => spread(node, builder),
        "receiver_parameter" => receiver(node, builder),
        "identifier" => {
            builder.node(Kind::Param, "", span.clone(), |builder| {
                builder.leaf(Kind::Attributes, "", span.start..span.start);
                name(node, builder);
                builder.absent(span.end);
                builder.absent(span.end);
            });
        }
        _ => {
            builder.leaf(Kind::Broken, "", span);
        }
    }
}

fn spread(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    let declarator = child_of(node, "variable_declarator");
    builder.node(Kind::Param, "*", span.clone(), |builder| {
        definition::attributes(node, builder);
        let named = declarator.and_then(|declarator| field(declarator, "name"));
        required(named, node, builder, name);
        types::of_variable(type_of(node), declarator.unwrap_or(node), builder);
        builder.absent(span.end);
    });
}

fn receiver(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    builder.node(Kind::Param, "", span.clone(), |builder| {
        builder.leaf(Kind::Attributes, "", span.start..span.start);
        builder.leaf(Kind::This, "", span.end..span.end);
        types::of_variable(type_of(node), node, builder);
        builder.absent(span.end);
    });
}

/// The type where the grammar does not name it: the first part that is no modifier.
fn type_of(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).find(|child| {
        !matches!(
            child.kind(),
            "modifiers" | "annotation" | "marker_annotation" | "line_comment" | "block_comment"
        )
    })
}
