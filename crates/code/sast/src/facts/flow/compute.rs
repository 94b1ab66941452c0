use andon_syntax::{Kind, Language, NodeId, Symbol};

use super::Flow;
use crate::facts::values::{Type, Value};
use crate::facts::{RED_ZONE, STACK};

impl Flow<'_, '_> {
    /// The value that an expression gives a variable.
    pub(super) fn value(&mut self, id: NodeId) -> Option<Value> {
        stacker::maybe_grow(RED_ZONE, STACK, || self.value_inside(id))
    }

    fn value_inside(&mut self, id: NodeId) -> Option<Value> {
        let literal = self.evaluator.literal(id);
        if literal.is_some() {
            return literal;
        }
        match self.kind(id) {
            Kind::Name => self.known(id),
            Kind::Unary => self.negated(id),
            Kind::Binary => self.computed(id),
            Kind::Conditional => {
                let (then, otherwise) = (self.child(id, 1)?, self.child(id, 2)?);
                let (then, otherwise) = (self.value(then), self.value(otherwise));
                then?.or(otherwise?)
            }
            Kind::Template => self.joined(id),
            Kind::Assign => {
                let target = self.child(id, 0).filter(|target| self.kind(*target) == Kind::Name)?;
                self.known(target)
            }
            Kind::Call => {
                let known = &mut *self;
                let (evaluator, values) = (&mut *known.evaluator, &*known.values);
                evaluator.combined(id, &mut |evaluator, part| {
                    evaluator.literal(part).or_else(|| values.get(&part).copied())
                })
            }
            _ => None,
        }
    }

    fn negated(&mut self, id: NodeId) -> Option<Value> {
        let operand = self.child(id, 0)?;
        let operator = self.evaluator.tree.text(id);
        let value = self.value(operand)?;
        Some(match (self.evaluator.symbol_text(operator), value) {
            ("+", value) => value,
            ("!", Value::Bool(value)) => Value::Bool(!value),
            (_, Value::Bool(_)) => Value::Some(Type::Bool),
            ("-", Value::Integer(value)) => {
                value.checked_neg().map_or(Value::Some(Type::Integer), Value::Integer)
            }
            (_, Value::Integer(_)) => Value::Some(Type::Integer),
            (_, Value::Some(kind)) => Value::Some(kind),
            _ => return None,
        })
    }

    fn computed(&mut self, id: NodeId) -> Option<Value> {
        let (left, right) = (self.child(id, 0)?, self.child(id, 1)?);
        let (left, right) = (self.value(left), self.value(right));
        self.operation(self.evaluator.tree.text(id), left, right)
    }

    /// What an operator makes of two values.
    pub(super) fn operation(
        &mut self,
        operator: Symbol,
        left: Option<Value>,
        right: Option<Value>,
    ) -> Option<Value> {
        let operator = self.evaluator.symbol_text(operator);
        let is_python = self.evaluator.language == Language::Python;
        let left = left?;
        if is_python && operator == "*" && left.constant_type() == Some(Type::Text) {
            return Some(Value::Some(Type::Text));
        }
        let right = right?;
        match (left, right) {
            _ if matches!(operator, "&&" | "||") => left.or(right),
            (Value::Bool(_), Value::Bool(_)) => Some(Value::Some(Type::Bool)),
            (Value::Integer(_), Value::Integer(_)) if self.evaluator.language.is_script() => None,
            (Value::Integer(left), Value::Integer(right)) => Some(arithmetic(operator, left, right)),
            (Value::Text(_), Value::Text(_)) if operator == "+" => self.evaluator.joined(left, right),
            (Value::Text(_), Value::Text(_)) => Some(Value::Some(Type::Text)),
            (Value::Some(_), _) | (_, Value::Some(_)) => {
                let kind = left.constant_type()?.or(right.constant_type()?);
                Some(Value::Some(kind))
            }
            _ => None,
        }
    }

    /// Strings side by side, or with expressions in them.
    fn joined(&mut self, id: NodeId) -> Option<Value> {
        if !matches!(self.text(id), "" | "f") {
            return None;
        }
        let tree = self.evaluator.tree;
        let mut joined = None;
        for part in tree.children(id) {
            let value = self.value(part)?;
            joined = match (joined, value) {
                (None, Value::Text(_)) => Some(value),
                (Some(Value::Some(Type::Text)), Value::Some(Type::Text)) => Some(value),
                (Some(before @ Value::Text(_)), value) => Some(self.evaluator.joined(before, value)?),
                _ => return None,
            };
        }
        joined
    }
}

fn arithmetic(operator: &str, left: i64, right: i64) -> Value {
    let value = match operator {
        "+" => left.checked_add(right),
        "-" => left.checked_sub(right),
        "*" => left.checked_mul(right),
        "/" => left.checked_div(right),
        _ => None,
    };
    value.map_or(Value::Some(Type::Integer), Value::Integer)
}
