//! What of a text need not be looked at again.

use std::ops::Range;

use andon_model::Piece;

use crate::decode::Pass;

/// Shorter pieces count as new.
const MIN_PIECE: usize = 64;

/// The lines that hold anything that was not copied, or where two pieces meet, and the line after each. Encoded values do
/// not go beyond a line, except for code points written as `U+0041 U+0042`: lines next to such a line count as new with
/// it, and what ends in one keeps the value that follows it from being decoded, so that without it that one may be.
pub(super) fn new_lines(text: &[u8], pieces: &[Piece]) -> Vec<Range<usize>> {
    let mut stretches: Vec<Range<usize>> = Vec::new();
    let mut add = |start: usize, end: usize| {
        if stretches.last().is_some_and(|last| end < last.end) {
            return;
        }
        let stretch = whole_lines(text, start, end);
        match stretches.last_mut() {
            Some(last) if stretch.start <= last.end => last.end = last.end.max(stretch.end),
            _ => stretches.push(stretch),
        }
    };
    let mut at = 0;
    for piece in
        pieces.iter().filter(|piece| piece.length >= MIN_PIECE && piece.to + piece.length <= text.len())
    {
        if piece.to > 0 || piece.from > 0 {
            add(at.min(piece.to), piece.to);
        }
        at = piece.to + piece.length;
    }
    add(at, text.len());
    stretches
}

/// What decoding left as it was: the text between the encoded values.
pub(super) fn pieces_of(pass: &Pass) -> Vec<Piece> {
    let mut pieces = Vec::with_capacity(pass.segments.len() + 1);
    let (mut from, mut to) = (0, 0);
    for segment in pass.segments.iter() {
        pieces.push(Piece { from, to, length: segment.encoded.start - from });
        (from, to) = (segment.encoded.end, segment.decoded.end);
    }
    pieces.push(Piece { from, to, length: pass.text.len() - to });
    pieces
}

fn whole_lines(text: &[u8], start: usize, end: usize) -> Range<usize> {
    let mut start = line_start(text, start.min(text.len()));
    let mut end = line_end(text, end.min(text.len()));
    while start > 0 {
        let before = line_start(text, start - 1);
        if !has_code_point(&text[before..start]) && !text[before..start].trim_ascii().is_empty() {
            break;
        }
        start = before;
    }
    while end < text.len() {
        let after = line_end(text, end + 1);
        let goes_on = has_code_point(&text[end..after]) || text[end..after].trim_ascii().is_empty();
        end = after;
        if !goes_on {
            break;
        }
    }
    start..end
}

fn has_code_point(line: &[u8]) -> bool {
    memchr::memchr_iter(b'+', line).any(|plus| plus > 0 && line[plus - 1] == b'U')
}

fn line_start(text: &[u8], at: usize) -> usize {
    memchr::memrchr(b'\n', &text[..at]).map_or(0, |feed| feed + 1)
}

fn line_end(text: &[u8], at: usize) -> usize {
    let at = at.min(text.len());
    memchr::memchr(b'\n', &text[at..]).map_or(text.len(), |feed| at + feed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, pieces: &[(usize, usize, usize)], expected: &[&str]) {
        let pieces: Vec<Piece> =
            pieces.iter().map(|&(from, to, length)| Piece { from, to, length }).collect();
        let lines = new_lines(text.as_bytes(), &pieces);
        assert_eq!(lines.into_iter().map(|range| &text[range]).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn only_lines_with_something_new_are_new() {
        let line = "0123456789012345678901234567890123456789\n";
        let text = line.repeat(6);
        let two = line.repeat(2);
        let two = two.trim_end();
        check(&text, &[(0, 0, 246)], &[""]);
        check(&text, &[(0, 0, 100), (105, 105, 141)], &[two, ""]);
        check(&text, &[(0, 0, 100), (205, 100, 146)], &[two, ""]);
        check(&text, &[(0, 0, 10)], &[text.as_str()]);
    }
}
