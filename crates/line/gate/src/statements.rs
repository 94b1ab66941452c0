use andon_attestation::predicate::{self, VerificationResult, VerificationSummary, Verifier};
use andon_attestation::{Resource, Statement, StatementError};
use andon_model::Verdict;

use crate::evidence::Says;
use crate::{DecisionRecord, Evidence};

/// The statements about a recorded decision: our own with its reasons, and SLSA's verification summary, which others
/// read. The subject is what was judged, by digest.
///
/// # Errors
/// When nothing was judged that has a digest: neither a commit nor an artefact.
pub fn statements(id: &str, record: &DecisionRecord) -> Result<[Statement; 2], StatementError> {
    let subject = subject(record);
    let own = Statement::of(subject.clone(), &decision(id, record))?;
    let summary = Statement::of(subject, &summary(id, record))?;
    Ok([own, summary])
}

fn subject(record: &DecisionRecord) -> Vec<Resource> {
    let commit = record.input.change.head.iter().map(|commit| Resource::git_commit(commit));
    let artefacts = record.input.evidence.iter().flat_map(|evidence| &evidence.asked.artefacts);
    commit.chain(artefacts.map(|digest| Resource::sha256("", digest))).collect()
}

fn decision(id: &str, record: &DecisionRecord) -> predicate::Decision {
    let accepted = record.input.evidence.iter().flat_map(|evidence| &evidence.accepted);
    predicate::Decision {
        gate: gate_name(record),
        verdict: record.decision.verdict,
        reasons: record.decision.reasons.clone(),
        policy: policy(record),
        inputs: id.to_owned(),
        statements: accepted.map(|accepted| accepted.id.clone()).collect(),
        decided_on: record.decision.at.clone(),
    }
}

fn summary(id: &str, record: &DecisionRecord) -> VerificationSummary {
    let passed = record.decision.verdict < Verdict::NeedsApproval;
    let evidence = record.input.evidence.as_ref();
    let accepted = evidence.iter().flat_map(|evidence| &evidence.accepted);
    let inputs = accepted.map(|accepted| Resource::sha256(&accepted.origin, &accepted.id));
    VerificationSummary {
        verifier: Verifier {
            id: "https://andon.dev/gate".to_owned(),
            version: [(record.program.name.clone(), record.program.version.clone())].into(),
        },
        time_verified: record.decision.at.clone(),
        resource_uri: resource_uri(record),
        policy: policy(record),
        input_attestations: std::iter::once(Resource::sha256("record", id)).chain(inputs).collect(),
        verification_result: if passed { VerificationResult::Passed } else { VerificationResult::Failed },
        verified_levels: levels(passed, evidence),
        dependency_levels: Default::default(),
        slsa_version: Some("1.1".to_owned()),
    }
}

/// The build level that was verified: 1 when every artefact has an accepted provenance, and never more, since what we
/// accept says nothing of how its builder is kept apart from the builds.
fn levels(passed: bool, evidence: Option<&Evidence>) -> Vec<String> {
    if !passed {
        return Vec::new();
    }
    let has_provenance = evidence.is_some_and(|evidence| {
        let asked = &evidence.asked.artefacts;
        let builds = || {
            evidence.accepted.iter().filter_map(|accepted| match &accepted.says {
                Says::Build(build) => Some(&build.artefacts),
                _ => None,
            })
        };
        !asked.is_empty() && asked.iter().all(|digest| builds().any(|built| built.contains(digest)))
    });
    vec![format!("SLSA_BUILD_LEVEL_{}", u8::from(has_provenance))]
}

fn policy(record: &DecisionRecord) -> Resource {
    let policy = &record.decision.policy;
    let from = policy.revision.as_ref().map(|revision| format!("urn:andon:policy:{revision}"));
    Resource {
        uri: from.or_else(|| Some("urn:andon:policy".to_owned())),
        ..Resource::sha256("", &policy.digest)
    }
}

fn resource_uri(record: &DecisionRecord) -> String {
    let project = record.input.evidence.as_ref().and_then(|evidence| evidence.asked.project.as_deref());
    let project: String = project.unwrap_or("unnamed").chars().map(uri_safe).collect();
    let commit = record.input.change.head.as_ref().map(|head| format!("@{head}")).unwrap_or_default();
    format!("urn:andon:project:{project}{commit}")
}

fn uri_safe(letter: char) -> char {
    if letter.is_ascii_alphanumeric() || "-._~".contains(letter) { letter } else { '-' }
}

fn gate_name(record: &DecisionRecord) -> String {
    record.gate.clone().unwrap_or_else(|| "all".to_owned())
}
