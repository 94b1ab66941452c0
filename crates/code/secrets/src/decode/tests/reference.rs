//! gitleaks' definition of its decoders, transcribed as plainly as possible: one expression, one list of all matches,
//! the rules of precedence, the way back from positions. Slow on purpose; the tests compare the scanners with it.

use std::ops::Range;
use std::sync::LazyLock;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use regex::bytes::Regex;

use crate::decode::{Kinds, Segment};

static ENCODINGS: LazyLock<Regex> = LazyLock::new(|| {
    let percent = r"%[0-9A-Fa-f]{2}(?:[^\n]*%[0-9A-Fa-f]{2})?";
    let unicode = r"(?:(?:U\+[a-fA-F0-9]{4}(?:[\t\n\x0c\r ]|\z))+|(?:\\{1,2}[uU][a-fA-F0-9]{4})+)";
    let hex = "[0-9A-Fa-f]{32,}";
    let base64 = "[0-9A-Za-z_/+-]{16,}={0,2}";
    Regex::new(&format!("(?-u)({percent})|({unicode})|({hex})|({base64})")).expect("it compiles")
});

static ESCAPE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"(?-u)(?:U\+|\\{1,2}[uU])([a-fA-F0-9]{4})").expect("it compiles"));

const KINDS: [Kinds; 4] = [Kinds::PERCENT, Kinds::UNICODE, Kinds::HEX, Kinds::BASE64];

#[derive(Default)]
pub(super) struct Decoder {
    pub(super) text: Vec<u8>,
    levels: Vec<Vec<Segment>>,
}

impl Decoder {
    /// Decodes `original` the first time and then its own text; says whether anything decoded.
    pub(super) fn next(&mut self, original: &[u8]) -> bool {
        let data = if self.levels.is_empty() { original.to_vec() } else { self.text.clone() };
        let mut segments = Vec::new();
        let (mut text, mut copied) = (Vec::new(), 0);
        for (kind, range) in matches(&data) {
            let decoded = decode(kind, &data[range.clone()]);
            if decoded.is_empty() {
                continue;
            }
            text.extend_from_slice(&data[copied..range.start]);
            let start = text.len();
            text.extend_from_slice(&decoded);
            copied = range.end;
            let mut kinds = kind;
            for before in self.levels.last().into_iter().flatten() {
                if overlaps(&range, &before.decoded) {
                    kinds = kinds.union(before.kinds);
                }
            }
            let original = self.to_original(range.clone());
            let depth = self.levels.len() as u32 + 1;
            segments.push(Segment { original, encoded: range, decoded: start..text.len(), kinds, depth });
        }
        text.extend_from_slice(&data[copied..]);
        if segments.is_empty() {
            return false;
        }
        self.text = text;
        self.levels.push(segments);
        true
    }

    pub(super) fn segments(&self) -> &[Segment] {
        self.levels.last().map_or(&[], Vec::as_slice)
    }

    pub(super) fn overlapping(&self, start: usize, end: usize) -> Vec<Segment> {
        self.segments().iter().filter(|s| overlaps(&s.decoded, &(start..end))).cloned().collect()
    }

    pub(super) fn to_original(&self, range: Range<usize>) -> Range<usize> {
        to_original(&self.levels, range)
    }

    pub(super) fn current_line(&self, segments: &[Segment]) -> &[u8] {
        let from = segments.iter().map(|s| s.decoded.start).min().unwrap_or(0);
        let to = segments.iter().map(|s| s.decoded.end).max().unwrap_or(0);
        let start = (0..=from).rev().find(|i| self.text[*i] == b'\n').unwrap_or(0);
        let end = (to..self.text.len()).find(|i| self.text[*i] == b'\n').unwrap_or(self.text.len());
        &self.text[start..end]
    }
}

