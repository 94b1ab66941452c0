use super::cells::Shape;
use super::environment::Spot;
use super::fixpoint::Analysis;
use super::taints::Taints;
use crate::flow::{Expression, ExpressionId, ExpressionKind, Origin};

/// Stack that one level may need, in bytes, and how much is taken when it runs short.
const RED_ZONE: usize = 128 * 1024;
const STACK: usize = 2 * 1024 * 1024;

impl Analysis<'_> {
    /// What an expression evaluates to; tells if it is a sink.
    pub(super) fn expression(&mut self, id: ExpressionId) -> (Taints, Shape) {
        let program = self.program;
        let Some(expression) = program.expression(id).filter(|_| self.may_go_on()) else {
            return (Taints::default(), Shape::default());
        };
        stacker::maybe_grow(RED_ZONE, STACK, || self.checked(expression))
    }

    fn checked(&mut self, expression: &Expression) -> (Taints, Shape) {
        let sanitizers = self.sanitizers(expression.origin);
        if !sanitizers.is_empty() {
            if let ExpressionKind::Read(place) = &expression.kind {
                let spot = Spot::new(self.program, place, place.offsets.len());
                self.sanitize(&sanitizers, spot.as_ref());
            }
            return (Taints::default(), Shape::default());
        }
        let (taints, shape) = if let ExpressionKind::Read(place) = &expression.kind {
            let known = self.place(place);
            (known.taints, known.shape)
        } else {
            let (taints, shape) = self.parts_of(expression);
            let taints = self.with_sources(expression.origin, taints);
            let brought = self.propagate(expression.origin, None, &taints, &shape);
            (taints.union(&brought), shape)
        };
        self.at_sinks(expression.origin, &taints, &shape, |hit, _| hit.is_best);
        (taints, shape)
    }

    /// Taints, and those of the sources that something is.
    pub(super) fn with_sources(&mut self, origin: Origin, taints: Taints) -> Taints {
        let sources: Vec<u32> = self.sources(origin, false).iter().map(|hit| hit.index).collect();
        if sources.is_empty() {
            return taints;
        }
        let new = self.taints_of(&sources, &taints);
        taints.union(&new)
    }

    fn parts_of(&mut self, expression: &Expression) -> (Taints, Shape) {
        let only_assignments = self.spec.options.taint_only_propagate_through_assignments;
        match &expression.kind {
            ExpressionKind::Read(_) | ExpressionKind::Literal => (Taints::default(), Shape::default()),
            ExpressionKind::Tuple(parts) => {
                let elements: Vec<_> = parts.iter().map(|part| self.expression(*part)).collect();
                (Taints::default(), Shape::of_elements(elements))
            }
            ExpressionKind::Record(fields) => {
                let mut shape = Shape::default();
                let mut taints = Taints::default();
                for (name, value) in fields {
                    let (given, inner) = self.expression(*value);
                    match name {
                        Some(name) => shape.set(*name, &given, &inner),
                        None => {
                            taints = taints.union(&given);
                            shape = shape.union(&inner);
                        }
                    }
                }
                (if only_assignments { Taints::default() } else { taints }, shape)
            }
            ExpressionKind::Unknown(parts) => (self.gathered(parts), Shape::default()),
            ExpressionKind::Group(parts) => {
                let taints = self.gathered(parts);
                (if only_assignments { Taints::default() } else { taints }, Shape::default())
            }
            ExpressionKind::Operator { is_comparison, operands } => {
                let taints = self.operands(operands);
                let is_safe = *is_comparison && self.spec.options.taint_assume_safe_comparisons;
                (if is_safe || only_assignments { Taints::default() } else { taints }, Shape::default())
            }
            ExpressionKind::Cast(inner) => self.expression(*inner),
        }
    }

    fn gathered(&mut self, parts: &[ExpressionId]) -> Taints {
        let mut all = Taints::default();
        for part in parts {
            let (taints, shape) = self.expression(*part);
            all = shape.gather(all.union(&taints));
        }
        all
    }

    fn operands(&mut self, operands: &[ExpressionId]) -> Taints {
        let mut all = Taints::default();
        for operand in operands {
            let (taints, shape) = self.expression(*operand);
            let is_safe = self.is_safe(*operand);
            all = shape.gather(if is_safe { all } else { all.union(&taints) });
        }
        all
    }

    pub(super) fn goes_through_functions(&self) -> bool {
        let options = self.spec.options;
        !options.taint_assume_safe_functions && !options.taint_only_propagate_through_assignments
    }

    pub(super) fn goes_through_indexes(&self) -> bool {
        let options = self.spec.options;
        !options.taint_assume_safe_indexes && !options.taint_only_propagate_through_assignments
    }
}
