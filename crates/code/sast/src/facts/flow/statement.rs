use andon_syntax::{Kind, Language, NodeId};

use super::{Flow, Target};

impl Flow<'_, '_> {
    /// Walks a statement or expression in the order in which it runs.
    pub(super) fn statement(&mut self, id: NodeId) {
        match self.kind(id) {
            Kind::Name => self.read(id),
            Kind::Member => self.member(id),
            Kind::ExprStatement => self.expression_statement(id),
            Kind::VarDef => self.variable_definition(id),
            Kind::Assign => self.assignment(id),
            Kind::AugmentedAssign => self.augmented(id),
            Kind::Unary => self.unary(id),
            Kind::Binary if matches!(self.text(id), "&&" | "||") => self.lazy(id),
            Kind::Conditional => self.conditional(id),
            Kind::Call => self.call(id),
            Kind::New | Kind::Cast => self.typed(id),
            Kind::If => self.branches(id),
            Kind::While | Kind::DoWhile | Kind::For | Kind::ForEach | Kind::Comprehension => {
                self.repeated(id)
            }
            Kind::Switch => self.switch(id),
            Kind::Try => self.attempt(id),
            Kind::Catch => self.visit_child(id, 2),
            Kind::WithItem => self.with_item(id),
            Kind::Return | Kind::Throw | Kind::Break | Kind::Continue => self.leave(id),
            Kind::Label => self.label(id),
            Kind::FunctionDef => self.function(id),
            Kind::Lambda => self.run_perhaps(id, 3),
            Kind::ClassDef | Kind::ClassBody => self.class(id),
            Kind::Pair if self.evaluator.language.is_script() => self.pair(id),
            Kind::Attributes | Kind::Params | Kind::TypeParams | Kind::TypeAlias => {}
            Kind::Import | Kind::ImportFrom | Kind::ImportAll | Kind::Package => {}
            _ => self.visit_children(id),
        }
    }

    fn member(&mut self, id: NodeId) {
        self.visit_child(id, 0);
        if let Some(name) = self.child(id, 1).filter(|name| self.kind(*name) != Kind::Name) {
            self.visit(name);
        }
    }

    /// A method called for its effect may change its object.
    fn expression_statement(&mut self, id: NodeId) {
        self.visit_children(id);
        let Some(expression) = self.child(id, 0) else { return };
        match self.kind(expression) {
            Kind::Call => {
                let callee = self.child(expression, 0).filter(|callee| self.kind(*callee) == Kind::Member);
                if let Some(callee) = callee {
                    self.forget_base(callee);
                }
            }
            // What comes after is another run to Python.
            Kind::Yield if self.evaluator.language == Language::Python => {
                let value = self.child(expression, 0).filter(|value| self.kind(*value) != Kind::Absent);
                if value.is_some() {
                    self.state.is_reachable = false;
                }
            }
            _ => {}
        }
    }

    fn call(&mut self, id: NodeId) {
        self.visit_children(id);
        self.state.throw();
    }

    fn typed(&mut self, id: NodeId) {
        let tree = self.evaluator.tree;
        for (position, child) in tree.children(id).enumerate() {
            if position > 0 || self.evaluator.language.is_script() && self.kind(id) == Kind::New {
                self.visit(child);
            }
        }
        if self.kind(id) == Kind::New {
            self.state.throw();
        }
    }

    /// `a && b`, where `b` may be left out.
    fn lazy(&mut self, id: NodeId) {
        self.visit_child(id, 0);
        self.perhaps(|flow| flow.visit_child(id, 1));
    }

    fn conditional(&mut self, id: NodeId) {
        self.visit_child(id, 0);
        self.either(id);
    }

    fn branches(&mut self, id: NodeId) {
        self.visit_child(id, 0);
        self.either(id);
    }

