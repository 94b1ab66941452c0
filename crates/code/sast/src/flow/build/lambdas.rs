use andon_syntax::{Kind, NodeId};

use super::Builder;
use crate::flow::{
    ExpressionId, ExpressionKind, Instruction, InstructionKind, Origin, Parameter, PointKind, Variable,
};

/// Lambdas in lambdas whose bodies are followed with what is around them.
const DEEPEST: usize = 12;

impl Builder<'_> {
    /// A function or class as an expression.
    pub(super) fn definition(&mut self, id: NodeId) -> ExpressionId {
        let place = self.temporary();
        let origin = self.origin(id);
        self.instruction(InstructionKind::Define(place.clone()), origin);
        let has_body = matches!(self.kind(id), Kind::Lambda | Kind::FunctionDef) && self.depth < DEEPEST;
        if let (true, Some(variable)) = (has_body, place.variable()) {
            self.lambdas.push((variable, id));
        }
        self.read(place, origin, Some(id))
    }

    /// Takes the lambdas that an instruction uses.
    pub(super) fn used_lambdas(&mut self, instruction: &Instruction) -> Vec<NodeId> {
        let mut values = Vec::new();
        instruction.parts(&mut values);
        self.take_lambdas(values)
    }

    pub(super) fn take_lambdas(&mut self, mut values: Vec<ExpressionId>) -> Vec<NodeId> {
        let mut used = Vec::new();
        while let Some(value) = values.pop() {
            if self.lambdas.is_empty() {
                break;
            }
            let Some(expression) = self.shared.expressions.get(value.index()) else { continue };
            expression.kind.parts(&mut values);
            if let ExpressionKind::Read(place) = &expression.kind {
                let variable = place.variable();
                // The latest are the likeliest to be used.
                let at = self.lambdas.iter().rposition(|(lambda, _)| Some(*lambda) == variable);
                if let Some((_, id)) = at.filter(|_| variable.is_some()).map(|at| self.lambdas.remove(at)) {
                    used.push(id);
                }
            }
        }
        used.sort_unstable();
        used
    }

    /// Puts the bodies of lambdas side by side after the current point, and a way past them.
    pub(super) fn inline(&mut self, lambdas: &[NodeId]) {
        if lambdas.is_empty() {
            return;
        }
        let fork = self.current;
        let mut ways: Vec<_> = fork.into_iter().collect();
        for lambda in lambdas {
            ways.extend(self.body_after(*lambda, fork));
        }
        self.meet(&ways);
    }

    /// Puts the bodies of lambdas that were never used at the end, and gives where they end.
    pub(super) fn unused_lambdas(&mut self, last: Option<u32>) -> Vec<u32> {
        let mut ends = Vec::new();
        // A body may leave lambdas of its own unused.
        while !self.lambdas.is_empty() {
            for (_, lambda) in std::mem::take(&mut self.lambdas) {
                ends.extend(self.body_after(lambda, last));
            }
        }
        ends
    }

    fn body_after(&mut self, lambda: NodeId, from: Option<u32>) -> Option<u32> {
        let around = self.without_jumps();
        self.depth += 1;
        self.current = from;
        let parameters = self.parameters_of(lambda);
        let point = self.point(PointKind::Lambda(parameters));
        self.placed.push((lambda, point));
        self.function_body(lambda);
        self.depth -= 1;
        self.with_jumps(around);
        self.current
    }

    /// The body of a function or lambda.
    pub(in crate::flow) fn function_body(&mut self, id: NodeId) {
        let position = if self.kind(id) == Kind::FunctionDef { 5 } else { 3 };
        if let Some(body) = self.part(id, position) {
            self.statement(body);
        }
    }

    /// The names of the parameters, without defaults.
    pub(in crate::flow) fn parameters_of(&mut self, id: NodeId) -> Vec<Parameter> {
        let position = if self.kind(id) == Kind::FunctionDef { 3 } else { 1 };
        let Some(list) = self.part(id, position) else { return Vec::new() };
        let mut parameters = Vec::new();
        for (position, part) in self.parts(list).into_iter().enumerate() {
            let position = u32::try_from(position).unwrap_or(u32::MAX);
            for name in self.names_in(part) {
                let (variable, origin) = (self.variable(name), self.origin(name));
                parameters.push(Parameter { variable, origin, node: name, position, default: None });
            }
        }
        parameters
    }

    /// The names that a parameter, which may be a pattern, declares.
    fn names_in(&self, id: NodeId) -> Vec<NodeId> {
        let mut names = Vec::new();
        let mut next = vec![id];
        while let Some(id) = next.pop() {
            match self.kind(id) {
                Kind::Name => names.push(id),
                Kind::Param => next.extend(self.part(id, 1)),
                Kind::Pair => {
                    let value = self.part(id, 1).filter(|value| {
                        matches!(self.kind(*value), Kind::Name | Kind::Record | Kind::Array | Kind::Assign)
                    });
                    next.extend(value.or_else(|| self.part(id, 0)));
                }
                Kind::Assign => next.extend(self.part(id, 0)),
                Kind::Record | Kind::Array | Kind::Tuple | Kind::Spread => next.extend(self.parts(id)),
                _ => {}
            }
        }
        names.sort_unstable();
        names
    }

    /// The place before a node, where something stands that has no node.
    pub(super) fn before(&self, id: NodeId) -> Origin {
        let start = self.source.tree.span(id).start;
        Origin::new(&(start.saturating_sub(1)..start))
    }

    /// The variable of a definition.
    pub(in crate::flow) fn variable_of(&mut self, name: NodeId) -> (Variable, Origin) {
        (self.variable(name), self.origin(name))
    }
}
