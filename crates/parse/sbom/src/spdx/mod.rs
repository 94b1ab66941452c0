//! SPDX as JSON: read in the versions 2.2 and 2.3, written as 2.3.

mod read;
mod write;

pub(crate) use read::read;
pub(crate) use write::write;

use andon_model::ComponentKind;

/// The identifier of the subject in our own documents.
const SUBJECT: &str = "SPDXRef-Subject";

/// Our names of digests and SPDX's.
const CHECKSUMS: &[(&str, &str)] = &[
    ("md5", "MD5"),
    ("sha1", "SHA1"),
    ("sha224", "SHA224"),
    ("sha256", "SHA256"),
    ("sha384", "SHA384"),
    ("sha512", "SHA512"),
    ("sha3-256", "SHA3-256"),
    ("sha3-384", "SHA3-384"),
    ("sha3-512", "SHA3-512"),
    ("blake2b-256", "BLAKE2b-256"),
    ("blake2b-384", "BLAKE2b-384"),
    ("blake2b-512", "BLAKE2b-512"),
    ("blake3", "BLAKE3"),
];

fn purpose_name(kind: ComponentKind) -> &'static str {
    match kind {
        ComponentKind::Library => "LIBRARY",
        ComponentKind::Application => "APPLICATION",
        ComponentKind::Container => "CONTAINER",
        ComponentKind::OperatingSystem => "OPERATING_SYSTEM",
        ComponentKind::File => "FILE",
    }
}

/// What a purpose is among our kinds. Some tools write it with a hyphen.
fn kind_of(purpose: &str) -> ComponentKind {
    match purpose {
        "APPLICATION" => ComponentKind::Application,
        "CONTAINER" => ComponentKind::Container,
        "OPERATING_SYSTEM" | "OPERATING-SYSTEM" => ComponentKind::OperatingSystem,
        "FILE" => ComponentKind::File,
        _ => ComponentKind::Library,
    }
}
