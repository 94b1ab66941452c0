use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{SealLevel, Timespan};

/// What must be there, signed by an accepted key and about this very commit, before a gate lets it pass. A gate with
/// this key believes nothing else: results without a signature do not count for it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct EvidenceWanted {
    /// Engines that must have examined the commit completely, with the configuration of the base.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub scans: Vec<String>,
    /// How old a statement may be. Any age will do when absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_age: Option<Timespan>,
    /// The least seal of the steps.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub seal: Option<SealLevel>,
    /// Steps that must have succeeded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub steps: Vec<String>,
    /// What the project's tests must say.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tests: Option<TestsWanted>,
    /// What of the code the project's tests must have run through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub coverage: Option<CoverageWanted>,
    /// What the commits of the change must carry.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub commits: Option<CommitsWanted>,
    /// Who must have approved; never somebody who made a part of the change.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub approvals: Vec<ApprovalWanted>,
    /// Whether every artefact under judgement must have a provenance that leads to the commit.
    pub provenance: bool,
}

/// What the project's tests must say.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct TestsWanted {
    /// Whether there must be results at all.
    pub required: bool,
    /// More failed tests than this stop the line.
    pub max_failed: u64,
    /// Fewer passed tests than this stop the line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min_passed: Option<u64>,
    /// Whether there may be fewer tests than at the base. `false` needs results of the base commit as well.
    pub may_shrink: bool,
}

impl Default for TestsWanted {
    fn default() -> Self {
        Self { required: true, max_failed: 0, min_passed: None, may_shrink: true }
    }
}

/// Least shares of the lines that tests run through, in per cent.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
pub struct CoverageWanted {
    /// Of all lines that can be run.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 100))]
    pub lines: Option<u8>,
    /// Of those that the change adds or alters.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(range(max = 100))]
    pub changed_lines: Option<u8>,
}

/// What the commits of a change must carry.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CommitsWanted {
    /// A signature of somebody whom `trust` allows to sign commits.
    Signed,
}

/// An approval that must be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ApprovalWanted {
    /// The role in which somebody approves.
    pub role: String,
    /// How many different people.
    #[serde(default = "one")]
    #[schemars(range(min = 1))]
    pub count: u32,
}

fn one() -> u32 {
    1
}

/// What the types do not say. Returns a JSON pointer below the key and a message.
pub(crate) fn check(wanted: &EvidenceWanted) -> Result<(), (String, String)> {
    for (list, names) in [("scans", &wanted.scans), ("steps", &wanted.steps)] {
        if let Some(index) = names.iter().position(|name| name.trim().is_empty()) {
            return Err((format!("/{list}/{index}"), "an empty name".to_owned()));
        }
    }
    if let Some(coverage) = &wanted.coverage {
        for (key, share) in [("lines", coverage.lines), ("changed-lines", coverage.changed_lines)] {
            if share.is_some_and(|share| share > 100) {
                let message = format!("{key} is a share in per cent, at most 100");
                return Err((format!("/coverage/{key}"), message));
            }
        }
    }
    for (index, approval) in wanted.approvals.iter().enumerate() {
        if approval.role.trim().is_empty() {
            return Err((format!("/approvals/{index}/role"), "name the role".to_owned()));
        }
        if approval.count == 0 {
            let message = "count is at least 1; leave the entry out where nobody must approve".to_owned();
            return Err((format!("/approvals/{index}/count"), message));
        }
    }
    Ok(())
}
