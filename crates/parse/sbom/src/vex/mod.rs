//! OpenVEX 0.2.0: statements that a vulnerability does or does not matter to a product.
//!
//! ```
//! use andon_purl::Purl;
//! use andon_sbom::vex;
//!
//! let text = br#"{"@context": "https://openvex.dev/ns/v0.2.0", "@id": "urn:x", "author": "A",
//!     "timestamp": "2026-01-01T00:00:00Z", "version": 1, "statements": [{
//!         "vulnerability": {"name": "CVE-2026-1"}, "products": [{"@id": "pkg:npm/a"}],
//!         "status": "not_affected", "justification": "component_not_present"}]}"#;
//! let document = vex::read(text)?;
//! let purl = Purl::parse("pkg:npm/a@1.2.3").unwrap();
//! let statement = vex::latest(&document.statements, &["GHSA-x", "CVE-2026-1"], &purl, &[]).unwrap();
//! assert!(statement.status.suppresses());
//! # Ok::<(), vex::VexError>(())
//! ```

mod matching;
mod read;
mod write;

pub use matching::{applies, latest, purl_covers};
pub use read::read;
pub use write::{VexDraft, write};

use crate::Problem;

/// An OpenVEX document.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VexDocument {
    /// Its identifier, an IRI.
    pub id: String,
    /// Who answers for it.
    pub author: String,
    /// The statements that are complete, in the order of the document.
    pub statements: Vec<VexStatement>,
    /// Statements that do not count, and why; damage.
    pub problems: Vec<Problem>,
}

/// One complete statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VexStatement {
    /// Every name of the vulnerability, the main one first.
    pub vulnerability: Vec<String>,
    /// What it is said about; never empty.
    pub products: Vec<VexProduct>,
    /// What is said.
    pub status: VexStatus,
    /// Why a product is not affected, one of the specification's labels.
    pub justification: Option<String>,
    /// The same in words.
    pub impact: Option<String>,
    /// What to do, where a product is affected.
    pub action: Option<String>,
    /// When it was known to be true, RFC 3339; the document's where the statement does not say.
    pub timestamp: String,
    /// The document's author.
    pub author: String,
}

/// A product that a statement is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct VexProduct {
    /// Its identifiers: package URLs and other IRIs.
    pub identifiers: Vec<String>,
    /// The parts of it that the statement is about, each with its identifiers; all of it when there are none.
    pub subcomponents: Vec<Vec<String>>,
}

/// What a statement says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum VexStatus {
    /// Nothing needs to be done.
    NotAffected,
    /// Something should be done.
    Affected,
    /// These versions contain the fix.
    Fixed,
    /// Nobody knows yet.
    UnderInvestigation,
}

impl VexStatus {
    /// Every status.
    pub const ALL: &'static [Self] =
        &[Self::NotAffected, Self::Affected, Self::Fixed, Self::UnderInvestigation];

    /// The specification's label.
    pub fn label(self) -> &'static str {
        match self {
            Self::NotAffected => "not_affected",
            Self::Affected => "affected",
            Self::Fixed => "fixed",
            Self::UnderInvestigation => "under_investigation",
        }
    }

    /// Whether a finding that such a statement applies to does not count.
    pub fn suppresses(self) -> bool {
        matches!(self, Self::NotAffected | Self::Fixed)
    }
}

/// The labels of the specification for why a product is not affected.
pub const JUSTIFICATIONS: &[&str] = &[
    "component_not_present",
    "vulnerable_code_not_present",
    "vulnerable_code_not_in_execute_path",
    "vulnerable_code_cannot_be_controlled_by_adversary",
    "inline_mitigations_already_exist",
];

/// A document that is no OpenVEX.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum VexError {
    /// Something else.
    #[error("this is no OpenVEX document: `@context` does not name https://openvex.dev/ns")]
    NotOpenVex,
}
