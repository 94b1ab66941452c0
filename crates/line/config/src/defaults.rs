use andon_model::{Confidence, Verdict};

use crate::{Gate, Thresholds};

/// Where policies are when a gate does not say: a glob over paths from the root.
pub const DEFAULT_POLICIES: &str = ".andon/policy/**/*.rego";

/// An `andon.yaml` with comments that says what holds without one; what `andon init` writes.
pub fn template() -> &'static str {
    include_str!("template.yaml")
}

pub(super) fn gates() -> Vec<Gate> {
    let zero = Some(0);
    let new = Gate {
        name: "new".to_owned(),
        stages: None,
        stop: Thresholds { critical: zero, high: zero, ..Thresholds::default() },
        warn: Thresholds::default(),
        min_confidence: Confidence::Medium,
        new_only: true,
        require_complete: false,
        protected: Vec::new(),
        policies: None,
        evidence: None,
    };
    let rest = Gate {
        name: "rest".to_owned(),
        stop: Thresholds::default(),
        warn: Thresholds { critical: zero, high: zero, medium: zero, low: zero, info: zero },
        min_confidence: Confidence::Low,
        new_only: false,
        policies: Some(Vec::new()),
        ..new.clone()
    };
    vec![new, rest]
}

pub(super) fn protected_changes() -> Verdict {
    Verdict::Warn
}

pub(super) fn min_confidence() -> Confidence {
    Confidence::Medium
}

pub(super) fn yes() -> bool {
    true
}
