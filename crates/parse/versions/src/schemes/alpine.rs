//! apk-tools: `number{.number}…{letter}{_suffix{number}}…{~hash}{-r#}` (apk-package(5)).
//!
//! Texts of another form are placed by what can be read of them, before those that go no further.

use crate::key::{END, Key, is_number, split_digits, split_while};

/// A number that begins with a zero is a fraction and compared as text.
const FRACTION: u8 = 0x01;
const NUMBER: u8 = 0x02;

/// Suffixes in their order; what has none at that place is between the two lists.
const BEFORE: [&str; 4] = ["alpha", "beta", "pre", "rc"];
const AFTER: [&str; 5] = ["cvs", "svn", "git", "hg", "p"];
const NO_SUFFIX: u8 = 0x10;

/// Something that cannot be read follows.
const UNREADABLE: u8 = 0x00;
const COMPLETE: u8 = 0x01;

pub(crate) fn write(text: &str, key: &mut Key) {
    let numbers_end = write_numbers(text, key);
    let rest = numbers_end.strip_prefix('.').unwrap_or(numbers_end);
    let (letter, rest) = split_letter(rest);
    key.text(letter);
    let rest = write_suffixes(rest, key);
    let rest = skip_hash(rest);
    let Some((digits, rest)) = rest.strip_prefix("-r").map(split_digits) else {
        key.number("");
        write_unreadable(rest, numbers_end, key);
        return;
    };
    key.number(digits);
    key.tag(if rest.is_empty() { COMPLETE } else { UNREADABLE });
}

/// What nothing else could be made of: as text from the last number on, but for a build at the end of it.
fn write_unreadable(rest: &str, numbers_end: &str, key: &mut Key) {
    if rest.is_empty() {
        key.tag(COMPLETE);
        return;
    }
    key.tag(UNREADABLE);
    if !rest.starts_with('-') {
        let build = numbers_end.rsplit_once("-r").filter(|(_, build)| is_number(build));
        let (text, build) = build.unwrap_or((numbers_end, ""));
        key.text(text);
        key.number(build);
    }
}

/// Returns what follows the last digit.
fn write_numbers<'a>(text: &'a str, key: &mut Key) -> &'a str {
    let (mut digits, mut rest) = split_digits(text);
    if !digits.is_empty() {
        key.tag(NUMBER);
        key.number(digits);
    }
    while !digits.is_empty() {
        let Some(next) = rest.strip_prefix('.') else { break };
        let after;
        (digits, after) = split_digits(next);
        if digits.starts_with('0') {
            key.tag(FRACTION);
            key.text(digits);
        } else if !digits.is_empty() {
            key.tag(NUMBER);
            key.number(digits);
        }
        if !digits.is_empty() {
            rest = after;
        }
    }
    key.tag(END);
    rest
}

fn split_letter(text: &str) -> (&str, &str) {
    if text.starts_with(|c: char| c.is_ascii_lowercase()) {
        text.split_at_checked(1).unwrap_or(("", text))
    } else {
        ("", text)
    }
}

fn write_suffixes<'a>(text: &'a str, key: &mut Key) -> &'a str {
    let mut rest = text;
    while let Some((weight, after)) = rest.strip_prefix('_').and_then(split_suffix) {
        let (digits, after) = split_digits(after);
        key.tag(weight);
        key.number(digits);
        rest = after;
    }
    key.tag(NO_SUFFIX);
    rest
}

fn split_suffix(text: &str) -> Option<(u8, &str)> {
    let weighted = |names: &'static [&'static str], first: u8| names.iter().zip(first..);
    weighted(&BEFORE, 0x01)
        .chain(weighted(&AFTER, NO_SUFFIX + 1))
        .find_map(|(name, weight)| Some((weight, text.strip_prefix(name)?)))
}

fn skip_hash(text: &str) -> &str {
    text.strip_prefix('~').map_or(text, |hash| split_while(hash, |byte| byte.is_ascii_hexdigit()).1)
}
