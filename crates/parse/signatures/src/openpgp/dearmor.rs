//! ASCII armor. Its checksum proves nothing and is not looked at, as RFC 9580 asks.

use crate::armor::{decode, find};

/// The bytes of the one block of this kind that a text consists of.
pub(super) fn one(text: &[u8], kind: &str) -> Result<Vec<u8>, &'static str> {
    let (bytes, rest) = block(text, kind)?;
    if rest.trim_ascii().is_empty() { Ok(bytes) } else { Err("something follows the OpenPGP signature") }
}

/// The bytes of all blocks of this kind in a text, one after the other.
pub(super) fn all(text: &[u8], kind: &str) -> Result<Vec<u8>, &'static str> {
    let begin = format!("-----BEGIN PGP {kind}-----");
    let mut bytes = Vec::new();
    let mut rest = text;
    while let Some(at) = find(rest, begin.as_bytes()) {
        let (more, after) = block(rest.get(at..).unwrap_or_default(), kind)?;
        bytes.extend_from_slice(&more);
        rest = after;
    }
    Ok(bytes)
}

fn block<'t>(text: &'t [u8], kind: &str) -> Result<(Vec<u8>, &'t [u8]), &'static str> {
    let begin = format!("-----BEGIN PGP {kind}-----");
    let end = format!("-----END PGP {kind}-----");
    let (body, rest) = crate::armor::between(text, begin.as_bytes(), end.as_bytes())
        .ok_or("the OpenPGP armor has no beginning or no end line")?;
    let mut base64 = Vec::with_capacity(body.len());
    for line in body.split(|&byte| byte == b'\n') {
        // Headers such as `Comment: …`, and the checksum.
        if !line.contains(&b':') && !line.starts_with(b"=") {
            base64.extend_from_slice(line);
        }
    }
    Ok((decode(&base64).ok_or("the OpenPGP armor is not base64")?, rest))
}
