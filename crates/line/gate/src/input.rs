use andon_model::{Coverage, Finding, ProtectedChange};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::evidence::{Evidence, SaysCoverage, SaysTests};

/// All that a gate decides on. Policies see its JSON form as `input`, with one more member: `input.gate` is
/// `{"name": …, "stages": […]}` of the gate that asks, and `input.findings` holds only findings of those stages.
/// Suppressed, fixed and low-confidence findings are included; `state`, `suppression` and `confidence` tell them apart.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Input {
    /// Version of this form: `andon.gate-input/1.1`. A later `1.x` adds members and changes none.
    pub schema: String,
    /// What is judged.
    pub change: Change,
    /// What was found.
    pub findings: Vec<Finding>,
    /// What was examined and what was not.
    pub coverage: Coverage,
    /// Who approved.
    #[serde(default)]
    pub approvals: Vec<Approval>,
    /// What signed statements say. Absent where nobody collected them, as in `andon scan`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub evidence: Option<Evidence>,
    /// What was handed in without an accepted key vouching for it. Gates on evidence do not count it; for the others it
    /// is added to `findings` and `coverage`, so that policies see only the names of its sources here.
    #[serde(default)]
    pub unsigned: Unsigned,
    /// The time of the decision, RFC 3339. In a policy: `time.parse_rfc3339_ns(input.now)`.
    pub now: String,
}

impl Input {
    /// The value of `schema` that this version writes.
    pub const SCHEMA: &'static str = "andon.gate-input/1.1";

    /// The JSON Schema of the input.
    pub fn json_schema() -> serde_json::Value {
        schemars::schema_for!(Self).to_value()
    }
}

impl Default for Input {
    fn default() -> Self {
        Self {
            schema: Self::SCHEMA.to_owned(),
            change: Change::default(),
            findings: Vec::new(),
            coverage: Coverage::default(),
            approvals: Vec::new(),
            evidence: None,
            unsigned: Unsigned::default(),
            now: String::new(),
        }
    }
}

/// What is judged: a range of commits, or a working tree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// The revision that the change is compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// The commit that would be let through.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// Who made the change: a name, an e-mail address or `Name <address>`. Without it, no approval counts.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<String>,
    /// Everybody who made a part of it: authors and committers of its commits and whom their signatures stand for. Nobody
    /// of them can approve it.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub people: Vec<String>,
    /// Its commits, newest first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub commits: Vec<String>,
    /// Paths that the change touches, from the root, `/` between components. Both names of a renamed file.
    #[serde(default)]
    pub touched_paths: Vec<String>,
    /// Changes to what judges: gates, policies, exceptions, rule configuration, ignore comments.
    #[serde(default)]
    pub protected_changes: Vec<ProtectedChange>,
}

/// What was handed in without an accepted key vouching for it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct Unsigned {
    /// Names of the files.
    pub sources: Vec<String>,
    /// What they found.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// What they examined, as they say.
    #[serde(skip_serializing_if = "is_empty")]
    pub coverage: Coverage,
    /// What they say of the project's tests.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tests: Option<SaysTests>,
    /// What they say these ran through.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub test_coverage: Option<SaysCoverage>,
}

fn is_empty(coverage: &Coverage) -> bool {
    *coverage == Coverage::default()
}

/// Somebody's approval of the change, in a role.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Approval {
    /// The role, as gates name it.
    pub role: String,
    /// Who, in the same form as the author.
    pub by: String,
}
