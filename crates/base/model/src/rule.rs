use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Confidence, Severity};

/// Which rule made a finding.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
pub struct RuleRef {
    /// Identifier, unique within the pack.
    pub id: String,
    /// The pack: `andon` for our own, otherwise the file it came from or the tool that reported it.
    pub pack: String,
    /// Version of the pack, or a digest of the file.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub version: String,
}

/// What `andon rules` and `andon explain` say about a rule, and what reports carry beside the findings.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RuleDescription {
    /// Which rule.
    pub rule: RuleRef,
    /// The engine that runs it.
    pub engine: String,
    /// One line.
    pub title: String,
    /// Severity of its findings unless one says otherwise.
    pub severity: Severity,
    /// Confidence of its findings unless one says otherwise.
    pub confidence: Confidence,
    /// Free labels.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// Weakness numbers of the Common Weakness Enumeration.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cwe: Vec<u32>,
    /// What it finds, why that is dangerous. Markdown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub explanation: String,
    /// What to do about it. Markdown.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remediation: String,
    /// Pages to read, as URLs.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub references: Vec<String>,
    /// Texts that the rule finds.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<String>,
    /// Texts that look alike and that the rule leaves alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub counter_examples: Vec<String>,
}
