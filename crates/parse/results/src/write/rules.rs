use std::collections::{BTreeMap, BTreeSet};

use andon_model::{Finding, RuleDescription, RuleRef, ScanReport, Severity};
use serde_json::{Map, Value, json};

use super::limits::{Kept, SarifLimits};
use super::{advisory, clip};

/// GitHub shows at most so many characters of a rule's name and descriptions.
const NAME: usize = 255;
const DESCRIPTION: usize = 1_024;

/// What SARIF calls a rule: one of ours, or what one of ours says by one advisory. Viewers show title, help and
/// severity of the rule and not of the result, so that every advisory has to be one.
pub(super) type Key<'a> = (&'a RuleRef, Option<&'a str>);

pub(super) fn key(finding: &Finding) -> Key<'_> {
    // A rule of another tool that is named after its advisory says all of it already.
    let advisory = finding.advisory.as_deref().filter(|id| !id.is_empty() && *id != finding.rule.id);
    (&finding.rule, advisory)
}

/// The rules that the written findings need, each with its index in the run.
pub(super) struct Rules<'a> {
    order: Vec<(Key<'a>, Source<'a>)>,
    index: BTreeMap<Key<'a>, usize>,
    /// Identifiers that more than one pack uses.
    shared: BTreeSet<String>,
}

