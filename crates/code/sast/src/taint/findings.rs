use std::ops::Range;

use rustc_hash::FxHashMap;

use super::cells::Shape;
use super::fixpoint::Analysis;
use super::hits::Hit;
use super::spec::Spec;
use super::taints::{Taint, Taints};
use super::{Found, TaintFinding, span};
use crate::flow::Origin;
use crate::matching::{Bindings, same_value};
use crate::rule::{Requires, Sink};

/// What was found so far.
#[derive(Debug, Default)]
pub(super) struct Report {
    /// The way of each finding, by its sink and metavariables.
    found: FxHashMap<(u32, Bindings), Taint>,
    gave_up: Vec<Origin>,
}

impl Report {
    pub(super) fn give_up(&mut self, origin: Origin) {
        self.gave_up.push(origin);
    }

    /// Keeps a finding; of several ways to the same the best.
    fn add(&mut self, sink: u32, bindings: Bindings, taint: &Taint) {
        let rank = |taint: &Taint| (taint.way.length(), taint.source);
        let known = self.found.entry((sink, bindings)).or_insert_with(|| taint.clone());
        if rank(taint) < rank(known) {
            *known = taint.clone();
        }
    }

    /// The findings in the order of the file, without those inside others.
    pub(super) fn finish(self, spec: &Spec<'_>) -> Found {
        let mut findings: Vec<(u32, TaintFinding)> = Vec::new();
        for ((sink, bindings), taint) in self.found {
            let Some(place) = spec.sinks.get(sink as usize).map(|sink| sink.span.clone()) else { continue };
            let source = spec.sources.get(taint.source as usize).map(|source| source.span.clone());
            let between = taint.way.places().into_iter().map(span);
            let trace = source.into_iter().chain(between).chain([place.clone()]).collect();
            findings.push((sink, TaintFinding { span: place, bindings, trace }));
        }
        findings.sort_by(|(sink, one), (other_sink, other)| {
            let place = |finding: &TaintFinding| (finding.span.start, std::cmp::Reverse(finding.span.end));
            let starts = |finding: &TaintFinding| -> Vec<(usize, usize)> {
                finding.trace.iter().map(|step| (step.start, step.end)).collect()
            };
            let order = (place(one), sink).cmp(&(place(other), other_sink));
            order.then_with(|| starts(one).cmp(&starts(other)))
        });
        let mut found = Found::default();
        let mut outer: Option<Range<usize>> = None;
        for (_, finding) in findings {
            let is_inside =
                outer.as_ref().is_some_and(|outer| finding.span != *outer && finding.span.end <= outer.end);
            let is_known = found.findings.iter().rev().take_while(|known| known.span == finding.span);
            if is_inside || is_known.into_iter().any(|known| known.bindings == finding.bindings) {
                continue;
            }
            outer = Some(finding.span.clone());
            found.findings.push(finding);
        }
        found.gave_up = self.gave_up.into_iter().map(span).collect();
        found
    }
}

impl<'a> Analysis<'a> {
    /// Tells of the taints of something that is a sink.
    pub(super) fn at_sinks(
        &mut self,
        origin: Origin,
        taints: &Taints,
        shape: &Shape,
        is_wanted: impl Fn(&Hit, &Sink) -> bool,
    ) {
        if !self.is_reporting {
            return;
        }
        let Some(hits) = self.hits(origin).filter(|hits| !hits.sinks.is_empty()) else { return };
        let taints = shape.gather(taints.clone()).union(&self.environment.control);
        if taints.is_empty() {
            return;
        }
        for hit in &hits.sinks {
            let Some(rule) = self.sink_rule(hit.index) else { continue };
            if !rule.at_exit && is_wanted(hit, rule) {
                self.at_sink(hit.index, rule, taints.list());
            }
        }
    }

    fn at_sink(&mut self, sink: u32, rule: &Sink, taints: &[Taint]) {
        let Some(requires) = rule.requires.as_ref().filter(|_| !self.spec.options.taint_unify_mvars) else {
            for taint in taints {
                let one = std::slice::from_ref(taint);
                let holds = match &rule.requires {
                    Some(requires) => self.labels.hold(requires, one),
                    None => self.labels.has_default(one),
                };
                if let Some(bindings) = self.joined(sink, taint).filter(|_| holds) {
                    self.report.add(sink, bindings, taint);
                }
            }
            return;
        };
        if !self.labels.hold(requires, taints) {
            return;
        }
        let bindings = self.agreed(sink, taints);
        if let Some(taint) = self.told(requires, taints) {
            self.report.add(sink, bindings, &taint);
        }
    }

    fn sink_rule(&self, sink: u32) -> Option<&'a Sink> {
        let entry = self.spec.sinks.get(sink as usize)?.entry;
        self.spec.rule.sinks.get(entry)
    }

    fn sink_bindings(&self, sink: u32) -> Bindings {
        self.spec.sinks.get(sink as usize).map(|sink| sink.bindings.clone()).unwrap_or_default()
    }

    fn source_bindings(&self, taint: &Taint) -> Option<&'a Bindings> {
        self.spec.sources.get(taint.source as usize).map(|source| &source.bindings)
    }

    /// The metavariables of a sink and a source; none if they must agree and do not.
    fn joined(&self, sink: u32, taint: &Taint) -> Option<Bindings> {
        let bindings = self.sink_bindings(sink);
        let Some(more) = self.source_bindings(taint) else { return Some(bindings) };
        let strictly = self.spec.options.unify_ids_strictly;
        let agrees = !self.spec.options.taint_unify_mvars
            || more.iter().all(|(name, value)| {
                bindings.get(name).is_none_or(|bound| same_value(self.source, bound, value, strictly))
            });
        agrees.then(|| bindings.joined(more))
    }

    /// The metavariables of a sink, and those of the sources that do not contradict each other.
    fn agreed(&self, sink: u32, taints: &[Taint]) -> Bindings {
        let mut bindings = self.sink_bindings(sink);
        let strictly = self.spec.options.unify_ids_strictly;
        for taint in taints {
            let Some(more) = self.source_bindings(taint) else { continue };
            for (name, value) in
                more.iter().filter(|(name, _)| bindings.get(*name).is_none()).collect::<Vec<_>>()
            {
                let others = taints.iter().filter_map(|other| self.source_bindings(other)?.get(name));
                if others.into_iter().all(|other| same_value(self.source, other, value, strictly)) {
                    bindings = bindings.with(name, value.clone());
                }
            }
        }
        bindings
    }

    /// The taint whose way is told: one with the first label that is required, from a source that requires nothing.
    fn told(&self, requires: &Requires, taints: &[Taint]) -> Option<Taint> {
        let preferred = match requires {
            Requires::And(all) => match all.first() {
                Some(Requires::Label(label)) => Some(label.as_str()),
                _ => None,
            },
            _ => None,
        };
        let has_label = |taint: &Taint, label: &str| self.labels.is(taint.label, label);
        let rank = |taint: &&Taint| {
            let needs_others = self.source_rule(taint.source).is_some_and(|rule| rule.requires.is_some());
            let is_preferred = preferred.is_some_and(|label| has_label(taint, label));
            (needs_others, !is_preferred, taint.way.length(), taint.source)
        };
        taints.iter().min_by_key(rank).cloned()
    }
}
