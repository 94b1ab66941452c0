//! rpm: `rpmvercmp` on epoch, version and release; rpm-version(7).

use crate::key::{Key, is_number, split_at, split_digits, split_while};

// What stands at a place, in their order. Separators only separate.
const TILDE: u8 = 0x01;
const END: u8 = 0x02;
const CARET: u8 = 0x03;
const LETTERS: u8 = 0x04;
const NUMBER: u8 = 0x05;

/// A release is after none.
const NO_RELEASE: u8 = 0x00;
const RELEASE: u8 = 0x01;

pub(crate) fn write(text: &str, key: &mut Key) {
    let (epoch, rest) = match split_at(text, b':') {
        Some((epoch, rest)) if epoch.is_empty() || is_number(epoch) => (epoch, rest),
        _ => ("", text),
    };
    key.number(epoch);
    let (version, release) =
        split_at(rest, b'-').map_or((rest, None), |(version, rest)| (version, Some(rest)));
    write_part(version, key);
    match release {
        None => key.tag(NO_RELEASE),
        Some(release) => {
            key.tag(RELEASE);
            write_part(release, key);
        }
    }
}

fn write_part(text: &str, key: &mut Key) {
    let mut rest = text;
    while let Some(first) = rest.bytes().next() {
        rest = match first {
            b'~' | b'^' => {
                key.tag(if first == b'~' { TILDE } else { CARET });
                rest.get(1..).unwrap_or_default()
            }
            b'0'..=b'9' => {
                let (digits, after) = split_digits(rest);
                key.tag(NUMBER);
                key.number(digits);
                after
            }
            b'a'..=b'z' | b'A'..=b'Z' => {
                let (letters, after) = split_while(rest, |byte| byte.is_ascii_alphabetic());
                key.tag(LETTERS);
                key.text(letters);
                after
            }
            _ => split_while(rest, |byte| !byte.is_ascii_alphanumeric() && !matches!(byte, b'~' | b'^')).1,
        };
    }
    key.tag(END);
}
