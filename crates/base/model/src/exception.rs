use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An entry of `.andon/exceptions.yaml`: a finding that somebody accepted, for a reason and for a time.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Exception {
    /// A primary or alternate fingerprint. Either this or `rule` must be given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// A rule identifier; narrows, or stands alone together with `path`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rule: Option<String>,
    /// A glob over the path.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// The finding's context hash, so that the entry holds only in that neighbourhood.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
    /// Why it is accepted.
    pub reason: String,
    /// Who answers for it.
    pub owner: String,
    /// Last day it holds, `YYYY-MM-DD`.
    pub expires: String,
}

/// Something to say about an exception.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ExceptionIssue {
    /// What is wrong with it.
    pub problem: ExceptionProblem,
    /// The entry.
    pub exception: Exception,
    /// For people.
    pub detail: String,
}

/// What can be wrong with an exception.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ExceptionProblem {
    /// Its last day has passed; it suppresses nothing.
    Expired,
    /// It matches no finding of a scan that covered its path.
    Unused,
    /// It cannot be applied as written.
    Invalid,
}
