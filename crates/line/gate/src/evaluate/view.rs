use andon_config::Gate;
use andon_model::{Coverage, Finding, Reason, Verdict};

use super::evidence;
use crate::{Input, Unsigned};

/// What a gate sees of the input. A gate on evidence sees what signed statements vouch for and takes only exceptions
/// that somebody else has approved; any other gate sees everything that was handed in.
pub(super) fn of_gate(gate: &Gate, input: &Input) -> (Input, Vec<Reason>) {
    let mut view = input.clone();
    let unsigned = std::mem::take(&mut view.unsigned);
    view.unsigned = Unsigned { sources: unsigned.sources, ..Unsigned::default() };
    if gate.evidence.is_none() {
        view.unsigned.tests = unsigned.tests;
        view.unsigned.test_coverage = unsigned.test_coverage;
        view.findings.extend(unsigned.findings);
        if !view.unsigned.sources.is_empty() {
            let signed = input.evidence.as_ref().is_some_and(|evidence| !evidence.reports.is_empty());
            view.coverage = if signed { merged(view.coverage, unsigned.coverage) } else { unsigned.coverage };
        }
        return (view, Vec::new());
    }
    if view.evidence.is_none() {
        return (view, Vec::new());
    }
    let mut reasons: Vec<Reason> = Vec::new();
    for finding in &mut view.findings {
        if let Some(reason) = without_approval(gate, finding)
            && !reasons.contains(&reason)
        {
            reasons.push(reason);
        }
    }
    (view, reasons)
}

/// Takes an exception away that nobody else approved, and says so.
fn without_approval(gate: &Gate, finding: &mut Finding) -> Option<Reason> {
    let why = finding.suppression.as_ref()?.refused_by_evidence()?;
    finding.suppression = None;
    let rule = &finding.rule.id;
    let message = format!("an exception for `{rule}` does not count: {why}");
    let findings = vec![finding.fingerprints.primary.clone()];
    Some(Reason { findings, ..evidence::reason(gate, Verdict::Warn, &message) })
}

fn merged(mut one: Coverage, other: Coverage) -> Coverage {
    one.complete &= other.complete;
    one.engines.extend(other.engines);
    one.gaps.extend(other.gaps);
    one.skipped.extend(other.skipped);
    one
}
