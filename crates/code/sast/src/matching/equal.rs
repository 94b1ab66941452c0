use andon_syntax::{Kind, NodeId};

use crate::facts::Constant;
use crate::matching::literals::integer;
use crate::matching::{Matcher, Source, Value};

impl Matcher<'_> {
    /// Whether two things that one metavariable stands for are the same code.
    pub(super) fn same_value(&self, a: &Value, b: &Value) -> bool {
        same_value(self.source, a, b, self.options.unify_ids_strictly)
    }
}

/// Whether two parts of a file are the same code, wherever they stand: equal trees, and names that refer to the same
/// declaration if `strictly`.
pub(crate) fn same_value(source: &Source<'_>, a: &Value, b: &Value, strictly: bool) -> bool {
    if a.span == b.span {
        return true;
    }
    match (a.nodes, b.nodes) {
        (Some((x, _)), Some((y, _))) if is_constant_of(source, x, y) || is_constant_of(source, y, x) => true,
        (Some(a), Some(b)) => same_run(source, a, b, strictly),
        (Some((node, last)), None) if node == last => text_of(source, node) == text(source, b),
        (None, Some((node, last))) if node == last => text_of(source, node) == text(source, a),
        _ => text(source, a) == text(source, b),
    }
}

/// Whether a name is known to hold what a literal says.
fn is_constant_of(source: &Source<'_>, literal: NodeId, name: NodeId) -> bool {
    let Some(known) = source.facts.constants.get(&name).filter(|_| source.kind(name) == Kind::Name) else {
        return false;
    };
    let text = source.name(literal);
    match (source.kind(literal), known) {
        (Kind::Str, Constant::Text(content)) => source.tree.text(literal) == *content,
        (Kind::Int, Constant::Integer(value)) => integer(text) == Some(*value),
        (Kind::Bool, Constant::Bool(value)) => (text == "true") == *value,
        (kind, Constant::Literal(other)) => {
            kind == source.kind(*other) && source.tree.text(literal) == source.tree.text(*other)
        }
        _ => false,
    }
}

fn text<'s>(source: &'s Source<'_>, value: &Value) -> &'s str {
    source.text.get(value.span.clone()).unwrap_or_default()
}

/// What a node says as text: the content of a string, otherwise its source.
fn text_of<'s>(source: &'s Source<'_>, node: NodeId) -> &'s str {
    if source.kind(node) == Kind::Str {
        return source.name(node);
    }
    source.text.get(source.tree.span(node)).unwrap_or_default()
}

fn same_run(source: &Source<'_>, a: (NodeId, NodeId), b: (NodeId, NodeId), strictly: bool) -> bool {
    let ((a, a_end), (b, b_end)) = (bounds(source, a), bounds(source, b));
    let length = a_end.index() - a.index();
    length == b_end.index() - b.index()
        && (source.tree.between(a, a_end))
            .zip(source.tree.between(b, b_end))
            .all(|(x, y)| same_node(source, x, y, x.index() - a.index() == y.index() - b.index(), strictly))
}

/// The first node of a run, and the first after it.
fn bounds(source: &Source<'_>, (first, last): (NodeId, NodeId)) -> (NodeId, NodeId) {
    if first == last {
        let inner = bare(source, first);
        return (inner, source.tree.after(inner));
    }
    (first, source.tree.after(last))
}

/// The expression of a statement that is nothing else; the name of a parameter that is nothing else.
fn bare(source: &Source<'_>, id: NodeId) -> NodeId {
    let position = match source.kind(id) {
        Kind::ExprStatement => 0,
        Kind::Param => 1,
        _ => return id,
    };
    source.tree.child(id, position).unwrap_or(id)
}

fn same_node(source: &Source<'_>, a: NodeId, b: NodeId, aligned: bool, strictly: bool) -> bool {
    let tree = &source.tree;
    let size = |id| tree.after(id).index() - id.index();
    let same = aligned && tree.kind(a) == tree.kind(b) && tree.text(a) == tree.text(b) && size(a) == size(b);
    let declaration = |id| source.facts.declarations.get(&id);
    let same_variable = match (declaration(a), declaration(b)) {
        (Some(a), Some(b)) => a == b,
        _ => true,
    };
    same && (same_variable || !strictly)
}
