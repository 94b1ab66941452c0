//! Base64 and hexadecimal, as envelopes, bundles and signature files write them.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig, general_purpose};

const INDIFFERENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, INDIFFERENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, INDIFFERENT);

/// Base64 with the standard alphabet and padding (RFC 4648, section 4).
pub fn base64_encode(bytes: &[u8]) -> String {
    general_purpose::STANDARD.encode(bytes)
}

/// Reads base64 of either alphabet, padded or not, as DSSE asks. Both alphabets in one text, white space, and bits
/// that no encoder writes make it `None`.
pub fn base64_decode(text: &[u8]) -> Option<Vec<u8>> {
    let url_safe = text.iter().any(|byte| matches!(byte, b'-' | b'_'));
    if url_safe { URL_SAFE.decode(text).ok() } else { STANDARD.decode(text).ok() }
}

/// Lower-case hexadecimal.
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |half: u8| char::from(DIGITS[usize::from(half & 15)]);
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(*byte)]).collect()
}

/// Whether a text is lower-case hexadecimal and nothing else.
pub(crate) fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn either_alphabet_is_read() {
        let check = |text: &str, expected: Option<&[u8]>| {
            assert_eq!(base64_decode(text.as_bytes()).as_deref(), expected, "{text}");
        };
        check("", Some(b""));
        check("+/+/", Some(&[0xfb, 0xff, 0xbf]));
        check("-_-_", Some(&[0xfb, 0xff, 0xbf]));
        check("aGVsbG8gd29ybGQ=", Some(b"hello world"));
        check("aGVsbG8gd29ybGQ", Some(b"hello world"));
        check("+_+_", None);
        check("aGVs bG8=", None);
        check("aGVs\nbG8=", None);
        check("aGVsbG8gd29ybGR=", None);
        check("a", None);
        check("aGVsbG8===", None);
        check("ä", None);
    }

    #[test]
    fn hexadecimal_is_lower_case() {
        assert_eq!(hex(&[0, 0x9f, 0xff]), "009fff");
        assert!(is_hex("09af") && !is_hex("09AF") && !is_hex("0x"));
    }
}
