use std::borrow::Cow;
use std::ops::Range;

use crate::{Listing, support::text};

/// The text of a database; the listing says when some of it is not UTF-8.
pub(super) fn decoded<'a>(bytes: &'a [u8], listing: &mut Listing) -> Cow<'a, str> {
    let (text, replaced) = text::decode(bytes);
    if replaced {
        listing
            .problem("it has bytes that are not UTF-8, replaced by U+FFFD: the names there may not be right");
    }
    text
}

/// Whether a text can be a name, a version or an architecture.
pub(super) fn is_word(text: &str) -> bool {
    !text.is_empty() && text.len() <= 256 && !text.contains(|c: char| c.is_whitespace() || c.is_control())
}

/// Blocks of lines with an empty line behind each, and the bytes of the text that they take: paragraphs of a Debian
/// control file, entries of apk's database.
pub(super) fn blocks(text: &str) -> impl Iterator<Item = (Range<usize>, &str)> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let mut start = None;
        let mut end = at;
        while let Some(rest) = text.get(at..).filter(|rest| !rest.is_empty()) {
            let length = rest.find('\n').map_or(rest.len(), |newline| newline + 1);
            let line = rest.get(..length).unwrap_or_default();
            let is_empty = line.trim().is_empty();
            if is_empty && start.is_some() {
                break;
            }
            if !is_empty {
                start = start.or(Some(at));
                end = at + line.trim_end().len();
            }
            at += length;
        }
        let start = start?;
        text.get(start..end).map(|block| (start..end, block))
    })
}

/// The fields of a paragraph (`deb-control(5)`): `Name: value`, continued by lines that start with a blank. Of a field
/// with several lines only the first is given, unless it is one that lists packages, where they are one value.
pub(super) fn fields(paragraph: &str) -> impl Iterator<Item = (&str, &str)> {
    let mut rest = paragraph;
    std::iter::from_fn(move || {
        loop {
            if rest.is_empty() {
                return None;
            }
            let end = end_of_field(rest);
            let (field, behind) = (rest.get(..end).unwrap_or_default(), rest.get(end..).unwrap_or_default());
            rest = behind;
            if let Some((name, value)) = field.split_once(':').filter(|(name, _)| is_name(name)) {
                return Some((name, value.trim()));
            }
        }
    })
}

/// Where the first line that does not continue the field starts.
fn end_of_field(text: &str) -> usize {
    let starts = text.match_indices('\n').map(|(at, _)| at + 1);
    let mut continued =
        starts.skip_while(|&at| text.get(at..).is_some_and(|rest| rest.starts_with([' ', '\t'])));
    continued.next().unwrap_or(text.len())
}

fn is_name(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_of_lines() {
        let rows: [(&str, &[&str]); 5] = [
            ("a\nb\n\nc\n", &["a\nb", "c"]),
            ("\n\n a\r\n\r\n \nb", &[" a", "b"]),
            ("a", &["a"]),
            ("\n", &[]),
            ("", &[]),
        ];
        for (text, expected) in rows {
            let found: Vec<&str> = blocks(text).map(|(_, block)| block).collect();
            assert_eq!(found, expected, "{text:?}");
            assert!(blocks(text).all(|(range, block)| text.get(range) == Some(block)));
        }
    }

    #[test]
    fn fields_of_paragraphs() {
        let paragraph =
            "Package: a\nnonsense\nDepends: b,\n c (>= 1)\nDescription: x\n long\n .\nVersion: 1:2";
        let found: Vec<(&str, &str)> = fields(paragraph).collect();
        let expected = [
            ("Package", "a"),
            ("Depends", "b,\n c (>= 1)"),
            ("Description", "x\n long\n ."),
            ("Version", "1:2"),
        ];
        assert_eq!(found, expected);
        assert_eq!(fields(" continues nothing\n\n:").count(), 0);
    }
}
