use std::rc::Rc;

use rustc_hash::FxHashMap;

use super::spec::{Spec, SpecMatch};
use crate::flow::Origin;

/// What a specification says of a place.
#[derive(Clone, Debug, Default)]
pub(super) struct Hits {
    pub(super) sources: Vec<Hit>,
    pub(super) sanitizers: Vec<Hit>,
    pub(super) sinks: Vec<Hit>,
    /// Propagators that start there, by index.
    pub(super) from: Vec<u32>,
    /// Propagators that end there, by index.
    pub(super) to: Vec<u32>,
}

/// A match around a place.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hit {
    /// The match, by index.
    pub(super) index: u32,
    /// Whether it is just the place.
    pub(super) is_exact: bool,
    /// Whether no larger expression in the match is a better place for it.
    pub(super) is_best: bool,
}

/// The matches of a specification by where they stand.
#[derive(Debug)]
pub(super) struct Index {
    sources: Spans,
    sanitizers: Spans,
    sinks: Spans,
    from: FxHashMap<Origin, Vec<u32>>,
    to: FxHashMap<Origin, Vec<u32>>,
}

/// The best places of a function for each part of a specification.
#[derive(Debug, Default)]
pub(super) struct Best {
    sources: Vec<Vec<Origin>>,
    sanitizers: Vec<Vec<Origin>>,
    sinks: Vec<Vec<Origin>>,
}

/// Matches in the order of their starts.
#[derive(Debug)]
pub(super) struct Spans {
    list: Vec<(Origin, u32, usize)>,
    /// The farthest end up to each.
    farthest: Vec<u32>,
}

impl Spans {
    fn new(matches: &[SpecMatch]) -> Self {
        let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
        let mut list: Vec<_> = matches
            .iter()
            .enumerate()
            .map(|(index, found)| (Origin::new(&found.span), number(index), found.entry))
            .collect();
        list.sort_unstable();
        let mut end = 0;
        let farthest = list
            .iter()
            .map(|(origin, ..)| {
                end = end.max(origin.end());
                end
            })
            .collect();
        Self { list, farthest }
    }

    /// The matches around a place, first to last.
    fn around(&self, origin: Origin) -> Vec<(Origin, u32, usize)> {
        let mut found = Vec::new();
        if origin.is_none() {
            return found;
        }
        let before = self.list.partition_point(|(span, ..)| span.start() <= origin.start());
        for at in (0..before).rev() {
            if self.farthest.get(at).is_none_or(|end| *end < origin.end()) {
                break;
            }
            found.extend(self.list.get(at).filter(|(span, ..)| span.includes(origin)));
        }
        found.sort_unstable_by_key(|(_, index, _)| *index);
        found
    }

    /// Whether a match lies in a place, overlaps it or is around it.
    pub(super) fn meets(&self, origin: Origin) -> bool {
        let before = self.list.partition_point(|(span, ..)| span.start() <= origin.end());
        before
            .checked_sub(1)
            .and_then(|last| self.farthest.get(last))
            .is_some_and(|end| *end >= origin.start())
    }

    /// For each entry the largest of the places that lie in one of its matches.
    fn best(&self, places: &[Origin], entries: usize, wanted: impl Fn(usize) -> bool) -> Vec<Vec<Origin>> {
        let mut best = vec![Vec::new(); entries];
        for (span, _, entry) in self.list.iter().filter(|(_, _, entry)| wanted(*entry)) {
            let Some(list) = best.get_mut(*entry) else { continue };
            let first = places.partition_point(|place| place.start() < span.start());
            let within = places.iter().skip(first).take_while(|place| place.start() <= span.end());
            largest(within.copied().filter(|place| span.includes(*place)), list);
        }
        for list in &mut best {
            list.sort_unstable_by_key(|place| (place.start(), std::cmp::Reverse(place.end())));
            let all = std::mem::take(list);
            largest(all.into_iter(), list);
        }
        best
    }
}

