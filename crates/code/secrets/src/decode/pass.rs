//! A pass over a text, and the way back from its positions to those of the text before decoding.

use std::ops::Range;
use std::sync::Arc;

use super::scan::{Match, Matches};
use super::{Kinds, Segment, base64, escapes};

/// How many segments a pass decodes at most; what follows stays encoded.
pub const MAX_SEGMENTS: usize = 1 << 18;

/// A text in which every encoded stretch was replaced by what it encodes.
#[derive(Debug, Clone)]
pub struct Pass {
    /// The decoded text.
    pub text: Vec<u8>,
    /// What was decoded, in order, without overlap. Never empty.
    pub segments: Arc<[Segment]>,
    /// Whether decoding stopped at [`MAX_SEGMENTS`].
    pub truncated: bool,
    /// The segments of the passes before this one, the first pass first.
    earlier: Vec<Arc<[Segment]>>,
}

/// Decodes a text. `None` when nothing in it decodes.
pub fn first_pass(content: &[u8]) -> Option<Pass> {
    run(content, Vec::new())
}

/// Decodes the text of a pass once more. `None` when nothing in it decodes. Callers bound the depth; gitleaks' default
/// is five passes.
pub fn next_pass(pass: &Pass) -> Option<Pass> {
    let mut earlier = pass.earlier.clone();
    earlier.push(Arc::clone(&pass.segments));
    run(&pass.text, earlier)
}

impl Pass {
    /// The segments whose decoded bytes overlap or touch `start..end` of this pass's text. A match of a rule that
    /// overlaps none was found in an earlier pass already.
    pub fn overlapping(&self, start: usize, end: usize) -> &[Segment] {
        overlapping(&self.segments, &(start..end))
    }

    /// Where a range of this pass's text lies in the text before any decoding. A range inside a decoded segment maps
    /// to the whole of what was decoded.
    pub fn to_original(&self, range: Range<usize>) -> Range<usize> {
        let levels = self.earlier.iter().chain([&self.segments]).rev();
        to_original(levels.map(|segments| &**segments), range)
    }

    /// From the newline before the segments (of this pass) to the one after them; all of the text when there are none.
    pub fn current_line(&self, segments: &[Segment]) -> &[u8] {
        let (Some(first), Some(last)) = (segments.first(), segments.last()) else { return &self.text };
        let before = self.text.get(..=first.decoded.start).unwrap_or_default();
        let after = self.text.get(last.decoded.end..).unwrap_or_default();
        let from = memchr::memrchr(b'\n', before).unwrap_or(0);
        let to = memchr::memchr(b'\n', after).map_or(self.text.len(), |i| last.decoded.end + i);
        self.text.get(from..to).unwrap_or_default()
    }

    /// gitleaks' tags for a match that overlaps these segments: `decoded:base64`, …, `decode-depth:2`.
    pub fn tags(segments: &[Segment]) -> Vec<String> {
        let Some(first) = segments.first() else { return Vec::new() };
        let kinds = segments.iter().fold(Kinds::default(), |all, segment| all.union(segment.kinds));
        let depth = format!("decode-depth:{}", first.depth);
        kinds.names().map(|name| format!("decoded:{name}")).chain([depth]).collect()
    }
}

/// What a pass has written so far.
struct Writer<'a> {
    data: &'a [u8],
    earlier: &'a [Arc<[Segment]>],
    text: Vec<u8>,
    segments: Vec<Segment>,
    copied: usize,
}

