use std::ops::Range;

use rustc_hash::FxHashSet;

use super::Subject;
use crate::matching::{Bindings, Value};

/// A place that a part of a formula matches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) struct Place<'f> {
    pub(super) span: Range<usize>,
    pub(super) bindings: Bindings,
    pub(super) kind: PlaceKind,
    pub(super) fix: Option<&'f str>,
}

/// What matched there, which decides how it excludes others.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum PlaceKind {
    Plain,
    Inside,
    Anywhere,
    Regex,
}

/// Evaluation was given up because a formula matches too much.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the formula matches too many places to tell which of them belong together")]
pub struct TooMany;

/// Most places of a part of a formula.
const MOST: usize = 200_000;
/// Most pairs of places that one formula compares.
const MOST_PAIRS: usize = 20_000_000;

/// What a formula's evaluation may still do.
pub(super) struct Effort {
    pairs: usize,
}

impl Effort {
    pub(super) fn new() -> Self {
        Self { pairs: MOST_PAIRS }
    }

    fn spend(&mut self) -> Result<(), TooMany> {
        self.pairs = self.pairs.checked_sub(1).ok_or(TooMany)?;
        Ok(())
    }
}

pub(super) fn includes(outer: &Range<usize>, inner: &Range<usize>) -> bool {
    outer.start <= inner.start && inner.end <= outer.end
}

impl Place<'_> {
    /// Whether it lies in another place, and their metavariables agree.
    fn is_in(&self, outer: &Self, subject: &dyn Subject) -> bool {
        (includes(&outer.span, &self.span) || outer.kind == PlaceKind::Anywhere)
            && self.agrees(outer, subject)
    }

    fn agrees(&self, other: &Self, subject: &dyn Subject) -> bool {
        self.bindings.iter().all(|(name, mine)| match other.bindings.get(name) {
            None => true,
            Some(theirs) => is_same(mine, theirs, subject) || is_numbered_group(subject.name(name)),
        })
    }
}

fn is_same(one: &Value, other: &Value, subject: &dyn Subject) -> bool {
    one == other || subject.equal(one, other)
}

/// The groups of a regular expression come with names that their author may not know of.
fn is_numbered_group(name: &str) -> bool {
    name.as_bytes().get(1).is_some_and(u8::is_ascii_digit)
}

/// Leaves out what is there twice.
pub(super) fn distinct<'f>(places: impl IntoIterator<Item = Place<'f>>) -> Result<Vec<Place<'f>>, TooMany> {
    let mut seen = FxHashSet::default();
    let mut kept = Vec::new();
    for place in places {
        if seen.insert(place.clone()) {
            kept.push(place);
        }
        if kept.len() > MOST {
            return Err(TooMany);
        }
    }
    Ok(kept)
}

/// Of each pair that lies one in the other and agrees, the inner one with the metavariables of both.
pub(super) fn intersection<'f>(
    ones: &[Place<'f>],
    others: &[Place<'f>],
    subject: &dyn Subject,
    effort: &mut Effort,
) -> Result<Vec<Place<'f>>, TooMany> {
    let mut found = Vec::new();
    for (inner, outer) in [(ones, others), (others, ones)] {
        let index = Index::new(outer);
        for place in inner {
            index.around(place, &mut |around| {
                effort.spend()?;
                let fits = place.kind != PlaceKind::Inside || around.kind == PlaceKind::Inside;
                if fits && place.is_in(around, subject) {
                    found.push(Place { bindings: place.bindings.joined(&around.bindings), ..place.clone() });
                }
                if found.len() > MOST * 2 { Err(TooMany) } else { Ok(()) }
            })?;
        }
    }
    distinct(found)
}