/// Adds the places, which are in order, that do not lie in one before.
fn largest(places: impl Iterator<Item = Origin>, list: &mut Vec<Origin>) {
    for place in places {
        while list.last().is_some_and(|last| place.includes(*last)) {
            list.pop();
        }
        if list.last().is_none_or(|last| !last.includes(place)) {
            list.push(place);
        }
    }
}

/// Whether a place is one of the best, or none of them lies in it or around it.
fn is_best(best: &[Origin], origin: Origin) -> bool {
    let after = best.partition_point(|place| place.start() <= origin.start());
    let around = after.checked_sub(1).and_then(|at| best.get(at)).filter(|place| place.includes(origin));
    match around {
        Some(around) => *around == origin,
        None => !best.get(after).is_some_and(|within| origin.includes(*within)),
    }
}

impl Index {
    pub(super) fn new(spec: &Spec<'_>) -> Self {
        let (mut from, mut to) = (FxHashMap::default(), FxHashMap::default());
        for (index, propagator) in spec.propagators.iter().enumerate() {
            let index = u32::try_from(index).unwrap_or(u32::MAX);
            let add = |map: &mut FxHashMap<Origin, Vec<u32>>, span| {
                map.entry(Origin::new(span)).or_default().push(index);
            };
            add(&mut from, &propagator.from);
            add(&mut to, &propagator.to);
        }
        Self {
            sources: Spans::new(&spec.sources),
            sanitizers: Spans::new(&spec.sanitizers),
            sinks: Spans::new(&spec.sinks),
            from,
            to,
        }
    }

    pub(super) fn has_source_in(&self, origin: Origin) -> bool {
        self.sources.meets(origin)
    }

    pub(super) fn has_sink_in(&self, origin: Origin) -> bool {
        self.sinks.meets(origin)
    }

    /// The best of a function's places.
    pub(super) fn best(&self, spec: &Spec<'_>, places: &[Origin]) -> Best {
        let rule = spec.rule;
        let exact = |flag: Option<bool>| flag.unwrap_or(false);
        Best {
            sources: self.sources.best(places, rule.sources.len(), |entry| {
                exact(rule.sources.get(entry).map(|source| source.exact))
            }),
            sanitizers: self.sanitizers.best(places, rule.sanitizers.len(), |entry| {
                exact(rule.sanitizers.get(entry).map(|sanitizer| sanitizer.exact))
            }),
            sinks: self
                .sinks
                .best(places, rule.sinks.len(), |entry| exact(rule.sinks.get(entry).map(|sink| sink.exact))),
        }
    }

    /// What the specification says of a place; none if nothing.
    pub(super) fn hits(&self, best: &Best, origin: Origin) -> Option<Rc<Hits>> {
        let hits = |spans: &Spans, best: &[Vec<Origin>]| -> Vec<Hit> {
            let around = spans.around(origin);
            around.into_iter().map(|(span, index, entry)| hit(origin, span, index, best.get(entry))).collect()
        };
        let propagators = |map: &FxHashMap<Origin, Vec<u32>>| map.get(&origin).cloned().unwrap_or_default();
        let hits = Hits {
            sources: hits(&self.sources, &best.sources),
            sanitizers: hits(&self.sanitizers, &best.sanitizers),
            sinks: hits(&self.sinks, &best.sinks),
            from: propagators(&self.from),
            to: propagators(&self.to),
        };
        let is_empty = hits.sources.is_empty() && hits.sanitizers.is_empty() && hits.sinks.is_empty();
        (!is_empty || !hits.from.is_empty() || !hits.to.is_empty()).then(|| Rc::new(hits))
    }
}

fn hit(origin: Origin, span: Origin, index: u32, best: Option<&Vec<Origin>>) -> Hit {
    let (inner, outer) = (u64::from(origin.end() - origin.start()), u64::from(span.end() - span.start()));
    let is_exact = inner * 100 > outer * 99;
    Hit { index, is_exact, is_best: best.is_none_or(|best| is_best(best, origin)) }
}
