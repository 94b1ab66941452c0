//! The automaton over all literals of all rules: keywords, which must occur somewhere, and anchors, which must occur
//! in every match.

use std::collections::HashMap;
use std::ops::Range;

use super::automaton::Automaton;
use super::zones::Zones;

/// Identifies a literal.
pub(super) type LiteralId = u32;

/// A literal in a text. Texts of 4 GiB and more are searched in their first 4 GiB only; readers cap far below.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Hit {
    /// Byte offset of its start.
    pub(super) at: u32,
    pub(super) literal: LiteralId,
}

/// Collects literals while the rules are planned.
#[derive(Default)]
pub(super) struct Builder {
    ids: HashMap<Vec<u8>, LiteralId>,
    literals: Vec<Vec<u8>>,
    roles: Vec<Roles>,
}

/// Which rules a literal serves.
#[derive(Clone, Default)]
pub(super) struct Roles {
    /// Rules that need its positions.
    pub(super) anchors: Vec<usize>,
    /// Rules without anchors that are searched when it occurs.
    pub(super) wakes: Vec<usize>,
}

impl Builder {
    /// The literal is a keyword: rules ask whether it occurs.
    pub(super) fn keyword(&mut self, literal: &[u8]) -> LiteralId {
        let literal = literal.to_ascii_lowercase();
        *self.ids.entry(literal.clone()).or_insert_with(|| {
            self.literals.push(literal);
            self.roles.push(Roles::default());
            (self.literals.len() - 1) as LiteralId
        })
    }

    /// The rule needs the literal's positions.
    pub(super) fn anchor(&mut self, literal: &[u8], rule: usize) {
        let id = self.keyword(literal) as usize;
        self.roles[id].anchors.push(rule);
    }

    /// The rule is searched when the literal occurs.
    pub(super) fn wake(&mut self, literal: LiteralId, rule: usize) {
        self.roles[literal as usize].wakes.push(rule);
    }

    pub(super) fn build(self) -> Literals {
        let lengths: Vec<usize> = self.literals.iter().map(Vec::len).collect();
        Literals {
            automaton: Automaton::new(self.literals),
            longest: lengths.iter().copied().max().unwrap_or(0),
            lengths,
            roles: self.roles,
        }
    }
}

/// The literals of all rules.
pub(super) struct Literals {
    automaton: Automaton,
    lengths: Vec<usize>,
    longest: usize,
    roles: Vec<Roles>,
}

impl Literals {
    pub(super) fn count(&self) -> usize {
        self.lengths.len()
    }

    pub(super) fn roles(&self, literal: LiteralId) -> Option<&Roles> {
        self.roles.get(literal as usize)
    }

    /// Every literal of a text, in order.
    pub(super) fn scan(&self, text: &[u8]) -> Vec<Hit> {
        let mut hits = Vec::new();
        self.scan_part(text, 0..text.len(), &mut hits, |_| true);
        hits.sort();
        hits
    }

    /// Every literal of a text, in order, given those of the base that pieces of it were copied from.
    pub(super) fn carry(&self, text: &[u8], base: &[Hit], zones: &Zones<'_>) -> Vec<Hit> {
        let mut hits = Vec::with_capacity(base.len());
        for zone in zones.all() {
            let first = base.partition_point(|hit| (hit.at as usize) < zone.from());
            for hit in &base[first..] {
                let at = hit.at as usize;
                if at >= zone.from() + zone.length() {
                    break;
                }
                if at + self.lengths[hit.literal as usize] <= zone.from() + zone.length() {
                    hits.push(Hit { at: (at - zone.from() + zone.start()) as u32, literal: hit.literal });
                }
            }
        }
        let reach = self.longest.saturating_sub(1);
        for gap in zones.gaps(reach, text.len()) {
            self.scan_part(text, gap, &mut hits, |place| !zones.inside_one(place.start, place.end));
        }
        hits.sort();
        hits.dedup();
        hits
    }

    fn scan_part(
        &self,
        text: &[u8],
        part: Range<usize>,
        hits: &mut Vec<Hit>,
        wanted: impl Fn(&Range<usize>) -> bool,
    ) {
        let last = text.len().min(u32::MAX as usize);
        let part = part.start.min(last)..part.end.min(last);
        self.automaton.find(text, part.clone(), part.end, |place, literal| {
            if wanted(&place) {
                hits.push(Hit { at: place.start as u32, literal });
            }
        });
    }
}