    /// The second or the third child.
    fn either(&mut self, id: NodeId) {
        if !self.state.is_reachable {
            return self.visit_parts(id);
        }
        let start = self.state.mark();
        self.visit_child(id, 1);
        let then = self.state.take(start);
        self.visit_child(id, 2);
        let otherwise = self.state.take(start);
        self.state.join([then, otherwise].into_iter().flatten().collect());
    }

    fn visit_parts(&mut self, id: NodeId) {
        self.visit_child(id, 1);
        self.visit_child(id, 2);
    }

    fn with_item(&mut self, id: NodeId) {
        self.visit_child(id, 0);
        if let Some(target) = self.child(id, 1) {
            self.forget(target);
        }
    }

    /// `return`, `throw`, `break`, `continue`.
    fn leave(&mut self, id: NodeId) {
        self.visit_children(id);
        match self.kind(id) {
            Kind::Throw => self.state.throw(),
            Kind::Break | Kind::Continue => self.jump(id),
            _ => {}
        }
        self.state.is_reachable = false;
    }

    fn jump(&mut self, id: NodeId) {
        if !self.state.is_reachable {
            return;
        }
        let label = self.evaluator.tree.text(id);
        let has_label = !self.text(id).is_empty();
        let is_break = self.kind(id) == Kind::Break;
        let mut at = self.targets.len();
        while let Some(target) = at.checked_sub(1).and_then(|before| self.targets.get_mut(before)) {
            at -= 1;
            match target {
                Target::Loop { is_left } => *is_left = true,
                Target::Switch { start, .. } if is_break && !has_label => {
                    let start = *start;
                    let end = self.state.changes(start);
                    return self.end_switch(at, end);
                }
                Target::Label { name, is_left } if has_label => {
                    *is_left = true;
                    if self.evaluator.tree.text(*name) == label {
                        return;
                    }
                    continue;
                }
                _ => continue,
            }
            if !has_label {
                return;
            }
        }
    }

    fn end_switch(&mut self, at: usize, end: Vec<super::Change>) {
        if let Some(Target::Switch { ends, .. }) = self.targets.get_mut(at) {
            ends.push(end);
        }
    }

    fn label(&mut self, id: NodeId) {
        self.targets.push(Target::Label { name: id, is_left: false });
        self.visit_children(id);
        if let Some(Target::Label { is_left: true, .. }) = self.targets.pop() {
            self.state.is_reachable = true;
            self.state.clear();
        }
    }

    /// A function with a name. In a JavaScript function or object it is a value like any other.
    fn function(&mut self, id: NodeId) {
        let in_object =
            self.evaluator.tree.parent(id).is_some_and(|parent| self.kind(parent) == Kind::Record);
        if self.evaluator.language.is_script() && (in_object || self.depth > 0) {
            self.run_perhaps(id, 5);
        } else {
            self.apart(|flow| flow.visit_child(id, 5));
        }
    }

    /// A function that is a value, with its body at a position, may run here, and again later.
    fn run_perhaps(&mut self, id: NodeId, body: usize) {
        if !self.state.is_reachable {
            return self.apart(|flow| flow.visit_child(id, body));
        }
        let targets = std::mem::take(&mut self.targets);
        self.depth += 1;
        let start = self.state.mark();
        self.visit_child(id, body);
        let changed = self.state.changes(start);
        self.state.back(start);
        self.depth -= 1;
        self.targets = targets;
        self.state.apply(changed.into_iter().map(|(variable, _)| (variable, None)).collect());
    }

    /// What stands in a class runs at another time.
    fn class(&mut self, id: NodeId) {
        let was_reachable = std::mem::replace(&mut self.state.is_reachable, false);
        self.visit_children(id);
        self.state.is_reachable = was_reachable;
    }

    fn pair(&mut self, id: NodeId) {
        if let Some(key) = self.child(id, 0).filter(|key| self.kind(*key) != Kind::Name) {
            self.visit(key);
        }
        self.visit_child(id, 1);
    }
}
