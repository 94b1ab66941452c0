use std::collections::HashSet;

use andon_config::Gate;
use andon_model::{Finding, Fingerprint, Reason, Severity, Verdict};

/// Reasons from a gate's maximum counts. Findings in `stopping` already led to a stop and are not counted again for
/// a warning.
pub(crate) fn reasons<'a>(
    gate: &Gate,
    verdict: Verdict,
    findings: &'a [Finding],
    stopping: &HashSet<&'a Fingerprint>,
) -> (Vec<Reason>, Vec<&'a Fingerprint>) {
    let thresholds = if verdict == Verdict::Stop { &gate.stop } else { &gate.warn };
    let mut reasons = Vec::new();
    let mut counted = Vec::new();
    for severity in Severity::ALL.iter().rev() {
        let Some(allowed) = thresholds.maximum(*severity) else { continue };
        let over: Vec<_> = findings
            .iter()
            .filter(|finding| finding.severity == *severity && counts(gate, finding))
            .map(|finding| &finding.fingerprints.primary)
            .filter(|fingerprint| verdict == Verdict::Stop || !stopping.contains(fingerprint))
            .collect();
        if over.len() as u64 > allowed {
            reasons.push(reason(gate, verdict, *severity, allowed, &over));
            counted.extend(over);
        }
    }
    (reasons, counted)
}

fn counts(gate: &Gate, finding: &Finding) -> bool {
    finding.counts()
        && gate.has_stage(finding.stage)
        && finding.confidence >= gate.min_confidence
        && (!gate.new_only || finding.is_new())
}

fn reason(gate: &Gate, verdict: Verdict, severity: Severity, allowed: u64, over: &[&Fingerprint]) -> Reason {
    let count = over.len();
    let new = if gate.new_only { "new " } else { "" };
    let noun = if count == 1 { "finding" } else { "findings" };
    let limit = match (verdict, allowed) {
        (Verdict::Stop, 0) => "; none is allowed".to_owned(),
        (_, 0) => String::new(),
        _ => format!("; at most {allowed} allowed"),
    };
    let mut findings: Vec<_> = over.iter().map(|fingerprint| (*fingerprint).clone()).collect();
    findings.sort();
    Reason {
        verdict,
        source: "threshold".to_owned(),
        message: format!("{count} {new}{severity} {noun}{limit} (gate `{}`)", gate.name),
        role: None,
        findings,
    }
}
