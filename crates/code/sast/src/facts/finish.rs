use andon_syntax::Kind;
use rustc_hash::FxHashMap;

use crate::facts::evaluate::Evaluator;
use crate::facts::once::Values;
use crate::facts::resolve::Resolved;
use crate::facts::values::{Type, Value};
use crate::facts::{Constant, Facts};

/// What is known of the nodes, from what is known of the names.
pub(crate) fn finish(evaluator: &mut Evaluator<'_>, resolved: Resolved, mut values: Values) -> Facts {
    combine(evaluator, &mut values);
    let mut constants = FxHashMap::default();
    let mut expressions = FxHashMap::default();
    for (id, value) in values {
        match value {
            Value::Expression(expression) => {
                expressions.insert(id, expression);
            }
            value => {
                if let Some(constant) = constant(value) {
                    constants.insert(id, constant);
                }
            }
        }
    }
    let mut declarations = FxHashMap::default();
    let mut full_names = FxHashMap::default();
    for id in evaluator.tree.ids() {
        let Some(number) = resolved.of(id).filter(|_| evaluator.kind(id) == Kind::Name) else { continue };
        declarations.insert(id, number);
        let path = resolved.bindings.get(number as usize).and_then(|binding| binding.path.clone());
        if let Some(path) = path {
            full_names.insert(id, path);
        }
    }
    let Resolved { wildcards, types, .. } = resolved;
    Facts { full_names, wildcards, declarations, constants, expressions, types }
}

/// Adds the values of expressions made of others; these stand after them in the tree.
fn combine(evaluator: &mut Evaluator<'_>, values: &mut Values) {
    for id in evaluator.tree.ids().rev() {
        if !matches!(
            evaluator.kind(id),
            Kind::Binary | Kind::Unary | Kind::Template | Kind::Conditional | Kind::Call
        ) {
            continue;
        }
        let found = evaluator.combined(id, &mut |evaluator, part| {
            evaluator.literal(part).or_else(|| values.get(&part).copied())
        });
        if let Some(found) = found {
            values.insert(id, found);
        }
    }
}

fn constant(value: Value) -> Option<Constant> {
    Some(match value {
        Value::Text(text) => Constant::Text(text),
        Value::Integer(value) => Constant::Integer(value),
        Value::Number(value) => Constant::Number(value),
        Value::Bool(value) => Constant::Bool(value),
        Value::Literal(id) => Constant::Literal(id),
        Value::Some(Type::Text) => Constant::SomeText,
        Value::Some(Type::Integer) => Constant::SomeInteger,
        Value::Some(Type::Bool) => Constant::SomeBool,
        Value::Some(Type::Any) | Value::Expression(_) => return None,
    })
}
