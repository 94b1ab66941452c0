use andon_config::{SealLevel, StatementKind};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is known by signed statements, and what was offered and does not count. Policies see it as `input.evidence`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Evidence {
    /// What it was collected for.
    pub asked: Asked,
    /// Statements that count, oldest first.
    pub accepted: Vec<Accepted>,
    /// Statements that do not, each with the reason in words.
    pub refused: Vec<Refused>,
    /// Further refused statements beyond the 200 that are kept.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub refused_more: u64,
    /// What is to be said about the signature of each commit of the change.
    #[serde(default)]
    pub commits: Vec<CommitSignature>,
    /// SHA-256 of the scan reports that are at hand and that an accepted statement vouches for.
    #[serde(default)]
    pub reports: Vec<String>,
    /// All statements that were looked at, in order, so that a record can be checked again.
    #[serde(default)]
    pub offered: Vec<OfferedStatement>,
}

fn is_zero(number: &u64) -> bool {
    *number == 0
}

/// What statements must be about.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Asked {
    /// The commit under judgement.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The commit that it is compared with; only test results of it count, as figures to compare with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base: Option<String>,
    /// SHA-256 of the artefacts under judgement, in lower-case hexadecimal.
    #[serde(default)]
    pub artefacts: Vec<String>,
    /// `project.id` of the base's `andon.yaml`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub project: Option<String>,
    /// SHA-256 of the configuration with which the base asks for scans; any will do when absent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub configuration: Option<String>,
    /// Everybody who made a part of the change: none of them may approve it.
    #[serde(default)]
    pub people: Vec<String>,
    /// The time of the decision, RFC 3339.
    pub now: String,
}

/// A statement that counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Accepted {
    /// SHA-256 of its envelope, in hexadecimal.
    pub id: String,
    /// Where it was: a file, or an entry of the ledger.
    pub origin: String,
    /// What kind of statement.
    pub kind: StatementKind,
    /// What it is about.
    pub about: Subject,
    /// Names of the accepted keys that signed it, each allowed to.
    pub keys: Vec<String>,
    /// When it was made, as it says; SBOM and VEX do not say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub time: Option<String>,
    /// What it says.
    pub says: Says,
}

/// What a statement is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Subject {
    /// The commit under judgement.
    Commit(String),
    /// An artefact under judgement, by SHA-256.
    Artefact(String),
    /// The commit that is compared with.
    Base(String),
}

/// What a statement says, as far as gates care.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Says {
    /// A scan.
    Scan(SaysScan),
    /// A step.
    Step(SaysStep),
    /// Test results.
    Tests(SaysTests),
    /// Coverage by tests.
    Coverage(SaysCoverage),
    /// Somebody's approval.
    Approval(SaysApproval),
    /// Provenance.
    Build(ArtefactProvenance),
    /// Something that no built-in rule asks for; the type of its predicate.
    Other(String),
}

/// What a scan says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SaysScan {
    /// The program and its version.
    pub tool: String,
    /// The engines of which this is the latest scan.
    pub engines: Vec<String>,
    /// Whether nothing was missed that should have been examined.
    pub complete: bool,
    /// SHA-256 of the report.
    pub report: String,
    /// Findings that count, of all severities.
    pub findings: u64,
}

/// What a step says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SaysStep {
    /// Its name.
    pub name: String,
    /// How it ended: `passed`, `failed`, `timed-out`, `cancelled` or `skipped`.
    pub result: String,
    /// How sealed it ran.
    pub seal: SealLevel,
    /// Whether an earlier run with the same inputs answered.
    pub cached: bool,
}

/// What tests say.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SaysTests {
    /// The step that ran them; empty where none did.
    pub step: String,
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed or could not run to their end.
    pub failed: u64,
    /// Tests that were left out.
    pub skipped: u64,
    /// Names of some that failed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failing: Vec<String>,
}

/// What tests ran through.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SaysCoverage {
    /// The step that measured it; empty where none did.
    pub step: String,
    /// Of all lines.
    pub lines: Figures,
    /// Of the lines that the change brought.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_lines: Option<Figures>,
}

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Figures {
    /// Those that ran.
    pub covered: u64,
    /// All that could have run.
    pub total: u64,
}

/// Somebody's approval.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct SaysApproval {
    /// In which role.
    pub role: String,
    /// All names of the holder of the key, as `trust` has them.
    pub by: Vec<String>,
    /// Why.
    pub reason: String,
    /// Only for this gate.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<String>,
}

/// Where an artefact comes from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ArtefactProvenance {
    /// The builder's URI.
    pub builder: String,
    /// SHA-256 of the artefacts under judgement that it is about.
    pub artefacts: Vec<String>,
}

/// A statement that does not count.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Refused {
    /// SHA-256 of what was offered, in hexadecimal.
    pub id: String,
    /// Where it was: a file, or an entry of the ledger.
    pub origin: String,
    /// What kind of statement it says to be, where that could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<StatementKind>,
    /// Why it does not count.
    pub why: String,
}

/// What is to be said about the signature of a commit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CommitSignature {
    /// The commit.
    pub commit: String,
    /// `good`, or what else: `unsigned`, `unknown-key`, `bad`, `expired`, `revoked`, `unsupported`.
    pub verdict: String,
    /// Whom the key stands for, where it is known.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signer: Vec<String>,
    /// Why it is not good.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
}

/// A statement that was looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OfferedStatement {
    /// SHA-256 of what was offered, in hexadecimal.
    pub id: String,
    /// Where it was.
    pub origin: String,
    /// Its place in the ledger.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub index: Option<u64>,
}
