use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// When a step runs. Every key that is there must hold; within a list one entry is enough.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct When {
    /// Globs over the name of the branch (`main`, `release/*`). Without a branch, as on a detached HEAD, none matches.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub branch: Vec<String>,
    /// Globs over paths from the root: something that the change touches matches. Where nothing says what changed,
    /// everything counts as changed.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub changed: Vec<String>,
    /// Variables of the caller's environment and a glob for their value (`CI: 'true'`, `TAG: 'v*'`). A variable that
    /// is not set counts as empty.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub environment: BTreeMap<String, String>,
    /// What must have happened before on this line. Without this key: no failure.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub outcome: Option<WhenOutcome>,
}

/// What must have happened before a step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum WhenOutcome {
    /// A step, check or gate before it failed: for telling somebody. It begins when all other steps and checks of its
    /// stage are over.
    Failed,
}
