//! What each byte can be part of, looked up instead of compared.

/// A hexadecimal digit.
pub(super) const HEX: u8 = 1;
/// A character of base64 or base64url.
pub(super) const RUN: u8 = 2;
/// A character that base64 text nearly always has one of (gitleaks skips text without).
pub(super) const LIKELY: u8 = 4;
/// `+` and `/`, which base64url has not.
pub(super) const STANDARD_ONLY: u8 = 8;
/// `-` and `_`, which standard base64 has not.
pub(super) const URL_ONLY: u8 = 16;
/// A decimal digit.
pub(super) const DIGIT: u8 = 32;
/// What decoded text may consist of: ASCII from tab to tilde (gitleaks' range, most control characters included).
pub(super) const TEXT: u8 = 64;

/// The classes of each byte.
pub(super) static CLASS: [u8; 256] = classes();
/// The six bits of each base64 or base64url character; 0 for other bytes.
pub(super) static SEXTET: [u8; 256] = sextets();
/// The four bits of each hexadecimal digit; 0 for other bytes.
pub(super) static NIBBLE: [u8; 256] = nibbles();

/// Whether a byte belongs to any of the classes.
pub(super) fn is(byte: u8, class: u8) -> bool {
    CLASS[usize::from(byte)] & class != 0
}

const fn classes() -> [u8; 256] {
    let mut table = [0; 256];
    let mut i = 0;
    while i < 256 {
        let byte = i as u8;
        if byte.is_ascii_hexdigit() {
            table[i] |= HEX;
        }
        if byte.is_ascii_digit() {
            table[i] |= DIGIT | LIKELY;
        }
        if byte.is_ascii_alphanumeric() {
            table[i] |= RUN;
        }
        if byte > 0x08 && byte < 0x7f {
            table[i] |= TEXT;
        }
        i += 1;
    }
    table[b'+' as usize] |= RUN | LIKELY | STANDARD_ONLY;
    table[b'/' as usize] |= RUN | LIKELY | STANDARD_ONLY;
    table[b'-' as usize] |= RUN | LIKELY | URL_ONLY;
    table[b'_' as usize] |= RUN | LIKELY | URL_ONLY;
    table
}

const fn sextets() -> [u8; 256] {
    let alphabet = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut table = [0; 256];
    let mut i = 0;
    while i < 64 {
        table[alphabet[i] as usize] = i as u8;
        i += 1;
    }
    table[b'-' as usize] = 62;
    table[b'_' as usize] = 63;
    table
}

const fn nibbles() -> [u8; 256] {
    let digits = b"0123456789abcdef";
    let mut table = [0; 256];
    let mut i = 0;
    while i < 16 {
        table[digits[i] as usize] = i as u8;
        table[digits[i].to_ascii_uppercase() as usize] = i as u8;
        i += 1;
    }
    table
}
