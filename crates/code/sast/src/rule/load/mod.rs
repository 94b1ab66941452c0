//! Reading rule files.

mod classic;
mod conditions;
mod fields;
mod modern;
mod node;
mod taint;

use andon_documents::{Document, Limits, yaml_one};
use andon_syntax::Symbols;
use serde_json::Value as Json;

use super::{Mode, Options, Patterns, Rule, RuleLanguage, Version};
use node::{Fault, Node};

/// Reads rule files. All that is to be matched together is read by one, so that names and patterns are shared.
#[derive(Debug, Default)]
pub struct Loader {
    /// The names of metavariables.
    pub symbols: Symbols,
    /// The patterns of all rules that were read.
    pub patterns: Patterns,
}

/// What a rule file holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Loaded {
    /// The rules that can be used.
    pub rules: Vec<Rule>,
    /// Those that cannot.
    pub refused: Vec<Refused>,
}

/// A rule that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: cannot use the rule {}: {reason}", id.as_deref().unwrap_or("without an id"))]
pub struct Refused {
    /// The rule's name, if it has one.
    pub id: Option<String>,
    /// The file, as the caller named it.
    pub file: String,
    /// The line of what is wrong, from 1.
    pub line: u32,
    /// What is wrong.
    pub reason: String,
    /// Whether it is sound, but uses something that is not supported.
    pub is_unsupported: bool,
}

/// Why a file holds no rules.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}:{line}: cannot read the rules: {reason}")]
pub struct LoadError {
    /// The file, as the caller named it.
    pub file: String,
    /// The line of what is wrong, from 1.
    pub line: u32,
    /// What is wrong.
    pub reason: String,
}

/// Largest rule file, in bytes.
const LARGEST: usize = 32 << 20;
/// Most rules in a file.
const MOST_RULES: usize = 50_000;
/// Most patterns in a rule.
const MOST_PATTERNS: usize = 20_000;
const LIMITS: Limits = Limits { depth: 100, nodes: 4_000_000, bytes: 64 << 20 };

impl Loader {
    /// Reads a file of rules, YAML or JSON. `file` is what messages call it.
    ///
    /// # Errors
    /// When it is no YAML, too large, or holds no list of rules. A rule that is not sound is in [`Loaded::refused`].
    pub fn load(&mut self, file: &str, text: &str) -> Result<Loaded, LoadError> {
        let fail = |line: u32, reason: String| LoadError { file: file.to_owned(), line: line.max(1), reason };
        if text.len() > LARGEST {
            return Err(fail(1, format!("the file is larger than {LARGEST} bytes")));
        }
        let document =
            yaml_one(text, &LIMITS).map_err(|error| fail(error.position.line, error.problem.to_string()))?;
        let (base, list) = match &document.value {
            Json::Null => return Ok(Loaded::default()),
            Json::Array(list) => ("", list),
            Json::Object(map) => match map.get("rules") {
                Some(Json::Array(list)) => ("/rules", list),
                Some(_) => {
                    return Err(fail(
                        document.locate_nearest("/rules").line,
                        "`rules` must be a list".into(),
                    ));
                }
                None => return Err(fail(1, "there is no list `rules`".into())),
            },
            _ => return Err(fail(1, "there is no list `rules`".into())),
        };
        if list.len() > MOST_RULES {
            return Err(fail(1, format!("there are more than {MOST_RULES} rules")));
        }
        let mut loaded = Loaded::default();
        for (index, value) in list.iter().enumerate() {
            let node = Node::new(value, format!("{base}/{index}"));
            match self.rule(&document, &node) {
                Ok(rule) => loaded.rules.push(rule),
                Err(fault) => loaded.refused.push(Refused {
                    id: value.get("id").and_then(Json::as_str).map(str::to_owned),
                    file: file.to_owned(),
                    line: document.locate_nearest(&fault.path).line,
                    reason: fault.reason,
                    is_unsupported: fault.is_unsupported,
                }),
            }
        }
        Ok(loaded)
    }

