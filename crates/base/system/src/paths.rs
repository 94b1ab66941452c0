//! Paths as reports write them: from the root of the target, `/` between components, always text.
//!
//! Bytes that are not UTF-8 are written `%XX` (upper-case hexadecimal). A `%` stands for itself, except where a
//! reader would take it for such an escape: before two hexadecimal digits that spell a byte of 80 or more, or `25`.
//! There it is written `%25`. So `a%20b` stays as it is, and every path has exactly one report path.

use std::path::{Component, Path, PathBuf};

/// The report path of a path as git stores it: bytes with `/` between components.
pub fn from_bytes(path: &[u8]) -> String {
    let mut report = String::with_capacity(path.len());
    if let Ok(text) = std::str::from_utf8(path)
        && !text.contains('%')
    {
        report.push_str(text);
        return report;
    }
    let mut rest = path;
    for chunk in path.utf8_chunks() {
        for character in chunk.valid().chars() {
            let escaped = character == '%' && is_escape(rest);
            if escaped {
                report.push_str("%25");
            } else {
                report.push(character);
            }
            rest = rest.get(character.len_utf8()..).unwrap_or_default();
        }
        for byte in chunk.invalid() {
            report.push_str(&format!("%{byte:02X}"));
        }
        rest = rest.get(chunk.invalid().len()..).unwrap_or_default();
    }
    report
}

/// The report path of a relative path of this machine. `.` components vanish, `..` stays.
pub fn from_path(path: &Path) -> String {
    let mut report = String::new();
    for component in path.components() {
        let part = match component {
            Component::CurDir | Component::RootDir => continue,
            Component::Prefix(prefix) => prefix.as_os_str(),
            Component::ParentDir => "..".as_ref(),
            Component::Normal(part) => part,
        };
        if !report.is_empty() {
            report.push('/');
        }
        report.push_str(&from_bytes(part.as_encoded_bytes()));
    }
    report
}

/// The bytes that a report path stands for: the reverse of [`from_bytes`].
pub fn to_bytes(report: &str) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(report.len());
    let mut rest = report.as_bytes();
    while let Some((&first, tail)) = rest.split_first() {
        match escape(rest) {
            Some(byte) => {
                bytes.push(byte);
                rest = rest.get(3..).unwrap_or_default();
            }
            None => {
                bytes.push(first);
                rest = tail;
            }
        }
    }
    bytes
}

/// The relative path of this machine that a report path stands for.
pub fn to_path(report: &str) -> PathBuf {
    let bytes = to_bytes(report);
    #[cfg(unix)]
    {
        use std::os::unix::ffi::OsStringExt;
        PathBuf::from(std::ffi::OsString::from_vec(bytes))
    }
    #[cfg(not(unix))]
    PathBuf::from(String::from_utf8_lossy(&bytes).into_owned())
}

fn is_escape(text: &[u8]) -> bool {
    escape(text).is_some()
}

/// The byte that an escape at the start of `text` stands for.
fn escape(text: &[u8]) -> Option<u8> {
    let &[b'%', high, low, ..] = text else { return None };
    let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
    let byte = digit(high)? * 16 + digit(low)?;
    (byte >= 0x80 || byte == b'%').then_some(byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(bytes: &[u8], report: &str) {
        assert_eq!(from_bytes(bytes), report);
        assert_eq!(to_bytes(report), bytes);
    }

    #[test]
    fn every_path_has_one_report_path() {
        check(b"", "");
        check(b"src/main.rs", "src/main.rs");
        check("früh/日本".as_bytes(), "früh/日本");
        check(b"a%20b 100%", "a%20b 100%");
        check(b"a\xFFb", "a%FFb");
        check(b"a%FFb", "a%25FFb");
        check(b"a%ffb", "a%25ffb");
        check(b"a%25b", "a%2525b");
        check(b"%\xFF%2\x80", "%%FF%2%80");
        check("%é\u{80}".as_bytes(), "%é\u{80}");
        check(b"\xE2\x82/x", "%E2%82/x");
    }

    #[test]
    fn short_strings_survive_the_round_trip() {
        let alphabet = [b'%', b'2', b'5', b'8', b'F', b'a', 0xFF, 0xC3, 0xA9];
        let mut seen = std::collections::HashSet::new();
        for number in 0..alphabet.len().pow(5) {
            let bytes: Vec<u8> =
                (0..5).map(|place| alphabet[number / alphabet.len().pow(place) % alphabet.len()]).collect();
            let report = from_bytes(&bytes);
            assert_eq!(to_bytes(&report), bytes, "{report}");
            assert!(seen.insert(report));
        }
    }

    #[cfg(unix)]
    #[test]
    fn machine_paths_lose_dots_and_keep_bytes() {
        use std::os::unix::ffi::OsStrExt;
        let raw = Path::new(std::ffi::OsStr::from_bytes(b"./a/\xFF/../b"));
        assert_eq!(from_path(raw), "a/%FF/../b");
        assert_eq!(to_path("a/%FF"), Path::new(std::ffi::OsStr::from_bytes(b"a/\xFF")));
    }
}