fn run(data: &[u8], earlier: Vec<Arc<[Segment]>>) -> Option<Pass> {
    let mut writer = Writer { data, earlier: &earlier, text: Vec::new(), segments: Vec::new(), copied: 0 };
    let mut matches = Matches::new(data);
    let mut previous: Option<Match> = None;
    let mut current = matches.next();
    let mut truncated = false;
    while let Some(this) = current.take() {
        let next = matches.next();
        let waits = previous
            .as_ref()
            .is_some_and(|p| p.range.end == this.range.start && p.kind.outranks(this.kind))
            || next.as_ref().is_some_and(|n| this.range.end == n.range.start && n.kind.outranks(this.kind));
        if !waits && is_text(data, &this) {
            if writer.segments.len() == MAX_SEGMENTS {
                truncated = true;
                break;
            }
            writer.decode(&this);
        }
        previous = Some(this);
        current = next;
    }
    if writer.segments.is_empty() {
        return None;
    }
    writer.text.extend_from_slice(data.get(writer.copied..).unwrap_or_default());
    let (text, segments) = (writer.text, writer.segments.into());
    Some(Pass { text, segments, truncated, earlier })
}

fn is_text(data: &[u8], this: &Match) -> bool {
    let encoded = data.get(this.range.clone()).unwrap_or_default();
    match this.kind {
        Kinds::PERCENT => escapes::percent_is_text(encoded),
        Kinds::HEX => escapes::hex_is_text(encoded),
        Kinds::BASE64 => base64::is_text(encoded),
        _ => true,
    }
}

impl Writer<'_> {
    fn decode(&mut self, this: &Match) {
        if self.segments.is_empty() {
            self.text.reserve_exact(self.data.len());
        }
        let gap = self.data.get(self.copied..this.range.start).unwrap_or_default();
        self.text.extend_from_slice(gap);
        self.copied = this.range.end;
        let start = self.text.len();
        let encoded = self.data.get(this.range.clone()).unwrap_or_default();
        match this.kind {
            Kinds::PERCENT => escapes::decode_percent_into(encoded, &mut self.text),
            Kinds::HEX => escapes::decode_hex_into(encoded, &mut self.text),
            Kinds::BASE64 => base64::decode_into(encoded, &mut self.text),
            _ => escapes::decode_unicode_into(encoded, &mut self.text),
        }
        let before = self.earlier.last().map_or(&[][..], |segments| overlapping(segments, &this.range));
        self.segments.push(Segment {
            original: to_original(self.earlier.iter().rev().map(|segments| &**segments), this.range.clone()),
            encoded: this.range.clone(),
            decoded: start..self.text.len(),
            kinds: before.iter().fold(this.kind, |all, segment| all.union(segment.kinds)),
            depth: u32::try_from(self.earlier.len() + 1).unwrap_or(u32::MAX),
        });
    }
}

/// Segments are in order and apart from each other, so those that overlap or touch a range are neighbours.
fn overlapping<'a>(segments: &'a [Segment], range: &Range<usize>) -> &'a [Segment] {
    let from = segments.partition_point(|segment| segment.decoded.end < range.start);
    let to = segments.partition_point(|segment| segment.decoded.start <= range.end);
    segments.get(from..to).unwrap_or_default()
}

/// Maps a range level by level, the last pass first.
fn to_original<'a>(levels: impl Iterator<Item = &'a [Segment]>, range: Range<usize>) -> Range<usize> {
    let mut range = range;
    for segments in levels {
        let touched = overlapping(segments, &range);
        let inside = |s: &&Segment| s.decoded.start <= range.start && range.end <= s.decoded.end;
        if let Some(segment) = touched.iter().find(inside) {
            return segment.original.clone();
        }
        let widened = touched.iter().map(|segment| widen(segment, &range));
        let Some(encoded) = widened.reduce(|a, b| a.start.min(b.start)..a.end.max(b.end)) else {
            return range;
        };
        range = encoded;
    }
    range
}

/// The encoded bytes of a segment and as much around them as the range reaches beyond the decoded bytes.
fn widen(segment: &Segment, range: &Range<usize>) -> Range<usize> {
    let before = segment.decoded.start.saturating_sub(range.start);
    let after = range.end.saturating_sub(segment.decoded.end);
    segment.encoded.start.saturating_sub(before)..segment.encoded.end.saturating_add(after)
}
