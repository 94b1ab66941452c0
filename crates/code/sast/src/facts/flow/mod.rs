//! Values followed through each function, on every way that leads to a use.
//!
//! A variable keeps a value where branches meet if all of them agree on it, or on its type. What a loop finds before it
//! is not known inside. An exception may leave a `try` at any call in it.

mod compute;
mod loops;
mod state;
mod statement;
mod ways;
mod write;

use andon_syntax::{Kind, NodeId};

use crate::facts::evaluate::Evaluator;
use crate::facts::once::Values;
use crate::facts::resolve::Resolved;
use crate::facts::values::Value;
use crate::facts::{RED_ZONE, STACK};
use state::{Change, State};

/// Adds what the uses of names are known to be, function by function.
pub(crate) fn follow(evaluator: &mut Evaluator<'_>, resolved: &Resolved, values: &mut Values) {
    let nodes = u64::try_from(evaluator.tree.len()).unwrap_or(u64::MAX);
    let fuel = FUEL.saturating_add(nodes.saturating_mul(64));
    let root = evaluator.tree.root();
    let mut flow =
        Flow { evaluator, resolved, values, state: State::new(fuel), targets: Vec::new(), depth: 0 };
    flow.visit(root);
}

/// Changes of variables that may be looked at before nothing more is followed, beside some for each node.
const FUEL: u64 = 1_000_000;

pub(crate) struct Flow<'e, 'a> {
    evaluator: &'e mut Evaluator<'a>,
    resolved: &'e Resolved,
    values: &'e mut Values,
    state: State,
    /// What `break` and `continue` may leave, the innermost last.
    targets: Vec<Target>,
    /// How many functions are around.
    depth: usize,
}

/// What a `break` leaves.
#[derive(Debug)]
enum Target {
    Loop { is_left: bool },
    Switch { start: usize, ends: Vec<Vec<Change>> },
    Label { name: NodeId, is_left: bool },
}

impl Flow<'_, '_> {
    fn kind(&self, id: NodeId) -> Kind {
        self.evaluator.kind(id)
    }

    fn text(&self, id: NodeId) -> &str {
        self.evaluator.text(id)
    }

    fn child(&self, id: NodeId, position: usize) -> Option<NodeId> {
        self.evaluator.tree.child(id, position)
    }

    fn visit(&mut self, id: NodeId) {
        stacker::maybe_grow(RED_ZONE, STACK, || self.statement(id));
    }

    fn visit_child(&mut self, id: NodeId, position: usize) {
        if let Some(child) = self.child(id, position) {
            self.visit(child);
        }
    }

    fn visit_children(&mut self, id: NodeId) {
        let tree = self.evaluator.tree;
        for child in tree.children(id) {
            self.visit(child);
        }
    }

    /// What identifies a variable: its declaration, or its name if it was declared elsewhere.
    fn variable(&self, id: NodeId) -> u64 {
        match self.resolved.of(id) {
            Some(binding) => u64::from(binding),
            None => UNRESOLVED + self.evaluator.tree.text(id).index() as u64,
        }
    }

    fn read(&mut self, id: NodeId) {
        if self.resolved.is_target(id) {
            return;
        }
        let Some(found) = self.state.get(self.variable(id)) else { return };
        self.values.entry(id).and_modify(|value| *value = value.refined(found)).or_insert(found);
    }

    /// What a name is known to be where the walk stands.
    fn known(&self, id: NodeId) -> Option<Value> {
        let here = self.state.get(self.variable(id));
        match (self.values.get(&id).copied(), here) {
            (Some(value), Some(here)) => Some(value.refined(here)),
            (value, here) => value.or(here),
        }
    }

    fn set(&mut self, id: NodeId, value: Option<Value>) {
        self.state.set(self.variable(id), value);
    }

    /// Walks a part that may be left out: what it changes is known after it only as far as both ways agree.
    fn perhaps(&mut self, part: impl FnOnce(&mut Self)) {
        let start = self.state.mark();
        part(self);
        let end = self.state.take(start);
        self.state.join([Some(Vec::new()), end].into_iter().flatten().collect());
    }

    /// Walks a function, in which nothing is known of what is around.
    fn apart(&mut self, body: impl FnOnce(&mut Self)) {
        let inner = self.state.inner();
        let outer = std::mem::replace(&mut self.state, inner);
        let targets = std::mem::take(&mut self.targets);
        self.depth += 1;
        body(self);
        self.depth -= 1;
        self.targets = targets;
        let inner = std::mem::replace(&mut self.state, outer);
        self.state.resume(&inner);
    }
}

/// Above the number of any declaration.
const UNRESOLVED: u64 = 1 << 32;
