//! `Gem::Requirement`.

use super::{Comparator, Operator, split_operator};
use crate::{Scheme, Version};

pub(super) fn satisfies(version: &str, requirement: &str) -> Option<bool> {
    let candidate = readable(version)?;
    let letters = |text: &str| text.bytes().any(|byte| byte.is_ascii_alphabetic());
    let mut held = !letters(version) || letters(requirement);
    for clause in requirement.split(',').map(str::trim) {
        let (operator, text) = split_operator(clause);
        readable(text)?;
        let compare = |operator| Some(Comparator::new(Scheme::RubyGems, operator, text)?.allows(&candidate));
        held &= match operator {
            "" | "=" => compare(Operator::Equal)?,
            "!=" => compare(Operator::NotEqual)?,
            "<" => compare(Operator::Less)?,
            "<=" => compare(Operator::LessOrEqual)?,
            ">" => compare(Operator::Greater)?,
            ">=" => compare(Operator::GreaterOrEqual)?,
            "~>" => compare(Operator::GreaterOrEqual)? && before_next(text, &candidate)?,
            _ => return None,
        };
    }
    Some(held)
}

fn readable(text: &str) -> Option<Version> {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-');
    if !text.starts_with(|c: char| c.is_ascii_digit()) || !text.chars().all(plain) {
        return None;
    }
    Version::parse(Scheme::RubyGems, text).ok()
}

/// Before the next of all but the last number: `~> 2.2.1` ends before 2.3, with the pre-releases of that.
fn before_next(text: &str, version: &Version) -> Option<bool> {
    let mut numbers = Vec::new();
    for part in text.split(['.', '-']) {
        if !part.bytes().all(|byte| byte.is_ascii_digit()) {
            break;
        }
        numbers.push(part.parse::<u64>().ok()?);
    }
    if numbers.len() > 1 {
        numbers.pop();
    }
    let last = numbers.last_mut()?;
    *last = last.checked_add(1)?;
    let next: Vec<String> = numbers.iter().map(u64::to_string).collect();
    // Nothing is before `A` among the pre-releases, which have letters.
    let end = Comparator::new(Scheme::RubyGems, Operator::Less, &format!("{}.A", next.join(".")))?;
    Some(end.allows(version))
}
