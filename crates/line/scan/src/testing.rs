//! Small makers shared by the tests of this crate.

use andon_model::{
    Confidence, Finding, Fingerprint, Fingerprints, Location, RuleRef, Severity, Stage, State,
};

/// A finding of `rule` at `path` with nothing else to it.
pub(crate) fn finding(rule: &str, fingerprint: &str, path: &str) -> Finding {
    Finding {
        fingerprints: Fingerprints::only(Fingerprint(fingerprint.to_owned())),
        rule: RuleRef { id: rule.to_owned(), pack: "test".to_owned(), version: String::new() },
        stage: Stage::Code,
        engine: "test".to_owned(),
        severity: Severity::Medium,
        confidence: Confidence::Medium,
        title: String::new(),
        message: String::new(),
        locations: vec![Location { path: path.to_owned(), ..Location::default() }],
        flow: Vec::new(),
        subject: None,
        cwe: Vec::new(),
        controls: Vec::new(),
        advisory: None,
        fix: None,
        evidence: Vec::new(),
        context: String::new(),
        state: State::New,
        suppression: None,
        tags: Vec::new(),
        properties: std::collections::BTreeMap::new(),
    }
}