fn to_original(levels: &[Vec<Segment>], decoded: Range<usize>) -> Range<usize> {
    let Some((predecessors, above)) = levels.split_last() else { return decoded };
    let mut encoded = 0..0;
    for p in predecessors.iter().filter(|p| overlaps(&p.decoded, &decoded)) {
        if p.decoded.start <= decoded.start && decoded.end <= p.decoded.end {
            return p.original.clone();
        }
        let merged = p.decoded.start.min(decoded.start)..p.decoded.end.max(decoded.end);
        let start = p.encoded.start + merged.start - p.decoded.start;
        let end = p.encoded.end + merged.end - p.decoded.end;
        encoded = if encoded.end == 0 { start..end } else { encoded.start.min(start)..encoded.end.max(end) };
    }
    if encoded.end == 0 { decoded } else { to_original(above, encoded) }
}

fn overlaps(a: &Range<usize>, b: &Range<usize>) -> bool {
    b.start <= a.end && b.end >= a.start
}

fn matches(data: &[u8]) -> Vec<(Kinds, Range<usize>)> {
    let mut all = Vec::new();
    for captures in ENCODINGS.captures_iter(data) {
        for (index, kind) in KINDS.into_iter().enumerate() {
            if let Some(group) = captures.get(index + 1) {
                all.push((index, kind, group.range()));
            }
        }
    }
    let mut kept = Vec::new();
    for (i, (rank, kind, range)) in all.iter().enumerate() {
        let yields = |other: &(usize, Kinds, Range<usize>)| overlaps(range, &other.2) && other.0 < *rank;
        let before = i > 0 && yields(&all[i - 1]);
        if !before && !all.get(i + 1).is_some_and(yields) {
            kept.push((*kind, range.clone()));
        }
    }
    kept
}

fn decode(kind: Kinds, encoded: &[u8]) -> Vec<u8> {
    match kind {
        Kinds::PERCENT => decode_percent(encoded),
        Kinds::UNICODE => decode_unicode(encoded),
        Kinds::HEX => decode_hex(encoded),
        _ => decode_base64(encoded),
    }
}

fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().all(|b| *b > 8 && *b < 0x7f)
}

fn pair(bytes: &[u8]) -> Option<u8> {
    bytes.iter().all(u8::is_ascii_hexdigit).then_some(())?;
    u8::from_str_radix(std::str::from_utf8(bytes).ok()?, 16).ok()
}

fn decode_percent(encoded: &[u8]) -> Vec<u8> {
    let (mut out, mut i) = (Vec::new(), 0);
    while i < encoded.len() {
        let byte =
            (encoded[i] == b'%' && i + 2 < encoded.len()).then(|| pair(&encoded[i + 1..i + 3])).flatten();
        match byte {
            Some(byte) if is_text(&[byte]) => {
                out.push(byte);
                i += 3;
                continue;
            }
            Some(_) => return Vec::new(),
            None => {}
        }
        out.push(encoded[i]);
        i += 1;
    }
    out
}

fn decode_unicode(encoded: &[u8]) -> Vec<u8> {
    let code =
        |digits: &[u8]| u32::from_str_radix(std::str::from_utf8(digits).expect("hex"), 16).expect("hex");
    ESCAPE
        .captures_iter(encoded)
        .map(|captures| char::from_u32(code(&captures[1])).unwrap_or('\u{fffd}'))
        .collect::<String>()
        .into_bytes()
}

fn decode_hex(encoded: &[u8]) -> Vec<u8> {
    if !encoded.len().is_multiple_of(2) || !encoded.iter().any(u8::is_ascii_digit) {
        return Vec::new();
    }
    let bytes: Vec<u8> = encoded.chunks(2).filter_map(pair).collect();
    if is_text(&bytes) { bytes } else { Vec::new() }
}

fn decode_base64(encoded: &[u8]) -> Vec<u8> {
    if !encoded.iter().any(|b| b.is_ascii_digit() || b"+/-_".contains(b)) {
        return Vec::new();
    }
    let engine = |alphabet, padding| {
        let config = GeneralPurposeConfig::new().with_decode_padding_mode(padding);
        GeneralPurpose::new(alphabet, config.with_decode_allow_trailing_bits(true))
    };
    let standard = engine(&alphabet::STANDARD, DecodePaddingMode::RequireCanonical);
    let url = engine(&alphabet::URL_SAFE, DecodePaddingMode::RequireNone);
    let decoded = [standard, url].into_iter().filter_map(|e| e.decode(encoded).ok()).find(|d| is_text(d));
    decoded.unwrap_or_default()
}
