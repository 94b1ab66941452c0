use std::ops::Range;

use super::conditions::{Kept, keep};
use super::focus::focused;
use super::place::{Effort, Place, PlaceKind, TooMany, difference, distinct, includes, intersection};
use super::{Formula, FormulaKind, Subject};
use crate::matching::{Bindings, Match};
use crate::rule::{Options, PatternId};

/// A place that a formula matches.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Found<'f> {
    /// The place, in bytes of the text.
    pub span: Range<usize>,
    /// What the metavariables stand for.
    pub bindings: Bindings,
    /// What a part of the formula says to write instead.
    pub fix: Option<&'f str>,
}

/// The places that a formula matches in a subject, each once, in the order of the text.
///
/// # Errors
/// When it matches too much to be evaluated in bounded time.
pub fn evaluate<'f>(
    formula: &'f Formula,
    subject: &dyn Subject,
    options: &Options,
) -> Result<Vec<Found<'f>>, TooMany> {
    let mut evaluation = Evaluation { options, effort: Effort::new() };
    let places = evaluation.formula(formula, subject, None)?;
    let mut found: Vec<_> = places
        .into_iter()
        .map(|place| Found { span: place.span, bindings: place.bindings, fix: place.fix })
        .collect();
    found.sort_by_key(|found| (found.span.start, found.span.end));
    let mut seen = rustc_hash::FxHashSet::default();
    found.retain(|each| seen.insert(each.clone()));
    Ok(found)
}

pub(super) struct Evaluation<'o> {
    pub(super) options: &'o Options,
    effort: Effort,
}

impl Evaluation<'_> {
    /// Evaluates a formula; `context` is the value that it is looked for in, if it is in a condition on one.
    pub(super) fn formula<'f>(
        &mut self,
        formula: &'f Formula,
        subject: &dyn Subject,
        context: Option<&Place<'f>>,
    ) -> Result<Vec<Place<'f>>, TooMany> {
        let places = self.kind(&formula.kind, subject, context)?;
        let mut kept: Vec<_> = places.into_iter().map(Kept::new).collect();
        for condition in &formula.conditions {
            kept = keep(self, kept, condition, subject)?;
        }
        let mut places = distinct(kept.into_iter().flat_map(Kept::places))?;
        if !formula.focus.is_empty() {
            places = distinct(places.iter().flat_map(|place| focused(place, &formula.focus)))?;
        }
        if let Some(fix) = &formula.fix {
            places.iter_mut().for_each(|place| place.fix = Some(fix));
        }
        if let Some(alias) = formula.alias {
            for place in &mut places {
                place.bindings = place.bindings.with(alias, subject.value_at(place.span.clone()));
            }
        }
        Ok(places)
    }

    fn kind<'f>(
        &mut self,
        kind: &'f FormulaKind,
        subject: &dyn Subject,
        context: Option<&Place<'f>>,
    ) -> Result<Vec<Place<'f>>, TooMany> {
        match kind {
            FormulaKind::Pattern(id) => {
                let kind = if subject.is_regex(*id) { PlaceKind::Regex } else { PlaceKind::Plain };
                distinct(subject.matches(*id).iter().map(|found| place(found, kind)))
            }
            FormulaKind::Inside(inner) => self.of_kind(inner, PlaceKind::Inside, subject, context),
            FormulaKind::Anywhere(inner) => self.of_kind(inner, PlaceKind::Anywhere, subject, context),
            FormulaKind::Or(any) => {
                let mut places = Vec::new();
                for formula in any {
                    places.append(&mut self.formula(formula, subject, context)?);
                }
                distinct(places)
            }
            FormulaKind::And { positives, selector, negatives } => {
                let mut places = self.positives(positives, subject, context)?;
                if let Some(selector) = selector {
                    places = self.select(*selector, &places, subject)?;
                }
                for negative in negatives {
                    if places.is_empty() {
                        break;
                    }
                    let excluded = self.formula(negative, subject, context)?;
                    places = difference(places, &excluded, subject, &mut self.effort)?;
                }
                Ok(places)
            }
        }
    }

    fn of_kind<'f>(
        &mut self,
        formula: &'f Formula,
        kind: PlaceKind,
        subject: &dyn Subject,
        context: Option<&Place<'f>>,
    ) -> Result<Vec<Place<'f>>, TooMany> {
        let mut places = self.formula(formula, subject, context)?;
        places.iter_mut().for_each(|place| place.kind = kind);
        distinct(places)
    }

    /// What all match. Those that match around something come last, for they only restrict the others.
    fn positives<'f>(
        &mut self,
        positives: &'f [Formula],
        subject: &dyn Subject,
        context: Option<&Place<'f>>,
    ) -> Result<Vec<Place<'f>>, TooMany> {
        if positives.is_empty() {
            return Ok(context.cloned().into_iter().collect());
        }
        // Nothing more is looked for once one matches nowhere; what only restricts the others is looked for last.
        let mut order: Vec<_> = positives.iter().enumerate().collect();
        order.sort_by_key(|(_, formula)| matches!(formula.kind, FormulaKind::Inside(_)));
        let mut matched = Vec::with_capacity(order.len());
        for (position, formula) in order {
            let places = self.formula(formula, subject, context)?;
            match places.first() {
                None => return Ok(Vec::new()),
                Some(first) => matched.push((first.kind == PlaceKind::Inside, position, places)),
            }
        }
        matched.sort_by_key(|(is_around, position, _)| (*is_around, std::cmp::Reverse(*position)));
        let mut all = matched.into_iter().map(|(_, _, places)| places);
        let mut places = all.next().unwrap_or_default();
        for others in all {
            places = intersection(&places, &others, subject, &mut self.effort)?;
        }
        Ok(places)
    }

    /// The parts of places that a metavariable alone stands for.
    fn select<'f>(
        &mut self,
        selector: PatternId,
        places: &[Place<'f>],
        subject: &dyn Subject,
    ) -> Result<Vec<Place<'f>>, TooMany> {
        if places.is_empty() {
            return Ok(Vec::new());
        }
        let spans = outermost(places);
        let matches = subject.matches_within(selector, &spans);
        let picked = distinct(
            matches
                .iter()
                .filter(|found| {
                    let after = spans.partition_point(|span| span.start <= found.span.start);
                    spans.get(..after).and_then(<[_]>::last).is_some_and(|span| includes(span, &found.span))
                })
                .map(|found| place(found, PlaceKind::Plain)),
        )?;
        intersection(places, &picked, subject, &mut self.effort)
    }
}

fn place<'f>(found: &Match, kind: PlaceKind) -> Place<'f> {
    Place { span: found.span.clone(), bindings: found.bindings.clone(), kind, fix: None }
}

/// The spans of places that are in no other.
fn outermost(places: &[Place<'_>]) -> Vec<Range<usize>> {
    let mut spans: Vec<_> = places.iter().map(|place| place.span.clone()).collect();
    spans.sort_by_key(|span| (span.start, std::cmp::Reverse(span.end)));
    let mut kept: Vec<Range<usize>> = Vec::new();
    for span in spans {
        if kept.last().is_none_or(|last| !includes(last, &span)) {
            kept.push(span);
        }
    }
    kept
}
