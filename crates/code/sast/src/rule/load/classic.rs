//! The older way to write formulas: `pattern`, `patterns`, `pattern-either` and so on.

use andon_syntax::Symbol;

use super::Reader;
use super::node::{Fault, Node};
use crate::formula::{Condition, Formula, FormulaKind};
use crate::rule::{Expression, PatternId, PatternKind, RuleLanguage, RulePattern};

/// The keys of which a rule, a source and the like has one.
pub(super) const ROOTS: [&str; 4] = ["pattern", "patterns", "pattern-either", "pattern-regex"];

/// What an entry of `patterns` is.
enum Entry {
    Positive(Formula),
    Negative(Formula),
    Focus(Vec<Symbol>),
    Condition(Condition),
}

impl Reader<'_> {
    /// Reads the formula that a mapping holds beside other things.
    pub(super) fn classic_in(&mut self, node: &Node<'_>) -> Result<Formula, Fault> {
        let mut found = ROOTS.iter().filter_map(|key| Some((*key, node.get(key)?)));
        match (found.next(), found.next()) {
            (Some((key, value)), None) => match self.entry(key, &value)? {
                Entry::Positive(formula) => Ok(formula),
                _ => Err(value.invalid(format!("`{key}` cannot stand alone"))),
            },
            (None, _) => Err(node.invalid(format!("one of {} is missing", ROOTS.join(", ")))),
            (Some(_), Some((key, value))) => {
                Err(value
                    .invalid(format!("`{key}` cannot stand beside another pattern; put them in `patterns`")))
            }
        }
    }

    fn entry(&mut self, key: &str, value: &Node<'_>) -> Result<Entry, Fault> {
        Ok(match key {
            "pattern" => Entry::Positive(self.pattern(value)?),
            "patterns" => Entry::Positive(self.patterns(value)?),
            "pattern-either" => Entry::Positive(self.either(value)?),
            "pattern-regex" => Entry::Positive(self.regex(value)?),
            "pattern-inside" => Entry::Positive(self.inside(value)?),
            "pattern-not" => Entry::Negative(self.nested(value)?),
            "pattern-not-inside" => Entry::Negative(self.inside(value)?),
            "pattern-not-regex" => Entry::Negative(self.regex(value)?),
            "semgrep-internal-pattern-anywhere" => {
                let inner = self.around(|reader| reader.nested(value))?;
                Entry::Positive(Formula::new(FormulaKind::Anywhere(Box::new(inner))))
            }
            "focus-metavariable" => Entry::Focus(self.focus(value)?),
            "metavariable-regex"
            | "metavariable-pattern"
            | "metavariable-comparison"
            | "metavariable-analysis"
            | "metavariable-type" => Entry::Condition(self.classic_condition(key, value)?),
            "pattern-where-python" | "semgrep-internal-metavariable-name" => {
                return Err(value.unsupported(format!("`{key}` is not supported")));
            }
            _ => return Err(value.invalid(format!("`{key}` is not known here"))),
        })
    }

    fn inside(&mut self, value: &Node<'_>) -> Result<Formula, Fault> {
        let inner = self.around(|reader| reader.nested(value))?;
        Ok(Formula::new(FormulaKind::Inside(Box::new(inner))))
    }

    /// A pattern, or a mapping with one formula.
    fn nested(&mut self, value: &Node<'_>) -> Result<Formula, Fault> {
        if value.value.is_object() { self.only_positive(value) } else { self.pattern(value) }
    }

    fn only_positive(&mut self, node: &Node<'_>) -> Result<Formula, Fault> {
        match self.single(node)? {
            Entry::Positive(formula) => Ok(formula),
            _ => Err(node.invalid("this can only stand in `patterns`")),
        }
    }

    fn single(&mut self, node: &Node<'_>) -> Result<Entry, Fault> {
        let mut keys = node.keys();
        match (keys.next(), keys.next()) {
            (Some(key), None) => {
                let value = node.need(key)?;
                self.entry(key, &value)
            }
            _ => Err(node.invalid("a mapping with one key was expected; is a hyphen missing?")),
        }
    }

    fn either(&mut self, value: &Node<'_>) -> Result<Formula, Fault> {
        let any = value.items()?.iter().map(|item| self.only_positive(item)).collect::<Result<_, _>>()?;
        Ok(Formula::new(FormulaKind::Or(any)))
    }

    fn patterns(&mut self, value: &Node<'_>) -> Result<Formula, Fault> {
        let (mut positives, mut negatives) = (Vec::new(), Vec::new());
        let mut formula = Formula::new(FormulaKind::Or(Vec::new()));
        for item in value.items()? {
            match self.single(&item)? {
                Entry::Positive(inner) => positives.push(inner),
                Entry::Negative(inner) => negatives.push(inner),
                Entry::Focus(names) => formula.focus.push(names),
                Entry::Condition(condition) => formula.conditions.push(condition),
            }
        }
        formula.kind = self.conjunction(value, positives, negatives)?;
        Ok(formula)
    }

    /// What holds all and not the others.
    pub(super) fn conjunction(
        &self,
        node: &Node<'_>,
        positives: Vec<Formula>,
        negatives: Vec<Formula>,
    ) -> Result<FormulaKind, Fault> {
        if positives.is_empty() && !self.in_condition {
            return Err(node.invalid("there is nothing that must match, only what must not"));
        }
        let (selector, positives) = self.split_selector(positives);
        Ok(FormulaKind::And { positives, selector, negatives })
    }

    /// A metavariable alone matches everything; it is looked for last, in what the others match.
    fn split_selector(&self, positives: Vec<Formula>) -> (Option<PatternId>, Vec<Formula>) {
        let mut selector: Option<(PatternId, &str)> = None;
        let mut is_selector = Vec::with_capacity(positives.len());
        for formula in &positives {
            let found = self.metavariable_alone(formula);
            is_selector.push(match (found, selector) {
                (Some(found), None) => {
                    selector = Some(found);
                    true
                }
                (Some((_, name)), Some((_, first))) => name == first,
                (None, _) => false,
            });
        }
        if is_selector.iter().all(|is| *is) {
            return (None, positives);
        }
        let selector = selector.map(|(id, _)| id);
        let rest = positives.into_iter().zip(is_selector).filter(|(_, is)| !is).map(|(formula, _)| formula);
        (selector, rest.collect())
    }

    fn metavariable_alone(&self, formula: &Formula) -> Option<(PatternId, &str)> {
        let FormulaKind::Pattern(id) = formula.kind else {
            return None;
        };
        if !formula.conditions.is_empty() || !formula.focus.is_empty() || formula.alias.is_some() {
            return None;
        }
        match &self.patterns.get(id)?.kind {
            PatternKind::Code { language: RuleLanguage::Code(_), text, .. } => {
                let text = text.trim();
                is_metavariable(text).then_some((id, text))
            }
            _ => None,
        }
    }

    /// A pattern in the language of this place.
    pub(super) fn pattern(&mut self, value: &Node<'_>) -> Result<Formula, Fault> {
        if self.language == RuleLanguage::Regex {
            return self.regex(value);
        }
        self.counted(value)?;
        let kind = PatternKind::Code {
            language: self.language.clone(),
            text: value.text()?,
            is_around: self.is_around,
        };
        let id = self.patterns.add(RulePattern { kind, options: self.options.clone() });
        Ok(Formula::new(FormulaKind::Pattern(id)))
    }

    pub(super) fn regex(&mut self, value: &Node<'_>) -> Result<Formula, Fault> {
        self.counted(value)?;
        let regex =
            Expression::new(&value.text()?, true, self.symbols).map_err(|reason| value.invalid(reason))?;
        let kind = PatternKind::Regex(regex);
        let id = self.patterns.add(RulePattern { kind, options: crate::rule::Options::default() });
        Ok(Formula::new(FormulaKind::Pattern(id)))
    }

    pub(super) fn focus(&mut self, value: &Node<'_>) -> Result<Vec<Symbol>, Fault> {
        let names = value.texts()?;
        if names.is_empty() {
            return Err(value.invalid("a metavariable was expected"));
        }
        Ok(names.iter().map(|name| self.symbols.intern(name)).collect())
    }
}

/// Whether a text is the name of one metavariable.
pub(super) fn is_metavariable(text: &str) -> bool {
    let mut bytes = text.bytes();
    bytes.next() == Some(b'$')
        && bytes.next().is_some_and(|byte| byte.is_ascii_uppercase() || byte == b'_')
        && bytes.all(|byte| byte.is_ascii_uppercase() || byte.is_ascii_digit() || byte == b'_')
}
