use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::same_person;

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
    /// Who asked for it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requester: Option<String>,
    /// Who approved it: somebody else.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approver: Option<String>,
}

impl Exception {
    /// Why nobody else than the one who asked for it has approved it, in words; `None` when somebody has.
    pub fn unapproved(&self) -> Option<&'static str> {
        unapproved(self.requester.as_deref(), self.approver.as_deref())
    }
}

/// Why an exception does not carry the approval of somebody else, in words; `None` when it does.
pub(crate) fn unapproved(requester: Option<&str>, approver: Option<&str>) -> Option<&'static str> {
    let named = |person: Option<&str>| person.is_some_and(|person| !person.trim().is_empty());
    match (requester, approver) {
        _ if !named(approver) => Some("it names no approver"),
        _ if !named(requester) => Some("it names no requester"),
        (Some(requester), Some(approver)) if same_person(requester, approver) => {
            Some("requester and approver are the same person")
        }
        _ => None,
    }
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
    /// It holds, but nobody else than the one who asked for it has approved it: gates on evidence do not take it.
    Unapproved,
}
