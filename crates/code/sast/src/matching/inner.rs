use andon_syntax::{Kind, NodeId};

use crate::matching::Source;
use crate::matching::roles::Role;

/// The expressions right inside an expression, as `<... x ...>` looks for them: not in the body of a function
/// or class, or in a type.
pub(super) fn inner(source: &Source<'_>, t: NodeId) -> Vec<NodeId> {
    let tree = &source.tree;
    let children = || tree.children(t);
    let at = |position| tree.child(t, position).into_iter().collect::<Vec<_>>();
    match source.kind(t) {
        Kind::Member | Kind::Attribute => at(0),
        Kind::Cast => at(1),
        Kind::Lambda => at(3)
            .into_iter()
            .filter(|_| !source.language.is_script())
            .flat_map(|body| parts(source, body))
            .collect(),
        Kind::New => at(1).into_iter().chain(at(2)).flat_map(|list| parts(source, list)).collect(),
        Kind::AnonymousClass | Kind::ClassDef | Kind::FunctionDef | Kind::Block => Vec::new(),
        Kind::VarDef => at(3),
        _ => children().flat_map(|child| parts(source, child)).collect(),
    }
}

/// A part itself if it is an expression; what it holds if it is a list.
fn parts(source: &Source<'_>, t: NodeId) -> Vec<NodeId> {
    let tree = &source.tree;
    match source.kind(t) {
        Kind::Absent | Kind::ClassBody | Kind::Block | Kind::XmlText => Vec::new(),
        Kind::Args
        | Kind::Keyword
        | Kind::Pair
        | Kind::XmlAttribute
        | Kind::ComprehensionFor
        | Kind::ComprehensionIf => tree.children(t).flat_map(|child| parts(source, child)).collect(),
        _ if source.role(t) == Role::Expression => vec![t],
        _ => Vec::new(),
    }
}
