use std::borrow::Cow;

/// The text of a file: UTF-8, or UTF-16 behind a byte order mark (as Windows' shells write it). A byte order mark is
/// taken away; what is not valid is replaced, and then the second value is `true`.
pub(crate) fn decode(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    match bytes {
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> (Cow<'_, str>, bool) {
    let text = String::from_utf8_lossy(bytes);
    let replaced = matches!(text, Cow::Owned(_));
    (text, replaced)
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> (Cow<'static, str>, bool) {
    let units = bytes.chunks_exact(2).filter_map(|pair| pair.try_into().ok().map(unit));
    let mut replaced = bytes.len() % 2 == 1;
    let text = char::decode_utf16(units)
        .map(|unit| {
            unit.unwrap_or_else(|_| {
                replaced = true;
                char::REPLACEMENT_CHARACTER
            })
        })
        .collect();
    (Cow::Owned(text), replaced)
}

#[cfg(test)]
mod tests {
    use super::decode;

    #[test]
    fn encodings() {
        let rows: [(&[u8], &str, bool); 6] = [
            (b"a\xC3\xA9", "aé", false),
            (b"\xEF\xBB\xBFa", "a", false),
            (b"\xFF\xFEa\0\xE9\0", "aé", false),
            (b"\xFE\xFF\0a", "a", false),
            (b"a\xFF", "a\u{FFFD}", true),
            (b"\xFF\xFEa\0\0\xD8", "a\u{FFFD}", true),
        ];
        for (bytes, text, replaced) in rows {
            assert_eq!(decode(bytes), (text.into(), replaced), "{bytes:?}");
        }
    }
}
