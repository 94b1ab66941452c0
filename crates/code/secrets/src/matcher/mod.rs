//! Runs all rules over a text in one pass: one automaton finds the literals that the rules' expressions need, and
//! only where those stand an expression is tried, on no more text than its matches can reach. Of a text that was
//! made from pieces of another only what is new is looked at. The answer is always the one that every expression
//! would give when run over the whole text.

mod automaton;
mod literals;
mod search;
mod zones;

use std::ops::Range;

use andon_model::Piece;

use crate::config::Rule;
use literals::{Hit, LiteralId, Literals};
use search::{Caches, Plan, Where};
use zones::Zones;

/// All rules of a set, ready to run.
pub(crate) struct Matcher {
    literals: Literals,
    plans: Vec<Plan>,
    always: Vec<usize>,
}

/// What is kept of a text in order to search those that are made of its pieces.
#[derive(Debug, Default)]
pub(crate) struct Trace {
    length: usize,
    hits: Vec<Hit>,
    /// Literals that occur, ascending.
    present: Vec<LiteralId>,
    /// Rules that match somewhere, ascending.
    matched: Vec<usize>,
}

/// What a thread needs to run a matcher; reused from text to text.
pub(crate) struct Scratch {
    caches: Vec<Caches>,
    present: Vec<bool>,
    rules: Vec<Slot>,
    candidates: Vec<usize>,
}

/// What is known of a rule while a text is searched.
#[derive(Default)]
struct Slot {
    anchors: Vec<u32>,
    is_candidate: bool,
    /// Whether the rule must look at known stretches as well; worked out when the first anchor asks.
    everywhere: Option<bool>,
}

/// A match of a rule's expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RawMatch {
    /// Index of the rule in its set.
    pub(crate) rule: usize,
    /// Bytes of the text.
    pub(crate) range: Range<usize>,
}

/// A text that was searched before, and what of it stands in the present one.
type Base<'a> = (&'a Trace, &'a [Piece]);

impl Matcher {
    /// Prepares the rules that have an expression.
    pub(crate) fn new(rules: &[Rule]) -> Self {
        let mut builder = literals::Builder::default();
        let plan = |(index, rule)| Plan::new(index, rule, &mut builder);
        let plans: Vec<Plan> = rules.iter().enumerate().map(plan).collect();
        let always = (0..plans.len()).filter(|rule| rules[*rule].regex.is_some() && plans[*rule].is_always());
        Self { literals: builder.build(), always: always.collect(), plans }
    }

    /// Room for one thread.
    pub(crate) fn scratch(&self) -> Scratch {
        Scratch {
            caches: self.plans.iter().map(|_| Caches::default()).collect(),
            present: vec![false; self.literals.count()],
            rules: self.plans.iter().map(|_| Slot::default()).collect(),
            candidates: Vec::new(),
        }
    }

    /// All matches of all rules whose keywords occur in the text, by rule and then by position. Matches of one rule
    /// do not overlap.
    pub(crate) fn find(
        &self,
        rules: &[Rule],
        text: &[u8],
        base: Option<Base<'_>>,
        scratch: &mut Scratch,
    ) -> (Vec<RawMatch>, Trace) {
        let known = base.map(|(trace, pieces)| (trace, Zones::new(text, pieces, trace.length)));
        let hits = match &known {
            None => self.literals.scan(text),
            Some((trace, zones)) => self.literals.carry(text, &trace.hits, zones),
        };
        let mut trace = Trace { length: text.len(), hits, present: Vec::new(), matched: Vec::new() };
        self.note_present(&mut trace, scratch);
        self.spread(&trace, known.as_ref(), scratch);
        let found = self.try_candidates(rules, text, known.as_ref(), scratch);
        trace.matched = found.iter().map(|found| found.rule).collect();
        trace.matched.dedup();
        scratch.clear(&trace.present);
        (found, trace)
    }

