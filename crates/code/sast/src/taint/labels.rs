use rustc_hash::FxHashMap;

use super::fixpoint::Analysis;
use super::taints::{Taint, Taints, Way};
use crate::rule::{Requires, Source};

/// Rounds of sources that require labels of other sources at the same place.
const ROUNDS: usize = 3;

/// Labels by number.
#[derive(Debug, Default)]
pub(super) struct Labels<'r> {
    numbers: FxHashMap<&'r str, u32>,
}

impl<'r> Labels<'r> {
    pub(super) fn number(&mut self, label: &'r str) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(label).or_insert(next)
    }

    /// Whether a number is that of a label.
    pub(super) fn is(&self, number: u32, label: &str) -> bool {
        self.numbers.get(label) == Some(&number)
    }

    /// Whether taints have what is required.
    pub(super) fn hold(&self, requires: &Requires, taints: &[Taint]) -> bool {
        requires.holds(&|label| {
            self.numbers.get(label).is_some_and(|number| taints.iter().any(|taint| taint.label == *number))
        })
    }

    /// Whether taints have the label that sinks look for if they do not say.
    pub(super) fn has_default(&self, taints: &[Taint]) -> bool {
        let number = self.numbers.get(Source::LABEL);
        number.is_some_and(|number| taints.iter().any(|taint| taint.label == *number))
    }
}

impl<'a> Analysis<'a> {
    /// The taints of sources, by index, where others are there already.
    pub(super) fn taints_of(&mut self, sources: &[u32], incoming: &Taints) -> Taints {
        let (control, data): (Vec<u32>, Vec<u32>) =
            sources.iter().partition(|index| self.source_rule(**index).is_some_and(|rule| rule.control));
        let taints = self.satisfied(data, incoming);
        if !control.is_empty() {
            let before = self.environment.control.clone();
            let control = self.satisfied(control, &before);
            self.environment.control = before.union(&control);
        }
        taints
    }

    fn satisfied(&self, mut sources: Vec<u32>, incoming: &Taints) -> Taints {
        let mut taints = Taints::default();
        for _ in 0..ROUNDS {
            let known = taints.union(incoming);
            let (new, left): (Vec<u32>, Vec<u32>) =
                sources.into_iter().partition(|index| self.is_satisfied(*index, &known));
            if new.is_empty() {
                break;
            }
            taints =
                taints.union(&Taints::new(new.into_iter().filter_map(|index| self.taint(index)).collect()));
            sources = left;
        }
        taints
    }

    fn is_satisfied(&self, source: u32, known: &Taints) -> bool {
        match self.source_rule(source).and_then(|rule| rule.requires.as_ref()) {
            Some(requires) => self.labels.hold(requires, known.list()),
            None => true,
        }
    }

    fn taint(&self, source: u32) -> Option<Taint> {
        let label = self.labels.numbers.get(self.source_rule(source)?.label.as_str())?;
        Some(Taint { source: self.canonical(source), label: *label, way: Way::default() })
    }

    pub(super) fn source_rule(&self, source: u32) -> Option<&'a Source> {
        let entry = self.spec.sources.get(source as usize)?.entry;
        self.spec.rule.sources.get(entry)
    }
}
