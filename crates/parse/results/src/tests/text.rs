//! Lines that runners print.

use std::borrow::Cow;

use super::model::TestFormat;

/// Lines that are looked at to tell the format.
const LOOKED_AT: usize = 200_000;

/// The format that a text other than XML seems to have.
pub(super) fn detect(text: &str) -> Option<TestFormat> {
    let mut weak = None;
    for line in text.lines().take(LOOKED_AT) {
        let line = plain(line);
        let trimmed = line.trim();
        if line.starts_with("TAP version ") {
            return Some(TestFormat::Tap);
        }
        if is_event(trimmed) {
            return Some(TestFormat::CargoJson);
        }
        if super::cargo::shows(trimmed) {
            return Some(TestFormat::Cargo);
        }
        if super::pytest::shows(trimmed) {
            return Some(TestFormat::Pytest);
        }
        if weak.is_none() && super::tap::shows(&line) {
            weak = Some(TestFormat::Tap);
        }
    }
    weak
}

fn is_event(line: &str) -> bool {
    line.starts_with('{') && (line.contains("\"type\":\"suite\"") || line.contains("\"type\": \"suite\""))
}

/// At most so many bytes of a text, cut between characters.
pub(crate) fn cut(text: &str, bytes: usize) -> &str {
    let mut end = bytes.min(text.len());
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    text.get(..end).unwrap_or_default()
}

/// A line without the sequences that colour a terminal.
pub(super) fn plain(line: &str) -> Cow<'_, str> {
    if !line.contains('\u{1b}') {
        return Cow::Borrowed(line);
    }
    let mut kept = String::with_capacity(line.len());
    let mut rest = line;
    while let Some((before, after)) = rest.split_once('\u{1b}') {
        kept.push_str(before);
        rest = match after.strip_prefix('[') {
            Some(sequence) => {
                let end = sequence.find(|c: char| ('\u{40}'..='\u{7e}').contains(&c));
                end.and_then(|end| sequence.get(end + 1..)).unwrap_or_default()
            }
            None => after,
        };
    }
    kept.push_str(rest);
    Cow::Owned(kept)
}

/// Seconds such as `0.25` or `0.25s` in milliseconds.
pub(super) fn milliseconds(seconds: &str) -> Option<u64> {
    let seconds: f64 = seconds.trim().trim_end_matches('s').parse().ok()?;
    (seconds >= 0.0 && seconds.is_finite()).then(|| (seconds * 1000.0).round() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines() {
        assert_eq!(plain("\u{1b}[31mF\u{1b}[0m!\u{1b}[1;3"), "F!");
        assert_eq!(plain("a\u{1b}b"), "ab");
        assert_eq!(cut("aé", 2), "a");
        assert_eq!(milliseconds("0.0415s"), Some(42));
        assert_eq!(milliseconds("-1"), None);
        assert_eq!(milliseconds("NaN"), None);
    }
}
