use andon_config::Gate;
use andon_model::same_person;

use super::evidence::fresh::Fresh;
use crate::evidence::{Evidence, Says, SaysApproval, Subject};
use crate::{Approval, Input};

/// The signed approvals that count for a gate: fresh enough, and not for another gate only.
pub(super) fn of_gate<'e>(gate: &Gate, evidence: &'e Evidence) -> Vec<&'e SaysApproval> {
    let limit = gate.evidence.as_ref().and_then(|wanted| wanted.max_age);
    let fresh = Fresh::new(limit, &evidence.asked.now);
    let has_commit = evidence.asked.commit.is_some();
    let accepted = evidence.accepted.iter().filter(|accepted| match accepted.about {
        Subject::Commit(_) => true,
        Subject::Artefact(_) => !has_commit,
        Subject::Base(_) => false,
    });
    accepted
        .filter(|accepted| fresh.too_old(accepted).is_none())
        .filter_map(|accepted| match &accepted.says {
            Says::Approval(approval) => Some(approval),
            _ => None,
        })
        .filter(|approval| approval.gate.as_ref().is_none_or(|only| *only == gate.name))
        .collect()
}

/// Different people among approvals: who may be the same person under another key or name counts once.
pub(super) fn people<'e>(approvals: impl Iterator<Item = &'e SaysApproval>) -> Vec<&'e SaysApproval> {
    let mut people: Vec<&SaysApproval> = Vec::new();
    for approval in approvals {
        let is_same = |other: &&SaysApproval| {
            other.by.iter().any(|one| approval.by.iter().any(|another| same_person(one, another)))
        };
        if !approval.by.is_empty() && !people.iter().any(is_same) {
            people.push(approval);
        }
    }
    people
}

/// The approvals with which reasons of a gate are settled. A gate on evidence takes signed ones only.
pub(super) fn settling(gate: Option<&Gate>, input: &Input) -> Vec<Approval> {
    let signed = |gate: &Gate, evidence: &Evidence| -> Vec<Approval> {
        let approvals = of_gate(gate, evidence).into_iter();
        let by = |approval: &SaysApproval| approval.by.first().cloned().unwrap_or_default();
        approvals.map(|approval| Approval { role: approval.role.clone(), by: by(approval) }).collect()
    };
    match (gate, &input.evidence) {
        (Some(gate), Some(evidence)) if gate.evidence.is_some() => signed(gate, evidence),
        (Some(gate), Some(evidence)) => {
            let mut all = input.approvals.clone();
            all.extend(signed(gate, evidence));
            all
        }
        (None, Some(evidence)) => {
            let unlimited = evidence.accepted.iter().filter_map(|accepted| match &accepted.says {
                Says::Approval(approval) if approval.gate.is_none() => Some(approval),
                _ => None,
            });
            let signed = unlimited.map(|approval| Approval {
                role: approval.role.clone(),
                by: approval.by.first().cloned().unwrap_or_default(),
            });
            input.approvals.iter().cloned().chain(signed).collect()
        }
        (_, None) => input.approvals.clone(),
    }
}
