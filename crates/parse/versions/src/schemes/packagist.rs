//! PHP's `version_compare`, after the `v` that Composer takes away.

use crate::key::{Key, split_digits, split_while};

// What stands at a place, in their order.
const UNKNOWN: u8 = 0x01;
const DEV: u8 = 0x02;
const ALPHA: u8 = 0x03;
const BETA: u8 = 0x04;
const CANDIDATE: u8 = 0x05;
const END: u8 = 0x06;
const NUMBER: u8 = 0x07;
const PATCH: u8 = 0x08;

pub(crate) fn write(text: &str, key: &mut Key) {
    let mut rest = text.strip_prefix(['v', 'V']).unwrap_or(text);
    while let Some(first) = rest.bytes().next() {
        rest = match first {
            b'0'..=b'9' => {
                let (digits, after) = split_digits(rest);
                key.tag(NUMBER);
                key.number(digits);
                after
            }
            b'.' | b'-' | b'_' | b'+' => rest.get(1..).unwrap_or_default(),
            _ => {
                let word = |byte: u8| !byte.is_ascii_digit() && !matches!(byte, b'.' | b'-' | b'_' | b'+');
                let (word, after) = split_while(rest, word);
                write_word(word, key);
                after
            }
        };
    }
    key.tag(END);
}

/// Words are known by how they begin. `#` is equal to every number in PHP, which no order allows; it is passed over.
fn write_word(word: &str, key: &mut Key) {
    let tag = match word {
        _ if word.starts_with('#') => return,
        _ if word.starts_with("dev") => DEV,
        _ if word.starts_with('a') => ALPHA,
        _ if word.starts_with('b') => BETA,
        _ if word.starts_with("RC") || word.starts_with("rc") => CANDIDATE,
        _ if word.starts_with('p') => PATCH,
        _ => UNKNOWN,
    };
    key.tag(tag);
}
