//! Percent, unicode-escape and hexadecimal text: where a match ends, whether it decodes, and to what.

use super::tables::{DIGIT, HEX, NIBBLE, TEXT, is};

/// Whether `%` and two hexadecimal digits stand at `at`.
pub(super) fn is_percent(data: &[u8], at: usize) -> bool {
    matches!(data.get(at..at + 3), Some([b'%', high, low]) if is(*high, HEX) && is(*low, HEX))
}

/// Where the percent match that starts at `at` ends: after the last `%XX` of the same line.
pub(super) fn percent_end(data: &[u8], at: usize) -> usize {
    let start = at + 3;
    let line = data.get(start..).unwrap_or_default();
    let line = line.get(..memchr::memchr(b'\n', line).unwrap_or(line.len())).unwrap_or_default();
    memchr::memrchr_iter(b'%', line).find(|i| is_percent(line, *i)).map_or(start, |i| start + i + 3)
}

/// Whether every `%XX` stands for a character of text.
pub(super) fn percent_is_text(encoded: &[u8]) -> bool {
    memchr::memchr_iter(b'%', encoded)
        .filter(|i| is_percent(encoded, *i))
        .all(|i| is(byte_at(encoded, i + 1), TEXT))
}

/// Appends the decoded bytes.
pub(super) fn decode_percent_into(encoded: &[u8], out: &mut Vec<u8>) {
    let mut copied = 0;
    for i in memchr::memchr_iter(b'%', encoded).filter(|i| is_percent(encoded, *i)) {
        out.extend_from_slice(encoded.get(copied..i).unwrap_or_default());
        out.push(byte_at(encoded, i + 1));
        copied = i + 3;
    }
    out.extend_from_slice(encoded.get(copied..).unwrap_or_default());
}

/// Where one `\uXXXX` or `\\uXXXX` that starts at `at` ends.
pub(super) fn backslash_escape(data: &[u8], at: usize) -> Option<usize> {
    let letter = match data.get(at..)? {
        [b'\\', b'u' | b'U', ..] => at + 1,
        [b'\\', b'\\', b'u' | b'U', ..] => at + 2,
        _ => return None,
    };
    four_digits(data, letter + 1)
}

/// Where one `U+XXXX` that starts at `at` ends, the white space after it included. Without white space it counts
/// only at the end of the text.
pub(super) fn code_point(data: &[u8], at: usize) -> Option<usize> {
    if data.get(at..at + 2)? != b"U+" {
        return None;
    }
    let end = four_digits(data, at + 2)?;
    match data.get(end) {
        None => Some(end),
        Some(b' ' | b'\t' | b'\n' | b'\r' | 0x0c) => Some(end + 1),
        Some(_) => None,
    }
}

/// Where the sequence of unicode escapes of one sort that starts at `at` ends.
pub(super) fn unicode_end(data: &[u8], at: usize) -> usize {
    let one = if data.get(at) == Some(&b'\\') { backslash_escape } else { code_point };
    std::iter::successors(Some(at), |at| one(data, *at).filter(|end| end > at)).last().unwrap_or(at)
}

/// Appends the decoded characters as UTF-8. A half of a surrogate pair becomes U+FFFD, as in Go.
pub(super) fn decode_unicode_into(encoded: &[u8], out: &mut Vec<u8>) {
    let mut digits = 0;
    let mut code = 0;
    let mut armed = false;
    for byte in encoded {
        match byte {
            b'u' | b'U' | b'+' => armed = true,
            _ if armed && is(*byte, HEX) => {
                code = code << 4 | u32::from(NIBBLE[usize::from(*byte)]);
                digits += 1;
            }
            _ => {}
        }
        if digits == 4 {
            let character = char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER);
            out.extend_from_slice(character.encode_utf8(&mut [0; 4]).as_bytes());
            (digits, code, armed) = (0, 0, false);
        }
    }
}

/// Whether hexadecimal digits decode to text. Digits without a decimal one among them are taken for a word.
pub(super) fn hex_is_text(encoded: &[u8]) -> bool {
    let (pairs, rest) = encoded.as_chunks::<2>();
    rest.is_empty()
        && pairs.iter().all(|pair| is(hex_byte(pair), TEXT))
        && encoded.iter().any(|byte| is(*byte, DIGIT))
}

/// Appends the decoded bytes.
pub(super) fn decode_hex_into(encoded: &[u8], out: &mut Vec<u8>) {
    out.extend(encoded.as_chunks::<2>().0.iter().map(hex_byte));
}

fn four_digits(data: &[u8], at: usize) -> Option<usize> {
    data.get(at..at + 4)?.iter().all(|byte| is(*byte, HEX)).then_some(at + 4)
}

fn byte_at(encoded: &[u8], at: usize) -> u8 {
    encoded.get(at..).and_then(|rest| rest.first_chunk::<2>()).map_or(0, hex_byte)
}

fn hex_byte(pair: &[u8; 2]) -> u8 {
    NIBBLE[usize::from(pair[0])] << 4 | NIBBLE[usize::from(pair[1])]
}
