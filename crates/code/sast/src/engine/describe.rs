use andon_model::{Confidence, RuleDescription, RuleRef, Severity};
use serde_json::Value as Json;

use crate::engine::{NAME, Origin, facts};
use crate::rule::{self, Rule};

/// How people and reports see a rule.
pub(super) fn describe(rule: &Rule, origin: &Origin) -> RuleDescription {
    RuleDescription {
        rule: reference(rule, origin),
        engine: NAME.to_owned(),
        title: title(rule),
        severity: severity(rule.severity),
        confidence: confidence(rule),
        tags: texts(rule, "technology"),
        cwe: cwe(rule),
        explanation: text(rule, "explanation").unwrap_or_else(|| rule.message.clone()),
        remediation: text(rule, "remediation").unwrap_or_default(),
        references: texts(rule, "references"),
        examples: texts(rule, "examples"),
        counter_examples: texts(rule, "counter_examples"),
    }
}

pub(super) fn reference(rule: &Rule, origin: &Origin) -> RuleRef {
    RuleRef { id: rule.id.clone(), pack: origin.pack.clone(), version: origin.version.clone() }
}

/// One line: what the rule is called, or the first sentence of its message.
pub(super) fn title(rule: &Rule) -> String {
    if let Some(title) = text(rule, "title") {
        return title;
    }
    let words = rule.message.split_whitespace().collect::<Vec<_>>().join(" ");
    match words.find(". ") {
        Some(end) => words.get(..end).unwrap_or(&words).to_owned(),
        None => words.trim_end_matches('.').to_owned(),
    }
}

pub(super) fn severity(severity: rule::Severity) -> Severity {
    match severity {
        rule::Severity::Critical => Severity::Critical,
        rule::Severity::High | rule::Severity::Error => Severity::High,
        rule::Severity::Medium | rule::Severity::Warning => Severity::Medium,
        rule::Severity::Low => Severity::Low,
        rule::Severity::Info | rule::Severity::Inventory | rule::Severity::Experiment => Severity::Info,
    }
}

/// How sure the rule says it is; in between if it does not say.
pub(super) fn confidence(rule: &Rule) -> Confidence {
    match text(rule, "confidence").unwrap_or_default().to_ascii_uppercase().as_str() {
        "HIGH" => Confidence::High,
        "LOW" => Confidence::Low,
        _ => Confidence::Medium,
    }
}

/// Numbers of the weaknesses, written `CWE-89: …`.
pub(super) fn cwe(rule: &Rule) -> Vec<u32> {
    let number = |text: String| {
        let rest = text.trim().strip_prefix("CWE-")?.to_owned();
        let end = rest.find(|letter: char| !letter.is_ascii_digit()).unwrap_or(rest.len());
        rest.get(..end)?.parse().ok()
    };
    let mut numbers: Vec<u32> = texts(rule, "cwe").into_iter().filter_map(number).collect();
    numbers.sort_unstable();
    numbers.dedup();
    numbers
}

/// Categories of the OWASP Top 10, written `A03:2021 - …`, as `owasp:A03:2021`.
pub(super) fn controls(rule: &Rule) -> Vec<String> {
    let category = |text: String| text.split_whitespace().next().map(|name| format!("owasp:{name}"));
    texts(rule, "owasp").into_iter().filter_map(category).collect()
}

fn text(rule: &Rule, name: &str) -> Option<String> {
    rule.metadata.get(name).and_then(Json::as_str).map(str::to_owned)
}

/// A text, or the texts of a list.
fn texts(rule: &Rule, name: &str) -> Vec<String> {
    match rule.metadata.get(name) {
        Some(Json::String(text)) => vec![text.clone()],
        Some(Json::Array(list)) => list.iter().filter_map(Json::as_str).map(str::to_owned).collect(),
        _ => Vec::new(),
    }
}

/// Digest of all that facts depend on besides the text.
pub(super) fn digest(texts: &[&str]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    let mut field = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    field(env!("CARGO_PKG_VERSION").as_bytes());
    field(&facts::VERSION.to_le_bytes());
    texts.iter().for_each(|text| field(text.as_bytes()));
    *hasher.finalize().as_bytes()
}
