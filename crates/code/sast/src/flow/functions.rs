use andon_syntax::{Kind, NodeId};
use rustc_hash::FxHashMap;

use crate::flow::build::{Builder, Shared};
use crate::flow::graph::PointKind;
use crate::flow::{
    Base, Definition, Expression, ExpressionId, ExpressionKind, Function, FunctionKind, Graph, InstructionKind,
    Origin, Parameter, Place, Program, Step, Variable,
};
use crate::matching::Source;

pub(super) fn program(source: &Source<'_>) -> Program {
    let mut shared = Shared { fields: fields(source), ..Shared::default() };
    let mut functions = Vec::new();
    for id in source.tree.ids() {
        let kind = match source.tree.kind(id) {
            Kind::FunctionDef | Kind::Lambda => FunctionKind::Function,
            Kind::ClassBody => FunctionKind::Class,
            _ => continue,
        };
        functions.extend(function(source, &mut shared, kind, id));
    }
    functions.extend(function(source, &mut shared, FunctionKind::File, source.tree.root()));
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

/// The variables that are set once, outside functions: what all functions can rely on.
fn constants(source: &Source<'_>, shared: &mut Shared) -> Vec<Definition> {
    let candidates: Vec<_> = source.tree.ids().filter_map(|id| defined(source, id)).collect();
    let mut counts: FxHashMap<Variable, u32> = FxHashMap::default();
    let mut found = Vec::new();
    for (name, value, is_outside) in candidates {
        let (variable, origin) = Builder::new(source, shared, None).variable_of(name);
        *counts.entry(variable).or_default() += 1;
        if let Some(value) = value.filter(|_| is_outside) {
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

/// The name that something sets, to what, and whether it stands outside functions.
fn defined(source: &Source<'_>, id: NodeId) -> Option<(NodeId, Option<NodeId>, bool)> {
    let (target, value) = match source.tree.kind(id) {
        Kind::VarDef => (1, present(source, id, 3)),
        Kind::Assign => (0, present(source, id, 1)),
        Kind::AugmentedAssign => (0, None),
        _ => return None,
    };
    let name = present(source, id, target).filter(|name| source.tree.kind(*name) == Kind::Name)?;
    let mut above = source.tree.parent(id);
    while let Some(node) = above {
        match source.tree.kind(node) {
            Kind::File => return Some((name, value, true)),
            Kind::ExprStatement | Kind::Export => {}
            _ => break,
        }
        above = source.tree.parent(node);
    }
    Some((name, value, false))
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
        if let (Some(body), Some(name)) = (body, present(source, id, 1)) {
            if let Some(number) = source.facts.declarations.get(&name) {
                fields.insert((body, source.tree.text(name)), number + 1);
            }
        }
    }
    fields
}

/// Where the instructions and expressions of a graph stand, each place once, in order.
fn origins(graph: &Graph, expressions: &[Expression]) -> Vec<Origin> {
    let mut origins = Vec::new();
    let mut values = Vec::new();
    for point in graph.reachable() {
        match graph.kind(*point) {
            Some(PointKind::Do(instruction)) => {
                origins.push(instruction.origin);
                instruction.target().into_iter().for_each(|to| in_place(to, &mut values));
                match &instruction.kind {
                    InstructionKind::Assign { value, .. } => values.push(*value),
                    InstructionKind::Call { callee, arguments, .. } => {
                        values.push(*callee);
                        values.extend(arguments.iter().map(|argument| argument.value));
                    }
                    InstructionKind::New { arguments, .. } | InstructionKind::Special { arguments, .. } => {
                        values.extend(arguments.iter().map(|argument| argument.value));
                    }
                    InstructionKind::Define(_) => {}
                }
            }
            Some(PointKind::Condition(value) | PointKind::Throw(value) | PointKind::Return { value, .. }) => {
                values.push(*value);
            }
            _ => {}
        }
        in_values(&mut values, expressions, &mut origins);
    }
    origins.retain(|origin| !origin.is_none());
    origins.sort_unstable();
    origins.dedup();
    origins
}

fn in_place(place: &Place, values: &mut Vec<ExpressionId>) {
    if let Base::Pointer(value) = place.base {
        values.push(value);
    }
    values.extend(place.offsets.iter().filter_map(|offset| match offset.step {
        Step::Index(index) => Some(index),
        Step::Field(_) => None,
    }));
}

fn in_values(values: &mut Vec<ExpressionId>, expressions: &[Expression], origins: &mut Vec<Origin>) {
    while let Some(value) = values.pop() {
        let Some(expression) = expressions.get(value.index()) else { continue };
        origins.push(expression.origin);
        match &expression.kind {
            ExpressionKind::Read(place) => in_place(place, values),
            ExpressionKind::Literal => {}
            ExpressionKind::Tuple(parts) | ExpressionKind::Group(parts) | ExpressionKind::Unknown(parts) => {
                values.extend_from_slice(parts);
            }
            ExpressionKind::Operator { operands, .. } => values.extend_from_slice(operands),
            ExpressionKind::Cast(inner) => values.push(*inner),
        }
    }
}