    fn rule(&mut self, document: &Document, node: &Node<'_>) -> Result<Rule, Fault> {
        let id = node.need("id")?.text()?;
        if id.trim().is_empty() {
            return Err(node.need("id")?.invalid("`id` is empty"));
        }
        let (min_version, max_version) = fields::versions(node)?;
        let languages = fields::languages(node)?;
        let options = fields::options(node)?;
        refuse_other_kinds(node)?;
        let language = RuleLanguage::analyzer(&languages).cloned().unwrap_or(RuleLanguage::Generic);
        let mut reader = Reader {
            symbols: &mut self.symbols,
            patterns: &mut self.patterns,
            language,
            options: &options,
            is_around: false,
            in_condition: false,
            count: 0,
        };
        let mode = reader.mode(node)?;
        let fix_regex = fields::fix_regex(node, reader.symbols)?;
        Ok(Rule {
            id,
            message: node.need("message")?.text()?,
            severity: fields::severity(&node.need("severity")?)?,
            languages,
            mode,
            paths: fields::paths(node)?,
            fix: node.get("fix").map(|fix| fix.text()).transpose()?.map(|fix| fix.trim().to_owned()),
            fix_regex,
            metadata: node.get("metadata").map_or(Json::Null, |metadata| metadata.value.clone()),
            min_version,
            max_version,
            line: document.locate_nearest(&node.path).line,
            options,
        })
    }
}

/// What reading one rule's formulas needs.
struct Reader<'r> {
    symbols: &'r mut Symbols,
    patterns: &'r mut Patterns,
    /// What patterns are written in at this place.
    language: RuleLanguage,
    options: &'r Options,
    is_around: bool,
    in_condition: bool,
    count: usize,
}

impl Reader<'_> {
    fn mode(&mut self, node: &Node<'_>) -> Result<Mode, Fault> {
        let mode = node.get("mode").map(|mode| mode.text()).transpose()?;
        match (mode.as_deref(), node.get("taint")) {
            (None | Some("taint"), Some(taint)) => self.taint(&taint, true).map(Mode::Taint),
            (Some("taint"), None) => self.taint(node, false).map(Mode::Taint),
            (None | Some("search"), _) => match node.get("match") {
                Some(formula) => self.modern(&formula).map(Mode::Search),
                None => self.classic_in(node).map(Mode::Search),
            },
            (Some(other), _) => {
                Err(node.need("mode")?.unsupported(format!("`mode: {other}` is not supported")))
            }
        }
    }

    /// Reads something in a place where patterns are of another language, or where other things hold.
    fn within<T>(
        &mut self,
        language: Option<&RuleLanguage>,
        read: impl FnOnce(&mut Self) -> Result<T, Fault>,
    ) -> Result<T, Fault> {
        let language = language.cloned().unwrap_or_else(|| self.language.clone());
        let language = std::mem::replace(&mut self.language, language);
        let (is_around, in_condition) = (self.is_around, self.in_condition);
        (self.is_around, self.in_condition) = (false, true);
        let result = read(self);
        (self.language, self.is_around, self.in_condition) = (language, is_around, in_condition);
        result
    }

    fn around<T>(&mut self, read: impl FnOnce(&mut Self) -> Result<T, Fault>) -> Result<T, Fault> {
        let before = std::mem::replace(&mut self.is_around, true);
        let result = read(self);
        self.is_around = before;
        result
    }

    fn counted(&mut self, node: &Node<'_>) -> Result<(), Fault> {
        self.count += 1;
        if self.count > MOST_PATTERNS {
            return Err(node.unsupported(format!("the rule has more than {MOST_PATTERNS} patterns")));
        }
        Ok(())
    }
}

fn refuse_other_kinds(node: &Node<'_>) -> Result<(), Fault> {
    for (key, what) in [
        ("r2c-internal-project-depends-on", "rules on dependencies are"),
        ("r2c-internal-patterns-from", "patterns from elsewhere are"),
        ("pattern-where-python", "`pattern-where-python` is"),
        ("equivalences", "`equivalences` is"),
        ("steps", "steps are"),
        ("extract", "extraction is"),
        ("join", "joining rules is"),
    ] {
        if let Some(found) = node.get(key) {
            return Err(found.unsupported(format!("{what} not supported")));
        }
    }
    Ok(())
}

fn is_current(min: Option<Version>, max: Option<Version>) -> bool {
    min.is_none_or(|min| min <= Version::FOLLOWED) && max.is_none_or(|max| max >= Version::FOLLOWED)
}

#[cfg(test)]
mod tests;
