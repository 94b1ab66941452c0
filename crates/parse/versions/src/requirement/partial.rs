//! Versions of which only the first numbers are given: `1`, `1.2.x`, `*`.

use crate::key::split_digits;

/// The numbers that are given and what follows them.
#[derive(Debug)]
pub(super) struct Partial<'a> {
    pub(super) numbers: Vec<u64>,
    /// Ends in `x`, `X` or `*`, or nothing is given.
    pub(super) wildcard: bool,
    /// What follows the numbers, without the build.
    pub(super) rest: &'a str,
}

impl<'a> Partial<'a> {
    /// `None` if it is no version, or one with numbers too large to count on.
    pub(super) fn read(text: &'a str) -> Option<Self> {
        let mut rest = text.trim_start_matches(['v', 'V', '=']);
        let mut numbers = Vec::new();
        let mut wildcard = rest.is_empty();
        loop {
            let (digits, after) = split_digits(rest);
            if digits.is_empty() {
                let Some(after) = rest.strip_prefix(['x', 'X', '*']) else { break };
                wildcard = true;
                rest = after;
            } else {
                if wildcard {
                    return None;
                }
                numbers.push(digits.parse().ok()?);
                rest = after;
            }
            match rest.strip_prefix('.') {
                Some(next)
                    if next.starts_with(|c: char| c.is_ascii_digit() || matches!(c, 'x' | 'X' | '*')) =>
                {
                    rest = next;
                }
                _ => break,
            }
        }
        let rest = rest.split('+').next().unwrap_or_default();
        let readable = if wildcard { rest.is_empty() } else { !numbers.is_empty() };
        readable.then_some(Self { numbers, wildcard, rest })
    }

    /// The numbers, zeros up to `length` of them, and what follows.
    pub(super) fn padded(&self, length: usize) -> String {
        let zeros = std::iter::repeat_n(&0, length.saturating_sub(self.numbers.len()));
        let numbers: Vec<String> = self.numbers.iter().chain(zeros).map(u64::to_string).collect();
        format!("{}{}", numbers.join("."), self.rest)
    }

    /// The first version after all that share the numbers up to an index, zeros up to `length`, nothing behind.
    pub(super) fn after(&self, index: usize, length: usize) -> Option<String> {
        let mut numbers: Vec<u64> = self.numbers.get(..=index)?.to_vec();
        let last = numbers.last_mut()?;
        *last = last.checked_add(1)?;
        Some(Partial { numbers, wildcard: false, rest: "" }.padded(length))
    }

    /// The index of the number that `^` lets stay: the first that is no zero, or else the last that is given.
    pub(super) fn caret(&self) -> Option<usize> {
        let first = self.numbers.iter().position(|&number| number != 0);
        first.or_else(|| self.numbers.len().checked_sub(1))
    }
}
