use andon_syntax::Symbol;

use super::Requires;
use crate::formula::Formula;

/// Where taint comes from, how it goes on, what takes it away and where it does harm.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TaintSpec {
    /// Where it comes from.
    pub sources: Vec<Source>,
    /// How it goes on where it otherwise would not.
    pub propagators: Vec<Propagator>,
    /// What takes it away.
    pub sanitizers: Vec<Sanitizer>,
    /// Where it does harm.
    pub sinks: Vec<Sink>,
}

impl TaintSpec {
    /// Every formula: of sources, sanitizers, sinks, propagators.
    pub fn formulas(&self) -> Vec<&Formula> {
        let sources = self.sources.iter().map(|source| &source.formula);
        let sanitizers = self.sanitizers.iter().map(|sanitizer| &sanitizer.formula);
        let sinks = self.sinks.iter().map(|sink| &sink.formula);
        let propagators = self.propagators.iter().map(|propagator| &propagator.formula);
        sources.chain(sanitizers).chain(sinks).chain(propagators).collect()
    }
}

/// Whether what a source matches stays tainted where it goes on to be used.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum SideEffect {
    /// Only the matched expression is tainted.
    #[default]
    No,
    /// The variable that is matched is tainted from there on too.
    Yes,
    /// The variable is tainted from there on, not the matched expression.
    Only,
}

/// Where taint comes from.
#[derive(Clone, Debug, PartialEq)]
pub struct Source {
    /// What it matches.
    pub formula: Formula,
    /// Only what is matched as a whole is tainted, not its parts.
    pub exact: bool,
    /// Whether variables are tainted by being matched.
    pub by_side_effect: SideEffect,
    /// It taints what runs after it, whatever data is used.
    pub control: bool,
    /// What the taint is called; [`Source::LABEL`] if the rule does not say.
    pub label: String,
    /// Labels that the data must already have.
    pub requires: Option<Requires>,
}

impl Source {
    /// The label of taint that no rule gave one.
    pub const LABEL: &'static str = "__SOURCE__";
}

/// What takes taint away.
#[derive(Clone, Debug, PartialEq)]
pub struct Sanitizer {
    /// What it matches.
    pub formula: Formula,
    /// Only what is matched as a whole is clean, not its parts.
    pub exact: bool,
    /// Variables that are matched are clean from there on.
    pub by_side_effect: bool,
    /// It does not count where it matches just what a source or sink matches.
    pub not_conflicting: bool,
}

/// Where taint does harm.
#[derive(Clone, Debug, PartialEq)]
pub struct Sink {
    /// What it matches.
    pub formula: Formula,
    /// Only what is matched as a whole is the sink, not its parts; the default.
    pub exact: bool,
    /// Labels that the data must have; [`Source::LABEL`] if none are given.
    pub requires: Option<Requires>,
    /// It counts only where the function ends.
    pub at_exit: bool,
}

impl Sink {
    /// Whether its formula focuses on a part of what it matches.
    pub fn has_focus(&self) -> bool {
        !self.formula.focus.is_empty()
    }
}

/// How taint goes on where it otherwise would not.
#[derive(Clone, Debug, PartialEq)]
pub struct Propagator {
    /// What it matches.
    pub formula: Formula,
    /// The metavariable that taint comes from.
    pub from: Symbol,
    /// The metavariable that it goes to.
    pub to: Symbol,
    /// The variable that it goes to is tainted from there on; the default.
    pub by_side_effect: bool,
    /// Labels that the data must have.
    pub requires: Option<Requires>,
    /// The label that the taint gets; its own if none.
    pub label: Option<String>,
    /// The labels that are replaced by `label`; all if none.
    pub replace_labels: Option<Vec<String>>,
}
