use std::collections::HashMap;

use andon_model::{RuleDescription, RuleRef};
use serde_json::Value;

use super::log::{Bag, Component, Message, Rule, Run, SarifResult};
use super::severity;

/// The rule of a result: its identifier, and its descriptor where the run has one (SARIF 3.27.5 to 3.27.7).
pub(super) struct Resolved<'a> {
    pub(super) id: String,
    pub(super) descriptor: Option<&'a Rule>,
}

/// The rules of a run by identifier, so that finding one does not look at all of them.
pub(super) struct RuleIndex<'a> {
    run: &'a Run,
    by_id: HashMap<&'a str, &'a Rule>,
}

impl<'a> RuleIndex<'a> {
    pub(super) fn of(run: &'a Run) -> Self {
        let mut by_id = HashMap::new();
        let parts = std::iter::once(&run.tool.driver).chain(&run.tool.extensions);
        for rule in parts.flat_map(|part| &part.rules).filter(|rule| !rule.id.is_empty()) {
            by_id.entry(rule.id.as_str()).or_insert(rule);
        }
        Self { run, by_id }
    }

    pub(super) fn resolve(&self, result: &SarifResult) -> Resolved<'a> {
        let index = result.rule_index.or(result.rule.index).and_then(|index| usize::try_from(index).ok());
        let id = result.rule_id.as_deref().or(result.rule.id.as_deref()).filter(|id| !id.is_empty());
        let by_index = index.and_then(|index| self.component(result).rules.get(index));
        let descriptor = match (by_index, id) {
            (Some(rule), Some(id)) if named(rule, id) => Some(rule),
            (Some(rule), None) => Some(rule),
            (_, Some(id)) => self.find(id),
            (None, None) => None,
        };
        let id =
            id.or(descriptor.map(|rule| rule.id.as_str())).filter(|id| !id.is_empty()).unwrap_or(UNNAMED);
        Resolved { id: super::convert::line(id, 300), descriptor }
    }

    /// The rule, or the one of which it is a sub-rule.
    fn find(&self, id: &str) -> Option<&'a Rule> {
        const DEEPEST: usize = 16;
        let shorter = std::iter::successors(Some(id), |id| id.rsplit_once('/').map(|(parent, _)| parent));
        shorter.take(DEEPEST).find_map(|id| self.by_id.get(id).copied())
    }

    fn component(&self, result: &SarifResult) -> &'a Component {
        let extensions = &self.run.tool.extensions;
        let reference = &result.rule.tool_component;
        let by_index = reference.index.and_then(|index| extensions.get(usize::try_from(index).ok()?));
        let by_name = || {
            let name = reference.name.as_deref()?;
            extensions.iter().take(MOST_EXTENSIONS).find(|part| part.name == name)
        };
        by_index.or_else(by_name).unwrap_or(&self.run.tool.driver)
    }
}

/// Extensions among which one is looked for by name; GitHub takes as many.
const MOST_EXTENSIONS: usize = 100;

/// A result may name a sub-rule: `CA1000/1` is described as `CA1000`.
fn named(rule: &Rule, id: &str) -> bool {
    id == rule.id || id.strip_prefix(&rule.id).is_some_and(|rest| rest.starts_with('/'))
}

/// Describes a rule for our report.
pub(super) fn describe(rule: &RuleRef, engine: &str, descriptor: Option<&Rule>) -> RuleDescription {
    let empty = Rule::default();
    let source = descriptor.unwrap_or(&empty);
    let severity = severity::of_rule(source);
    RuleDescription {
        rule: rule.clone(),
        engine: engine.to_owned(),
        title: title(&rule.id, descriptor),
        severity,
        confidence: severity::confidence(&[&source.properties]),
        tags: tags(&source.properties),
        cwe: weaknesses(source),
        explanation: words(&source.full_description).unwrap_or_default().to_owned(),
        remediation: source.help.markdown.as_deref().or(words(&source.help)).unwrap_or_default().to_owned(),
        references: source.help_uri.iter().cloned().collect(),
        examples: Vec::new(),
        counter_examples: Vec::new(),
    }
}

