use std::ops::Range;

use crate::formula::{Found, Subject, TooMany, evaluate};
use crate::matching::Bindings;
use crate::rule::{Options, TaintSpec};

/// Where the parts of a taint rule match in a file.
#[derive(Clone, Debug)]
pub struct Spec<'r> {
    /// What the rule says.
    pub rule: &'r TaintSpec,
    /// How it matches.
    pub options: &'r Options,
    /// Where its sources match.
    pub sources: Vec<SpecMatch>,
    /// Where its sanitizers match.
    pub sanitizers: Vec<SpecMatch>,
    /// Where its sinks match.
    pub sinks: Vec<SpecMatch>,
    /// Where its propagators match.
    pub propagators: Vec<PropagatorMatch>,
}

/// A place that a source, sanitizer or sink matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecMatch {
    /// Which of the rule's sources, sanitizers or sinks, by index.
    pub entry: usize,
    /// The place, in bytes of the file.
    pub span: Range<usize>,
    /// What the metavariables stand for.
    pub bindings: Bindings,
}

/// A place that a propagator matches.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PropagatorMatch {
    /// Which of the rule's propagators, by index.
    pub entry: usize,
    /// Where taint comes from.
    pub from: Range<usize>,
    /// Where it goes to.
    pub to: Range<usize>,
}

impl<'r> Spec<'r> {
    /// A specification that matches nowhere.
    pub fn new(rule: &'r TaintSpec, options: &'r Options) -> Self {
        Self {
            rule,
            options,
            sources: Vec::new(),
            sanitizers: Vec::new(),
            sinks: Vec::new(),
            propagators: Vec::new(),
        }
    }

    /// Evaluates the formulas of a rule in a file.
    ///
    /// # Errors
    /// When one matches too much to be evaluated in bounded time.
    pub fn evaluate(
        rule: &'r TaintSpec,
        options: &'r Options,
        subject: &dyn Subject,
    ) -> Result<Self, TooMany> {
        let mut spec = Self::new(rule, options);
        for (entry, sink) in rule.sinks.iter().enumerate() {
            add(&mut spec.sinks, entry, evaluate(&sink.formula, subject, options)?);
        }
        if spec.sinks.is_empty() {
            return Ok(spec);
        }
        for (entry, source) in rule.sources.iter().enumerate() {
            add(&mut spec.sources, entry, evaluate(&source.formula, subject, options)?);
        }
        if spec.sources.is_empty() {
            return Ok(spec);
        }
        for (entry, sanitizer) in rule.sanitizers.iter().enumerate() {
            let mut found = evaluate(&sanitizer.formula, subject, options)?;
            if sanitizer.not_conflicting {
                let conflicts = |found: &Found<'_>| {
                    spec.sources.iter().chain(&spec.sinks).any(|other| other.span == found.span)
                };
                found.retain(|found| !conflicts(found));
            }
            add(&mut spec.sanitizers, entry, found);
        }
        for (entry, propagator) in rule.propagators.iter().enumerate() {
            for found in evaluate(&propagator.formula, subject, options)? {
                let span = |name| found.bindings.get(name).map(|value| value.span.clone());
                if let (Some(from), Some(to)) = (span(propagator.from), span(propagator.to)) {
                    let matched = PropagatorMatch { entry, from, to };
                    if spec.propagators.last() != Some(&matched) {
                        spec.propagators.push(matched);
                    }
                }
            }
        }
        Ok(spec)
    }
}

fn add(matches: &mut Vec<SpecMatch>, entry: usize, found: Vec<Found<'_>>) {
    matches.extend(found.into_iter().map(|found| SpecMatch {
        entry,
        span: found.span,
        bindings: found.bindings,
    }));
}
