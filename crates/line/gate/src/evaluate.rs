use std::collections::HashSet;

use andon_config::{Config, Gate};
use andon_model::{Decision, Reason, Verdict};
use serde_json::{Value, json};

use crate::policy::{self, Failure};
use crate::{Input, PolicyLimits, PolicySet, approval, threshold};

mod approvals;
mod evidence;
mod view;

pub use evidence::EVIDENCE;

/// The `source` of the reason that a scan was not complete.
pub const COMPLETENESS: &str = "completeness";

/// Decides. Reads nothing but its arguments; the same arguments give the same decision. Never fails: what cannot be
/// judged stops the line, with the reason.
pub fn evaluate(config: &Config, input: &Input, policies: &PolicySet, limits: &PolicyLimits) -> Decision {
    let views: Vec<(Input, Vec<Reason>)> =
        config.gates.iter().map(|gate| view::of_gate(gate, input)).collect();
    let mut reasons = thresholds(config, &views);
    for (gate, (view, refused)) in config.gates.iter().zip(&views) {
        let mut of_gate = refused.clone();
        of_gate.extend(evidence::reasons(gate, input, policies));
        of_gate.extend(completeness(gate, view));
        of_gate.extend(protected_paths(gate, view));
        of_gate.extend(policy_reasons(gate, view, policies, limits));
        settle(&mut of_gate, &input.change, &approvals::settling(Some(gate), input));
        reasons.extend(of_gate);
    }
    let mut changes = protected_changes(config, input);
    settle(&mut changes, &input.change, &approvals::settling(None, input));
    reasons.extend(changes);
    reasons.sort_by(|a, b| {
        let key = |reason: &Reason| (reason.source.clone(), reason.message.clone(), reason.role.clone());
        b.verdict.cmp(&a.verdict).then_with(|| key(a).cmp(&key(b))).then_with(|| a.findings.cmp(&b.findings))
    });
    reasons.dedup();
    let verdict = reasons.first().map_or(Verdict::Pass, |reason| reason.verdict);
    Decision { verdict, reasons, policy: policies.origin().clone(), at: input.now.clone() }
}

/// How many different people must approve is the evidence's own matter; it is not settled by one of them.
fn settle(reasons: &mut [Reason], change: &crate::Change, approvals: &[crate::Approval]) {
    let mut others: Vec<&mut Reason> =
        reasons.iter_mut().filter(|reason| reason.source != EVIDENCE).collect();
    approval::settle(&mut others, change, approvals);
}

/// The program's exit code for a decision: 0 the line may go on, 1 a gate stopped it or waits for an approval, 3 only
/// an incomplete scan stopped it.
pub fn exit_code(decision: &Decision) -> u8 {
    let holding: Vec<_> =
        decision.reasons.iter().filter(|reason| reason.verdict >= Verdict::NeedsApproval).collect();
    if holding.is_empty() {
        0
    } else if holding.iter().all(|reason| reason.source == COMPLETENESS) {
        3
    } else {
        1
    }
}

fn thresholds(config: &Config, views: &[(Input, Vec<Reason>)]) -> Vec<Reason> {
    let mut reasons = Vec::new();
    let mut stopping = HashSet::new();
    for verdict in [Verdict::Stop, Verdict::Warn] {
        for (gate, (view, _)) in config.gates.iter().zip(views) {
            let (more, counted) = threshold::reasons(gate, verdict, &view.findings, &stopping);
            reasons.extend(more);
            stopping.extend(counted);
        }
    }
    reasons
}

fn completeness(gate: &Gate, input: &Input) -> Option<Reason> {
    let coverage = &input.coverage;
    if !gate.require_complete || coverage.complete {
        return None;
    }
    let rejected: usize = coverage.engines.iter().map(|engine| engine.rules_rejected.len()).sum();
    let (gaps, gate) = (coverage.gaps.len(), &gate.name);
    Some(Reason {
        verdict: Verdict::Stop,
        source: COMPLETENESS.to_owned(),
        message: format!(
            "the scan is incomplete: {gaps} gaps, {rejected} rules that could not run; see the coverage (gate `{gate}`)"
        ),
        role: None,
        findings: Vec::new(),
    })
}

