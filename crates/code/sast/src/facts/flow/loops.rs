use andon_syntax::{Kind, NodeId};
use rustc_hash::FxHashSet;

use super::{Flow, Target};

impl Flow<'_, '_> {
    /// A loop or comprehension.
    pub(super) fn repeated(&mut self, id: NodeId) {
        match self.kind(id) {
            Kind::While => {
                self.rounds(|flow| (0..2).for_each(|position| flow.visit_child(id, position)));
                self.visit_child(id, 2);
            }
            Kind::DoWhile => self.rounds_after_one(id),
            Kind::For => {
                self.visit_child(id, 0);
                self.rounds(|flow| [1, 3, 2].into_iter().for_each(|position| flow.visit_child(id, position)));
            }
            Kind::ForEach => {
                self.visit_child(id, 1);
                self.rounds(|flow| {
                    flow.loop_target(id);
                    flow.visit_child(id, 2);
                });
                self.visit_child(id, 3);
            }
            _ => self.comprehension(id),
        }
    }

    /// Walks what may run any number of times. What was known before is not known in it; after it, what is known
    /// before as at the end of each round.
    fn rounds(&mut self, round: impl FnOnce(&mut Self)) {
        if !self.state.is_reachable {
            return round(self);
        }
        let start = self.state.mark();
        self.state.clear();
        let entry = self.state.before(start);
        self.targets.push(Target::Loop { is_left: false });
        round(self);
        let is_left = matches!(self.targets.pop(), Some(Target::Loop { is_left: true }));
        if is_left || !self.state.is_reachable {
            self.state.is_reachable = true;
            return self.state.clear();
        }
        for (variable, value) in self.state.known() {
            let before = entry.get(&variable).copied().flatten();
            self.state.set(variable, super::state::both(before, Some(value)));
        }
    }

    /// `do … while`: the first round finds what was known before.
    fn rounds_after_one(&mut self, id: NodeId) {
        if !self.state.is_reachable {
            return self.visit_children(id);
        }
        let start = self.state.mark();
        self.targets.push(Target::Loop { is_left: false });
        self.visit_children(id);
        let is_left = matches!(self.targets.pop(), Some(Target::Loop { is_left: true }));
        if is_left || !self.state.is_reachable {
            self.state.is_reachable = true;
            return self.state.clear();
        }
        let changed: FxHashSet<_> =
            self.state.changes(start).into_iter().map(|(variable, _)| variable).collect();
        for (variable, _) in self.state.known() {
            if !changed.contains(&variable) {
                self.state.set(variable, None);
            }
        }
    }

    fn loop_target(&mut self, id: NodeId) {
        let Some(target) = self.child(id, 0) else { return };
        let target = if self.kind(target) == Kind::VarDef { self.child(target, 1) } else { Some(target) };
        if let Some(target) = target {
            self.forget(target);
        }
    }

    fn comprehension(&mut self, id: NodeId) {
        self.rounds(|flow| {
            let tree = flow.evaluator.tree;
            let mut parts = tree.children(id);
            let element = parts.next();
            for part in parts {
                if flow.kind(part) == Kind::ComprehensionFor {
                    flow.visit_child(part, 1);
                } else {
                    flow.visit(part);
                }
            }
            if let Some(element) = element {
                flow.visit(element);
            }
        });
    }
}
