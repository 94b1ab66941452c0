//! From trees to graphs.

mod assignments;
mod calls;
mod expressions;
mod jumps;
mod lambdas;
mod loops;
mod operators;
mod statements;
mod tries;

use andon_syntax::{Kind, Language, NodeId, Symbol};
use rustc_hash::{FxHashMap, FxHashSet};

use crate::flow::variables::Variables;
use crate::flow::{
    Argument, Expression, ExpressionId, ExpressionKind, Graph, Instruction, InstructionKind, Origin, Place,
    PointKind, Variable,
};
use crate::matching::Source;

use jumps::Jump;

/// Stack that one level may need, in bytes, and how much is taken when it runs short.
const RED_ZONE: usize = 128 * 1024;
const STACK: usize = 2 * 1024 * 1024;

/// What all functions of a file share.
#[derive(Debug, Default)]
pub(super) struct Shared {
    pub(super) expressions: Vec<Expression>,
    pub(super) variables: Variables,
    /// The declarations of fields, by the body of their class.
    pub(super) fields: FxHashMap<(NodeId, Symbol), u32>,
    /// The lambdas whose bodies can be reached where they stand.
    pub(super) placed: FxHashSet<NodeId>,
}

/// Builds the graph of one function.
pub(super) struct Builder<'b> {
    pub(super) source: &'b Source<'b>,
    pub(super) shared: &'b mut Shared,
    pub(super) graph: Graph,
    /// The class that `this` is of, by its body.
    pub(super) class: Option<NodeId>,
    /// Where to go on from; nowhere after a jump.
    current: Option<u32>,
    /// What ends the function.
    exits: Vec<u32>,
    /// What may throw, by the `try` around it.
    throws: Vec<Vec<u32>>,
    jumps: Vec<Jump>,
    /// The lambdas that were put into temporaries and not yet used, in order.
    lambdas: Vec<(Variable, NodeId)>,
    /// The lambdas whose bodies are in the graph, and where they begin.
    placed: Vec<(NodeId, u32)>,
    /// How many lambdas are around.
    depth: usize,
    /// Where labels stand, and what goes to them.
    labels: FxHashMap<Symbol, u32>,
    gotos: Vec<(Symbol, u32)>,
}

impl<'b> Builder<'b> {
    pub(super) fn new(source: &'b Source<'b>, shared: &'b mut Shared, class: Option<NodeId>) -> Self {
        let mut builder = Self {
            source,
            shared,
            graph: Graph::default(),
            class,
            current: None,
            exits: Vec::new(),
            throws: Vec::new(),
            jumps: Vec::new(),
            lambdas: Vec::new(),
            placed: Vec::new(),
            depth: 0,
            labels: FxHashMap::default(),
            gotos: Vec::new(),
        };
        builder.point(PointKind::Enter);
        builder
    }

    /// Ends the function.
    pub(super) fn finish(mut self) -> Graph {
        let last = self.current;
        let mut ends = self.unused_lambdas(last);
        ends.extend(last);
        ends.append(&mut self.exits);
        for (label, from) in &self.gotos {
            if let Some(to) = self.labels.get(label) {
                self.graph.join(*from, *to);
            }
        }
        let exit = self.graph.add(PointKind::Exit);
        for end in ends {
            self.graph.join(end, exit);
        }
        self.graph.finish();
        let graph = self.graph;
        let placed = self.placed.into_iter().filter(|(_, point)| graph.is_reachable(*point));
        self.shared.placed.extend(placed.map(|(lambda, _)| lambda));
        graph
    }

    /// Adds a point after the current one, and goes on from it.
    fn point(&mut self, kind: PointKind) -> u32 {
        let point = self.graph.add(kind);
        if let Some(current) = self.current {
            self.graph.join(current, point);
        }
        self.current = Some(point);
        point
    }

