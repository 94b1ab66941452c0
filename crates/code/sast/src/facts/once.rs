//! Values of what is assigned once: constants wherever they are, globals, private fields.

use andon_syntax::{Kind, Language, NodeId};
use rustc_hash::FxHashMap;

use crate::facts::evaluate::Evaluator;
use crate::facts::resolve::Resolved;
use crate::facts::scopes::{Binding, Place};
use crate::facts::values::Value;

/// The values of names, each at its use.
pub(crate) type Values = FxHashMap<NodeId, Value>;

/// What the uses of names that are assigned once are known to be.
pub(crate) fn values(evaluator: &mut Evaluator<'_>, resolved: &Resolved) -> Values {
    let known = vec![None; resolved.bindings.len()];
    let constructors = FxHashMap::default();
    let mut once = Once { evaluator, resolved, known, uses: Values::default(), constructors };
    for id in once.evaluator.tree.ids() {
        once.node(id);
    }
    once.uses
}

struct Once<'e, 'a> {
    evaluator: &'e mut Evaluator<'a>,
    resolved: &'e Resolved,
    /// The value of each binding.
    known: Vec<Option<Value>>,
    uses: Values,
    /// How many constructors a class has, by its body.
    constructors: FxHashMap<NodeId, usize>,
}

impl Once<'_, '_> {
    fn node(&mut self, id: NodeId) {
        let tree = self.evaluator.tree;
        match tree.kind(id) {
            Kind::Name | Kind::Member => self.read(id),
            Kind::VarDef => {
                if let (Some(target), Some(value)) = (tree.child(id, 1), tree.child(id, 3)) {
                    self.variable(target, value);
                }
            }
            Kind::Assign => {
                if let (Some(target), Some(value)) = (tree.child(id, 0), tree.child(id, 1)) {
                    self.assignment(target, value);
                }
            }
            _ => {}
        }
    }

    fn read(&mut self, id: NodeId) {
        let value = self.resolved.of(id).and_then(|binding| *self.known.get(binding as usize)?);
        if let Some(value) = value.filter(|_| !self.resolved.is_target(id)) {
            self.uses.insert(id, value);
        }
    }

    fn variable(&mut self, target: NodeId, value: NodeId) {
        let Some(binding) = self.resolved.binding(target) else { return };
        if self.evaluator.kind(target) != Kind::Name || self.evaluator.kind(value) == Kind::Absent {
            return;
        }
        let language = self.evaluator.language;
        let once = binding.sets == 1;
        let is_fixed = binding.is_constant
            || once && language.is_script()
            || once && language == Language::Java && binding.is_private;
        if is_fixed {
            self.learn(target, value);
        }
    }

    fn assignment(&mut self, target: NodeId, value: NodeId) {
        let Some(binding) = self.resolved.binding(target).filter(|binding| binding.sets == 1) else { return };
        let language = self.evaluator.language;
        let is_fixed = match binding.place {
            Place::Global => language == Language::Python || language.is_script(),
            Place::Field => language == Language::Java && self.is_initialised_here(binding, target),
            _ => false,
        };
        let is_chain = language == Language::Python && self.is_chained(target, value);
        if is_fixed && !is_chain {
            self.learn(target, value);
        }
    }

    /// `a = b = c`.
    fn is_chained(&self, target: NodeId, value: NodeId) -> bool {
        is_chained(self.evaluator, target, value)
    }

    fn learn(&mut self, target: NodeId, value: NodeId) {
        let Some(number) = self.resolved.of(target) else { return };
        let (resolved, known) = (self.resolved, &self.known);
        let of_name = |id: NodeId| resolved.of(id).and_then(|binding| *known.get(binding as usize)?);
        let mut found = self.evaluator.expression(value, &of_name);
        if found.is_none() && self.evaluator.is_symbolic(value) {
            let is_circular =
                self.evaluator.tree.subtree(value).any(|id| self.resolved.of(id) == Some(number));
            found = (!is_circular).then_some(Value::Expression(value));
        }
        if let Some(slot) = self.known.get_mut(number as usize) {
            *slot = found.or(*slot);
        }
    }

    /// Whether a private field gets its value in a static block or the only constructor.
    fn is_initialised_here(&mut self, binding: &Binding, target: NodeId) -> bool {
        let tree = self.evaluator.tree;
        let mut at = Some(target).filter(|_| binding.is_private);
        while let Some(id) = at {
            let parent = tree.parent(id);
            match tree.kind(id) {
                Kind::Keyed if self.evaluator.text(id) == "static" => return true,
                Kind::FunctionDef => {
                    let body = parent.filter(|_| self.evaluator.text(id) == "constructor");
                    return body.is_some_and(|body| self.count_constructors(body) == 1);
                }
                Kind::ClassBody => return false,
                _ => at = parent,
            }
        }
        false
    }

    fn count_constructors(&mut self, body: NodeId) -> usize {
        let evaluator = &self.evaluator;
        let is_one =
            |id: &NodeId| evaluator.kind(*id) == Kind::FunctionDef && evaluator.text(*id) == "constructor";
        *self.constructors.entry(body).or_insert_with(|| evaluator.tree.children(body).filter(is_one).count())
    }
}

/// Whether an assignment is one of several in a row, as `a = b = c`.
pub(crate) fn is_chained(evaluator: &Evaluator<'_>, target: NodeId, value: NodeId) -> bool {
    let tree = evaluator.tree;
    let outer = tree.parent(target).and_then(|assignment| tree.parent(assignment));
    tree.kind(value) == Kind::Assign || outer.is_some_and(|outer| tree.kind(outer) == Kind::Assign)
}
