//! Commits around fuzzed signatures.

/// A commit whose signature, of this kind, holds these bytes in base64.
pub fn commit(kind: &str, head: &[u8], bytes: &[u8]) -> Vec<u8> {
    let body = base64(&[head, bytes].concat());
    let text = format!(
        "tree 1\ngpgsig -----BEGIN {kind}-----\n \n {body}\n -----END {kind}-----\ncommitter A <a@x> 1 +0000\n\nt\n"
    );
    text.into_bytes()
}

fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::new();
    for chunk in bytes.chunks(3) {
        let number =
            chunk.iter().fold(0_u32, |sum, byte| sum << 8 | u32::from(*byte)) << (8 * (3 - chunk.len()));
        let digits = (0..=chunk.len()).map(|at| char::from(DIGITS[(number >> (18 - 6 * at)) as usize & 63]));
        text.extend(digits);
    }
    text
}
