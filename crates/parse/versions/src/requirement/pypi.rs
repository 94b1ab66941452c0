//! PEP 440's version specifiers, and Poetry's `^`, `~` and bare versions.

use super::partial::Partial;
use super::{Comparator, Operator, split_operator};
use crate::schemes::pypi::nature;
use crate::{Scheme, Version};

pub(super) fn satisfies(version: &str, requirement: &str) -> Option<bool> {
    let requirement = requirement.split(';').next().unwrap_or_default().trim().trim_matches(['(', ')']);
    let candidate = Version::parse(Scheme::Pypi, version).ok()?;
    let public = Version::parse(Scheme::Pypi, version.split('+').next().unwrap_or_default()).ok()?;
    let mut satisfied = false;
    for alternative in requirement.split("||") {
        let mut allowed = !nature(version)?.pre;
        let mut held = true;
        for clause in alternative.split(',').map(str::trim).filter(|clause| !clause.is_empty()) {
            let (operator, text) = split_operator(clause);
            let text = text.trim_end();
            // A local version is one that the version without it stands for, unless the clause has one itself.
            let compared = if text.contains('+') { &candidate } else { &public };
            held &= holds(operator, text, compared)?;
            allowed |= !matches!(operator, "!=" | "<" | ">") && nature(text).is_some_and(|nature| nature.pre);
        }
        satisfied |= allowed && held;
    }
    Some(satisfied)
}

fn holds(operator: &str, text: &str, version: &Version) -> Option<bool> {
    if text == "*" {
        return Some(true);
    }
    if let Some(prefix) = text.strip_suffix(".*") {
        let partial = Partial::read(prefix)?;
        let first = format!("{prefix}.dev0");
        let within = within(&first, &partial, partial.numbers.len().checked_sub(1)?, version)?;
        return match operator {
            "==" | "=" | "" => Some(within),
            "!=" => Some(!within),
            _ => None,
        };
    }
    let (named, own) = (nature(text)?, nature(version.as_str())?);
    let compare = |operator| Some(Comparator::new(Scheme::Pypi, operator, text)?.allows(version));
    let index = match operator {
        "" | "==" | "===" | "=" => return compare(Operator::Equal),
        "!=" => return compare(Operator::NotEqual),
        "<=" => return compare(Operator::LessOrEqual),
        ">=" => return compare(Operator::GreaterOrEqual),
        // Its own pre-releases are not before it, its own post-releases not after it.
        "<" if own.pre && !named.pre && is_relative(version, text)? => return Some(false),
        ">" if own.post && !named.post && is_relative(version, text)? => return Some(false),
        "<" => return compare(Operator::Less),
        ">" => return compare(Operator::Greater),
        "~=" => Partial::read(text)?.numbers.len().checked_sub(2),
        "^" => Partial::read(text)?.caret(),
        "~" => Partial::read(text)?.numbers.len().checked_sub(1).map(|last| last.min(1)),
        _ => None,
    };
    within(text, &Partial::read(text)?, index?, version)
}

/// Whether a version is not before a first one and has the numbers of another up to an index.
fn within(first: &str, numbers: &Partial<'_>, index: usize, version: &Version) -> Option<bool> {
    let end = numbers.after(index, 1)?;
    let from = Comparator::new(Scheme::Pypi, Operator::GreaterOrEqual, first)?;
    let to = Comparator::new(Scheme::Pypi, Operator::Less, &format!("{end}.dev0"))?;
    Some(from.allows(version) && to.allows(version))
}

/// Whether two versions have the same numbers.
fn is_relative(version: &Version, text: &str) -> Option<bool> {
    let numbers = |text: &str| {
        let mut numbers = Partial::read(text)?.numbers;
        while numbers.last() == Some(&0) {
            numbers.pop();
        }
        Some(numbers)
    };
    Some(numbers(version.as_str())? == numbers(text)?)
}
