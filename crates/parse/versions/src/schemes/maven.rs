//! Maven's "Version Order Specification".
//!
//! The specification's order is not one: `2.9.0.RC1 < 2.9.0 < 2.9.0-1`, and yet `2.9.0-1 < 2.9.0.RC1`, because a
//! number with a hyphen is before any with a dot. Here a version that ends in a qualifier such as `RC1` is before the
//! version without it, zeros in between or not; all else is as specified.

use crate::key::{Key, split_digits, split_while};

/// Qualifiers that come before a release, in their order.
const BEFORE: [&str; 5] = ["alpha", "beta", "milestone", "rc", "snapshot"];

// What stands at a place, in their order. Each of `BEFORE` has a tag of its own.
const DOT_BEFORE: u8 = 0x01;
const HYPHEN_BEFORE: u8 = 0x08;
/// Zeros and then one of `BEFORE`, the fewer zeros the lesser.
const ZEROS_BEFORE: u8 = 0x0F;
const END: u8 = 0x10;
/// A release by name (`ga`) with more behind it.
const RELEASE: u8 = 0x11;
const DOT_SERVICE_PACK: u8 = 0x12;
const DOT_UNKNOWN: u8 = 0x13;
const HYPHEN_SERVICE_PACK: u8 = 0x14;
const HYPHEN_UNKNOWN: u8 = 0x15;
const HYPHEN_NUMBER: u8 = 0x16;
const DOT_NUMBER: u8 = 0x17;

pub(crate) fn write(text: &str, key: &mut Key) {
    let text = text.to_lowercase();
    let mut tokens = Vec::new();
    for part in text.split('.') {
        for (hyphens, item) in part.split('-').enumerate() {
            push_item(item, hyphens > 0, &mut tokens);
        }
    }
    trim(&mut tokens);
    let mut zeros = 0;
    for token in &tokens {
        if !token.hyphen && token.number && token.value.is_empty() {
            zeros += 1;
        } else {
            write_zeros(std::mem::take(&mut zeros), token.weight().is_some(), key);
            token.write(key);
        }
    }
    key.tag(END);
}

/// One item between separators and changes from digits to others.
struct Token<'a> {
    hyphen: bool,
    number: bool,
    /// A number without leading zeros, or a qualifier; empty for zero and for a release by name.
    value: &'a str,
}

impl Token<'_> {
    /// The place of a qualifier that comes before a release.
    fn weight(&self) -> Option<u8> {
        if self.number {
            return None;
        }
        BEFORE.iter().zip(0..).find(|(name, _)| **name == self.value).map(|(_, weight)| weight)
    }

    fn write(&self, key: &mut Key) {
        let either = |dot: u8, hyphen: u8| if self.hyphen { hyphen } else { dot };
        if self.number {
            key.tag(either(DOT_NUMBER, HYPHEN_NUMBER));
            key.number(self.value);
        } else if let Some(weight) = self.weight() {
            key.tag(either(DOT_BEFORE, HYPHEN_BEFORE) + weight);
        } else if self.value.is_empty() {
            key.tag(RELEASE);
        } else if self.value == "sp" {
            key.tag(either(DOT_SERVICE_PACK, HYPHEN_SERVICE_PACK));
        } else {
            key.tag(either(DOT_UNKNOWN, HYPHEN_UNKNOWN));
            key.text(self.value);
        }
    }
}

fn write_zeros(zeros: usize, before: bool, key: &mut Key) {
    if before && zeros > 0 {
        key.tag(ZEROS_BEFORE);
        key.length(zeros);
    } else {
        (0..zeros).for_each(|_| Token { hyphen: false, number: true, value: "" }.write(key));
    }
}

/// Splits an item where digits and others meet, which counts as a hyphen. An empty item is a zero.
fn push_item<'a>(item: &'a str, hyphen: bool, tokens: &mut Vec<Token<'a>>) {
    let mut rest = item;
    let mut hyphen = hyphen;
    loop {
        let (digits, after) = split_digits(rest);
        let number = !digits.is_empty() || rest.is_empty();
        let (value, after) =
            if number { (digits.trim_start_matches('0'), after) } else { split_qualifier(rest) };
        if hyphen {
            trim(tokens);
        }
        tokens.push(Token { hyphen, number, value });
        hyphen = true;
        rest = after;
        if rest.is_empty() {
            break;
        }
    }
}

/// Splits off a qualifier and gives it its usual name.
fn split_qualifier(text: &str) -> (&str, &str) {
    let (name, after) = split_while(text, |byte| !byte.is_ascii_digit());
    let name = match (name, after.is_empty()) {
        ("a", false) => "alpha",
        ("b", false) => "beta",
        ("m", false) => "milestone",
        ("cr", _) => "rc",
        ("ga" | "final" | "release", _) => "",
        _ => name,
    };
    (name, after)
}

/// Zeros and releases by name before a hyphen and at the end mean nothing: `1.0.0-rc` is `1-rc`.
fn trim(tokens: &mut Vec<Token<'_>>) {
    while tokens.last().is_some_and(|token| token.value.is_empty()) {
        tokens.pop();
    }
}
