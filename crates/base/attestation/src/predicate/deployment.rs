use serde::{Deserialize, Serialize};

use super::Predicate;
use crate::Resource;

/// That something was deployed. The subject is what was deployed, by digest.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Deployment {
    /// Where to, such as `production`.
    pub environment: String,
    /// Which service.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub service: Option<String>,
    /// How it ended.
    pub result: DeploymentResult,
    /// How it went out, such as `red-black`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub strategy: Option<String>,
    /// The commit that it was built from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// What ran there before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub replaced: Option<Resource>,
    /// SHA-256 of the envelope of the decision that admitted it, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decision: Option<String>,
    /// When it started.
    pub started_on: String,
    /// When it ended.
    pub finished_on: String,
}

impl Predicate for Deployment {
    const TYPE: &'static str = "https://andon.dev/attestation/deployment/v1";
}

/// How a deployment ended.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DeploymentResult {
    /// It runs.
    Succeeded,
    /// It does not, and what ran before may not either.
    #[default]
    Failed,
    /// What ran before runs again.
    RolledBack,
}
