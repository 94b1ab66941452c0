//! Base64 and base64url that decode to ASCII text, as Go's `StdEncoding` and `RawURLEncoding` read them: unused bits
//! at the end are ignored, padding is exact for the first and absent for the second.

use super::tables::{CLASS, LIKELY, SEXTET, STANDARD_ONLY, TEXT, URL_ONLY};

/// Whether `encoded` (a run of base64 characters and at most two `=`) decodes to text. Writes nothing; on source code
/// it usually answers after the first four characters.
pub(super) fn is_text(encoded: &[u8]) -> bool {
    let (run, padding) = split_padding(encoded);
    let remainder = run.len() % 4;
    if remainder == 1 || (padding > 0 && padding + remainder != 4) {
        return false;
    }
    let (quads, tail) = run.as_chunks::<4>();
    let mut classes = 0;
    for quad in quads {
        if !triple(quad).into_iter().all(is_text_byte) {
            return false;
        }
        classes |= quad.iter().fold(0, |all, b| all | CLASS[usize::from(*b)]);
    }
    classes |= tail.iter().fold(0, |all, b| all | CLASS[usize::from(*b)]);
    let standard = classes & URL_ONLY == 0 && (remainder == 0 || padding > 0);
    let url = classes & STANDARD_ONLY == 0 && padding == 0;
    classes & LIKELY != 0 && (standard || url) && tail_bytes(tail).all(is_text_byte)
}

/// Appends the decoded bytes. The caller has asked [`is_text`].
pub(super) fn decode_into(encoded: &[u8], out: &mut Vec<u8>) {
    let (quads, tail) = split_padding(encoded).0.as_chunks::<4>();
    for quad in quads {
        out.extend_from_slice(&triple(quad));
    }
    out.extend(tail_bytes(tail));
}

fn split_padding(encoded: &[u8]) -> (&[u8], usize) {
    let padding = encoded.iter().rev().take_while(|b| **b == b'=').count();
    (encoded.get(..encoded.len() - padding).unwrap_or_default(), padding)
}

fn is_text_byte(byte: u8) -> bool {
    CLASS[usize::from(byte)] & TEXT != 0
}

fn triple(quad: &[u8; 4]) -> [u8; 3] {
    let [a, b, c, d] = quad.map(|byte| SEXTET[usize::from(byte)]);
    [a << 2 | b >> 4, b << 4 | c >> 2, c << 6 | d]
}

fn tail_bytes(tail: &[u8]) -> impl Iterator<Item = u8> {
    let mut quad = [b'A'; 4];
    for (slot, byte) in quad.iter_mut().zip(tail) {
        *slot = *byte;
    }
    triple(&quad).into_iter().take(tail.len().saturating_sub(1))
}
