use andon_syntax::{Kind, Language, NodeId};

use super::Flow;
use crate::facts::once::is_chained;
use crate::facts::values::Value;

impl Flow<'_, '_> {
    /// A variable with or without a value; without, it is what it was.
    pub(super) fn variable_definition(&mut self, id: NodeId) {
        let (Some(target), Some(value)) = (self.child(id, 1), self.child(id, 3)) else { return };
        if self.kind(value) == Kind::Absent {
            return;
        }
        self.visit(value);
        if self.kind(target) == Kind::Name {
            let value = self.assigned(value);
            return self.set(target, value);
        }
        self.forget(target);
    }

    pub(super) fn assignment(&mut self, id: NodeId) {
        let (Some(target), Some(value)) = (self.child(id, 0), self.child(id, 1)) else { return };
        self.visit(value);
        if self.kind(target) != Kind::Name {
            return self.forget(target);
        }
        let is_unknown =
            self.evaluator.language == Language::Python && is_chained(self.evaluator, target, value);
        let value = if is_unknown { None } else { self.assigned(value) };
        self.set(target, value);
    }

    /// `a += b`.
    pub(super) fn augmented(&mut self, id: NodeId) {
        let (Some(target), Some(value)) = (self.child(id, 0), self.child(id, 1)) else { return };
        self.visit(value);
        if self.kind(target) != Kind::Name {
            return self.forget(target);
        }
        let (left, right) = (self.known(target), self.value(value));
        let computed = self.operation(self.evaluator.tree.text(id), left, right);
        self.set(target, computed);
    }

    /// An operation; `a++` changes `a`.
    pub(super) fn unary(&mut self, id: NodeId) {
        self.visit_children(id);
        let operator = match self.text(id) {
            "++" | "p++" => "+",
            "--" | "p--" => "-",
            _ => return,
        };
        let Some(target) = self.child(id, 0) else { return };
        if self.kind(target) != Kind::Name {
            return self.forget_base(target);
        }
        let computed = match self.known(target) {
            Some(Value::Integer(value)) if !self.evaluator.language.is_script() => {
                let changed = if operator == "+" { value.checked_add(1) } else { value.checked_sub(1) };
                changed.map(Value::Integer)
            }
            _ => None,
        };
        self.set(target, computed);
    }

    /// What a variable is after it was assigned an expression: its value, or the expression itself.
    fn assigned(&mut self, value: NodeId) -> Option<Value> {
        if !self.state.is_reachable {
            return None;
        }
        let computed = self.value(value);
        computed.or_else(|| self.evaluator.is_symbolic(value).then_some(Value::Expression(value)))
    }

    /// Nothing is known any more of what is assigned.
    pub(super) fn forget(&mut self, target: NodeId) {
        let tree = self.evaluator.tree;
        match self.kind(target) {
            Kind::Name => self.set(target, None),
            Kind::Tuple | Kind::Array | Kind::Spread => {
                tree.children(target).for_each(|part| self.forget(part))
            }
            Kind::Record => {
                for part in tree.children(target) {
                    self.forget(tree.child(part, 1).unwrap_or(part));
                }
            }
            Kind::Assign => {
                self.visit_child(target, 1);
                if let Some(inner) = self.child(target, 0) {
                    self.forget(inner);
                }
            }
            _ => {
                self.visit(target);
                self.forget_base(target);
            }
        }
    }

    /// `a` in `a.b[c]` may have been changed.
    pub(super) fn forget_base(&mut self, id: NodeId) {
        let mut at = id;
        while matches!(self.kind(at), Kind::Member | Kind::Index) {
            let Some(object) = self.child(at, 0) else { return };
            at = object;
        }
        if at != id && self.kind(at) == Kind::Name {
            self.set(at, None);
        }
    }
}
