//! Which stretches of a text are known from another text, and how far inside them a byte is.

use std::cell::OnceCell;
use std::ops::Range;

use andon_model::Piece;

/// Shorter pieces are not worth the bookkeeping.
const MIN_PIECE: usize = 32;
/// Most line feeds a match may contain for its reach to be told by lines.
pub(super) const MAX_LINE_FEEDS: usize = 3;

/// The known stretches of a text, in order.
pub(super) struct Zones<'a> {
    text: &'a [u8],
    zones: Vec<Zone>,
}

/// A stretch that was copied. Where it touches the same end of both texts, it knows what lies beyond: nothing.
pub(super) struct Zone {
    piece: Piece,
    at_start: bool,
    at_end: bool,
    /// Positions of the last line feeds, the last one first.
    feeds: OnceCell<[Option<usize>; MAX_LINE_FEEDS + 1]>,
}

impl<'a> Zones<'a> {
    /// `base_length` in bytes is that of the text that the pieces were copied from.
    pub(super) fn new(text: &'a [u8], pieces: &[Piece], base_length: usize) -> Self {
        let fits = |piece: &&Piece| {
            piece.length >= MIN_PIECE
                && piece.to.checked_add(piece.length).is_some_and(|end| end <= text.len())
                && piece.from.checked_add(piece.length).is_some_and(|end| end <= base_length)
        };
        let zones = pieces.iter().filter(fits).map(|piece| Zone {
            piece: *piece,
            at_start: piece.to == 0 && piece.from == 0,
            at_end: piece.to + piece.length == text.len() && piece.from + piece.length == base_length,
            feeds: OnceCell::new(),
        });
        Self { text, zones: zones.collect() }
    }

    pub(super) fn all(&self) -> &[Zone] {
        &self.zones
    }

    /// The stretches between the zones, widened by `reach` bytes on both sides and merged. Where two zones meet there is
    /// an empty stretch, for their neighbourhood is new.
    pub(super) fn gaps(&self, reach: usize, length: usize) -> Vec<Range<usize>> {
        let mut gaps: Vec<Range<usize>> = Vec::new();
        let mut add = |start: usize, end: usize| {
            let gap = start.saturating_sub(reach)..end.saturating_add(reach).min(length);
            match gaps.last_mut() {
                Some(last) if gap.start <= last.end => last.end = last.end.max(gap.end),
                _ => gaps.push(gap),
            }
        };
        let mut at = 0;
        let mut open = true;
        for zone in &self.zones {
            if !(at == 0 && open && zone.at_start) {
                add(at, zone.start());
            }
            open = false;
            at = zone.end();
        }
        if !self.zones.last().is_some_and(|zone| zone.at_end) {
            add(at, length);
        }
        gaps
    }

    /// Whether a stretch lies inside one zone.
    pub(super) fn inside_one(&self, start: usize, end: usize) -> bool {
        self.containing(start).is_some_and(|zone| end <= zone.end())
    }

    /// The zone that holds a byte.
    pub(super) fn containing(&self, at: usize) -> Option<&Zone> {
        let index = self.zones.partition_point(|zone| zone.start() <= at).checked_sub(1)?;
        self.zones.get(index).filter(|zone| at < zone.end())
    }

    /// Whether all that a match could see, if it starts at most `before` bytes before `at` and reaches at most so many
    /// bytes or over so many line feeds, lies inside one zone, with a byte to spare for look-around.
    pub(super) fn covers(
        &self,
        at: usize,
        before: usize,
        bytes: Option<usize>,
        line_feeds: Option<usize>,
    ) -> bool {
        let Some(zone) = self.containing(at) else { return false };
        let start_known = zone.at_start || at > zone.start() + before;
        let end_known = || {
            let by_bytes = bytes.is_some_and(|bytes| at + bytes < zone.end());
            let by_lines = || line_feeds.is_some_and(|count| zone.feed_from_end(self.text, count) > Some(at));
            zone.at_end || by_bytes || by_lines()
        };
        start_known && end_known()
    }
}

impl Zone {
    pub(super) fn start(&self) -> usize {
        self.piece.to
    }

    pub(super) fn end(&self) -> usize {
        self.piece.to + self.piece.length
    }

    pub(super) fn from(&self) -> usize {
        self.piece.from
    }

    pub(super) fn length(&self) -> usize {
        self.piece.length
    }

    /// Position of the line feed that has `count` others behind it in the zone.
    fn feed_from_end(&self, text: &[u8], count: usize) -> Option<usize> {
        let feeds = self.feeds.get_or_init(|| {
            let mut feeds = [None; MAX_LINE_FEEDS + 1];
            let stretch = text.get(self.start()..self.end()).unwrap_or(&[]);
            for (slot, at) in feeds.iter_mut().zip(memchr::memchr_iter(b'\n', stretch).rev()) {
                *slot = Some(self.start() + at);
            }
            feeds
        });
        feeds.get(count).copied().flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn zones<'a>(text: &'a [u8], pieces: &[(usize, usize, usize)], base: usize) -> Zones<'a> {
        let pieces: Vec<Piece> =
            pieces.iter().map(|&(from, to, length)| Piece { from, to, length }).collect();
        Zones::new(text, &pieces, base)
    }

    #[test]
    fn gaps_are_what_no_zone_holds_and_where_zones_meet() {
        let text = [b'x'; 300];
        let check = |pieces: &[(usize, usize, usize)], base, expected: &[(usize, usize)]| {
            let gaps = zones(&text, pieces, base).gaps(5, 300);
            assert_eq!(gaps.iter().map(|gap| (gap.start, gap.end)).collect::<Vec<_>>(), expected);
        };
        check(&[], 300, &[(0, 300)]);
        check(&[(0, 0, 300)], 300, &[]);
        check(&[(0, 0, 100), (150, 100, 200)], 350, &[(95, 105)]);
        check(&[(0, 0, 100), (100, 120, 180)], 280, &[(95, 125)]);
        check(&[(10, 0, 300)], 310, &[(0, 5)]);
        check(&[(0, 0, 300)], 310, &[(295, 300)]);
    }

    #[test]
    fn a_zone_covers_what_a_match_can_see() {
        let text = [&[b'x'; 50][..], b"\n", &[b'y'; 49], b"\n", &[b'z'; 50]].concat();
        let zones = zones(&text, &[(1, 0, 140)], 200);
        assert!(zones.covers(20, 10, Some(50), None));
        assert!(!zones.covers(10, 10, Some(50), None), "one byte of look-behind is missing");
        assert!(!zones.covers(100, 10, Some(40), None));
        assert!(zones.covers(40, 10, None, Some(0)));
        assert!(zones.covers(40, 10, None, Some(1)));
        assert!(!zones.covers(60, 10, None, Some(1)));
        assert!(!zones.covers(20, 10, None, None));
    }
}
