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
        for piece in self.pieces(&line, all) {
            match piece {
                Piece::Clear(text) => {
                    text.split(u8::is_ascii_whitespace).for_each(|word| {
                        hasher.update(word);
                    });
                }
                Piece::Secret(_) => {
                    hasher.update(&[0]);
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
        ranges.into_iter().filter(|range| !blank(range)).take(CONTEXT_LINES).map(cut).collect()
    }

    fn first_line(&mut self, span: &Range<usize>) -> Range<usize> {
        let index = self.index_of(span.start);
        let line = self.line(index);
        let start = line.start.max(span.start.saturating_sub(SHOWN / 2));
        let end = line.end.min(span.end.saturating_add(SHOWN / 4)).max(start);
        start..end
    }

    fn redacted(&self, range: &Range<usize>, all: &[Candidate]) -> String {
        let mut line = String::new();
        let mut spans = Vec::new();
        for piece in self.pieces(range, all) {
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

    /// Cuts a range at the spans of all secrets and at every further copy of one.
    fn pieces<'b>(&'b self, range: &Range<usize>, all: &[Candidate]) -> Vec<Piece<'b>> {
        let text = self.text.get(range.clone()).unwrap_or(&[]);
        let mut spans: Vec<Range<usize>> = Vec::new();
        for candidate in all {
            if candidate.span.start < range.end && range.start < candidate.span.end {
                let start = candidate.span.start.max(range.start) - range.start;
                spans.push(start..candidate.span.end.min(range.end) - range.start);
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
