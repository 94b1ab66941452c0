use serde::{Deserialize, Serialize};

use super::Predicate;
use crate::Resource;

/// What tests said. The subject is the commit or artefact that was tested.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TestResults {
    /// The step that ran them, where a pipeline did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The reports that were read, by digest; the media type says their format.
    pub reports: Vec<Resource>,
    /// Tests that passed.
    pub passed: u64,
    /// Tests that failed.
    pub failed: u64,
    /// Tests that could not run to their end.
    #[serde(default)]
    pub errors: u64,
    /// Tests that were left out.
    #[serde(default)]
    pub skipped: u64,
    /// Names of tests that failed or could not run, at most a hundred.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub failing: Vec<String>,
    /// Whether every report was read whole.
    pub complete: bool,
    /// How long they ran, in milliseconds, as the reports say.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
    /// When the results were read.
    pub finished_on: String,
}

impl Predicate for TestResults {
    const TYPE: &'static str = "https://andon.dev/attestation/test-results/v1";
}

/// How much of the code tests ran. The subject is the commit that was tested.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TestCoverage {
    /// The step that measured it, where a pipeline did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// The reports that were read, by digest; the media type says their format.
    pub reports: Vec<Resource>,
    /// Lines.
    pub lines: Covered,
    /// Branches, where they were measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branches: Option<Covered>,
    /// Lines that the change brought, where a base was compared with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed_lines: Option<Covered>,
    /// Whether every report was read whole.
    pub complete: bool,
    /// When the reports were read.
    pub finished_on: String,
}

impl Predicate for TestCoverage {
    const TYPE: &'static str = "https://andon.dev/attestation/coverage/v1";
}

/// How many of how many.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Covered {
    /// Those that ran.
    pub covered: u64,
    /// All that could have run.
    pub total: u64,
}
