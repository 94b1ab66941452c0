use serde::{Deserialize, Serialize};

use super::Predicate;

/// That a person says the line may go on. The subject is what was approved: a commit, or an artefact's digest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Approval {
    /// In which role, as the project's configuration names it.
    pub role: String,
    /// Who, as the project's configuration names the key's owner.
    pub approver: String,
    /// Why.
    pub reason: String,
    /// Only for this gate; any gate that asks for the role when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
    /// The project, so that a commit shared by two projects is not approved for both.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// When it was given.
    pub given_on: String,
    /// When it ends; a gate may ask for an end, or set one itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub until: Option<String>,
}

impl Predicate for Approval {
    const TYPE: &'static str = "https://andon.dev/attestation/approval/v1";
}
