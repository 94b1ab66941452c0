use andon_model::{Reason, Verdict};
use serde::{Deserialize, Serialize};

use super::Predicate;
use crate::Resource;

/// What a gate decided, on what. The subject is what was judged: a commit, or an artefact's digest. The decision follows
/// again from the recorded inputs.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// The gate's name.
    pub gate: String,
    /// The worst verdict among the reasons, or `pass` without any.
    pub verdict: Verdict,
    /// What led there, worst first.
    pub reasons: Vec<Reason>,
    /// Against which policy; its digest is over the policy's files.
    pub policy: Resource,
    /// SHA-256 of the recorded input document, in hexadecimal.
    pub inputs: String,
    /// The statements that were believed: SHA-256 of each envelope, in hexadecimal.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub statements: Vec<String>,
    /// The time that the gate decided with; an input.
    pub decided_on: String,
}

impl Predicate for Decision {
    const TYPE: &'static str = "https://andon.dev/attestation/decision/v1";
}
