use andon_syntax::{Kind, Language, NodeId, Symbol};

use super::jumps::Jump;
use super::{Builder, RED_ZONE, STACK};
use crate::flow::{ExpressionId, ExpressionKind, InstructionKind, Origin, PointKind};

impl Builder<'_> {
    /// Runs a statement, if it is there.
    pub(super) fn run(&mut self, id: Option<NodeId>) {
        if let Some(id) = id {
            self.statement(id);
        }
    }

    /// Runs a statement, or an expression as one.
    pub(in crate::flow) fn statement(&mut self, id: NodeId) {
        stacker::maybe_grow(RED_ZONE, STACK, || self.statement_at(id, None));
    }

    fn statement_at(&mut self, id: NodeId, label: Option<Symbol>) {
        match self.kind(id) {
            Kind::File | Kind::Block | Kind::Export => {
                for part in self.parts(id) {
                    self.statement(part);
                }
            }
            Kind::ExprStatement => {
                if let Some(inner) = self.part(id, 0) {
                    self.expression_statement(inner);
                }
            }
            Kind::If => self.branch(id),
            Kind::While => self.while_loop(id, label),
            Kind::DoWhile => self.do_loop(id, label),
            Kind::For => self.counting_loop(id, label),
            Kind::ForEach => self.element_loop(id, label),
            Kind::Switch => self.switch(id, label),
            Kind::Return => self.returned(id, self.part(id, 0)),
            Kind::Throw => self.thrown(id),
            Kind::Break => self.jump(id, true),
            Kind::Continue => self.jump(id, false),
            Kind::Label => self.labelled(id),
            Kind::Try => self.guarded(id),
            Kind::With => {
                for part in self.parts(id) {
                    self.statement(part);
                }
            }
            Kind::WithItem => self.managed(id),
            Kind::Assert => {
                let parts = self.parts(id);
                let values = self.values(&parts);
                let (arguments, origin) = (Self::unnamed(&values), self.origin(id));
                self.instruction(InstructionKind::Special { to: None, arguments }, origin);
            }
            Kind::Keyed => self.keyed(id),
            Kind::VarDef => self.declaration(id),
            Kind::Broken | Kind::Absent => {}
            Kind::Other => {
                let is_code = |kind: Kind| kind < Kind::GenericType || kind >= Kind::ExprStatement;
                for part in self.parts(id) {
                    if is_code(self.kind(part)) {
                        self.statement(part);
                    }
                }
            }
            kind if kind < Kind::ExprStatement => self.expression_statement(id),
            // Definitions are functions of their own.
            _ => {}
        }
    }

    fn expression_statement(&mut self, id: NodeId) {
        if self.kind(id) == Kind::Yield
            && self.language() == Language::Python
            && let Some(value) = self.part(id, 0)
        {
            return self.returned(id, Some(value));
        }
        let count = self.graph.len();
        let value = self.effect(id);
        let is_variable = match self.kind_of(value) {
            Some(ExpressionKind::Read(place)) => place.variable().is_some(),
            _ => self.is_nothing(value),
        };
        if !is_variable || self.graph.len() == count {
            self.keep(value, Origin::NONE);
        }
    }

    fn branch(&mut self, id: NodeId) {
        let condition = self.value_or_nothing(self.part(id, 0));
        let fork = self.point(PointKind::Condition(condition));
        self.run(self.part(id, 1));
        let then = self.current;
        self.current = Some(fork);
        self.run(self.part(id, 2));
        let ways: Vec<_> = then.into_iter().chain(self.current).collect();
        self.join_or_stop(&ways);
    }

    /// Goes on where ways come together, or nowhere if there is none.
    fn join_or_stop(&mut self, ways: &[u32]) {
        match ways {
            [] => self.current = None,
            [only] => self.current = Some(*only),
            _ => {
                self.meet(ways);
            }
        }
    }

    fn returned(&mut self, id: NodeId, value: Option<NodeId>) {
        let value = self.value_or_nothing(value);
        let start = self.source.tree.span(id).start;
        let length = if self.kind(id) == Kind::Return { "return".len() } else { "yield".len() };
        let word = Origin::new(&(start..start + length));
        let lambdas = self.take_lambdas(vec![value]);
        self.point(PointKind::Return { value, word });
        self.inline(&lambdas);
        if self.kind(id) == Kind::Return {
            self.exits.extend(self.current);
            self.current = None;
        } else {
            // What follows `yield` runs when the next element is asked for.
            self.exits.extend(self.current);
        }
    }

    fn labelled(&mut self, id: NodeId) {
        let label = self.source.tree.text(id);
        let here = self.point(PointKind::Join);
        self.labels.insert(label, here);
        let Some(inner) = self.part(id, 0) else { return };
        let takes_label = matches!(
            self.kind(inner),
            Kind::While | Kind::DoWhile | Kind::For | Kind::ForEach | Kind::Switch
        );
        if takes_label {
            return stacker::maybe_grow(RED_ZONE, STACK, || self.statement_at(inner, Some(label)));
        }
        self.enter(Jump::labelled(label));
        self.statement(inner);
        self.leave();
    }

    /// `a as b` of a `with`.
    fn managed(&mut self, id: NodeId) {
        let value = self.value_or_nothing(self.part(id, 0));
        let manager = self.keep(value, Origin::NONE);
        if let Some(target) = self.part(id, 1) {
            let value = self.read(manager, Origin::NONE, None);
            self.give(target, value, Origin::NONE);
        }
    }

    fn keyed(&mut self, id: NodeId) {
        match self.text(id) {
            "global" | "nonlocal" | "pass" | "fallthrough" | "debugger" => {}
            "goto" => {
                if let (Some(label), Some(current)) = (self.part(id, 0), self.current.take()) {
                    self.gotos.push((self.source.tree.text(label), current));
                }
            }
            "del" | "delete" => {
                let parts = self.parts(id);
                let values: Vec<ExpressionId> = self.values(&parts).into_vec();
                let arguments = Self::unnamed(&values);
                self.instruction(InstructionKind::Special { to: None, arguments }, Origin::NONE);
            }
            _ => {
                for part in self.parts(id) {
                    self.statement(part);
                }
            }
        }
    }

    /// Leaves the innermost switch.
    pub(super) fn jump_out(&mut self) {
        if let Some(current) = self.current.take() {
            self.break_from(current);
        }
    }
}
