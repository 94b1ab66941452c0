//! npm's ranges (node-semver) and cargo's.

use super::partial::Partial;
use super::{Comparator, Operator, split_conjunction, split_operator};
use crate::{Scheme, Version};

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Dialect {
    Npm,
    Cargo,
}

pub(super) fn satisfies(version: &str, requirement: &str, dialect: Dialect) -> Option<bool> {
    let exact = Partial::read(version).filter(|exact| exact.numbers.len() == 3 && !exact.wildcard)?;
    let parsed = Version::parse(Scheme::Semver, version).ok()?;
    let mut satisfied = false;
    for alternative in requirement.split("||") {
        let comparisons = match dialect {
            Dialect::Npm => split_conjunction(alternative),
            Dialect::Cargo => alternative.split(',').map(|part| split_operator(part.trim())).collect(),
        };
        let mut comparators = Vec::new();
        // A pre-release is allowed only where the requirement names one of the same numbers.
        let mut pre_release = exact.rest.is_empty();
        for (operator, text) in comparisons {
            let partial = Partial::read(text).filter(is_readable)?;
            pre_release |= !partial.rest.is_empty() && partial.numbers == exact.numbers;
            let operator = if operator.is_empty() && dialect == Dialect::Cargo { "^" } else { operator };
            expand(operator, &partial, &mut comparators)?;
        }
        satisfied |= pre_release && comparators.iter().all(|comparator| comparator.allows(&parsed));
    }
    Some(satisfied)
}

fn is_readable(partial: &Partial<'_>) -> bool {
    partial.numbers.len() <= 3 && (partial.rest.is_empty() || partial.rest.starts_with('-'))
}

/// Writes an operator on a version, given in full or in part, as comparisons.
fn expand(operator: &str, partial: &Partial<'_>, into: &mut Vec<Comparator>) -> Option<()> {
    let mut push = |operator, version: &str| {
        into.push(Comparator::new(Scheme::Semver, operator, version)?);
        Some(())
    };
    let lower = partial.padded(3);
    let last = partial.numbers.len().checked_sub(1);
    // Before the first pre-release of the version after it.
    let before = |index: Option<usize>| Some(format!("{}-0", partial.after(index?, 3)?));
    let whole = partial.numbers.len() == 3;
    match operator {
        "" | "=" | "==" if whole => push(Operator::Equal, &lower),
        ">" if whole => push(Operator::Greater, &lower),
        "<=" if whole => push(Operator::LessOrEqual, &lower),
        "<" if whole => push(Operator::Less, &lower),
        "<" | ">" if last.is_none() => push(Operator::Less, "0.0.0-0"),
        _ if last.is_none() => Some(()),
        ">" => push(Operator::GreaterOrEqual, &partial.after(last?, 3)?),
        ">=" => push(Operator::GreaterOrEqual, &lower),
        "<" => push(Operator::Less, &format!("{lower}-0")),
        "<=" => push(Operator::Less, &before(last)?),
        _ => {
            let index = match operator {
                "" | "=" | "==" => last,
                "^" => partial.caret(),
                "~" | "~>" => last.map(|last| last.min(1)),
                _ => return None,
            };
            push(Operator::GreaterOrEqual, &lower)?;
            push(Operator::Less, &before(index)?)
        }
    }
}
