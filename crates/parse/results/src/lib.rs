//! Results of scanners in exchange formats, read and written: SARIF 2.1.0, the OASIS Static Analysis Results
//! Interchange Format, as any tool writes it and as GitHub takes it.
//!
//! This crate knows the format and the vocabulary of `andon-model`, nothing else: it reads no file and no clock, and
//! it decides nothing about what it reads.
//!
//! ```
//! let sarif = br#"{ "version": "2.1.0", "runs": [ {
//!     "tool": { "driver": { "name": "other" } },
//!     "results": [ { "ruleId": "weak-hash", "level": "error", "message": { "text": "MD5 is broken" } } ]
//! } ] }"#;
//! let report = andon_results::read_sarif(sarif, "other.sarif")?;
//! assert_eq!(report.findings[0].severity, andon_model::Severity::High);
//! assert!(!report.coverage.complete, "another tool does not say what it looked at");
//! # Ok::<(), andon_results::ResultsError>(())
//! ```

mod error;
mod read;
mod secretive;
mod uri;
mod write;

pub use error::ResultsError;
pub use read::{MAX_INPUT_BYTES, read_sarif};
pub use write::{SarifLimits, SarifOutput, write_sarif};
