use andon_model::Severity;
use serde::{Deserialize, Serialize};

use super::Predicate;

/// That somebody scanned, with what, and what came out. The subject is what was scanned: a commit, a file, an image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Scan {
    /// The program, such as `andon`.
    pub tool: String,
    /// Its version.
    pub tool_version: String,
    /// The engines that ran.
    pub engines: Vec<EngineUsed>,
    /// The rules and data that they ran with.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packs: Vec<PackUsed>,
    /// SHA-256 of the configuration that the scan ran with, in hexadecimal; empty when there was none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub configuration: String,
    /// SHA-256 of the report with every finding, in hexadecimal.
    pub report: String,
    /// What kind of file the report is: `andon.scan/1`, or a media type such as `application/sarif+json`.
    pub report_format: String,
    /// Findings that are neither suppressed nor fixed.
    pub findings: SeverityCounts,
    /// Those of them that the change brought, where a base was compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_findings: Option<SeverityCounts>,
    /// What was looked at.
    pub coverage: ScanCoverage,
    /// The commit that was compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base_commit: Option<String>,
    /// The commit that was scanned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub head_commit: Option<String>,
    /// When the scan started.
    pub started_on: String,
    /// When it ended.
    pub finished_on: String,
}

impl Predicate for Scan {
    const TYPE: &'static str = "https://andon.dev/attestation/scan/v1";
}

/// An engine that ran.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct EngineUsed {
    /// Its name, such as `secrets`.
    pub name: String,
    /// Files, components or commits that it examined.
    pub examined: u64,
    /// Rules that ran.
    #[serde(default)]
    pub rules: u64,
}

/// Rules or data that an engine ran with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PackUsed {
    /// Its name: a rule pack, a file, an advisory source.
    pub name: String,
    /// Its version or date.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// SHA-256 of its content, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sha256: Option<String>,
}

/// How many findings there are of each severity.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct SeverityCounts {
    /// Immediate, wide harm.
    pub critical: u64,
    /// Serious harm.
    pub high: u64,
    /// Harm under common conditions.
    pub medium: u64,
    /// Little harm, or many conditions.
    pub low: u64,
    /// For information only.
    pub info: u64,
}

impl SeverityCounts {
    /// Counts one more.
    pub fn add(&mut self, severity: Severity) {
        let count = match severity {
            Severity::Critical => &mut self.critical,
            Severity::High => &mut self.high,
            Severity::Medium => &mut self.medium,
            Severity::Low => &mut self.low,
            Severity::Info => &mut self.info,
        };
        *count = count.saturating_add(1);
    }
}

/// What a scan looked at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScanCoverage {
    /// Whether nothing was missed that should have been examined.
    pub complete: bool,
    /// How much was missed.
    pub gaps: u64,
    /// Whether the scan itself ran in a sandbox.
    #[serde(default)]
    pub sandboxed: bool,
}
