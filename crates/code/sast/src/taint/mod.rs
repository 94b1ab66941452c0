//! Data from sources that reaches sinks, as Semgrep's taint mode sees it.
//!
//! The parts of a rule match places of the file. An instruction or expression that stands in such a place is a source,
//! sanitizer or sink. Data is followed forward through each function until nothing new is learned; what is known at a
//! point is an [`Environment`]. One function is analysed from what is known where it begins to what is known where it
//! ends, what it returns and what it finds ([`Analysed`]), so that knowledge of other functions can be added.

mod cells;
mod environment;
mod findings;
mod fixpoint;
mod hits;
mod instructions;
mod labels;
mod places;
mod propagators;
mod spec;
mod taints;
mod types;
mod values;

use std::ops::Range;

use crate::flow::{FunctionKind, Origin, Program};
use crate::matching::{Bindings, Source};

pub use environment::Environment;
pub use fixpoint::Analysed;
pub use spec::{PropagatorMatch, Spec, SpecMatch};
pub use taints::{Taint, Taints, Way};

use fixpoint::Analysis;
use hits::Index;

/// Data from a source that reaches a sink.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TaintFinding {
    /// The sink, in bytes of the file.
    pub span: Range<usize>,
    /// What the metavariables of the sink stand for, and those of the source that the sink does not have.
    pub bindings: Bindings,
    /// Where the data comes from, the variables that it goes through and the sink, in bytes of the file.
    pub trace: Vec<Range<usize>>,
}

/// What was found, and where the search was given up.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// The findings, in the order of the file, each place and set of metavariables once.
    pub findings: Vec<TaintFinding>,
    /// Functions that took too many steps, in bytes of the file. What was found in them up to there is in the findings.
    pub gave_up: Vec<Range<usize>>,
}

/// Follows data through every function of a file.
pub fn find(source: &Source<'_>, program: &Program, spec: &Spec<'_>) -> Found {
    if spec.sinks.is_empty() || spec.sources.is_empty() {
        return Found::default();
    }
    let index = Index::new(spec);
    let mut analysis = Analysis::new(source, program, spec, &index);
    let known = analysis.constants();
    for function in &program.functions {
        let starts =
            if function.kind == FunctionKind::Function { known.clone() } else { Environment::default() };
        let is_known = starts.size() > 0;
        if !index.has_sink_in(function.origin) || !(is_known || index.has_source_in(function.origin)) {
            continue;
        }
        analysis.function(function, starts);
    }
    analysis.finish()
}

fn span(origin: Origin) -> Range<usize> {
    origin.span()
}