    /// All matches of one rule, whatever its keywords.
    pub(crate) fn find_ungated(&self, rules: &[Rule], rule: usize, text: &[u8]) -> Vec<RawMatch> {
        let pattern = rules.get(rule).and_then(|rule| rule.regex.as_ref());
        let matches = pattern.into_iter().flat_map(|pattern| pattern.regex().find_iter(text));
        matches.map(|found| RawMatch { rule, range: found.range() }).collect()
    }

    fn note_present(&self, trace: &mut Trace, scratch: &mut Scratch) {
        for hit in &trace.hits {
            let seen = &mut scratch.present[hit.literal as usize];
            if !*seen {
                *seen = true;
                trace.present.push(hit.literal);
            }
        }
        trace.present.sort_unstable();
    }

    /// Gives each rule the anchors that it has to try.
    fn spread(&self, trace: &Trace, known: Option<&(&Trace, Zones<'_>)>, scratch: &mut Scratch) {
        for &rule in &self.always {
            scratch.candidate(rule);
        }
        for &literal in &trace.present {
            for &rule in self.literals.roles(literal).map_or(&[][..], |roles| &roles.wakes) {
                scratch.candidate(rule);
            }
        }
        for hit in &trace.hits {
            for &rule in self.literals.roles(hit.literal).map_or(&[][..], |roles| &roles.anchors) {
                let plan = &self.plans[rule];
                let slot = &mut scratch.rules[rule];
                let everywhere =
                    *slot.everywhere.get_or_insert_with(|| must_look_everywhere(plan, rule, known));
                let covered = || known.is_some_and(|(_, zones)| plan.is_covered(hit.at as usize, zones));
                if everywhere || !covered() {
                    slot.anchors.push(hit.at);
                    scratch.candidate(rule);
                }
            }
        }
        scratch.candidates.sort_unstable();
    }

    fn try_candidates(
        &self,
        rules: &[Rule],
        text: &[u8],
        known: Option<&(&Trace, Zones<'_>)>,
        scratch: &mut Scratch,
    ) -> Vec<RawMatch> {
        let mut found = Vec::new();
        let Scratch { caches, present, rules: slots, candidates } = scratch;
        for &index in candidates.iter() {
            let (plan, slot) = (&self.plans[index], &slots[index]);
            if !plan.is_open(|literal| present[literal as usize]) {
                continue;
            }
            let Some(pattern) = rules.get(index).and_then(|rule| rule.regex.as_ref()) else { continue };
            let everywhere = slot.everywhere.unwrap_or_else(|| must_look_everywhere(plan, index, known));
            let place = match known {
                Some((_, zones)) if !everywhere => Where::New(&slot.anchors, zones),
                _ => Where::All(&slot.anchors),
            };
            plan.search(pattern, &mut caches[index], text, &place, &mut |range| {
                found.push(RawMatch { rule: index, range })
            });
        }
        found
    }
}

/// A rule may leave known stretches alone only if it was searched in the base, and in vain.
fn must_look_everywhere(plan: &Plan, rule: usize, known: Option<&(&Trace, Zones<'_>)>) -> bool {
    known.is_none_or(|(trace, _)| {
        let was_open = plan.is_open(|literal| trace.present.binary_search(&literal).is_ok());
        !was_open || trace.matched.binary_search(&rule).is_ok()
    })
}

impl Scratch {
    fn candidate(&mut self, rule: usize) {
        let slot = &mut self.rules[rule];
        if !slot.is_candidate {
            slot.is_candidate = true;
            self.candidates.push(rule);
        }
    }

    fn clear(&mut self, present: &[LiteralId]) {
        for literal in present {
            self.present[*literal as usize] = false;
        }
        for slot in &mut self.rules {
            slot.everywhere = None;
        }
        for rule in self.candidates.drain(..) {
            let slot = &mut self.rules[rule];
            slot.is_candidate = false;
            slot.anchors.clear();
        }
    }
}

#[cfg(test)]
mod tests;
