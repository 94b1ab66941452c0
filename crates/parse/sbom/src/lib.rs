//! Software bills of materials and VEX documents, read and written: CycloneDX and SPDX as JSON, OpenVEX. Other tools'
//! documents are read as lists of components, and everything odd in them is kept and told; our own documents are valid
//! by the official schemas, and the same input gives the same bytes. This crate reads no file, knows no clock, compares
//! nothing with advisories, and decides nothing.
//!
//! ```
//! let text = br#"{"bomFormat": "CycloneDX", "specVersion": "1.5", "components": [
//!     {"type": "library", "name": "left-pad", "version": "1.3.0", "purl": "pkg:npm/left-pad@1.3.0"}]}"#;
//! let sbom = andon_sbom::read(text)?;
//! assert_eq!(sbom.components[0].purl, "pkg:npm/left-pad@1.3.0");
//! # Ok::<(), andon_sbom::SbomError>(())
//! ```

mod collect;
mod cyclonedx;
mod document;
mod hints;
mod identity;
mod kind;
mod lenient;
mod licence;
mod output;
mod spdx;
mod time;
pub mod vex;

pub use document::{Distribution, Problem, ProblemKind, Sbom, SbomError};
pub use kind::{SbomKind, detect};
pub use output::{Document, Format, WriteError, write};

/// Reads a CycloneDX document (JSON, versions 1.2 to 1.7) or an SPDX document (JSON, versions 2.2 and 2.3). A document
/// that breaks off gives what comes before; [`Sbom::problems`] says so.
///
/// Takes memory in proportion to the document, and time too.
///
/// # Errors
///
/// Anything else, by name where it is known: XML, tag-value, RDF, SPDX 3, OpenVEX (see [`vex::read`]), UTF-16.
pub fn read(bytes: &[u8]) -> Result<Sbom, SbomError> {
    if bytes.starts_with(b"\xff\xfe") || bytes.starts_with(b"\xfe\xff") {
        return Err(SbomError::Encoding);
    }
    let instead = match detect(bytes) {
        Some(SbomKind::CycloneDx) => return Ok(cyclonedx::read(kind::without_mark(bytes))),
        Some(SbomKind::Spdx) => return Ok(self::spdx::read(kind::without_mark(bytes))),
        Some(kind @ SbomKind::CycloneDxXml) => (kind, "CycloneDX JSON"),
        Some(kind @ (SbomKind::SpdxTagValue | SbomKind::SpdxRdf | SbomKind::Spdx3)) => {
            (kind, "SPDX 2.3 JSON")
        }
        Some(kind @ SbomKind::OpenVex) => {
            (kind, "CycloneDX or SPDX; it says which findings count, not what there is")
        }
        None => return Err(SbomError::Unknown),
    };
    Err(SbomError::Unsupported { kind: instead.0, instead: instead.1 })
}
