//! What a rule looks for: patterns joined by and, or and not, and what must hold of their metavariables.

mod comparison;
mod conditions;
mod entropy;
mod evaluate;
mod focus;
mod message;
mod place;
mod redos;
mod subject;

use andon_syntax::Symbol;

use crate::rule::{Expression, PatternId, RuleLanguage};

pub use comparison::{Comparison, Constant};
pub use evaluate::{Found, evaluate};
pub use message::{deduplicate, interpolate};
pub use place::TooMany;
pub use subject::{Subject, regex_matches};

/// A formula over the places of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Formula {
    /// What is matched.
    pub kind: FormulaKind,
    /// What must hold of the metavariables, in the order of the rule.
    pub conditions: Vec<Condition>,
    /// What to look at of what is matched. Of one entry's metavariables each gives a result; several entries are
    /// intersected.
    pub focus: Vec<Vec<Symbol>>,
    /// What to write instead of what is matched, with metavariables in it.
    pub fix: Option<String>,
    /// A metavariable that is bound to what is matched.
    pub alias: Option<Symbol>,
}

/// What a formula matches.
#[derive(Clone, Debug, PartialEq)]
pub enum FormulaKind {
    /// What a pattern matches.
    Pattern(PatternId),
    /// What all of `positives` match and none of `negatives`. `positives` is empty only in a condition on a
    /// metavariable, where the whole value is then what is matched.
    And {
        /// What must match.
        positives: Vec<Formula>,
        /// A pattern that is a metavariable alone, which picks every part of what the others match that it stands for.
        selector: Option<PatternId>,
        /// What must not.
        negatives: Vec<Formula>,
    },
    /// What any of them matches.
    Or(Vec<Formula>),
    /// Around something: the places that another match must be inside.
    Inside(Box<Formula>),
    /// Anywhere in the file.
    Anywhere(Box<Formula>),
}

/// What must hold of metavariables.
#[derive(Clone, Debug, PartialEq)]
pub enum Condition {
    /// Its text is matched by an expression from its start.
    Regex {
        /// The metavariable.
        metavariable: Symbol,
        /// The expression.
        regex: Expression,
        /// Whether a constant that it holds is taken instead of its text.
        constants: bool,
    },
    /// A comparison is true.
    Comparison(Comparison),
    /// A formula matches in it.
    Pattern {
        /// The metavariable.
        metavariable: Symbol,
        /// The language to read it as; its own if none.
        language: Option<RuleLanguage>,
        /// The formula.
        formula: Formula,
    },
    /// It has one of these types.
    Type {
        /// The metavariable.
        metavariable: Symbol,
        /// The types, which are [`crate::rule::PatternKind::Type`].
        types: Vec<PatternId>,
    },
    /// It looks like a secret: a text that is no words.
    Entropy(Symbol),
    /// It is a regular expression that can take exponential time.
    SlowRegex(Symbol),
}

impl Formula {
    /// A formula without conditions.
    pub fn new(kind: FormulaKind) -> Self {
        Self { kind, conditions: Vec::new(), focus: Vec::new(), fix: None, alias: None }
    }

    /// Calls with every pattern that it needs matched in the file itself. Those of conditions, which are matched in the
    /// value of a metavariable, are called with `true`.
    pub fn visit_patterns(&self, call: &mut dyn FnMut(PatternId, bool)) {
        self.visit(false, call);
    }

    fn visit(&self, in_condition: bool, call: &mut dyn FnMut(PatternId, bool)) {
        match &self.kind {
            FormulaKind::Pattern(id) => call(*id, in_condition),
            FormulaKind::And { positives, selector, negatives } => {
                selector.iter().for_each(|id| call(*id, in_condition));
                positives.iter().chain(negatives).for_each(|each| each.visit(in_condition, call));
            }
            FormulaKind::Or(any) => any.iter().for_each(|each| each.visit(in_condition, call)),
            FormulaKind::Inside(inner) | FormulaKind::Anywhere(inner) => inner.visit(in_condition, call),
        }
        for condition in &self.conditions {
            match condition {
                Condition::Pattern { formula, .. } => formula.visit(true, call),
                Condition::Type { types, .. } => types.iter().for_each(|id| call(*id, true)),
                _ => {}
            }
        }
    }
}

#[cfg(test)]
mod tests;
