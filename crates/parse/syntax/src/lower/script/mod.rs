//! JavaScript, TypeScript and their dialects with JSX. Parentheses vanish; `undefined` is a name; a string as the key of
//! an object or class is a name too, since `{"a": 1}` is `{a: 1}`.

mod attempts;
mod class;
mod expression;
mod function;
mod holes;
mod jsx;
mod literal;
mod module;
mod object;
mod statement;
mod types;

use tree_sitter::Node;

use crate::Kind;
use crate::build::Builder;
use crate::lower::Lowering;
use crate::pattern::Attempt;

#[expect(clippy::enum_variant_names, reason = "the languages are called so")]
pub(super) enum Script {
    JavaScript,
    TypeScript,
    Tsx,
}

impl Lowering for Script {
    fn grammar(&self) -> tree_sitter::Language {
        match self {
            Self::JavaScript => tree_sitter_javascript::LANGUAGE.into(),
            Self::TypeScript => tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
            Self::Tsx => tree_sitter_typescript::LANGUAGE_TSX.into(),
        }
    }

    fn file(&self, root: Node<'_>, builder: &mut Builder<'_>) {
        if root.is_error() {
            statement::statement(root, builder);
        } else {
            statement::statements(root, builder);
        }
    }

    fn attempts(&self, pattern: &str) -> Vec<Attempt> {
        attempts::attempts(pattern, !matches!(self, Self::TypeScript))
    }
}

/// A node's named children without comments; with those that hold errors.
fn parts<'t>(node: Node<'t>) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor).filter(|child| !child.is_extra() || child.is_error()).collect()
}

fn field<'t>(node: Node<'t>, name: &str) -> Option<Node<'t>> {
    node.child_by_field_name(name)
}

/// Whether a node has this token right below it.
fn has_token(node: Node<'_>, token: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor).any(|child| !child.is_named() && child.kind() == token)
}

/// A child that may be missing.
fn optional<'s>(
    node: Option<Node<'_>>,
    at: usize,
    builder: &mut Builder<'s>,
    lower: impl FnOnce(Node<'_>, &mut Builder<'s>),
) {
    match node {
        Some(node) => lower(node, builder),
        None => {
            builder.absent(at);
        }
    }
}

/// What has no kind of its own.
fn other(node: Node<'_>, builder: &mut Builder<'_>) {
    let name = if node.is_error() { "error" } else { node.kind() };
    builder.node(Kind::Other, name, node.byte_range(), |builder| {
        for part in parts(node) {
            any(part, builder);
        }
    });
}

/// A node that may stand for anything.
fn any(node: Node<'_>, builder: &mut Builder<'_>) {
    if statement::is_statement(node) {
        statement::statement(node, builder);
    } else if types::is_type(node) {
        types::type_(node, builder);
    } else if class::is_member(node) {
        class::member(node, &[], builder);
    } else {
        expression::expression(node, builder);
    }
}
