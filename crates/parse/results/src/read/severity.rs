use andon_model::{Confidence, Severity};
use serde_json::Value;

use super::log::{Bag, Rule, SarifResult};

/// The severity of a result: what we wrote ourselves, the score that GitHub reads (`security-severity`: 9 and over
/// critical, 7 high, 4 medium, above 0 low), the level of the result or its rule, or the rank.
pub(super) fn of_result(result: &SarifResult, rule: Option<&Rule>) -> Severity {
    let own = result.properties.get("andon").and_then(|bag| word(bag.get("severity")?));
    let score = || score(&result.properties).or_else(|| score(&rule?.properties));
    let worded = || word(result.properties.get("issue_severity")?);
    let level = || level(result.level.as_deref()?);
    let default = || level_of(rule);
    let rank = || by_rank(result.rank?);
    own.or_else(score)
        .or_else(worded)
        .or_else(level)
        .or_else(default)
        .or_else(rank)
        .unwrap_or(Severity::Medium)
}

/// The severity of a rule's results unless they say otherwise.
pub(super) fn of_rule(rule: &Rule) -> Severity {
    score(&rule.properties).or_else(|| level_of(Some(rule))).unwrap_or(Severity::Medium)
}

/// How sure the tool is; medium where it does not say.
pub(super) fn confidence(bags: &[&Bag]) -> Confidence {
    let keys = ["issue_confidence", "precision", "confidence"];
    let own = bags.iter().filter_map(|bag| bag.get("andon")?.get("confidence")?.as_str());
    let said = bags.iter().flat_map(|bag| keys.iter().filter_map(|key| bag.get(*key)?.as_str()));
    own.chain(said)
        .find_map(|text| match text.to_ascii_lowercase().replace('_', "-").as_str() {
            "very-high" | "high" | "certain" => Some(Confidence::High),
            "medium" | "firm" => Some(Confidence::Medium),
            "low" | "tentative" => Some(Confidence::Low),
            _ => None,
        })
        .unwrap_or(Confidence::Medium)
}

fn level_of(rule: Option<&Rule>) -> Option<Severity> {
    level(rule?.default_configuration.level.as_deref()?)
}

fn level(text: &str) -> Option<Severity> {
    match text {
        "error" => Some(Severity::High),
        "warning" => Some(Severity::Medium),
        "note" => Some(Severity::Low),
        "none" => Some(Severity::Info),
        other => other.parse().ok(),
    }
}

fn score(properties: &Bag) -> Option<Severity> {
    let score: f64 = match properties.get("security-severity")? {
        Value::String(text) => text.trim().parse().ok()?,
        Value::Number(number) => number.as_f64()?,
        _ => return None,
    };
    match score {
        9.0.. => Some(Severity::Critical),
        7.0.. => Some(Severity::High),
        4.0.. => Some(Severity::Medium),
        score if score > 0.0 => Some(Severity::Low),
        0.0 => Some(Severity::Info),
        _ => None,
    }
}

fn by_rank(rank: f64) -> Option<Severity> {
    match rank {
        80.0.. => Some(Severity::High),
        40.0.. => Some(Severity::Medium),
        0.0.. => Some(Severity::Low),
        _ => None,
    }
}

fn word(value: &Value) -> Option<Severity> {
    value.as_str()?.parse().ok()
}
