use andon_syntax::{Kind, NodeId};

use super::Builder;
use crate::flow::{ExpressionId, ExpressionKind, Origin};

impl Builder<'_> {
    pub(super) fn unary(&mut self, id: NodeId, is_unused: bool) -> ExpressionId {
        let Some(operand) = self.part(id, 0) else { return self.nothing() };
        match self.text(id) {
            "++" | "--" | "p++" | "p--" => self.step(id, operand),
            "*" => {
                let place = self.place(id);
                let origin = self.origin(id);
                self.read(place, origin, Some(id))
            }
            "&" | "typeof" | "void" | "delete" | "<-" => {
                let value = self.value(operand);
                self.special(&[value], id, is_unused)
            }
            _ => {
                let value = self.value(operand);
                self.operator(&[value], false, id)
            }
        }
    }

    /// `x++`.
    fn step(&mut self, id: NodeId, operand: NodeId) -> ExpressionId {
        let place = self.place(operand);
        let origin = self.origin(operand);
        let before = self.read(place.clone(), origin, Some(operand));
        let one = self.nothing();
        let kind = ExpressionKind::Operator { is_comparison: false, operands: Box::new([before, one]) };
        let after = self.made(kind, Origin::NONE, None);
        let origin = self.origin(id);
        self.assign(place, after, origin);
        before
    }

    pub(super) fn operator(
        &mut self,
        operands: &[ExpressionId],
        is_comparison: bool,
        id: NodeId,
    ) -> ExpressionId {
        self.expression_at(ExpressionKind::Operator { is_comparison, operands: operands.into() }, id)
    }

    pub(super) fn binary(&mut self, id: NodeId) -> ExpressionId {
        let left = self.value_or_nothing(self.part(id, 0));
        let operator = self.text(id);
        let right = self.part(id, 1);
        match operator {
            "&&" | "||" | "??" => {
                let right = self.maybe(right);
                self.operator(&[left, right], false, id)
            }
            "instanceof" => self.special(&[left], id, false),
            _ => {
                let right = self.value_or_nothing(right);
                self.operator(&[left, right], compares(operator), id)
            }
        }
    }

    /// An operand that may not be evaluated.
    fn maybe(&mut self, id: Option<NodeId>) -> ExpressionId {
        let (before, count) = (self.current, self.graph.len());
        let value = self.value_or_nothing(id);
        if self.graph.len() > count {
            let ways: Vec<_> = before.into_iter().chain(self.current).collect();
            self.meet(&ways);
        }
        value
    }

    /// `a ? b : c`.
    pub(super) fn conditional(&mut self, id: NodeId) -> ExpressionId {
        let condition = self.value_or_nothing(self.part(id, 0));
        let fork = self.point(crate::flow::PointKind::Condition(condition));
        let result = self.temporary();
        let mut ways = Vec::new();
        for position in [1, 2] {
            self.current = Some(fork);
            let value = self.value_or_nothing(self.part(id, position));
            self.assign(result.clone(), value, Origin::NONE);
            ways.extend(self.current);
        }
        self.meet(&ways);
        let origin = self.origin(id);
        self.read(result, origin, Some(id))
    }

    /// `[x for a in b if c]`: as if the loop ran once.
    pub(super) fn comprehension(&mut self, id: NodeId) -> ExpressionId {
        let parts = self.parts(id);
        for part in &parts {
            match self.kind(*part) {
                Kind::ComprehensionFor => {
                    let values = self.value_or_nothing(self.part(*part, 1));
                    if let Some(target) = self.part(*part, 0) {
                        let origin = self.before(target);
                        self.take_element(values, target, origin);
                    }
                }
                Kind::ComprehensionIf => {
                    let condition = self.value_or_nothing(self.part(*part, 0));
                    self.point(crate::flow::PointKind::Condition(condition));
                }
                _ => {}
            }
        }
        let element = parts.first().copied();
        let values = match element.filter(|element| self.kind(*element) == Kind::Pair) {
            Some(pair) => {
                let both = self.parts(pair);
                self.values(&both)
            }
            None => Box::new([self.value_or_nothing(element)]),
        };
        self.expression_at(ExpressionKind::Group(values), id)
    }
}

fn compares(operator: &str) -> bool {
    matches!(operator, "==" | "!=" | "===" | "!==" | "<" | "<=" | ">" | ">=" | "<=>" | "=~")
        || matches!(operator, "in" | "not in" | "is" | "is not")
}
