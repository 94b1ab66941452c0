use std::ops::Range;

use super::words::{Scan, scan};
use crate::pattern::{DOTS, write_holes};

/// Between the metavariable and the type of what stands for `$X : T`, in place of a condition.
pub(super) const TYPED: &str = "__typed__";

/// A pattern as Python that the grammar takes.
pub(super) fn write(pattern: &str) -> String {
    let found = scan(pattern);
    if found.typed.is_empty() {
        return write_scanned(pattern, &found);
    }
    let mut typed = String::with_capacity(pattern.len() + 32);
    let mut from = 0;
    for at in &found.typed {
        typed.push_str(pattern.get(from..*at).unwrap_or_default());
        typed.push_str(" if ");
        typed.push_str(TYPED);
        typed.push_str(" else ");
        from = at + 1;
    }
    typed.push_str(pattern.get(from..).unwrap_or_default());
    write_scanned(&typed, &scan(&typed))
}

fn write_scanned(pattern: &str, found: &Scan) -> String {
    let literal = |rest: &str| {
        let at = pattern.len() - rest.len();
        let index = found.literals.binary_search_by_key(&at, |range: &Range<usize>| range.start).ok()?;
        found.literals.get(index).map(Range::len)
    };
    let dots = |_: &str, at: usize| {
        if found.dots_in_dict.binary_search(&at).is_ok() {
            Some(DOTS_PAIR)
        } else if found.dots_of_import.binary_search(&at).is_ok() {
            None
        } else {
            Some(DOTS)
        }
    };
    write_holes(pattern, literal, dots)
}

/// What `...` is written as between the pairs of a dictionary.
const DOTS_PAIR: &str = "__dots__: __dots__";
