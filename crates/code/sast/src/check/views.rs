use andon_syntax::{Kind, NodeId};

use crate::facts::Constant;
use crate::formula;
use crate::matching::{Source, integer};

/// The value that an expression is known to have; with `propagate` also what a name holds.
pub(super) fn constant(source: &Source<'_>, node: NodeId, propagate: bool) -> Option<formula::Constant> {
    let text = source.name(node);
    match source.tree.kind(node) {
        Kind::Str => return Some(formula::Constant::Text(text.to_owned())),
        Kind::Int => return integer(text).map(formula::Constant::Integer),
        Kind::Float => return text.parse().ok().map(formula::Constant::Float),
        Kind::Bool => return Some(formula::Constant::Bool(text == "true")),
        _ => {}
    }
    let known = source.facts.constants.get(&node).filter(|_| propagate)?;
    Some(match known {
        Constant::Text(text) => formula::Constant::Text(source.symbols.text(*text).to_owned()),
        Constant::Integer(value) => formula::Constant::Integer(*value),
        Constant::Number(value) => formula::Constant::Float(*value),
        Constant::Bool(value) => formula::Constant::Bool(*value),
        Constant::Literal(literal) if *literal != node => return constant(source, *literal, false),
        _ => return None,
    })
}

/// The names of the functions and classes around a place, outermost first, with dots.
pub(super) fn symbol(source: &Source<'_>, at: usize) -> String {
    let tree = &source.tree;
    let mut names = Vec::new();
    let mut id = tree.root();
    while let Some(child) = tree.children(id).find(|child| tree.span(*child).contains(&at)) {
        if matches!(tree.kind(child), Kind::FunctionDef | Kind::ClassDef) {
            names.extend(tree.child(child, 1).map(|name| source.name(name)).filter(|name| !name.is_empty()));
        }
        id = child;
    }
    names.join(".")
}
