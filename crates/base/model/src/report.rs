use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{Coverage, Decision, ExceptionIssue, Finding, Inventory, RuleDescription};

/// The whole answer of a scan. Its JSON form is versioned by `schema`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ScanReport {
    /// Version of this form: `andon.scan/1`.
    pub schema: String,
    /// What made it.
    pub tool: Tool,
    /// What was scanned.
    pub target: Target,
    /// When the scan started, RFC 3339.
    pub started: String,
    /// How long it took, in milliseconds.
    pub duration_ms: u64,
    /// All findings, suppressed and fixed ones included, worst first.
    pub findings: Vec<Finding>,
    /// The rules that made the findings.
    pub rules: Vec<RuleDescription>,
    /// What was examined and what was not.
    pub coverage: Coverage,
    /// What the target is made of; absent when no engine looked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inventory: Option<Inventory>,
    /// Changes to what judges: policies, exceptions, rule configuration, ignore comments.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub protected_changes: Vec<ProtectedChange>,
    /// Exceptions that are expired, unused or invalid.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub exception_issues: Vec<ExceptionIssue>,
    /// What the gate decided; absent with `--no-gate`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<Decision>,
}

impl ScanReport {
    /// The value of `schema` that this version writes.
    pub const SCHEMA: &'static str = "andon.scan/1";
}

/// The program that made a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// `andon`, or the name of the tool whose results were imported.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// What was scanned.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Target {
    /// What kind.
    pub kind: TargetKind,
    /// As the user named it.
    pub name: String,
    /// The revision that a change is compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// The commit at HEAD.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head: Option<String>,
    /// Branch name, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Digest of the image's manifest, for an image.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub image: Option<String>,
    /// Commits walked, for a history.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commits: Option<u64>,
}

/// Kinds of targets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum TargetKind {
    /// A folder that is no git repository, or a single file.
    Directory,
    /// A git repository's working tree.
    WorkingTree,
    /// Every commit of a git repository.
    History,
    /// What a range of commits adds.
    Range,
    /// The git index.
    Staged,
    /// Standard input.
    Stdin,
    /// A container image.
    Image,
    /// Results of another tool.
    Import,
}

/// A change to what judges, or a new comment that silences a rule.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ProtectedChange {
    /// The file.
    pub path: String,
    /// 1-based line, for a comment.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// What changed, for people.
    pub detail: String,
}
