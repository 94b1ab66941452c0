//! What statements say. Each type has a URI; docs/book/predicates.md describes ours. Members that a type does not know
//! are ignored when it is read, so that later versions can add some. Times are RFC 3339 in UTC.

mod approval;
mod decision;
mod deployment;
mod scan;
mod slsa;
mod step;
mod tests;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub use approval::Approval;
pub use decision::Decision;
pub use deployment::{Deployment, DeploymentResult};
pub use scan::{EngineUsed, PackUsed, Scan, ScanCoverage, SeverityCounts};
pub use slsa::{
    BuildDefinition, BuildMetadata, Builder, Provenance, RunDetails, VerificationResult, VerificationSummary,
    Verifier,
};
pub use step::{Connection, Seal, SealLevel, Step, StepResult};
pub use tests::{Covered, TestCoverage, TestResults};

/// What a statement can say.
pub trait Predicate: Serialize + DeserializeOwned {
    /// The type's URI.
    const TYPE: &'static str;
}

/// SPDX 2, as JSON.
pub const SPDX: &str = "https://spdx.dev/Document";
/// SPDX 2.3, as some tools name it.
pub const SPDX_2_3: &str = "https://spdx.dev/Document/v2.3";
/// CycloneDX, as JSON.
pub const CYCLONE_DX: &str = "https://cyclonedx.org/bom";
/// OpenVEX 0.2.0.
pub const OPEN_VEX: &str = "https://openvex.dev/ns/v0.2.0";
/// What cosign calls OpenVEX without a version.
pub const OPEN_VEX_UNVERSIONED: &str = "https://openvex.dev/ns";

/// Whether a type is one of the SBOM formats'.
pub fn is_sbom(predicate_type: &str) -> bool {
    let under = |base: &str| {
        predicate_type.strip_prefix(base).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    under(SPDX) || under(CYCLONE_DX)
}

/// Whether a type is OpenVEX's.
pub fn is_vex(predicate_type: &str) -> bool {
    predicate_type == OPEN_VEX_UNVERSIONED || predicate_type.starts_with("https://openvex.dev/ns/")
}
