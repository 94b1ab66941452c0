//! Advisories in OSV form: reads records, builds one immutable index of them, and tells which affect a component.
//!
//! Pure: bytes in, bytes out. It knows nothing of where the bytes come from, of files, of the network, of findings or
//! of policy. The index is flat and little-endian, made to be mapped into memory: opening it costs microseconds, every
//! access is checked, and a damaged one gives an error.
//!
//! ```
//! use andon_advisories::{Builder, Index, Question, group};
//!
//! let record = br#"{"id": "GHSA-aaaa-bbbb-cccc", "aliases": ["CVE-2024-1"], "modified": "2024-01-01T00:00:00Z",
//!   "affected": [{"package": {"ecosystem": "npm", "name": "left"}, "ranges": [
//!     {"type": "SEMVER", "events": [{"introduced": "0"}, {"fixed": "1.2.3"}]}]}]}"#;
//! let mut builder = Builder::in_memory();
//! builder.declare("npm", "2024-01-02T00:00:00Z");
//! builder.add_json("npm", record)?;
//! let mut bytes = Vec::new();
//! builder.finish(&mut bytes, "2024-01-02T00:00:00Z")?;
//!
//! let index = Index::open(&bytes)?;
//! let found = index.matches(&Question { ecosystem: "npm", name: "left", version: "1.0.0" })?;
//! assert!(found.ecosystem_covered);
//! let vulnerabilities = group(&index, &found.vulnerabilities)?;
//! assert_eq!(vulnerabilities[0].id, "CVE-2024-1");
//! assert_eq!(vulnerabilities[0].fix, Some("1.2.3"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

pub mod cvss;
pub mod ecosystem;
mod evaluate;
mod group;
mod index;
mod matching;
mod order;
pub mod osv;
mod rating;

pub use group::{Vulnerability, group};
pub use index::{
    BuildError, Builder, Built, Candidate, Catalogue, Day, Ecosystem, Entry, Exploited, Index, IndexError,
    Mark, Metadata, Package, Probability, Ranges, Record, Span, Texts, Versions,
};
pub use matching::{Match, Matches, Question, Reason, Undetermined};
pub use osv::Kind;
pub use rating::Rating;