/// What a result without any rule is filed under.
pub(super) const UNNAMED: &str = "unnamed";

/// One line: the short description, the name or the identifier.
pub(super) fn title(id: &str, descriptor: Option<&Rule>) -> String {
    let short = descriptor.and_then(|rule| words(&rule.short_description));
    let name = descriptor.and_then(|rule| rule.name.as_deref());
    let title = short.or(name).map(|text| super::convert::line(text, 200)).filter(|title| !title.is_empty());
    title.unwrap_or_else(|| id.to_owned())
}

pub(super) fn tags(properties: &Bag) -> Vec<String> {
    strings(properties.get("tags")).map(|tag| super::convert::line(tag, 200)).take(50).collect()
}

/// Weakness numbers from tags (`external/cwe/cwe-079`, `CWE-89: …`), a `cwe` property and relationships.
pub(super) fn weaknesses(rule: &Rule) -> Vec<u32> {
    let tags = strings(rule.properties.get("tags")).chain(strings(rule.properties.get("cwe")));
    let related = rule.relationships.iter().filter_map(|relationship| {
        let target = &relationship.target;
        let is_cwe =
            target.tool_component.name.as_deref().is_some_and(|name| name.eq_ignore_ascii_case("cwe"));
        let id = target.id.as_deref()?;
        weakness(id).or_else(|| is_cwe.then(|| id.trim().parse().ok()).flatten())
    });
    let mut numbers: Vec<u32> = tags.filter_map(weakness).chain(related).take(100).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

fn weakness(text: &str) -> Option<u32> {
    let lower = text.to_ascii_lowercase();
    let (_, after) = lower.split_once("cwe-")?;
    let digits: String = after.chars().take_while(char::is_ascii_digit).collect();
    digits.parse().ok().filter(|number| *number > 0)
}

/// The strings in a value that is a string or an array of strings.
fn strings(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let (one, many) = match value {
        Some(Value::String(text)) => (Some(text.as_str()), None),
        Some(Value::Array(items)) => (None, Some(items)),
        _ => (None, None),
    };
    one.into_iter().chain(many.into_iter().flatten().filter_map(Value::as_str))
}

pub(super) fn words(message: &Message) -> Option<&str> {
    let filled = |text: &&str| !text.trim().is_empty();
    message.text.as_deref().filter(filled).or(message.markdown.as_deref().filter(filled))
}

/// The text of a result's message: its own, or the rule's string that it names, with its arguments put in
/// (SARIF 3.11).
pub(super) fn message(message: &Message, descriptor: Option<&Rule>) -> String {
    let by_name = || {
        let id = message.id.as_deref()?;
        words(descriptor?.message_strings.get(id)?)
    };
    let template = words(message).or_else(by_name).unwrap_or_default();
    // Twice as much as is kept: bounds the work on braces and brackets that never close.
    let template = &super::convert::clip(template, super::convert::MESSAGE * 2);
    without_links(&with_arguments(template, message))
}

/// `[words](7)` refers to a related location (SARIF 3.11.6); only the words are of use.
fn without_links(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("](") {
        let target = after.split_once(')').filter(|(target, _)| {
            !target.is_empty() && target.len() < 10 && target.chars().all(|c| c.is_ascii_digit())
        });
        match (before.rfind('['), target) {
            (Some(open), Some((_, tail))) => {
                out.push_str(before.get(..open).unwrap_or_default());
                out.push_str(before.get(open + 1..).unwrap_or_default());
                rest = tail;
            }
            _ => {
                out.push_str(before);
                out.push_str("](");
                rest = after;
            }
        }
    }
    out + rest
}

fn with_arguments(template: &str, message: &Message) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        let argument = after.split_once('}').and_then(|(number, tail)| {
            let index: usize = number.parse().ok()?;
            Some((message.arguments.get(index)?, tail))
        });
        match argument {
            Some((argument, tail)) if out.len() < super::convert::MESSAGE => {
                out.push_str(argument);
                rest = tail;
            }
            _ => {
                out.push('{');
                rest = after;
            }
        }
    }
    out + rest
}
