//! CycloneDX as JSON: read in the versions 1.2 to 1.7, written as 1.6.

mod rating;
mod read;
mod vulnerabilities;
mod write;

pub(crate) use read::read;
pub(crate) use write::write;

use andon_model::ComponentKind;

/// Our names of digests and CycloneDX's.
const HASHES: &[(&str, &str)] = &[
    ("md5", "MD5"),
    ("sha1", "SHA-1"),
    ("sha256", "SHA-256"),
    ("sha384", "SHA-384"),
    ("sha512", "SHA-512"),
    ("sha3-256", "SHA3-256"),
    ("sha3-384", "SHA3-384"),
    ("sha3-512", "SHA3-512"),
    ("blake2b-256", "BLAKE2b-256"),
    ("blake2b-384", "BLAKE2b-384"),
    ("blake2b-512", "BLAKE2b-512"),
    ("blake3", "BLAKE3"),
];

fn type_name(kind: ComponentKind) -> &'static str {
    match kind {
        ComponentKind::Library => "library",
        ComponentKind::Application => "application",
        ComponentKind::Container => "container",
        ComponentKind::OperatingSystem => "operating-system",
        ComponentKind::File => "file",
    }
}

/// What a type of CycloneDX is among ours: code is a library unless it runs by itself, data is a file.
fn kind_of(type_name: &str) -> ComponentKind {
    match type_name {
        "application" | "platform" | "firmware" | "device-driver" | "device" => ComponentKind::Application,
        "container" => ComponentKind::Container,
        "operating-system" => ComponentKind::OperatingSystem,
        "file" | "data" | "machine-learning-model" | "cryptographic-asset" => ComponentKind::File,
        _ => ComponentKind::Library,
    }
}
