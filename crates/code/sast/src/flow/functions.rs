use andon_syntax::{Kind, Language, NodeId};
use rustc_hash::FxHashMap;

use crate::flow::build::{Builder, Shared};
use crate::flow::graph::PointKind;
use crate::flow::{
    Definition, Expression, Function, FunctionKind, Graph, Origin, Parameter, Program, Variable,
};
use crate::matching::Source;

pub(super) fn program(source: &Source<'_>) -> Program {
    let mut shared = Shared { fields: fields(source), ..Shared::default() };
    let mut functions = Vec::new();
    // What is around a lambda comes before it, and shows whether its body can be reached from there.
    let file = function(source, &mut shared, FunctionKind::File, source.tree.root());
    for id in source.tree.ids() {
        let kind = match source.tree.kind(id) {
            _ if shared.placed.contains(&id) => continue,
            Kind::FunctionDef | Kind::Lambda => FunctionKind::Function,
            Kind::ClassBody => FunctionKind::Class,
            _ => continue,
        };
        functions.extend(function(source, &mut shared, kind, id));
    }
    functions.extend(file);
    let constants = constants(source, &mut shared);
    let expressions = shared.expressions;
    for function in &mut functions {
        function.origins = origins(&function.graph, &expressions);
    }
    Program { functions, constants, expressions }
}

fn function(source: &Source<'_>, shared: &mut Shared, kind: FunctionKind, id: NodeId) -> Option<Function> {
    let class = class_around(source, id);
    let mut builder = Builder::new(source, shared, class);
    let mut parameters = Vec::new();
    match kind {
        FunctionKind::Function => {
            let position = if source.tree.kind(id) == Kind::FunctionDef { 5 } else { 3 };
            present(source, id, position)?;
            parameters = builder.parameters_of(id);
            builder.function_body(id);
        }
        FunctionKind::Class | FunctionKind::File => {
            for part in source.tree.children(id) {
                builder.statement(part);
            }
        }
    }
    let graph = builder.finish();
    if kind == FunctionKind::Function {
        defaults(source, shared, class, id, &mut parameters);
    }
    let origin = Origin::new(&source.tree.span(id));
    Some(Function { kind, node: id, origin, parameters, graph, origins: Vec::new() })
}

/// What sets parameters to their defaults.
fn defaults(
    source: &Source<'_>,
    shared: &mut Shared,
    class: Option<NodeId>,
    id: NodeId,
    parameters: &mut [Parameter],
) {
    let position = if source.tree.kind(id) == Kind::FunctionDef { 3 } else { 1 };
    let list = source.tree.child(id, position);
    let Some(list) = list.filter(|list| source.tree.kind(*list) == Kind::Params) else { return };
    let parts: Vec<_> =
        source.tree.children(list).filter(|part| source.tree.kind(*part) != Kind::Absent).collect();
    for parameter in parameters {
        let part = parts.get(parameter.position as usize).copied();
        let Some(part) = part.filter(|part| source.tree.kind(*part) == Kind::Param) else { continue };
        if source.tree.child(part, 1) == Some(parameter.node) {
            parameter.default = present(source, part, 3)
                .map(|default| setting(source, shared, class, parameter.node, default));
        }
    }
}

fn setting(
    source: &Source<'_>,
    shared: &mut Shared,
    class: Option<NodeId>,
    name: NodeId,
    value: NodeId,
) -> Graph {
    let mut builder = Builder::new(source, shared, class);
    builder.set(name, value);
    builder.finish()
}