enum Source<'a> {
    Described(&'a RuleDescription),
    /// An advisory: its findings say what it is about.
    Advisory(Box<RuleDescription>, String),
    /// A rule without description: what its first finding says must do.
    Inferred(&'a Finding),
}

impl<'a> Rules<'a> {
    pub(super) fn of(report: &'a ScanReport, kept: &Kept) -> Self {
        let described: BTreeMap<&RuleRef, &RuleDescription> =
            report.rules.iter().map(|description| (&description.rule, description)).collect();
        let mut rules = Self { order: Vec::new(), index: BTreeMap::new(), shared: BTreeSet::new() };
        let mut known: BTreeSet<&str> = BTreeSet::new();
        for finding in kept.findings(report) {
            let key = key(finding);
            if let Some(position) = rules.index.get(&key) {
                if let Some((_, Source::Advisory(description, score))) = rules.order.get_mut(*position) {
                    advisory::absorb(description, score, finding);
                }
                continue;
            }
            let rule = described.get(&finding.rule).copied();
            let source = match (key.1, rule) {
                (Some(id), rule) => {
                    let base = rule.cloned().unwrap_or_else(|| inferred(finding));
                    Source::Advisory(
                        Box::new(advisory::described(base, finding, id)),
                        advisory::score(finding),
                    )
                }
                (None, Some(rule)) => Source::Described(rule),
                (None, None) => Source::Inferred(finding),
            };
            rules.index.insert(key, rules.order.len());
            rules.order.push((key, source));
            let id = key.1.unwrap_or(&finding.rule.id);
            if !known.insert(id) {
                rules.shared.insert(id.to_owned());
            }
        }
        rules
    }

    /// The identifier and index under which the run knows the rule.
    pub(super) fn find(&self, finding: &Finding) -> (String, Option<usize>) {
        let key = key(finding);
        (self.id(key), self.index.get(&key).copied())
    }

    pub(super) fn descriptors(&self, limits: &SarifLimits) -> Vec<Value> {
        self.order
            .iter()
            .map(|(key, source)| {
                let id = self.id(*key);
                match source {
                    Source::Described(description) => descriptor(&id, description, limits),
                    Source::Inferred(finding) => descriptor(&id, &inferred(finding), limits),
                    Source::Advisory(description, score) => {
                        let mut value = descriptor(&id, description, limits);
                        if !score.is_empty() {
                            value["properties"]["security-severity"] = json!(score);
                        }
                        value
                    }
                }
            })
            .collect()
    }

    fn id(&self, (rule, advisory): Key<'_>) -> String {
        let id = advisory.unwrap_or(&rule.id);
        if !self.shared.contains(id) {
            return id.to_owned();
        }
        let pack = match rule.version.as_str() {
            "" => rule.pack.clone(),
            version => format!("{}@{version}", rule.pack),
        };
        match advisory {
            Some(advisory) => format!("{pack}/{}/{advisory}", rule.id),
            None => format!("{pack}/{id}"),
        }
    }
}

fn descriptor(id: &str, description: &RuleDescription, limits: &SarifLimits) -> Value {
    let title = if description.title.is_empty() { id } else { &description.title };
    let full = if description.explanation.is_empty() { title } else { &description.explanation };
    let mut value = Map::new();
    value.insert("id".into(), json!(id));
    value.insert("name".into(), json!(clip(title, NAME)));
    value.insert("shortDescription".into(), json!({ "text": clip(title, DESCRIPTION) }));
    value.insert("fullDescription".into(), json!({ "text": clip(full, DESCRIPTION) }));
    value.insert("help".into(), help(title, description));
    if let Some(page) = description.references.iter().find(|url| is_web_address(url)) {
        value.insert("helpUri".into(), json!(page));
    }
    value.insert("defaultConfiguration".into(), json!({ "level": level(description.severity) }));
    value.insert("properties".into(), properties(description, limits));
    Value::Object(value)
}

fn help(title: &str, description: &RuleDescription) -> Value {
    let mut text = title.to_owned();
    let mut markdown = String::new();
    if !description.explanation.is_empty() {
        text = description.explanation.clone();
        markdown.push_str(&description.explanation);
    }
    if !description.remediation.is_empty() {
        text.push_str("\n\nWhat to do: ");
        text.push_str(&description.remediation);
        markdown.push_str("\n\n## What to do\n\n");
        markdown.push_str(&description.remediation);
    }
    let pages: Vec<&String> = description.references.iter().filter(|url| is_web_address(url)).collect();
    if !pages.is_empty() {
        markdown.push_str("\n\n## References\n");
        for page in pages {
            markdown.push_str(&format!("\n- <{page}>"));
        }
    }
    if markdown.is_empty() {
        return json!({ "text": text });
    }
    json!({ "text": text, "markdown": markdown.trim_start() })
}

fn properties(description: &RuleDescription, limits: &SarifLimits) -> Value {
    let weaknesses = description.cwe.iter().map(|number| format!("external/cwe/cwe-{number:03}"));
    let mut tags: Vec<String> = Vec::new();
    for tag in
        std::iter::once("security".to_owned()).chain(weaknesses).chain(description.tags.iter().cloned())
    {
        if tags.len() < limits.tags && !tags.contains(&tag) {
            tags.push(tag);
        }
    }
    let mut properties = Map::new();
    properties.insert("tags".into(), json!(tags));
    properties.insert("precision".into(), json!(description.confidence));
    properties.insert("problem.severity".into(), json!(problem_severity(description.severity)));
    if let Some(score) = security_severity(description.severity) {
        properties.insert("security-severity".into(), json!(score));
    }
    properties.insert("andon".into(), json!({ "engine": description.engine, "rule": description.rule }));
    Value::Object(properties)
}

fn inferred(finding: &Finding) -> RuleDescription {
    RuleDescription {
        rule: finding.rule.clone(),
        engine: finding.engine.clone(),
        title: finding.title.clone(),
        severity: finding.severity,
        confidence: finding.confidence,
        tags: Vec::new(),
        cwe: finding.cwe.clone(),
        explanation: String::new(),
        remediation: finding.fix.as_ref().map(|fix| fix.description.clone()).unwrap_or_default(),
        references: Vec::new(),
        examples: Vec::new(),
        counter_examples: Vec::new(),
    }
}

/// The level of SARIF 3.27.10 for a severity.
pub(super) fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Critical | Severity::High => "error",
        Severity::Medium => "warning",
        Severity::Low | Severity::Info => "note",
    }
}

/// A score in the middle of the range that GitHub gives each word; none for information.
pub(super) fn security_severity(severity: Severity) -> Option<&'static str> {
    match severity {
        Severity::Critical => Some("9.5"),
        Severity::High => Some("8.0"),
        Severity::Medium => Some("5.5"),
        Severity::Low => Some("2.0"),
        Severity::Info => None,
    }
}

fn problem_severity(severity: Severity) -> &'static str {
    match level(severity) {
        "note" => "recommendation",
        other => other,
    }
}

pub(super) fn is_web_address(url: &str) -> bool {
    (url.starts_with("https://") || url.starts_with("http://"))
        && url.is_ascii()
        && !url.contains(|c: char| c.is_ascii_control() || " <>\"{}|\\^`".contains(c))
}
