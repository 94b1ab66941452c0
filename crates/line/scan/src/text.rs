//! Bytes to text: what an engine gets to see of a file.

use std::borrow::Cow;

/// What a file's bytes turned out to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Text<'a> {
    /// Text. UTF-16 and Latin-1 have been turned into UTF-8 and a byte order mark has been removed; stray bytes that
    /// are not UTF-8 may remain. Byte offsets in reports count in these bytes.
    Utf8(Cow<'a, [u8]>),
    /// Not text, as git sees it: a NUL among the first 8,000 bytes.
    Binary,
    /// A Git LFS pointer: the content is elsewhere (git-lfs specification, `docs/spec.md`).
    LfsPointer,
}

/// Decodes a file. Borrows unless there is something to convert. Never fails: what is no known encoding and not
/// binary is passed on as it is, since it is better examined as raw bytes than not at all.
pub fn decode(bytes: &[u8]) -> Text<'_> {
    match bytes {
        [0xFF, 0xFE, 0, 0, ..] => Text::Binary,
        [0xFF, 0xFE, rest @ ..] => wide(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => wide(rest, u16::from_be_bytes),
        [0xEF, 0xBB, 0xBF, rest @ ..] => narrow(rest),
        _ => narrow(bytes),
    }
}

/// How many bytes git looks at for a NUL (`buffer_is_binary` in its xdiff-interface.c).
const BINARY_WINDOW: usize = 8_000;

/// How many bytes are looked at to guess an encoding.
const GUESS_WINDOW: usize = 4_096;

/// Text of one byte per unit, unless NULs say otherwise.
fn narrow(bytes: &[u8]) -> Text<'_> {
    if memchr::memchr(0, window(bytes, BINARY_WINDOW)).is_some() {
        return match guess_wide(window(bytes, GUESS_WINDOW)) {
            Some(unit) => wide(bytes, unit),
            None => Text::Binary,
        };
    }
    if is_lfs_pointer(bytes) {
        return Text::LfsPointer;
    }
    if bytes.is_ascii() || std::str::from_utf8(bytes).is_ok() || !is_latin(window(bytes, GUESS_WINDOW)) {
        return Text::Utf8(Cow::Borrowed(bytes));
    }
    Text::Utf8(Cow::Owned(bytes.iter().copied().map(char::from).collect::<String>().into_bytes()))
}

/// How two bytes make a unit of UTF-16.
type Unit = fn([u8; 2]) -> u16;

/// UTF-16. Unpaired surrogates and a last odd byte become U+FFFD. Text has no NUL characters.
fn wide(bytes: &[u8], unit: Unit) -> Text<'static> {
    let (pairs, odd) = bytes.as_chunks::<2>();
    if pairs.iter().take(BINARY_WINDOW / 2).any(|pair| *pair == [0, 0]) {
        return Text::Binary;
    }
    let characters = char::decode_utf16(pairs.iter().map(|pair| unit(*pair)));
    let mut text = String::with_capacity(pairs.len());
    text.extend(characters.map(|character| character.unwrap_or(char::REPLACEMENT_CHARACTER)));
    if !odd.is_empty() {
        text.push(char::REPLACEMENT_CHARACTER);
    }
    Text::Utf8(Cow::Owned(text.into_bytes()))
}

/// UTF-16 without a byte order mark: mostly ASCII, so nearly every other byte is NUL and the ones between never are.
fn guess_wide(sample: &[u8]) -> Option<Unit> {
    let (pairs, _) = sample.as_chunks::<2>();
    let share = |is: fn(&[u8; 2]) -> bool| pairs.iter().filter(|pair| is(pair)).count();
    let enough = |count: usize| pairs.len() >= 2 && count * 10 >= pairs.len() * 8;
    let graphic = |byte: u8| matches!(byte, b' '..=b'~' | b'\t' | b'\n' | b'\r');
    let little = pairs.iter().filter(|pair| pair[1] == 0 && graphic(pair[0])).count();
    let big = pairs.iter().filter(|pair| pair[0] == 0 && graphic(pair[1])).count();
    if enough(little) && share(|pair| pair[0] == 0) == 0 {
        Some(u16::from_le_bytes)
    } else if enough(big) && share(|pair| pair[1] == 0) == 0 {
        Some(u16::from_be_bytes)
    } else {
        None
    }
}