    /// Goes on where several ways come together. If there is none, what follows is not reached.
    fn meet(&mut self, ways: &[u32]) -> u32 {
        let point = self.graph.add(PointKind::Join);
        for way in ways {
            self.graph.join(*way, point);
        }
        self.current = Some(point);
        point
    }

    fn instruction(&mut self, kind: InstructionKind, origin: Origin) {
        let may_throw = matches!(kind, InstructionKind::Call { .. } | InstructionKind::New { .. });
        let instruction = Instruction { kind, origin };
        let used = if may_throw { self.used_lambdas(&instruction) } else { Vec::new() };
        let point = self.point(PointKind::Do(instruction));
        if may_throw {
            if let Some(throws) = self.throws.last_mut() {
                throws.push(point);
            }
            self.inline(&used);
        }
    }

    fn assign(&mut self, to: Place, value: ExpressionId, origin: Origin) {
        self.instruction(InstructionKind::Assign { to, value }, origin);
    }

    fn temporary(&mut self) -> Place {
        Place::of(self.shared.variables.temporary(), Origin::NONE, None)
    }

    /// Puts a value into a temporary.
    fn keep(&mut self, value: ExpressionId, origin: Origin) -> Place {
        let temporary = self.temporary();
        self.assign(temporary.clone(), value, origin);
        temporary
    }

    fn made(&mut self, kind: ExpressionKind, origin: Origin, node: Option<NodeId>) -> ExpressionId {
        let id = ExpressionId(u32::try_from(self.shared.expressions.len()).unwrap_or(u32::MAX));
        self.shared.expressions.push(Expression { kind, origin, node });
        id
    }

    fn expression_at(&mut self, kind: ExpressionKind, id: NodeId) -> ExpressionId {
        let origin = self.origin(id);
        self.made(kind, origin, Some(id))
    }

    fn read(&mut self, place: Place, origin: Origin, node: Option<NodeId>) -> ExpressionId {
        self.made(ExpressionKind::Read(place), origin, node)
    }

    fn nothing(&mut self) -> ExpressionId {
        self.made(ExpressionKind::Literal, Origin::NONE, None)
    }

    fn kind_of(&self, id: ExpressionId) -> Option<&ExpressionKind> {
        self.shared.expressions.get(id.index()).map(|expression| &expression.kind)
    }

    /// The place that an expression reads; a temporary with its value if it is no such expression.
    fn place_of(&mut self, id: ExpressionId, origin: Origin) -> Place {
        match self.kind_of(id) {
            Some(ExpressionKind::Read(place)) => place.clone(),
            _ => self.keep(id, origin),
        }
    }

    fn is_nothing(&self, id: ExpressionId) -> bool {
        let expression = self.shared.expressions.get(id.index());
        expression.is_none_or(|it| matches!(it.kind, ExpressionKind::Literal) && it.origin.is_none())
    }

    fn kind(&self, id: NodeId) -> Kind {
        self.source.tree.kind(id)
    }

    fn origin(&self, id: NodeId) -> Origin {
        Origin::new(&self.source.tree.span(id))
    }

    /// A child, if it is there.
    fn part(&self, id: NodeId, position: usize) -> Option<NodeId> {
        self.source.tree.child(id, position).filter(|part| self.kind(*part) != Kind::Absent)
    }

    /// The children that are there.
    fn parts(&self, id: NodeId) -> Vec<NodeId> {
        self.source.tree.children(id).filter(|part| self.kind(*part) != Kind::Absent).collect()
    }

    fn text(&self, id: NodeId) -> &'b str {
        self.source.name(id)
    }

    fn language(&self) -> Language {
        self.source.language
    }

    /// The variable that a name stands for.
    pub(super) fn variable(&mut self, name: NodeId) -> Variable {
        let declaration = self.source.facts.declarations.get(&name).map_or(0, |number| number + 1);
        self.shared.variables.named(self.source.tree.text(name), declaration)
    }

    fn unnamed(values: &[ExpressionId]) -> Box<[Argument]> {
        values.iter().map(|value| Argument { name: None, value: *value }).collect()
    }
}
