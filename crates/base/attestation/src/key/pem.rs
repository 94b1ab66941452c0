//! Text armour around keys (RFC 7468), read leniently in its line lengths and strictly in everything else.

use zeroize::Zeroizing;

use crate::encoding::{base64_decode, base64_encode};
use crate::key::KeyError;

/// The largest file of a key, in bytes.
pub const MAX_BYTES: usize = 64 << 10;

const BEGIN: &str = "-----BEGIN ";
const END: &str = "-----END ";
const DASHES: &str = "-----";

/// One block. Its content is wiped from memory when it is dropped.
#[derive(Debug, Clone)]
pub struct Pem {
    /// What it says it is, such as `PUBLIC KEY`.
    pub label: String,
    /// What is in it.
    pub content: Zeroizing<Vec<u8>>,
}

/// Reads the only block of a text. What stands before and after it is ignored, as RFC 7468 allows.
///
/// # Errors
/// When there is none, there are several, it is larger than [`MAX_BYTES`], has no end, or is not base64.
pub fn read(bytes: &[u8]) -> Result<Pem, KeyError> {
    if bytes.len() > MAX_BYTES {
        return Err(KeyError::TooLarge);
    }
    let text = std::str::from_utf8(bytes).map_err(|_| KeyError::NoPem)?;
    let mut lines = text.lines().map(str::trim);
    let label = lines.by_ref().find_map(|line| line.strip_prefix(BEGIN)?.strip_suffix(DASHES));
    let label = label.ok_or(KeyError::NoPem)?;
    let damaged = || KeyError::DamagedPem(label.chars().take(60).collect());
    let mut body = Zeroizing::new(String::with_capacity(bytes.len()));
    let mut ended = false;
    for line in lines.by_ref() {
        if let Some(end) = line.strip_prefix(END) {
            ended = end.strip_suffix(DASHES) == Some(label);
            break;
        }
        body.extend(line.split_ascii_whitespace());
    }
    if !ended {
        return Err(damaged());
    }
    if lines.any(|line| line.starts_with(BEGIN)) {
        return Err(KeyError::SeveralPem);
    }
    let content = base64_decode(body.as_bytes()).map(Zeroizing::new).ok_or_else(damaged)?;
    Ok(Pem { label: label.to_owned(), content })
}

/// Writes a block with lines of 64 characters. Wiped from memory when it is dropped.
pub fn write(label: &str, content: &[u8]) -> Zeroizing<String> {
    const WIDTH: usize = 64;
    let body = Zeroizing::new(base64_encode(content));
    let lines = body.len().div_ceil(WIDTH);
    let mut text = Zeroizing::new(String::with_capacity(body.len() + lines + 2 * (label.len() + 20)));
    let mut push = |parts: &[&str]| parts.iter().for_each(|part| text.push_str(part));
    push(&[BEGIN, label, DASHES, "\n"]);
    let mut rest = body.as_str();
    while !rest.is_empty() {
        let (line, after) = rest.split_at_checked(WIDTH).unwrap_or((rest, ""));
        push(&[line, "\n"]);
        rest = after;
    }
    push(&[END, label, DASHES, "\n"]);
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_block_is_read_and_others_are_refused() {
        let check = |text: &str, expected: Result<&[u8], KeyError>| {
            assert_eq!(
                read(text.as_bytes()).map(|pem| pem.content.to_vec()),
                expected.map(<[u8]>::to_vec),
                "{text}"
            );
        };
        let block = |body: &str| format!("{BEGIN}X{DASHES}\n{body}\n{END}X{DASHES}\n");
        let damaged = || Err(KeyError::DamagedPem("X".to_owned()));
        check(&block("aGVsbG8="), Ok(b"hello"));
        check(&block("aGVs\r\n bG8="), Ok(b"hello"));
        check(&format!("a comment\n{}after", block("aGVsbG8=")), Ok(b"hello"));
        check(&block(""), Ok(b""));
        check(&block("aGVsbG8=").repeat(2), Err(KeyError::SeveralPem));
        check(&block("!"), damaged());
        check(&block("DEK-Info: x"), damaged());
        check(&format!("{BEGIN}X{DASHES}\naGVsbG8=\n"), damaged());
        check(&format!("{BEGIN}X{DASHES}\naGVsbG8=\n{END}Y{DASHES}"), damaged());
        check("", Err(KeyError::NoPem));
        check("ssh-ed25519 AAAA", Err(KeyError::NoPem));
        check(&"x".repeat(MAX_BYTES + 1), Err(KeyError::TooLarge));
    }

    #[test]
    fn what_is_written_is_read() {
        for length in [0_usize, 1, 47, 48, 49, 1000] {
            let content = vec![0x5a; length];
            let text = write("SOME KEY", &content);
            assert!(text.lines().all(|line| line.len() <= 64), "{length}");
            let pem = read(text.as_bytes()).unwrap();
            assert_eq!((pem.label.as_str(), pem.content.as_slice()), ("SOME KEY", content.as_slice()));
        }
    }
}
