//! Decodes percent, unicode-escape, hex and base64 text in place, pass after pass, as gitleaks does (its
//! `detect/codec` package), so that a secret that was encoded once or several times is still found.
//!
//! One difference from gitleaks: a pass stops after [`MAX_SEGMENTS`] segments and says so in [`Pass::truncated`].
//! A pass is linear in its input, allocates nothing when nothing decodes, and its text is always shorter than its
//! input, because each of the four encodings takes more bytes than what it encodes.

mod base64;
mod escapes;
mod pass;
mod scan;
mod tables;

#[cfg(test)]
mod tests;

pub use pass::{MAX_SEGMENTS, Pass, first_pass, next_pass};

use std::ops::Range;

/// A stretch of a text that was decoded in a pass.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Segment {
    /// Bytes of the text before any decoding. Equal to `encoded` in the first pass.
    pub original: Range<usize>,
    /// Bytes of the text that this pass decoded.
    pub encoded: Range<usize>,
    /// Bytes of this pass's own text.
    pub decoded: Range<usize>,
    /// Every encoding that was undone here, in this pass and in those before it.
    pub kinds: Kinds,
    /// How many passes it took, from 1.
    pub depth: u32,
}

/// A set of encodings.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Kinds(u8);

impl Kinds {
    /// `%41`
    pub const PERCENT: Kinds = Kinds(1);
    /// `\u0041` and `U+0041`
    pub const UNICODE: Kinds = Kinds(2);
    /// Thirty-two or more hexadecimal digits.
    pub const HEX: Kinds = Kinds(4);
    /// Sixteen or more characters of base64 or base64url.
    pub const BASE64: Kinds = Kinds(8);

    /// The encodings of both sets.
    pub fn union(self, other: Kinds) -> Kinds {
        Kinds(self.0 | other.0)
    }

    /// Whether every encoding of `other` is in this set.
    pub fn contains(self, other: Kinds) -> bool {
        self.0 & other.0 == other.0
    }

    /// The names that gitleaks uses, in its order of precedence.
    pub fn names(self) -> impl Iterator<Item = &'static str> {
        const NAMES: [(Kinds, &str); 4] = [
            (Kinds::PERCENT, "percent"),
            (Kinds::UNICODE, "unicode"),
            (Kinds::HEX, "hex"),
            (Kinds::BASE64, "base64"),
        ];
        NAMES.into_iter().filter(move |(kind, _)| self.contains(*kind)).map(|(_, name)| name)
    }

    /// Of two encodings that touch, the one with the smaller bit is decoded first.
    fn outranks(self, other: Kinds) -> bool {
        self.0 < other.0
    }
}
