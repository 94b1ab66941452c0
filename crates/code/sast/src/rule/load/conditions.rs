//! Conditions on metavariables.

use andon_syntax::Symbol;

use super::Reader;
use super::classic::ROOTS;
use super::node::{Fault, Node};
use crate::formula::{Comparison, Condition};
use crate::rule::{Expression, PatternKind, RuleLanguage, RulePattern};

impl Reader<'_> {
    /// Reads `metavariable-regex` and its like.
    pub(super) fn classic_condition(&mut self, key: &str, node: &Node<'_>) -> Result<Condition, Fault> {
        match key {
            "metavariable-regex" => {
                node.only(&["metavariable", "regex", "constant-propagation"])?;
                let constants = node.switch("constant-propagation", false)?;
                self.regex_condition(node, constants)
            }
            "metavariable-comparison" => {
                node.only(&["metavariable", "comparison", "strip", "base"])?;
                if node.switch("strip", false)? {
                    node.need("metavariable")?;
                }
                self.comparison(node)
            }
            "metavariable-analysis" => {
                node.only(&["metavariable", "analyzer", "options"])?;
                self.analysis(node)
            }
            "metavariable-type" => {
                node.only(&["metavariable", "type", "types", "language"])?;
                self.types(node)
            }
            _ => {
                let known: Vec<_> = ["metavariable", "language"].into_iter().chain(ROOTS).collect();
                node.only(&known)?;
                let metavariable = self.metavariable(node)?;
                let language = self.language_of(node)?;
                let formula = self.within(language.as_ref(), |reader| reader.classic_in(node))?;
                Ok(Condition::Pattern { metavariable, language, formula })
            }
        }
    }

    pub(super) fn regex_condition(&mut self, node: &Node<'_>, constants: bool) -> Result<Condition, Fault> {
        let metavariable = self.metavariable(node)?;
        let source = node.need("regex")?;
        let regex =
            Expression::new(&source.text()?, false, self.symbols).map_err(|reason| source.invalid(reason))?;
        Ok(Condition::Regex { metavariable, regex, constants })
    }

    pub(super) fn comparison(&mut self, node: &Node<'_>) -> Result<Condition, Fault> {
        let strip = node.switch("strip", false)?;
        let comparison = node.need("comparison")?;
        Comparison::parse(&comparison.text()?, strip, self.symbols)
            .map(Condition::Comparison)
            .map_err(|reason| comparison.invalid(reason))
    }

    pub(super) fn analysis(&mut self, node: &Node<'_>) -> Result<Condition, Fault> {
        let metavariable = self.metavariable(node)?;
        let analyzer = node.need("analyzer")?;
        match analyzer.text()?.as_str() {
            "entropy" => Ok(Condition::Entropy(metavariable)),
            "redos" => Ok(Condition::SlowRegex(metavariable)),
            other => Err(analyzer.unsupported(format!("the analyzer `{other}` is not supported"))),
        }
    }

    pub(super) fn types(&mut self, node: &Node<'_>) -> Result<Condition, Fault> {
        let metavariable = self.metavariable(node)?;
        let language = self.language_of(node)?.unwrap_or_else(|| self.language.clone());
        let mut texts = node.get("type").map_or(Ok(Vec::new()), |one| one.texts())?;
        texts.extend(node.get("types").map_or(Ok(Vec::new()), |list| list.texts())?);
        if texts.is_empty() {
            return Err(node.invalid("`type` or `types` is missing"));
        }
        let types = texts
            .into_iter()
            .map(|text| {
                let kind = PatternKind::Type { language: language.clone(), text };
                self.patterns.add(RulePattern { kind, options: self.options.clone() })
            })
            .collect();
        Ok(Condition::Type { metavariable, types })
    }

    pub(super) fn metavariable(&mut self, node: &Node<'_>) -> Result<Symbol, Fault> {
        let name = node.need("metavariable")?;
        let text = name.text()?;
        if !text.starts_with('$') {
            return Err(name.invalid(format!("`{text}` is no metavariable")));
        }
        Ok(self.symbols.intern(&text))
    }

    pub(super) fn language_of(&self, node: &Node<'_>) -> Result<Option<RuleLanguage>, Fault> {
        let Some(found) = node.get("language") else {
            return Ok(None);
        };
        match (RuleLanguage::named(&found.text()?), &self.language) {
            (RuleLanguage::Other(name), ours) if !matches!(ours, RuleLanguage::Other(_)) => {
                Err(found.unsupported(format!("the language `{name}` is not supported")))
            }
            (language, _) => Ok(Some(language)),
        }
    }
}
