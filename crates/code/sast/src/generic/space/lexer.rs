use super::super::Span;

/// A line that holds something.
#[derive(Debug)]
pub(super) struct Line {
    /// Its number, from 1.
    pub(super) number: u32,
    /// How far it is indented; a tab counts as eight spaces.
    pub(super) indent: u32,
    /// What follows the indentation, without the end of the line.
    pub(super) content: Span,
}

/// The lines of a text that are not blank.
pub(super) fn lines(text: &str) -> impl Iterator<Item = Line> {
    let mut start = 0;
    text.split_inclusive('\n').zip(1..).filter_map(move |(whole, number)| {
        let from = start;
        start += whole.len();
        let line = whole.strip_suffix('\n').map_or(whole, |line| line.strip_suffix('\r').unwrap_or(line));
        let content = line.trim_start_matches([' ', '\t']);
        let blank = line.get(..line.len() - content.len()).unwrap_or_default();
        let indent =
            blank.bytes().map(|byte| if byte == b'\t' { 8 } else { 1 }).fold(0u32, u32::saturating_add);
        let content = content.trim_end_matches([' ', '\t']);
        let first = from + blank.len();
        let span = span(first, first + content.len());
        (!content.is_empty()).then_some(Line { number, indent, content: span })
    })
}

/// The words and signs of a part of a text.
pub(super) fn tokens(text: &str, part: Span) -> impl Iterator<Item = Span> {
    let mut at = part.start as usize;
    let end = part.end as usize;
    std::iter::from_fn(move || {
        let blank = |byte: &&u8| matches!(byte, b' ' | b'\t');
        at += text.as_bytes().get(at..end)?.iter().take_while(blank).count();
        let next = token_end(text, at, end)?;
        let token = span(at, next);
        at = next;
        Some(token)
    })
}

/// The end of the word or sign that starts at a place.
pub(super) fn token_end(text: &str, at: usize, end: usize) -> Option<usize> {
    let rest = text.get(at..end)?;
    let word = rest.bytes().take_while(|byte| is_word(*byte)).count();
    let length = if word > 0 { word } else { rest.chars().next()?.len_utf8() };
    Some(at + length)
}

pub(super) fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

pub(super) fn span(start: usize, end: usize) -> Span {
    let clamp = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
    Span { start: clamp(start), end: clamp(end) }
}
