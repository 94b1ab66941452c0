//! Runs all rules over a text in one pass: one automaton finds the literals that the rules' expressions need, and
//! only where those stand an expression is tried, on no more text than its matches can reach. The answer is the one
//! that every expression would give when run over the whole text.

mod literals;
mod search;
mod shape;

use std::ops::Range;

use crate::config::Rule;
use literals::Literals;
use search::Plan;

/// All rules of a set, ready to run.
pub(crate) struct Matcher {
    literals: Literals,
    plans: Vec<Plan>,
}

/// What a thread needs to run a matcher; reused from text to text.
pub(crate) struct Scratch {
    caches: Vec<Option<regex_automata::meta::Cache>>,
    literals: literals::Seen,
}

/// A match of a rule's expression.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct RawMatch {
    /// Index of the rule in its set.
    pub(crate) rule: usize,
    /// Bytes of the text.
    pub(crate) range: Range<usize>,
}

impl Matcher {
    /// Prepares the rules that have an expression.
    pub(crate) fn new(rules: &[Rule]) -> Self {
        let mut builder = literals::Builder::default();
        let plans = rules.iter().enumerate().map(|(index, rule)| Plan::new(index, rule, &mut builder)).collect();
        Self { literals: builder.build(), plans }
    }

    /// Room for one thread.
    pub(crate) fn scratch(&self) -> Scratch {
        let caches = (0..self.plans.len()).map(|_| None).collect();
        Scratch { caches, literals: self.literals.seen(self.plans.len()) }
    }

    /// All matches of all rules whose keywords occur in the text, by rule and then by position. Matches of one rule
    /// do not overlap.
    pub(crate) fn find(&self, rules: &[Rule], text: &[u8], scratch: &mut Scratch) -> Vec<RawMatch> {
        self.literals.scan(text, &mut scratch.literals);
        let mut found = Vec::new();
        for index in scratch.literals.candidates() {
            let (Some(plan), Some(rule)) = (self.plans.get(index), rules.get(index)) else { continue };
            let Some(regex) = rule.regex.as_ref().map(|pattern| pattern.regex()) else { continue };
            if !plan.has_keyword(&scratch.literals) {
                continue;
            }
            let Some(slot) = scratch.caches.get_mut(index) else { continue };
            let cache = slot.get_or_insert_with(|| regex.create_cache());
            let hits = scratch.literals.hits(index);
            plan.search(regex, cache, text, hits, &mut |range| found.push(RawMatch { rule: index, range }));
        }
        found
    }

    /// All matches of one rule, whatever its keywords.
    pub(crate) fn find_ungated(&self, rules: &[Rule], rule: usize, text: &[u8]) -> Vec<RawMatch> {
        let pattern = rules.get(rule).and_then(|rule| rule.regex.as_ref());
        let matches = pattern.into_iter().flat_map(|pattern| pattern.regex().find_iter(text));
        matches.map(|found| RawMatch { rule, range: found.range() }).collect()
    }
}

#[cfg(test)]
mod tests;
