use tree_sitter::Node;

use crate::Kind;
use crate::build::Builder;
use crate::lower::java::{UNTYPED, each, expression, field};
use crate::lower::tools::text;

/// A type; what is none is lowered as an expression would be.
pub(super) fn lower(node: Node<'_>, builder: &mut Builder<'_>) {
    let span = node.byte_range();
    match node.kind() {
        "type_identifier" if builder.is_pattern && text(node, builder) == UNTYPED => {
            builder.absent(span.start);
        }
        "type_identifier" => {
            builder.name(text(node, builder), span);
        }
        "integral_type" | "floating_point_type" | "boolean_type" | "void_type" => {
            builder.leaf(Kind::Name, text(node, builder), span);
        }
        "scoped_type_identifier" => {
            builder.node(Kind::Member, "", span, |builder| without_annotations(node, builder));
        }
        "generic_type" => {
            builder.node(Kind::GenericType, "", span, |builder| {
                each(node, |child| match child.kind() {
                    "type_arguments" => each(child, |argument| lower(argument, builder)),
                    _ => lower(child, builder),
                });
            });
        }
        "array_type" => {
            let dimensions = field(node, "dimensions").map_or(0, dimensions);
            arrays(dimensions, span, builder, |builder| {
                if let Some(element) = field(node, "element") {
                    lower(element, builder);
                }
            });
        }
        "annotated_type" => without_annotations(node, builder),
        "super" => {
            builder.leaf(Kind::Super, "", span);
        }
        "wildcard" => {
            builder.node(Kind::Other, "wildcard", span, |builder| without_annotations(node, builder));
        }
        _ => expression::other(node, builder),
    }
}

/// The type of a variable whose name may have brackets after it.
pub(super) fn of_variable(node: Option<Node<'_>>, named: Node<'_>, builder: &mut Builder<'_>) {
    let Some(node) = node else {
        builder.absent(named.start_byte());
        return;
    };
    let count = field(named, "dimensions").map_or(0, dimensions);
    arrays(count, node.byte_range(), builder, |builder| lower(node, builder));
}

/// `count` array types around a type.
pub(super) fn arrays(
    count: usize,
    span: std::ops::Range<usize>,
    builder: &mut Builder<'_>,
    element: impl FnOnce(&mut Builder<'_>),
) {
    around(count, span, builder, Box::new(element));
}

/// How many pairs of brackets there are.
pub(super) fn dimensions(node: Node<'_>) -> usize {
    let mut cursor = node.walk();
    node.children(&mut cursor).filter(|child| child.kind() == "[").count()
}

fn around<'b>(
    count: usize,
    span: std::ops::Range<usize>,
    builder: &mut Builder<'b>,
    element: Box<dyn FnOnce(&mut Builder<'b>) + '_>,
) {
    if count == 0 {
        return element(builder);
    }
    builder.node(Kind::ArrayType, "", span.clone(), |builder| {
        around(count - 1, span.clone(), builder, element);
        builder.absent(span.end);
    });
}

fn without_annotations(node: Node<'_>, builder: &mut Builder<'_>) {
    each(node, |child| {
        if !matches!(child.kind(), "annotation" | "marker_annotation") {
            lower(child, builder);
        }
    });
}