/// The places that nothing excludes.
pub(super) fn difference<'f>(
    places: Vec<Place<'f>>,
    excluded: &[Place<'f>],
    subject: &dyn Subject,
    effort: &mut Effort,
) -> Result<Vec<Place<'f>>, TooMany> {
    if excluded.is_empty() {
        return Ok(places);
    }
    let index = Index::new(excluded);
    let mut kept = Vec::with_capacity(places.len());
    for place in places {
        let mut is_excluded = false;
        index.around(&place, &mut |around| {
            effort.spend()?;
            is_excluded = is_excluded
                || match around.kind {
                    PlaceKind::Anywhere => true,
                    PlaceKind::Inside | PlaceKind::Regex => place.is_in(around, subject),
                    PlaceKind::Plain => place.span == around.span && place.is_in(around, subject),
                };
            Ok(())
        })?;
        if !is_excluded {
            index.starting_in(&place, &mut |within| {
                effort.spend()?;
                is_excluded = is_excluded || within.kind == PlaceKind::Regex && within.is_in(&place, subject);
                Ok(())
            })?;
        }
        if !is_excluded {
            kept.push(place);
        }
    }
    Ok(kept)
}

/// Places by where they start, to find those around a place without looking at all.
struct Index<'p, 'f> {
    sorted: Vec<&'p Place<'f>>,
    /// A heap-like tree of the farthest end of each run of places.
    farthest: Vec<usize>,
    leaves: usize,
    anywhere: Vec<&'p Place<'f>>,
    has_regex: bool,
}

type Visit<'v, 'p, 'f> = dyn FnMut(&'p Place<'f>) -> Result<(), TooMany> + 'v;

impl<'p, 'f> Index<'p, 'f> {
    fn new(places: &'p [Place<'f>]) -> Self {
        let (anywhere, mut sorted): (Vec<_>, Vec<_>) =
            places.iter().partition(|place| place.kind == PlaceKind::Anywhere);
        sorted.sort_by_key(|place| place.span.start);
        let leaves = sorted.len().next_power_of_two();
        let mut farthest = vec![0; leaves * 2];
        for (slot, place) in farthest.iter_mut().skip(leaves).zip(&sorted) {
            *slot = place.span.end + 1;
        }
        for at in (1..leaves).rev() {
            farthest[at] = farthest[at * 2].max(farthest[at * 2 + 1]);
        }
        let has_regex = sorted.iter().any(|place| place.kind == PlaceKind::Regex);
        Self { sorted, farthest, leaves, anywhere, has_regex }
    }

    /// Visits every place around another, and those that count everywhere.
    fn around(&self, place: &Place<'_>, visit: &mut Visit<'_, 'p, 'f>) -> Result<(), TooMany> {
        for each in &self.anywhere {
            visit(each)?;
        }
        let before = self.sorted.partition_point(|each| each.span.start <= place.span.start);
        self.descend(1, 0, self.leaves, before, place.span.end + 1, visit)
    }

    fn descend(
        &self,
        at: usize,
        from: usize,
        width: usize,
        before: usize,
        end: usize,
        visit: &mut Visit<'_, 'p, 'f>,
    ) -> Result<(), TooMany> {
        if from >= before || self.farthest.get(at).is_none_or(|farthest| *farthest < end) {
            return Ok(());
        }
        if width == 1 {
            return self.sorted.get(from).map_or(Ok(()), |place| visit(place));
        }
        let half = width / 2;
        self.descend(at * 2, from, half, before, end, visit)?;
        self.descend(at * 2 + 1, from + half, half, before, end, visit)
    }

    /// Visits the places that start in another; none if no regular expression is among them, which alone count there.
    fn starting_in(&self, place: &Place<'_>, visit: &mut Visit<'_, 'p, 'f>) -> Result<(), TooMany> {
        if !self.has_regex {
            return Ok(());
        }
        let first = self.sorted.partition_point(|each| each.span.start < place.span.start);
        for each in self.sorted.iter().skip(first).take_while(|each| each.span.start <= place.span.end) {
            visit(each)?;
        }
        Ok(())
    }
}