fn protected_paths(gate: &Gate, input: &Input) -> Vec<Reason> {
    const SHOWN: usize = 3;
    let mut reasons = Vec::new();
    for protected in &gate.protected {
        let base = Reason {
            verdict: Verdict::NeedsApproval,
            source: "protected-path".to_owned(),
            message: String::new(),
            role: Some(protected.role.clone()),
            findings: Vec::new(),
        };
        let globs = match andon_config::globs(&protected.paths) {
            Ok(globs) => globs,
            Err(error) => {
                reasons.push(Reason {
                    verdict: Verdict::Stop,
                    message: format!("bad glob: {error}"),
                    ..base
                });
                continue;
            }
        };
        let mut touched: Vec<&str> = input
            .change
            .touched_paths
            .iter()
            .map(String::as_str)
            .filter(|path| globs.is_match(path))
            .collect();
        touched.sort_unstable();
        touched.dedup();
        if touched.is_empty() {
            continue;
        }
        let shown = touched.iter().take(SHOWN).copied().collect::<Vec<_>>().join(", ");
        let more = touched.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let why = protected.reason.as_ref().map(|reason| format!(" ({reason})")).unwrap_or_default();
        let message = format!(
            "{shown}{more}: protected{why}, needs approval by {} (gate `{}`)",
            protected.role, gate.name
        );
        reasons.push(Reason { message, ..base });
    }
    reasons
}

fn protected_changes(config: &Config, input: &Input) -> Vec<Reason> {
    if config.protected_changes == Verdict::Pass {
        return Vec::new();
    }
    let place =
        |path: &str, line: Option<u32>| line.map_or_else(|| path.to_owned(), |line| format!("{path}:{line}"));
    let changes = input.change.protected_changes.iter();
    changes
        .map(|change| Reason {
            verdict: config.protected_changes,
            source: "protected-change".to_owned(),
            message: format!("{}: {}", place(&change.path, change.line), change.detail),
            role: None,
            findings: Vec::new(),
        })
        .collect()
}

fn policy_reasons(gate: &Gate, input: &Input, policies: &PolicySet, limits: &PolicyLimits) -> Vec<Reason> {
    let stop = |source: String, message: String| {
        vec![Reason { verdict: Verdict::Stop, source, message, role: None, findings: Vec::new() }]
    };
    let globs = gate.policy_globs();
    let set = match andon_config::globs(&globs) {
        Ok(set) => set,
        Err(error) => return stop(format!("gate `{}`", gate.name), format!("bad glob: {error}")),
    };
    let matching = policies.files().iter().filter(|(name, _)| set.is_match(name));
    let files: Vec<_> = matching.filter(|(name, _)| !name.ends_with("_test.rego")).cloned().collect();
    if files.is_empty() {
        let asked = gate.policies.as_ref().is_some_and(|globs| !globs.is_empty());
        let message = format!("no policy matches {} (gate `{}`)", globs.join(", "), gate.name);
        return if asked { stop("policies".to_owned(), message) } else { Vec::new() };
    }
    policy_input(gate, input).and_then(|input| policy::reasons(&files, input, *limits)).unwrap_or_else(
        |failure| {
            let names: Vec<_> = files.iter().map(|(name, _)| name.as_str()).collect();
            let message = format!("{failure}; a policy that fails stops the line (gate `{}`)", gate.name);
            stop(names.join(", "), message)
        },
    )
}

fn policy_input(gate: &Gate, input: &Input) -> Result<String, Failure> {
    let failed = |error: serde_json::Error| Failure::Evaluation(error.to_string());
    let of_stage = Input {
        findings: input.findings.iter().filter(|finding| gate.has_stage(finding.stage)).cloned().collect(),
        ..input.clone()
    };
    let mut value = serde_json::to_value(&of_stage).map_err(failed)?;
    if let Value::Object(map) = &mut value {
        let stages = gate.stages.clone().unwrap_or_else(|| andon_model::Stage::ALL.to_vec());
        map.insert("gate".to_owned(), json!({ "name": gate.name, "stages": stages }));
    }
    serde_json::to_string(&value).map_err(failed)
}

#[cfg(test)]
mod tests;
