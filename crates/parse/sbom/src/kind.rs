use memchr::memmem;

/// Kinds of documents that describe components or vulnerabilities.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum SbomKind {
    /// CycloneDX as JSON.
    CycloneDx,
    /// SPDX 2 as JSON.
    Spdx,
    /// OpenVEX.
    OpenVex,
    /// CycloneDX as XML, which is not read.
    CycloneDxXml,
    /// SPDX as tag-value, which is not read.
    SpdxTagValue,
    /// SPDX as RDF, which is not read.
    SpdxRdf,
    /// SPDX 3 as JSON-LD, which is not read.
    Spdx3,
}

impl SbomKind {
    /// How people call it.
    pub fn name(self) -> &'static str {
        match self {
            Self::CycloneDx => "CycloneDX JSON",
            Self::Spdx => "SPDX JSON",
            Self::OpenVex => "OpenVEX",
            Self::CycloneDxXml => "CycloneDX XML",
            Self::SpdxTagValue => "SPDX tag-value",
            Self::SpdxRdf => "SPDX RDF",
            Self::Spdx3 => "SPDX 3",
        }
    }

    /// Whether [`crate::read`] lists its components.
    pub fn lists_components(self) -> bool {
        matches!(self, Self::CycloneDx | Self::Spdx)
    }
}

/// How much of the beginning and of the end is looked at, in bytes. Tools that sort keys put `spdxVersion` last.
const HEAD: usize = 64 * 1024;
const TAIL: usize = 4 * 1024;

/// What kind of document this is, judged by the marks that its format demands, without reading all of it. `None` for
/// everything else.
pub fn detect(bytes: &[u8]) -> Option<SbomKind> {
    let bytes = without_mark(bytes).trim_ascii_start();
    let head = bytes.get(..HEAD).unwrap_or(bytes);
    match head.first()? {
        b'{' => detect_json(head, bytes.get(bytes.len().saturating_sub(TAIL)..).unwrap_or_default()),
        b'<' if contains(head, b"http://cyclonedx.org/schema/bom") => Some(SbomKind::CycloneDxXml),
        b'<' if contains(head, b"http://spdx.org/rdf/terms") => Some(SbomKind::SpdxRdf),
        _ if head.starts_with(b"SPDXVersion:") || contains(head, b"\nSPDXVersion:") => {
            Some(SbomKind::SpdxTagValue)
        }
        _ => None,
    }
}

/// The bytes without a UTF-8 byte order mark.
pub(crate) fn without_mark(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes)
}

fn detect_json(head: &[u8], tail: &[u8]) -> Option<SbomKind> {
    let says = |key: &[u8], value: &[u8]| [head, tail].iter().any(|part| has_member(part, key, value));
    if says(b"\"bomFormat\"", b"\"CycloneDX\"") {
        Some(SbomKind::CycloneDx)
    } else if says(b"\"spdxVersion\"", b"\"SPDX-2.") {
        Some(SbomKind::Spdx)
    } else if says(b"\"@context\"", b"\"https://openvex.dev/ns") {
        Some(SbomKind::OpenVex)
    } else if says(b"\"@context\"", b"\"https://spdx.org/rdf/3.") {
        Some(SbomKind::Spdx3)
    } else {
        None
    }
}

/// Whether the text has this member, `key` and `value` quoted, `value` perhaps only the beginning of one.
fn has_member(text: &[u8], key: &[u8], value: &[u8]) -> bool {
    memmem::find_iter(text, key).any(|at| {
        let after = text.get(at + key.len()..).unwrap_or_default().trim_ascii_start();
        after.strip_prefix(b":").is_some_and(|after| after.trim_ascii_start().starts_with(value))
    })
}

fn contains(text: &[u8], words: &[u8]) -> bool {
    memmem::find(text, words).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: Option<SbomKind>) {
        assert_eq!(detect(text.as_bytes()), expected, "{text}");
    }

    #[test]
    fn kinds_are_told_by_their_marks() {
        check("\u{feff} {\"$schema\": 1, \"bomFormat\" : \"CycloneDX\"}", Some(SbomKind::CycloneDx));
        check("{\"spdxVersion\":\"SPDX-2.3\"", Some(SbomKind::Spdx));
        check("{\"@context\": \"https://openvex.dev/ns/v0.2.0\"}", Some(SbomKind::OpenVex));
        check("{\"@context\": \"https://spdx.org/rdf/3.0.1/spdx-context.jsonld\"}", Some(SbomKind::Spdx3));
        check("<?xml?><bom xmlns=\"http://cyclonedx.org/schema/bom/1.4\">", Some(SbomKind::CycloneDxXml));
        check("SPDXVersion: SPDX-2.3\nDataLicense: CC0-1.0", Some(SbomKind::SpdxTagValue));
        check("<rdf:RDF xmlns:spdx=\"http://spdx.org/rdf/terms#\">", Some(SbomKind::SpdxRdf));
        check("{\"properties\": {\"bomFormat\": {\"type\": \"string\"}}}", None);
        check("{\"name\": \"x\"}", None);
        check("", None);
    }

    #[test]
    fn marks_at_the_end_are_seen() {
        let filler = "\"a\":1,".repeat(40_000);
        check(&format!("{{{filler}\"spdxVersion\": \"SPDX-2.2\"}}"), Some(SbomKind::Spdx));
    }
}