/// The variables that are set once, which functions can rely on wherever they stand.
fn constants(source: &Source<'_>, shared: &mut Shared) -> Vec<Definition> {
    let candidates: Vec<_> = source.tree.ids().filter_map(|id| defined(source, id)).collect();
    let mut counts: FxHashMap<Variable, u32> = FxHashMap::default();
    let mut found = Vec::new();
    for (name, value, is_reliable) in candidates {
        let (variable, origin) = Builder::new(source, shared, None).variable_of(name);
        *counts.entry(variable).or_default() += 1;
        if let Some(value) = value.filter(|_| is_reliable) {
            found.push((variable, origin, name, value));
        }
    }
    found.retain(|(variable, ..)| counts.get(variable) == Some(&1));
    let definition = |(variable, origin, name, value): (Variable, Origin, NodeId, NodeId)| {
        let graph = setting(source, shared, class_around(source, name), name, value);
        Definition { variable, origin, graph }
    };
    found.into_iter().map(definition).collect()
}

/// The name that something sets, to what, and whether other functions can rely on it if it is the only one.
fn defined(source: &Source<'_>, id: NodeId) -> Option<(NodeId, Option<NodeId>, bool)> {
    let (target, value) = match source.tree.kind(id) {
        Kind::VarDef => (1, present(source, id, 3)),
        Kind::Assign => (0, present(source, id, 1)),
        Kind::AugmentedAssign => (0, None),
        _ => return None,
    };
    let name = present(source, id, target).filter(|name| source.tree.kind(*name) == Kind::Name)?;
    Some((name, value, is_reliable(source, id)))
}

/// Closures of a script see the variables around them; elsewhere it must stand outside functions, or be a field that
/// cannot be set from elsewhere.
fn is_reliable(source: &Source<'_>, id: NodeId) -> bool {
    if source.language.is_script() {
        return true;
    }
    let around = std::iter::successors(source.tree.parent(id), |above| source.tree.parent(*above));
    let mut around =
        around.filter(|above| !matches!(source.tree.kind(*above), Kind::ExprStatement | Kind::Export));
    match around.next().map(|above| source.tree.kind(above)) {
        Some(Kind::File) => true,
        Some(Kind::ClassBody) if source.language == Language::Java => {
            let attributes = source.tree.child(id, 0).into_iter().flat_map(|list| source.tree.children(list));
            attributes.into_iter().any(|part| matches!(source.name(part), "final" | "private"))
        }
        other => other == Some(Kind::ClassBody),
    }
}

fn present(source: &Source<'_>, id: NodeId, position: usize) -> Option<NodeId> {
    source.tree.child(id, position).filter(|part| source.tree.kind(*part) != Kind::Absent)
}

/// The body of the class that a node is in.
fn class_around(source: &Source<'_>, id: NodeId) -> Option<NodeId> {
    let above = std::iter::successors(Some(id), |id| source.tree.parent(*id));
    above.into_iter().find(|id| source.tree.kind(*id) == Kind::ClassBody)
}

/// The numbers of the declarations of fields, by the body of their class.
fn fields(source: &Source<'_>) -> FxHashMap<(NodeId, andon_syntax::Symbol), u32> {
    let mut fields = FxHashMap::default();
    for id in source.tree.ids().filter(|id| source.tree.kind(*id) == Kind::VarDef) {
        let body = source.tree.parent(id).filter(|above| source.tree.kind(*above) == Kind::ClassBody);
        if let (Some(body), Some(name)) = (body, present(source, id, 1))
            && let Some(number) = source.facts.declarations.get(&name)
        {
            fields.insert((body, source.tree.text(name)), number + 1);
        }
    }
    fields
}

/// Where the instructions and expressions of a graph stand, each place once, in order.
fn origins(graph: &Graph, expressions: &[Expression]) -> Vec<Origin> {
    let mut origins = Vec::new();
    for kind in graph.reachable().iter().filter_map(|point| graph.kind(*point)) {
        if let PointKind::Do(instruction) = kind {
            origins.push(instruction.origin);
        }
        kind.visit(expressions, |_| {}, |expression| origins.push(expression.origin));
    }
    origins.retain(|origin| !origin.is_none());
    origins.sort_unstable();
    origins.dedup();
    origins
}
