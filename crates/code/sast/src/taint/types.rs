use andon_syntax::{Kind, NodeId};

use super::fixpoint::Analysis;
use crate::flow::{Base, ExpressionId, ExpressionKind, Place};
use crate::matching::Source;

/// A type that may be taken to carry no harm.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Plain {
    Boolean,
    Number,
}

/// How deep operators are looked into.
const DEEPEST: u32 = 8;

impl Analysis<'_> {
    /// Whether a value has a type that the rule takes to be safe.
    pub(super) fn is_safe(&self, id: ExpressionId) -> bool {
        if !self.asks_for_types() {
            return false;
        }
        let expression = self.program.expression(id);
        let node = expression.and_then(|expression| match &expression.kind {
            ExpressionKind::Read(place) => node_of(place).or(expression.node),
            _ => expression.node,
        });
        node.is_some_and(|node| self.is_safe_node(node))
    }

    pub(super) fn is_safe_place(&self, place: &Place) -> bool {
        node_of(place).is_some_and(|node| self.is_safe_node(node))
    }

    pub(super) fn is_safe_node(&self, node: NodeId) -> bool {
        if !self.asks_for_types() {
            return false;
        }
        match plain(self.source, node, DEEPEST) {
            Some(Plain::Boolean) => self.spec.options.taint_assume_safe_booleans,
            Some(Plain::Number) => self.spec.options.taint_assume_safe_numbers,
            None => false,
        }
    }

    fn asks_for_types(&self) -> bool {
        self.spec.options.taint_assume_safe_booleans || self.spec.options.taint_assume_safe_numbers
    }
}

fn node_of(place: &Place) -> Option<NodeId> {
    match (place.offsets.last(), place.base) {
        (Some(offset), _) => offset.node,
        (None, Base::Variable { node, .. }) => node,
        _ => None,
    }
}

fn plain(source: &Source<'_>, node: NodeId, depth: u32) -> Option<Plain> {
    let depth = depth.checked_sub(1)?;
    match source.tree.kind(node) {
        Kind::Bool => Some(Plain::Boolean),
        Kind::Int | Kind::Float => Some(Plain::Number),
        Kind::Unary if source.name(node) == "!" => Some(Plain::Boolean),
        Kind::Binary => operator(source, node, depth),
        Kind::Cast => named(source, source.tree.child(node, 0)?),
        Kind::Conditional => {
            let then = plain(source, source.tree.child(node, 1)?, depth)?;
            (plain(source, source.tree.child(node, 2)?, depth) == Some(then)).then_some(then)
        }
        Kind::Name => {
            let declared = source.facts.types.get(&node).copied().or_else(|| declared_here(source, node))?;
            named(source, declared)
        }
        Kind::Member => named(source, *source.facts.types.get(&node)?),
        _ => None,
    }
}

/// The type beside a name that is being declared.
fn declared_here(source: &Source<'_>, node: NodeId) -> Option<NodeId> {
    let parent = source.tree.parent(node)?;
    let is_declaration = matches!(source.tree.kind(parent), Kind::Param | Kind::VarDef);
    source.tree.child(parent, 2).filter(|_| is_declaration && source.tree.child(parent, 1) == Some(node))
}

fn operator(source: &Source<'_>, node: NodeId, depth: u32) -> Option<Plain> {
    let side = |position| plain(source, source.tree.child(node, position)?, depth);
    match source.name(node) {
        "==" | "!=" | "===" | "!==" | "<" | "<=" | ">" | ">=" | "in" | "not in" | "is" | "is not" | "&&"
        | "instanceof" => Some(Plain::Boolean),
        "||" if source.language == andon_syntax::Language::Java => Some(Plain::Boolean),
        "||" => {
            (side(0) == Some(Plain::Boolean) || side(1) == Some(Plain::Boolean)).then_some(Plain::Boolean)
        }
        "+" | "-" | "*" => {
            let both = (side(0) == Some(Plain::Number), side(1) == Some(Plain::Number));
            let one_is_enough = source.language == andon_syntax::Language::Python;
            (both == (true, true) || one_is_enough && (both.0 || both.1)).then_some(Plain::Number)
        }
        _ => None,
    }
}

fn named(source: &Source<'_>, node: NodeId) -> Option<Plain> {
    match source.tree.kind(node) {
        Kind::Bool => return Some(Plain::Boolean),
        Kind::Int | Kind::Float => return Some(Plain::Number),
        _ => {}
    }
    let text = source.text.get(source.tree.span(node))?.trim_start_matches([':', ' ']);
    Some(match text {
        "bool" | "boolean" | "Boolean" | "java.lang.Boolean" => Plain::Boolean,
        "int" | "float" | "long" | "short" | "double" | "byte" | "number" | "Integer" | "Long" | "Float"
        | "Double" | "Short" | "int8" | "int16" | "int32" | "int64" | "uint" | "uint8" | "uint16"
        | "uint32" | "uint64" | "float32" | "float64" | "rune" | "java.lang.Integer" | "java.lang.Long" => {
            Plain::Number
        }
        _ => return None,
    })
}
