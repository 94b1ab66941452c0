use std::sync::Arc;

use andon_model::{Component, Gap};
use andon_sbom::vex::VexStatement;
use jiff::Timestamp;

use crate::licences::LicencePolicy;

/// Bytes of an advisory index, wherever they are.
pub type AdvisorySource = Arc<dyn AsRef<[u8]> + Send + Sync>;

/// What components are judged by.
#[derive(Clone)]
pub struct Settings {
    /// When the scan starts.
    pub now: Timestamp,
    /// The index of advisories; `None` when this machine has none.
    pub advisories: Option<AdvisorySource>,
    /// Why there are none, when it is not that nobody fetched any.
    pub advisories_problem: Option<String>,
    /// When they were last found up to date, RFC 3339, where that is later than when the index was built.
    pub advisories_updated: Option<String>,
    /// An index of the project's own advisories.
    pub own_advisories: Option<AdvisorySource>,
    /// Advisories older than this many days are too old to call anything clean.
    pub advisory_days: Option<u32>,
    /// What licences components may have; nothing is said about them without it.
    pub licences: Option<LicencePolicy>,
    /// Statements on whether vulnerabilities affect the project.
    pub vex: Vec<VexStatement>,
    /// The components that the target lists itself, when it is an SBOM.
    pub listed: Vec<Component>,
    /// What of that list cannot be understood or judged.
    pub listed_gaps: Vec<Gap>,
}

impl Settings {
    /// No advisories, no policy.
    pub fn at(now: Timestamp) -> Self {
        Self {
            now,
            advisories: None,
            advisories_problem: None,
            advisories_updated: None,
            own_advisories: None,
            advisory_days: None,
            licences: None,
            vex: Vec::new(),
            listed: Vec::new(),
            listed_gaps: Vec::new(),
        }
    }
}
