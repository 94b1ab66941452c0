//! The newer way to write formulas: `any`, `all`, `inside`, `not` and `where`.

use super::Reader;
use super::node::{Fault, Node};
use crate::formula::{Condition, Formula, FormulaKind};

const ROOTS: [&str; 7] = ["pattern", "all", "any", "regex", "not", "inside", "anywhere"];

/// A formula or what must not match.
enum Term {
    Is(Formula),
    IsNot(Formula),
}

impl Reader<'_> {
    /// Reads a formula: a pattern, or a mapping.
    pub(super) fn modern(&mut self, node: &Node<'_>) -> Result<Formula, Fault> {
        self.modern_beside(node, &[])
    }

    /// Reads a formula from a mapping that holds other keys too.
    pub(super) fn modern_beside(&mut self, node: &Node<'_>, others: &[&str]) -> Result<Formula, Fault> {
        match self.term(node, others)? {
            Term::Is(formula) => Ok(formula),
            Term::IsNot(_) => Err(node.invalid("`not` can only stand in `all`")),
        }
    }

    fn term(&mut self, node: &Node<'_>, others: &[&str]) -> Result<Term, Fault> {
        if !node.value.is_object() {
            return self.pattern(node).map(Term::Is);
        }
        let mut roots = node.keys().filter(|key| ROOTS.contains(key));
        let (Some(key), None) = (roots.next(), roots.next()) else {
            return Err(node.invalid(format!("just one of {} was expected", ROOTS.join(", "))));
        };
        let known: Vec<_> = [key, "where", "as", "fix"].into_iter().chain(others.iter().copied()).collect();
        node.only(&known)?;
        let value = node.need(key)?;
        let mut formula = match key {
            "not" => {
                let formula = self.modern(&value)?;
                return Ok(Term::IsNot(formula));
            }
            "pattern" => self.pattern(&value)?,
            "regex" => self.regex(&value)?,
            "all" => self.all(&value)?,
            "any" => {
                let any = value.items()?.iter().map(|item| self.modern(item)).collect::<Result<_, _>>()?;
                Formula::new(FormulaKind::Or(any))
            }
            _ => {
                let inner = Box::new(self.around(|reader| reader.modern(&value))?);
                let is_inside = key == "inside";
                Formula::new(if is_inside {
                    FormulaKind::Inside(inner)
                } else {
                    FormulaKind::Anywhere(inner)
                })
            }
        };
        if let Some(conditions) = node.get("where") {
            for condition in conditions.items()? {
                self.constrain(&condition, &mut formula)?;
            }
        }
        formula.fix = node.get("fix").map(|fix| fix.text()).transpose()?;
        formula.alias = match node.get("as") {
            Some(alias) => Some(self.symbols.intern(&alias.text()?)),
            None => None,
        };
        Ok(Term::Is(formula))
    }

    fn all(&mut self, value: &Node<'_>) -> Result<Formula, Fault> {
        let (mut positives, mut negatives) = (Vec::new(), Vec::new());
        for item in value.items()? {
            match self.term(&item, &[])? {
                Term::Is(formula) => positives.push(formula),
                Term::IsNot(formula) => negatives.push(formula),
            }
        }
        Ok(Formula::new(self.conjunction(value, positives, negatives)?))
    }

    fn constrain(&mut self, node: &Node<'_>, formula: &mut Formula) -> Result<(), Fault> {
        let has = |key: &str| node.get(key).is_some();
        if has("focus") {
            node.only(&["focus"])?;
            let names = self.focus(&node.need("focus")?)?;
            formula.focus.push(names);
            return Ok(());
        }
        let condition = if has("comparison") {
            node.only(&["metavariable", "comparison", "strip", "base"])?;
            self.comparison(node)?
        } else if has("analyzer") {
            node.only(&["metavariable", "analyzer", "options"])?;
            self.analysis(node)?
        } else if has("type") || has("types") {
            node.only(&["metavariable", "type", "types", "language"])?;
            self.types(node)?
        } else {
            self.nested_condition(node)?
        };
        formula.conditions.push(condition);
        Ok(())
    }

    fn nested_condition(&mut self, node: &Node<'_>) -> Result<Condition, Fault> {
        let is_plain = node.keys().all(|key| matches!(key, "metavariable" | "regex" | "language"));
        if is_plain && node.get("regex").is_some() {
            return self.regex_condition(node, true);
        }
        let metavariable = self.metavariable(node)?;
        let language = self.language_of(node)?;
        let formula = self
            .within(language.as_ref(), |reader| reader.modern_beside(node, &["metavariable", "language"]))?;
        Ok(Condition::Pattern { metavariable, language, formula })
    }
}
