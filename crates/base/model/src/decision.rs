use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Fingerprint;

/// What a gate decided, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Decision {
    /// The worst verdict among the reasons, or `pass` without any.
    pub verdict: Verdict,
    /// What led there, worst first.
    pub reasons: Vec<Reason>,
    /// Which policy decided.
    pub policy: PolicyOrigin,
    /// The time of the decision (an input, never read from a clock inside the gate), RFC 3339.
    pub at: String,
}

/// What a gate says. Ordered from best to worst.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Verdict {
    /// The line may go on.
    Pass,
    /// The line may go on; somebody should look.
    Warn,
    /// The line waits for a person in a role.
    NeedsApproval,
    /// The line stops.
    Stop,
}

/// One reason of a decision.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Reason {
    /// What this reason alone would decide.
    pub verdict: Verdict,
    /// Where it comes from: `threshold`, `protected-path`, `completeness`, or the path of a policy and its rule.
    pub source: String,
    /// For people.
    pub message: String,
    /// The role whose approval is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub role: Option<String>,
    /// The findings that led to it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Fingerprint>,
}

/// Where the policy of a decision was read.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PolicyOrigin {
    /// The commit it was read from; absent for a working tree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub revision: Option<String>,
    /// The files, or `built-in`.
    pub files: Vec<String>,
    /// SHA-256 over the files' names and contents, in hexadecimal.
    pub digest: String,
}
