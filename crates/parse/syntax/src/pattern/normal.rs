use crate::build::{Builder, DEEP};
use crate::{Kind, NodeId, Symbols, Tree};

/// A pattern's tree with its holes where a matcher looks for them: what only wraps an ellipsis gives way to it, and the
/// stand-in call for `<... x ...>` becomes the node it stands for.
pub(super) fn normalise(tree: &Tree, symbols: &mut Symbols) -> Tree {
    let deep = symbols.find(DEEP);
    let mut builder = Builder::new("", symbols, true);
    copy(tree, tree.root(), deep, &mut builder);
    builder.finish().0
}

fn copy(tree: &Tree, id: NodeId, deep: Option<crate::Symbol>, builder: &mut Builder<'_>) {
    if let Some(hole) = wrapped_ellipsis(tree, id) {
        return copy(tree, hole, deep, builder);
    }
    if let Some(inner) = deep_inner(tree, id, deep) {
        builder.node(Kind::DeepEllipsis, "", tree.span(id), |builder| copy(tree, inner, deep, builder));
        return;
    }
    let text = builder.symbols.text(tree.text(id)).to_owned();
    builder.node(tree.kind(id), &text, tree.span(id), |builder| {
        for child in tree.children(id) {
            copy(tree, child, deep, builder);
        }
    });
}

/// The ellipsis or ellipsis metavariable that is all there is in a statement, parameter, member, field or the like.
fn wrapped_ellipsis(tree: &Tree, id: NodeId) -> Option<NodeId> {
    let position = match tree.kind(id) {
        Kind::ExprStatement | Kind::SuperType | Kind::ImportName | Kind::TypeAlias => 0,
        Kind::XmlAttribute if tree.text(id) == crate::Symbol::EMPTY => 0,
        Kind::Param | Kind::VarDef => 1,
        Kind::Pair => 0,
        _ => return None,
    };
    let is_hole = |id: NodeId| matches!(tree.kind(id), Kind::Ellipsis | Kind::MetavariableEllipsis);
    let rest_is_empty = |inner: NodeId| {
        tree.children(id).all(|child| {
            child == inner
                || tree.kind(child) == Kind::Absent
                || is_hole(child)
                || (tree.kind(child) == Kind::Attributes && tree.child(child, 0).is_none())
        })
    };
    tree.child(id, position).filter(|inner| is_hole(*inner) && rest_is_empty(*inner))
}

/// The expression inside the call that stands for `<... x ...>`.
fn deep_inner(tree: &Tree, id: NodeId, deep: Option<crate::Symbol>) -> Option<NodeId> {
    if tree.kind(id) != Kind::Call {
        return None;
    }
    let callee = tree.child(id, 0).filter(|callee| tree.kind(*callee) == Kind::Name)?;
    if Some(tree.text(callee)) != deep {
        return None;
    }
    tree.child(tree.child(id, 1)?, 0)
}