/// Whether bytes that are not UTF-8 look like Latin-1 (or Windows-1252) text: few control characters, and what is
/// valid as multi-byte UTF-8 does not outweigh what is not.
fn is_latin(sample: &[u8]) -> bool {
    let control = |byte: &&u8| matches!(byte, 0..=7 | 14..=26 | 28..=31 | 127);
    let controls = sample.iter().filter(control).count();
    let (mut valid, mut invalid) = (0usize, 0usize);
    for chunk in sample.utf8_chunks() {
        valid += chunk.valid().chars().filter(|character| !character.is_ascii()).count();
        invalid += chunk.invalid().len();
    }
    controls * 20 <= sample.len() && valid <= invalid
}

fn is_lfs_pointer(bytes: &[u8]) -> bool {
    const LARGEST: usize = 1_023;
    bytes.len() <= LARGEST && bytes.starts_with(b"version https://git-lfs.github.com/spec/v1\n")
}

fn window(bytes: &[u8], length: usize) -> &[u8] {
    bytes.get(..length).unwrap_or(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(bytes: &[u8], expected: &str) {
        match decode(bytes) {
            Text::Utf8(text) => assert_eq!(String::from_utf8_lossy(&text), expected),
            other => panic!("{other:?}"),
        }
    }

    fn utf16(text: &str, bytes: fn(u16) -> [u8; 2]) -> Vec<u8> {
        text.encode_utf16().flat_map(bytes).collect()
    }

    #[test]
    fn plain_text_is_borrowed() {
        for text in ["", "a", "plain\n", "\u{7f}", "früh 日本 🦀"] {
            assert_eq!(decode(text.as_bytes()), Text::Utf8(Cow::Borrowed(text.as_bytes())));
            assert!(matches!(decode(text.as_bytes()), Text::Utf8(Cow::Borrowed(_))));
        }
        assert!(matches!(decode(b"\xEF\xBB\xBFa"), Text::Utf8(Cow::Borrowed(b"a"))));
    }

    #[test]
    fn utf16_is_recognised_with_and_without_a_mark() {
        let text = "key = \"früh 日 🦀\" # and some more text\r\n";
        for bytes in [u16::to_le_bytes, u16::to_be_bytes] {
            check(&utf16(text, bytes), text);
            check(&utf16(&format!("\u{feff}{text}"), bytes), text);
        }
        check(b"\xFF\xFEa\0b", "a\u{fffd}");
        check(b"\xFF\xFE\x00\xD8a\0", "\u{fffd}a");
        check(b"a\0b\0", "ab");
        check(b"\xFF\xFE", "");
    }

    #[test]
    fn latin_becomes_utf8_and_damaged_utf8_stays() {
        check(b"pass = fr\xFCh; na\xEFve", "pass = früh; naïve");
        assert_eq!(decode("é日本\n".as_bytes()), Text::Utf8(Cow::Borrowed("é日本\n".as_bytes())));
        let damaged = [&b"\xFF "[..], "früh, spät, schön".as_bytes()].concat();
        assert_eq!(decode(&damaged), Text::Utf8(Cow::Borrowed(&damaged)));
        let noise = b"\x01\x02\x03\xFF\xFE\x04\x05";
        assert_eq!(decode(noise), Text::Utf8(Cow::Borrowed(noise)));
    }

    #[test]
    fn binaries_are_those_of_git() {
        let late = [vec![b'a'; BINARY_WINDOW], vec![0]].concat();
        assert!(matches!(decode(&late), Text::Utf8(Cow::Borrowed(_))));
        assert_eq!(decode(&late[1..]), Text::Binary);
        assert_eq!(decode(b"\x7FELF\x02\x01\x01\0\0\0\0\0"), Text::Binary);
        assert_eq!(decode(b"\0\0\0\0"), Text::Binary);
        assert_eq!(decode(b"\0"), Text::Binary);
        assert_eq!(decode(b"\xFF\xFE\0\0a\0\0\0"), Text::Binary);
        assert_eq!(decode(b"\xFF\xFEa\0\0\0"), Text::Binary);
    }

    #[test]
    fn lfs_pointers_are_recognised() {
        let pointer = "version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 1\n";
        assert_eq!(decode(pointer.as_bytes()), Text::LfsPointer);
        let long = format!("{pointer}{}", "x".repeat(1_024));
        check(long.as_bytes(), &long);
    }

    proptest! {
        #[test]
        fn any_bytes_decode(bytes in prop::collection::vec(any::<u8>(), 0..200), marked in 0usize..4) {
            let mark: &[u8] = [&b""[..], b"\xFF\xFE", b"\xFE\xFF", b"\xEF\xBB\xBF"][marked];
            if let Text::Utf8(Cow::Owned(text)) = decode(&[mark, &bytes].concat()) {
                prop_assert!(String::from_utf8(text).is_ok());
            }
        }
    }
}
