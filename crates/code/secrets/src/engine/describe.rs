//! What the engine says about its rules.

use andon_model::{RuleDescription, RuleRef};

use super::NAME;
use crate::config::{Example, Rule, RuleSet};
use crate::facts;
use crate::identity::ProjectKey;

/// How people and reports see a rule.
pub(super) fn describe(rule: &Rule) -> RuleDescription {
    let texts = |examples: &[Example]| examples.iter().map(|example| example.text.clone()).collect();
    RuleDescription {
        rule: reference(rule),
        engine: NAME.to_owned(),
        title: rule.description.clone(),
        severity: rule.meta.severity,
        confidence: rule.meta.confidence,
        tags: rule.tags.clone(),
        cwe: rule.meta.cwe.clone(),
        explanation: rule.meta.explanation.clone(),
        remediation: rule.meta.remediation.clone(),
        references: rule.meta.references.clone(),
        examples: texts(&rule.meta.examples),
        counter_examples: texts(&rule.meta.counter_examples),
    }
}

pub(super) fn reference(rule: &Rule) -> RuleRef {
    RuleRef { id: rule.id.clone(), pack: rule.pack.clone(), version: rule.pack_version.clone() }
}

/// Digest of all that facts depend on besides the text.
pub(super) fn digest(set: &RuleSet, key: &ProjectKey, decode_depth: u32) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    let mut field = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    field(env!("CARGO_PKG_VERSION").as_bytes());
    field(&facts::VERSION.to_le_bytes());
    field(&decode_depth.to_le_bytes());
    field(&key.digest());
    field(&set.digest);
    *hasher.finalize().as_bytes()
}
