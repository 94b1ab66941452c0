//! Composer.

mod lock;
mod manifest;

use andon_documents::{Node, NodeKind};
use andon_purl::Purl;

pub(crate) use lock::composer_lock;
pub(crate) use manifest::composer_json;

/// The package URL of `vendor/name`, with a version unless it is empty.
fn purl(name: &str, version: &str) -> Purl {
    let (vendor, name) = name.rsplit_once('/').unwrap_or(("", name));
    Purl::new("composer", name).with_namespace(vendor).with_version(version)
}

/// Whether a name is one of what a platform provides (`php`, `ext-json`, `lib-icu`, `composer-runtime-api`): those have
/// no vendor.
fn is_platform(name: &str) -> bool {
    !name.contains('/')
}

/// The licences of a package: a text, or a list of which one may be chosen.
fn licenses(node: Node<'_>) -> Vec<String> {
    let Some(license) = node.get("license") else { return Vec::new() };
    match license.kind() {
        NodeKind::List => license.items().filter_map(Node::text).map(str::to_owned).collect(),
        _ => license.text().map(str::to_owned).into_iter().collect(),
    }
}

#[cfg(test)]
mod tests;
