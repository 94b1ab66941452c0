//! Composer's constraints (`composer/semver`).

use super::partial::Partial;
use super::{Comparator, Operator, split_conjunction};
use crate::{Scheme, Version};

/// Composer compares versions of four numbers.
const LENGTH: usize = 4;

pub(super) fn satisfies(version: &str, requirement: &str) -> Option<bool> {
    let exact = Partial::read(version).filter(|exact| exact.numbers.len() <= LENGTH && !exact.wildcard)?;
    let candidate = Version::parse(Scheme::Packagist, &exact.padded(LENGTH)).ok()?;
    let stable = is_stable(exact.rest);
    let mut satisfied = false;
    for alternative in requirement.split('|').map(str::trim).filter(|alternative| !alternative.is_empty()) {
        let mut comparators = Vec::new();
        let mut allowed = stable;
        for (operator, text) in split_conjunction(alternative) {
            let (text, flag) = text.split_once('@').map_or((text, ""), |(text, flag)| (text, flag));
            let partial = Partial::read(text).filter(|partial| partial.numbers.len() <= LENGTH)?;
            allowed |= !is_stable(partial.rest) || !is_stable(flag);
            expand(operator, &partial, &mut comparators)?;
        }
        satisfied |= allowed && comparators.iter().all(|comparator| comparator.allows(&candidate));
    }
    Some(satisfied)
}

fn is_stable(rest: &str) -> bool {
    let rest = rest.trim_start_matches(['-', '.', '_']);
    rest.is_empty() || rest == "stable" || rest.starts_with('p')
}

/// Writes an operator on a version, given in full or in part, as comparisons. Bounds are before the first development
/// version of what they name.
fn expand(operator: &str, partial: &Partial<'_>, into: &mut Vec<Comparator>) -> Option<()> {
    let mut push = |operator, version: &str| {
        into.push(Comparator::new(Scheme::Packagist, operator, version)?);
        Some(())
    };
    if partial.numbers.is_empty() {
        return Some(());
    }
    let exact = partial.padded(LENGTH);
    let bound = if partial.rest.is_empty() { format!("{exact}-dev") } else { exact.clone() };
    let last = partial.numbers.len().checked_sub(1)?;
    let index = match operator {
        "" | "=" | "==" if !partial.wildcard => return push(Operator::Equal, &exact),
        "!=" | "<>" if !partial.wildcard => return push(Operator::NotEqual, &exact),
        ">" => return push(Operator::Greater, &exact),
        ">=" => return push(Operator::GreaterOrEqual, &bound),
        "<" => return push(Operator::Less, &bound),
        "<=" => return push(Operator::LessOrEqual, &exact),
        "" | "=" | "==" => last,
        "^" => partial.caret()?,
        "~" | "~>" => last.saturating_sub(1),
        _ => return None,
    };
    push(Operator::GreaterOrEqual, &bound)?;
    push(Operator::Less, &format!("{}-dev", partial.after(index, LENGTH)?))
}
