//! How one rule is searched.

use std::ops::Range;

use regex_automata::meta::{Cache, Regex};
use regex_automata::{Anchored, Input};

use super::literals::{Builder, LiteralId};
use super::zones::Zones;
use crate::config::{Pattern, Reach, Rule};

/// Up to this distance of the anchor from the start of a match, every start is tried on its own: an anchored search
/// gives up at the first byte that does not fit.
const FEW_STARTS: usize = 3;

/// How one rule is searched.
pub(super) struct Plan {
    keywords: Vec<LiteralId>,
    /// How far before an anchor a match can start, if the expression has anchors.
    before: Option<usize>,
    reach: Reach,
    at_start: bool,
}

/// What a thread needs to run a rule's expressions.
#[derive(Default)]
pub(super) struct Caches {
    whole: Option<Cache>,
    tail: Option<Cache>,
}

/// Where a rule has to be tried.
pub(super) enum Where<'a> {
    /// Everywhere that it could match; with anchors, around these.
    All(&'a [u32]),
    /// Only where something is new: around these anchors, or, for a rule without any, around these gaps.
    New(&'a [u32], &'a Zones<'a>),
}

impl Plan {
    /// Registers the rule's literals.
    pub(super) fn new(index: usize, rule: &Rule, builder: &mut Builder) -> Self {
        let nothing = Reach { bytes: Some(0), line_feeds: Some(0) };
        let Some(pattern) = &rule.regex else {
            return Self { keywords: Vec::new(), before: None, reach: nothing, at_start: true };
        };
        let keywords: Vec<_> =
            rule.keywords.iter().map(|keyword| builder.keyword(keyword.as_bytes())).collect();
        let shape = pattern.shape();
        let before = shape.anchors.as_ref().map(|anchors| {
            anchors.literals.iter().for_each(|literal| builder.anchor(literal, index));
            anchors.max_before
        });
        if before.is_none() {
            keywords.iter().for_each(|keyword| builder.wake(*keyword, index));
        }
        Self { keywords, before, reach: shape.reach, at_start: shape.at_start }
    }

    /// Whether the rule has neither anchors nor keywords and is searched in every text.
    pub(super) fn is_always(&self) -> bool {
        self.before.is_none() && self.keywords.is_empty()
    }

    /// Whether one of the rule's keywords is present, or it has none.
    pub(super) fn is_open(&self, present: impl Fn(LiteralId) -> bool) -> bool {
        self.keywords.is_empty() || self.keywords.iter().any(|keyword| present(*keyword))
    }

    /// Whether no match around an anchor can see anything new.
    pub(super) fn is_covered(&self, anchor: usize, zones: &Zones<'_>) -> bool {
        zones.covers(anchor, self.before.unwrap_or(0), self.reach.bytes, self.reach.line_feeds)
    }

    /// Reports every match, in order, without overlap.
    pub(super) fn search(
        &self,
        pattern: &Pattern,
        caches: &mut Caches,
        text: &[u8],
        place: &Where<'_>,
        report: &mut dyn FnMut(Range<usize>),
    ) {
        let mut walk = Walk { pattern, cache: &mut caches.whole, text, at: 0, report };
        match (self.before, place) {
            (Some(before), Where::All(anchors) | Where::New(anchors, _)) => {
                let tail = pattern.tail().filter(|_| before > FEW_STARTS);
                let tail = tail.map(|tail| Tail {
                    regex: tail,
                    cache: caches.tail.get_or_insert_with(|| tail.create_cache()),
                });
                Windows { before, reach: self.reach, tail }.search(&mut walk, anchors);
            }
            (None, Where::All(_)) => walk.rest(),
            (None, Where::New(_, zones)) => self.search_gaps(&mut walk, zones),
        }
    }

    /// Tries every start from which a match could see something new.
    fn search_gaps(&self, walk: &mut Walk<'_>, zones: &Zones<'_>) {
        let Some(reach) = self.reach.bytes.filter(|_| !self.at_start) else { return walk.rest() };
        for gap in zones.gaps(1, walk.text.len()) {
            let from = gap.start.saturating_sub(reach).max(walk.at);
            let end = gap.end.saturating_add(reach).min(walk.text.len());
            if from <= gap.end {
                walk.window(from, gap.end, end);
            }
        }
    }
}

/// A rule that is tried only around its anchors.
struct Windows<'a> {
    before: usize,
    reach: Reach,
    tail: Option<Tail<'a>>,
}

