use std::borrow::Cow;
use std::ops::Range;

use rustc_hash::FxHashSet;

use super::Subject;
use crate::matching::{Bindings, Value};

/// A text with the values of metavariables in place of `$X`, and with what they hold in place of `value($X)`. What is
/// not bound stays as it is. For messages and for fixes.
pub fn interpolate(text: &str, bindings: &Bindings, subject: &dyn Subject) -> String {
    let mut bound: Vec<_> = bindings.iter().map(|(name, value)| (subject.name(name), value)).collect();
    // `$XY` is not `$X` and a letter, if both are bound.
    bound.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    let mut whole = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(dollar) = rest.find('$') {
        let (before, at) = rest.split_at(dollar);
        let Some((name, value)) = bound.iter().find(|(name, _)| !name.is_empty() && at.starts_with(name))
        else {
            whole.push_str(before);
            whole.push('$');
            rest = at.get(1..).unwrap_or_default();
            continue;
        };
        let after = at.get(name.len()..).unwrap_or_default();
        if let (Some(before), Some(after)) = (before.strip_suffix("value("), after.strip_prefix(')')) {
            whole.push_str(before);
            whole.push_str(&held(value, subject));
            rest = after;
        } else {
            whole.push_str(before);
            whole.push_str(subject.written(value));
            rest = after;
        }
    }
    whole.push_str(rest);
    whole
}

fn held<'s>(value: &Value, subject: &'s dyn Subject) -> Cow<'s, str> {
    subject.held(value).unwrap_or_else(|| Cow::Borrowed(subject.written(value)))
}

/// Keeps the first result of each place and message of one rule. Several ways to match that tell the same are one
/// finding.
pub fn deduplicate<T>(results: &mut Vec<T>, key: impl Fn(&T) -> (Range<usize>, String)) {
    let mut seen = FxHashSet::default();
    results.retain(|result| seen.insert(key(result)));
}
