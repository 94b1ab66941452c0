use andon_syntax::{Kind, NodeId};

use crate::formula;
use crate::matching::{Constant, Source, integer};

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
        Constant::Text(text) => formula::Constant::Text(text.to_string()),
        Constant::Integer(value) => formula::Constant::Integer(*value),
        Constant::Number(value) => formula::Constant::Float(*value),
        Constant::Bool(value) => formula::Constant::Bool(*value),
        Constant::SomeText => return None,
    })
}
