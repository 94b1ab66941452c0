//! dpkg: Debian Policy 5.6.12, deb-version(7).

use crate::key::{Key, is_number, split_at, split_digits, split_while};

const TILDE: u8 = 0x01;
/// The end of a part without digits: after a tilde, before everything else.
const END: u8 = 0x02;
/// What is neither letter nor tilde comes after the letters.
const OTHER: u8 = 0x80;

pub(crate) fn write(text: &str, key: &mut Key) -> Result<(), &'static str> {
    let (epoch, rest) = split_at(text, b':').unwrap_or(("0", text));
    if !is_number(epoch) {
        return Err("its epoch is no number");
    }
    let (upstream, revision) = rest.rsplit_once('-').unwrap_or((rest, ""));
    key.number(epoch);
    write_part(upstream, key);
    write_part(revision, key);
    Ok(())
}

/// In turn what are no digits, by character, and a number, which is zero where there is none.
fn write_part(text: &str, key: &mut Key) {
    let mut rest = text;
    loop {
        let (others, after) = split_while(rest, |byte| !byte.is_ascii_digit());
        others.bytes().for_each(|byte| write_byte(byte, key));
        let (digits, after) = split_digits(after);
        key.tag(END);
        key.number(digits);
        if after.is_empty() {
            break;
        }
        rest = after;
    }
    key.tag(END);
}

fn write_byte(byte: u8, key: &mut Key) {
    match byte {
        b'~' => key.tag(TILDE),
        byte if byte.is_ascii_alphabetic() => key.tag(byte),
        byte => key.bytes(&[OTHER, byte]),
    }
}
