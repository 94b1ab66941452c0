use andon_syntax::{Kind, NodeId, Symbol};

use super::Builder;
use super::jumps::Jump;
use crate::flow::{ExpressionId, ExpressionKind, InstructionKind, Origin, PointKind};

impl Builder<'_> {
    /// `while c`, with an `else`.
    pub(super) fn while_loop(&mut self, id: NodeId, label: Option<Symbol>) {
        let head = self.point(PointKind::Join);
        let condition = self.value_or_nothing(self.part(id, 0));
        let fork = self.point(PointKind::Condition(condition));
        self.enter(Jump::breakable(label, true));
        self.run(self.part(id, 1));
        self.next_round();
        self.back_to(head);
        self.current = Some(fork);
        self.run(self.part(id, 2));
        self.leave();
    }

    pub(super) fn do_loop(&mut self, id: NodeId, label: Option<Symbol>) {
        let head = self.point(PointKind::Join);
        self.enter(Jump::breakable(label, true));
        self.run(self.part(id, 0));
        self.next_round();
        let condition = self.value_or_nothing(self.part(id, 1));
        self.point(PointKind::Condition(condition));
        self.back_to(head);
        self.leave();
    }

    /// `for (init; condition; update)`.
    pub(super) fn counting_loop(&mut self, id: NodeId, label: Option<Symbol>) {
        self.run(self.part(id, 0));
        let head = self.point(PointKind::Join);
        let condition = self.value_or_nothing(self.part(id, 1));
        let fork = self.point(PointKind::Condition(condition));
        self.enter(Jump::breakable(label, true));
        self.run(self.part(id, 3));
        self.next_round();
        self.run(self.part(id, 2));
        self.back_to(head);
        self.current = Some(fork);
        self.leave();
    }

    /// `for x in y`, with an `else`.
    pub(super) fn element_loop(&mut self, id: NodeId, label: Option<Symbol>) {
        let values = self.value_or_nothing(self.part(id, 1));
        let target = self.part(id, 0);
        let origin = self.part(id, 1).map_or(Origin::NONE, |iterable| self.before(iterable));
        let head = self.point(PointKind::Join);
        let has_next = self.next_of(values, origin);
        let fork = self.point(PointKind::Condition(has_next));
        self.enter(Jump::breakable(label, true));
        if let Some(target) = target {
            self.take_element(values, target, origin);
        }
        self.run(self.part(id, 2));
        self.next_round();
        self.back_to(head);
        self.current = Some(fork);
        self.run(self.part(id, 3));
        self.leave();
    }

    fn next_of(&mut self, values: ExpressionId, origin: Origin) -> ExpressionId {
        let next = self.temporary();
        let arguments = Self::unnamed(&[values]);
        self.instruction(InstructionKind::Special { to: Some(next.clone()), arguments }, origin);
        self.made(ExpressionKind::Read(next), origin, None)
    }

    /// Assigns an element of what is gone through.
    pub(super) fn take_element(&mut self, values: ExpressionId, target: NodeId, origin: Origin) {
        let next = self.next_of(values, origin);
        self.give(target, next, origin);
    }

    fn back_to(&mut self, head: u32) {
        if let Some(current) = self.current {
            self.graph.join(current, head);
        }
    }

    /// `switch`; without a subject the labels are conditions.
    pub(super) fn switch(&mut self, id: NodeId, label: Option<Symbol>) {
        let subject = self.part(id, 0).map(|subject| self.value(subject));
        let cases: Vec<_> =
            self.parts(id).into_iter().filter(|part| self.kind(*part) == Kind::Case).collect();
        let mut bodies = Vec::new();
        let mut default = None;
        for case in cases {
            let mut parts = self.parts(case);
            let body = parts.pop();
            if self.text(case) == "default" && parts.is_empty() {
                default = Some(bodies.len());
                bodies.push((None, body));
                continue;
            }
            let condition = self.case_condition(&parts, subject);
            let fork = self.point(PointKind::Condition(condition));
            bodies.push((Some(fork), body));
        }
        let rest = self.current;
        self.enter(Jump::breakable(label, false));
        self.current = None;
        for (at, (fork, body)) in bodies.into_iter().enumerate() {
            let from = if default == Some(at) { rest } else { fork };
            let ways: Vec<_> = self.current.into_iter().chain(from).collect();
            self.meet(&ways);
            self.run(body);
            if !self.falls_through() {
                self.jump_out();
            }
        }
        if default.is_none() {
            let ways: Vec<_> = self.current.into_iter().chain(rest).collect();
            self.meet(&ways);
        }
        self.leave();
    }

    fn case_condition(&mut self, labels: &[NodeId], subject: Option<ExpressionId>) -> ExpressionId {
        let mut operands = self.values(labels).into_vec();
        operands.extend(subject);
        let kind = ExpressionKind::Operator { is_comparison: true, operands: operands.into() };
        self.made(kind, Origin::NONE, None)
    }

    fn falls_through(&self) -> bool {
        !matches!(self.language(), andon_syntax::Language::Go | andon_syntax::Language::Python)
    }
}
