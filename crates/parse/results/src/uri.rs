//! Relative references of RFC 3986, as far as paths need them.

/// Percent-encodes a path so that it is a valid relative reference; `/` stays.
pub(crate) fn encode_path(path: &str) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~/".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 15] {
                out.push(char::from(HEX.get(usize::from(digit)).copied().unwrap_or(b'0')));
            }
        }
    }
    out
}

/// Undoes percent-encoding. Bytes that are not UTF-8 stay encoded, as `andon_model::Location` writes them.
pub(crate) fn decode(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let [first, tail @ ..] = rest {
        if let (b'%', [high, low, after @ ..]) = (first, tail)
            && let (Some(high), Some(low)) = (hex(*high), hex(*low))
        {
            bytes.push(high << 4 | low);
            rest = after;
        } else {
            bytes.push(*first);
            rest = tail;
        }
    }
    let mut out = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        out.push_str(chunk.valid());
        for byte in chunk.invalid() {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

/// The scheme of an absolute URI, in lower case, and what follows the colon. A single letter is a drive of Windows.
pub(crate) fn scheme(uri: &str) -> Option<(String, &str)> {
    let (scheme, rest) = uri.split_once(':')?;
    let valid = scheme.len() > 1
        && scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c));
    valid.then(|| (scheme.to_ascii_lowercase(), rest))
}

/// Removes `.` and empty segments, resolves `..` where something is left to leave, and turns `\` into `/`.
pub(crate) fn normalise(path: &str) -> String {
    let path = path.replace('\\', "/");
    let mut kept: Vec<&str> = Vec::new();
    for segment in path.split('/') {
        match segment {
            "" | "." => {}
            ".." if kept.last().is_some_and(|last| *last != "..") => drop(kept.pop()),
            ".." if path.starts_with('/') => {}
            other => kept.push(other),
        }
    }
    let joined = kept.join("/");
    if path.starts_with('/') { format!("/{joined}") } else { joined }
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encoding_is_undone_by_decoding() {
        for path in ["a/b.rs", "with space/ü.txt", "100%/#?.md", "a:b", "%FF/x", "日本/語"] {
            let encoded = encode_path(path);
            assert!(encoded.is_ascii() && !encoded.contains(' '), "{encoded}");
            assert_eq!(decode(&encoded), path);
        }
        assert_eq!(decode("a%FFb%2"), "a%FFb%2");
    }

    #[test]
    fn paths_are_normalised_without_leaving_their_root() {
        let check = |path: &str, expected: &str| assert_eq!(normalise(path), expected, "{path}");
        check("./a//b/../c", "a/c");
        check("..\\x", "../x");
        check("../../x", "../../x");
        check("/../x", "/x");
        check("", "");
    }

    #[test]
    fn schemes_are_not_drives() {
        assert_eq!(scheme("file:///a").map(|s| s.0), Some("file".to_owned()));
        assert_eq!(scheme("C:/a"), None);
        assert_eq!(scheme("a/b:c"), None);
    }
}