/// The expression from its anchor on. It gives up at the first byte that does not fit, and so spares the search of a
/// window behind most anchors.
struct Tail<'a> {
    regex: &'a Regex,
    cache: &'a mut Cache,
}

impl Tail<'_> {
    fn fits(&mut self, text: &[u8], range: Range<usize>) -> bool {
        let input = Input::new(text).range(range).anchored(Anchored::Yes).earliest(true);
        self.regex.search_half_with(self.cache, &input).is_some()
    }
}

impl Windows<'_> {
    fn search(&mut self, walk: &mut Walk<'_>, hits: &[u32]) {
        let mut sorted;
        let hits = if hits.is_sorted() {
            hits
        } else {
            sorted = hits.to_vec();
            sorted.sort_unstable();
            &sorted
        };
        // Windows may overlap; when their sum outgrows the text by far, one search from end to end is cheaper.
        let mut budget = walk.text.len().saturating_mul(8).saturating_add(1 << 16);
        let mut barren = 0..0;
        let mut previous = usize::MAX;
        for &hit in hits {
            let hit = hit as usize;
            if hit == previous {
                continue;
            }
            previous = hit;
            let from = hit.saturating_sub(self.before).max(walk.at);
            if from > hit {
                continue;
            }
            let end = self.end(walk.text, hit, &barren);
            if barren.start <= from && end <= barren.end {
                continue;
            }
            let Some(left) = budget.checked_sub(end - from) else { return walk.rest_from(from) };
            budget = left;
            if self.tail.as_mut().is_some_and(|tail| !tail.fits(walk.text, hit..end)) {
                continue;
            }
            if self.before <= FEW_STARTS {
                walk.each_start(from, hit, end);
            } else if walk.window(from, hit, end) {
                barren = from..end;
            }
        }
    }

    /// Where a match that starts at or before `hit` must have ended.
    fn end(&self, text: &[u8], hit: usize, barren: &Range<usize>) -> usize {
        let by_bytes = self.reach.bytes.map_or(text.len(), |bytes| hit.saturating_add(bytes).min(text.len()));
        let Some(line_feeds) = self.reach.line_feeds else { return by_bytes };
        if line_feeds == 0 && self.reach.bytes.is_none() && barren.contains(&hit) {
            return barren.end;
        }
        let rest = text.get(hit..by_bytes).unwrap_or(&[]);
        memchr::memchr_iter(b'\n', rest).nth(line_feeds).map_or(by_bytes, |feed| hit + feed)
    }
}

/// A search in progress.
struct Walk<'a> {
    pattern: &'a Pattern,
    cache: &'a mut Option<Cache>,
    text: &'a [u8],
    /// Matches must start here or later.
    at: usize,
    report: &'a mut dyn FnMut(Range<usize>),
}

impl Walk<'_> {
    fn rest_from(&mut self, from: usize) {
        self.at = self.at.max(from);
        self.rest();
    }

    fn rest(&mut self) {
        while let Some(found) = self.find(self.at..self.text.len(), Anchored::No) {
            self.accept(found);
            if self.at > self.text.len() {
                return;
            }
        }
    }

    fn each_start(&mut self, from: usize, last: usize, end: usize) {
        for start in from..=last {
            if start < self.at {
                continue;
            }
            if let Some(found) = self.find(start..end, Anchored::Yes) {
                self.accept(found);
            }
        }
    }

    /// Finds the matches that start in `from..=last`. True when nothing at all matches in `from..end`.
    fn window(&mut self, from: usize, last: usize, end: usize) -> bool {
        let mut start = from;
        let mut barren = true;
        while start <= last && start <= end {
            let Some(found) = self.find(start..end, Anchored::No) else { return barren };
            barren = false;
            if found.start > last {
                return false;
            }
            self.accept(found);
            start = self.at;
        }
        barren
    }

    fn find(&mut self, range: Range<usize>, anchored: Anchored) -> Option<Range<usize>> {
        let input = Input::new(self.text).range(range).anchored(anchored);
        let regex = self.pattern.regex();
        let cache = self.cache.get_or_insert_with(|| regex.create_cache());
        regex.search_with(cache, &input).map(|found| found.range())
    }

    fn accept(&mut self, found: Range<usize>) {
        self.at = if found.is_empty() { found.end + 1 } else { found.end };
        (self.report)(found);
    }
}
