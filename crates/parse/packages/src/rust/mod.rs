//! Cargo's manifests and lock files, and programs built with cargo-auditable.

mod auditable;
mod cargo_lock;
mod cargo_toml;

pub(crate) use auditable::{auditable, is_auditable};
pub(crate) use cargo_lock::cargo_lock;
pub(crate) use cargo_toml::cargo_toml;

use andon_purl::Purl;

/// Alternative registries are name spaces of their own; the ecosystem's own index is known by how its address ends,
/// and Cargo writes that address also when a mirror is used.
fn registry_package(purl: Purl, address: &str) -> Purl {
    let kind = address.strip_prefix("registry+").or_else(|| address.strip_prefix("sparse+"));
    let address = kind.unwrap_or(address).trim_end_matches('/');
    let own = ["/crates.io-index", ".crates.io"].iter().any(|end| address.ends_with(end));
    if own {
        purl
    } else {
        purl.with_qualifier("repository_url", &crate::support::origin::without_credentials(address))
    }
}

#[cfg(test)]
mod tests;
