//! `Gem::Version`: segments of digits or letters, missing ones are zeros, letters before numbers.

use crate::key::{Key, split_digits, split_while};

// How a run of zeros ends, in their order: in letters, never, in a number.
const LETTERS: u8 = 0x01;
const ZEROS: u8 = 0x02;
const NUMBER: u8 = 0x03;

pub(crate) fn write(text: &str, key: &mut Key) {
    let mut writer = Writer { key, zeros: 0, letters: false };
    let mut rest = text;
    while let Some(first) = rest.bytes().next() {
        rest = match first {
            b'0'..=b'9' => {
                let (digits, after) = split_digits(rest);
                writer.number(digits);
                after
            }
            b'a'..=b'z' | b'A'..=b'Z' => {
                let (letters, after) = split_while(rest, |byte| byte.is_ascii_alphabetic());
                writer.letters(letters);
                after
            }
            b'-' => {
                writer.letters("pre");
                rest.get(1..).unwrap_or_default()
            }
            _ => split_while(rest, |byte| !byte.is_ascii_alphanumeric() && byte != b'-').1,
        };
    }
    key.tag(ZEROS);
}

/// Since a missing segment is a zero, a run of zeros is one with all that could follow. It is written with what ends
/// it: if letters do, the shorter run is the lesser, if a number does, the longer.
struct Writer<'a> {
    key: &'a mut Key,
    zeros: u32,
    letters: bool,
}

impl Writer<'_> {
    fn number(&mut self, digits: &str) {
        if digits.bytes().all(|digit| digit == b'0') {
            self.zeros = self.zeros.saturating_add(1);
            return;
        }
        self.key.tag(NUMBER);
        self.key.bytes(&(!std::mem::take(&mut self.zeros)).to_be_bytes());
        self.key.number(digits);
    }

    fn letters(&mut self, letters: &str) {
        // Zeros before the first letters mean nothing: `1.0.a` is `1.a`.
        if !std::mem::replace(&mut self.letters, true) {
            self.zeros = 0;
        }
        self.key.tag(LETTERS);
        self.key.bytes(&std::mem::take(&mut self.zeros).to_be_bytes());
        self.key.text(letters);
    }
}
