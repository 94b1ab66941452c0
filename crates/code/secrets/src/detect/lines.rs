//! Lines and columns of a text, worked out when the first candidate asks.

use std::ops::Range;

use andon_model::Region;

use super::candidate::Candidate;
use crate::redact;

/// Lines before and after a secret that make its context.
const CONTEXT_LINES: usize = 3;
/// Longest line, in bytes, that is shown or hashed; around the secret if the line is longer.
const SHOWN: usize = 400;

/// The lines of a text.
pub(crate) struct Lines<'a> {
    text: &'a [u8],
    feeds: Option<Vec<usize>>,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a [u8]) -> Self {
        Self { text, feeds: None }
    }

    /// 1-based line of a byte.
    pub(crate) fn line_of(&mut self, byte: usize) -> u32 {
        self.index_of(byte) as u32 + 1
    }

    /// 1-based column of a byte, in characters.
    pub(crate) fn column_of(&mut self, byte: usize) -> u32 {
        let start = self.around(&(byte..byte)).start;
        let before = self.text.get(start..byte).unwrap_or(&[]);
        before.iter().filter(|byte| **byte & 0xc0 != 0x80).count() as u32 + 1
    }

    /// 1-based line of the byte where a match starts, as gitleaks counts: a line feed belongs to the line after it.
    pub(crate) fn match_line(&mut self, byte: usize) -> u32 {
        self.feeds().partition_point(|feed| *feed <= byte) as u32 + 1
    }

    /// Column of the byte where a match starts, as gitleaks counts: in bytes, from 1 on the first line and from 2, the
    /// line feed before it being 1, on the others.
    pub(crate) fn match_column(&mut self, byte: usize) -> u32 {
        let before = self.feeds().partition_point(|feed| *feed <= byte).checked_sub(1);
        let feed = before.and_then(|index| self.feeds().get(index).copied()).unwrap_or(0);
        (byte - feed) as u32 + 1
    }

    /// The whole lines that hold a span, without the last line feed.
    pub(crate) fn around(&mut self, span: &Range<usize>) -> Range<usize> {
        let (first, last) = (self.index_of(span.start), self.index_of(span.end.max(span.start + 1) - 1));
        self.line(first).start..self.line(last).end
    }

    pub(crate) fn region(&mut self, span: &Range<usize>) -> Region {
        let last = span.end.max(span.start + 1) - 1;
        Region {
            start_byte: span.start as u64,
            end_byte: span.end as u64,
            start_line: self.line_of(span.start),
            start_column: self.column_of(span.start),
            end_line: self.line_of(last),
            end_column: self.column_of(last) + 1,
        }
    }

    /// The first line of a span with every secret in it redacted.
    pub(crate) fn snippet(&mut self, span: &Range<usize>, all: &[Candidate]) -> String {
        let line = self.first_line(span);
        self.redacted(&line, all)
    }

    /// Hash of the line with secrets blotted out and white space removed.
    pub(crate) fn masked_line(&mut self, span: &Range<usize>, all: &[Candidate]) -> [u8; 16] {
        let line = self.first_line(span);
        let mut hasher = blake3::Hasher::new();
        let mut blotted = false;
        for piece in self.pieces(&line, all, Some(span)) {
            match piece {
                Piece::Clear(text) => {
                    for word in text.split(u8::is_ascii_whitespace).filter(|word| !word.is_empty()) {
                        hasher.update(word);
                        blotted = false;
                    }
                }
                // Secrets that overlap or touch are one blot, however many rules see them.
                Piece::Secret(_) if blotted => {}
                Piece::Secret(_) => {
                    hasher.update(&[0]);
                    blotted = true;
                }
            }
        }
        let mut short = [0; 16];
        short.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        short
    }

    /// Context hash of the non-blank lines before and after a span, secrets redacted.
    pub(crate) fn context(&mut self, span: &Range<usize>, all: &[Candidate]) -> String {
        let (first, last) = (self.index_of(span.start), self.index_of(span.end.max(span.start + 1) - 1));
        let count = self.feeds().len() + 1;
        let before = (0..first).rev();
        let after = last + 1..count;
        let mut chosen = self.non_blank(before);
        chosen.extend(self.non_blank(after));
        let texts: Vec<String> = chosen.iter().map(|line| self.redacted(line, all)).collect();
        andon_model::line_context(texts.iter().map(String::as_str))
    }

    fn non_blank(&mut self, lines: impl Iterator<Item = usize>) -> Vec<Range<usize>> {
        /// Blank lines that are looked past.
        const PATIENCE: usize = 16;
        let ranges: Vec<_> = lines.take(PATIENCE).map(|line| self.line(line)).collect();
        let text = self.text;
        let blank = |range: &Range<usize>| text.get(range.clone()).unwrap_or(&[]).trim_ascii().is_empty();
        let shown = |range: Range<usize>| self.without_return(cut(range));
        ranges.into_iter().filter(|range| !blank(range)).take(CONTEXT_LINES).map(shown).collect()
    }

    fn first_line(&mut self, span: &Range<usize>) -> Range<usize> {
        let index = self.index_of(span.start);
        let line = self.line(index);
        let start = line.start.max(span.start.saturating_sub(SHOWN / 2));
        let end = line.end.min(span.end.saturating_add(SHOWN / 4)).max(start);
        self.without_return(start..end)
    }

    /// The carriage return of a line's end is no part of what it says.
    fn without_return(&self, range: Range<usize>) -> Range<usize> {
        let text = self.text.get(range.clone()).unwrap_or(&[]);
        range.start..range.end - usize::from(text.ends_with(b"\r"))
    }

    fn redacted(&self, range: &Range<usize>, all: &[Candidate]) -> String {
        let mut line = String::new();
        let mut spans = Vec::new();
        for piece in self.pieces(range, all, None) {
            match piece {
                Piece::Clear(text) => line.push_str(&String::from_utf8_lossy(text)),
                Piece::Secret(secret) => {
                    let start = line.len();
                    line.push_str(&String::from_utf8_lossy(secret));
                    spans.push(start..line.len());
                }
            }
        }
        redact::mask(&line, &spans)
    }

    /// Cuts a range at the spans of all secrets and at every further copy of one. With `own`, quotes at the ends of
    /// the other spans stay: a rule that takes them for a part of the secret may be one that does not count here.
    fn pieces<'b>(
        &'b self,
        range: &Range<usize>,
        all: &[Candidate],
        own: Option<&Range<usize>>,
    ) -> Vec<Piece<'b>> {
        let text = self.text.get(range.clone()).unwrap_or(&[]);
        let mut spans: Vec<Range<usize>> = Vec::new();
        for candidate in all {
            let span = match own {
                Some(own) if *own != candidate.span => self.unquoted(&candidate.span),
                _ => candidate.span.clone(),
            };
            if span.start < range.end && range.start < span.end {
                let start = span.start.max(range.start) - range.start;
                spans.push(start..span.end.min(range.end) - range.start);
            }
            if candidate.secret.len() >= 4 && candidate.secret.len() <= text.len() {
                let copies = memchr::memmem::find_iter(text, &candidate.secret);
                spans.extend(copies.map(|start| start..start + candidate.secret.len()));
            }
        }
        spans.sort_by_key(|span| (span.start, span.end));
        let mut pieces = Vec::new();
        let mut at = 0;
        for span in spans {
            let (start, end) = (span.start.max(at), span.end.max(at));
            if end > start {
                pieces.push(Piece::Clear(&text[at..start]));
                pieces.push(Piece::Secret(&text[start..end]));
                at = end;
            }
        }
        pieces.push(Piece::Clear(&text[at..]));
        pieces
    }

    fn unquoted(&self, span: &Range<usize>) -> Range<usize> {
        let text = self.text.get(span.clone()).unwrap_or(&[]);
        let quote = |byte: &u8| byte.is_ascii_whitespace() || b"\"'`,;".contains(byte);
        let before = text.iter().take_while(|byte| quote(byte)).count();
        let after = text.iter().rev().take_while(|byte| quote(byte)).count();
        span.start + before..span.end.saturating_sub(after).max(span.start + before)
    }

    fn index_of(&mut self, byte: usize) -> usize {
        self.feeds().partition_point(|feed| *feed < byte)
    }

    fn line(&mut self, index: usize) -> Range<usize> {
        let length = self.text.len();
        let feeds = self.feeds();
        let start = index.checked_sub(1).and_then(|before| feeds.get(before)).map_or(0, |feed| feed + 1);
        start..feeds.get(index).copied().unwrap_or(length)
    }

    fn feeds(&mut self) -> &[usize] {
        let text = self.text;
        self.feeds.get_or_insert_with(|| memchr::memchr_iter(b'\n', text).collect())
    }
}

enum Piece<'a> {
    Clear(&'a [u8]),
    Secret(&'a [u8]),
}

fn cut(range: Range<usize>) -> Range<usize> {
    range.start..range.end.min(range.start + SHOWN)
}
