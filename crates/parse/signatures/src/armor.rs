//! Base64 between a beginning and an end line.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

/// Padding may be missing, as both OpenSSH and GnuPG read it.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Decodes base64; white space inside it does not count.
pub(crate) fn decode(text: &[u8]) -> Option<Vec<u8>> {
    let kept: Vec<u8> = text.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect();
    BASE64.decode(kept).ok()
}

/// The text between `begin` and `end`, and what follows `end`. `text` must start with `begin`.
pub(crate) fn between<'t>(text: &'t [u8], begin: &[u8], end: &[u8]) -> Option<(&'t [u8], &'t [u8])> {
    let body = text.strip_prefix(begin)?;
    let at = find(body, end)?;
    Some((body.get(..at)?, body.get(at + end.len()..)?))
}

/// Where `needle` first stands at the beginning of a line.
pub(crate) fn find(text: &[u8], needle: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        let rest = text.get(at..)?;
        if rest.starts_with(needle) {
            return Some(at);
        }
        at += rest.iter().position(|&byte| byte == b'\n')? + 1;
    }
}
