use std::collections::HashMap;

use andon_documents::{Node, NodeKind};
use andon_model::{Relation, Scope};

use super::{is_platform, licenses, purl};
use crate::support::needs::Graph;
use crate::support::sheet::{Sheet, read_json};
use crate::support::{integrity, origin};
use crate::{Format, Listing, Package, Source};

/// `composer.lock`. It does not say what the project itself asks for; what no other package needs must be direct.
pub(crate) fn composer_lock(bytes: &[u8]) -> Listing {
    read_json(Format::ComposerLock, bytes, |sheet, root| {
        if root.get("packages").is_none_or(|packages| packages.kind() != NodeKind::List) {
            sheet.problem("has no list of `packages`; run `composer update --lock` to write it anew");
        }
        let mut found = Vec::new();
        for (section, scope) in [("packages", Scope::Runtime), ("packages-dev", Scope::Development)] {
            for node in root.get(section).into_iter().flat_map(Node::items) {
                if let Some(position) = add(sheet, node, scope) {
                    found.push((position, node));
                }
            }
        }
        connect(sheet, &found);
    })
}

fn add(sheet: &mut Sheet<'_>, node: Node<'_>, scope: Scope) -> Option<u32> {
    let text = |key| node.get(key).and_then(Node::text).unwrap_or_default();
    if text("name").is_empty() {
        sheet.problem_at(node.span(), "a package without a name; left out");
        return None;
    }
    let mut package = Package::new(purl(text("name"), text("version")));
    package.scope = scope;
    package.region = Some(sheet.region(node.span()));
    package.licenses = licenses(node);
    package.source = source(node);
    let digest =
        node.get("dist").and_then(|dist| dist.get("shasum")).and_then(Node::text).unwrap_or_default();
    package.checksums.extend(integrity::hex_checksum("sha1", digest));
    sheet.push(package)
}

/// A package of a folder, or one that only a repository has; what a registry lists has an archive as well.
fn source(node: Node<'_>) -> Source {
    let of = |part: &str, key: &str| node.get(part).and_then(|part| part.get(key)).and_then(Node::text);
    let url = |part| of(part, "url").unwrap_or_default();
    match (of("dist", "type"), of("source", "type")) {
        (Some("path"), _) => Source::Local(url("dist").to_owned()),
        (None, Some(_)) => Source::Git {
            url: origin::without_credentials(url("source")),
            commit: of("source", "reference").filter(|reference| !reference.is_empty()).map(str::to_owned),
        },
        _ => Source::Registry,
    }
}

/// A package is needed by its name, or by a name that it replaces or provides.
fn connect(sheet: &mut Sheet<'_>, found: &[(u32, Node<'_>)]) {
    let mut by_name = HashMap::new();
    let name =
        |node: Node<'_>| node.get("name").and_then(Node::text).unwrap_or_default().to_ascii_lowercase();
    for (position, node) in found {
        by_name.insert(name(*node), *position);
    }
    for (position, node) in found {
        for section in ["replace", "provide"] {
            for (name, _) in node.get(section).into_iter().flat_map(Node::entries) {
                by_name.entry(name.to_ascii_lowercase()).or_insert(*position);
            }
        }
    }
    let mut graph = Graph::default();
    for (from, node) in found {
        let needs = node.get("require").into_iter().flat_map(Node::entries);
        for (name, _) in needs.filter(|(name, _)| !is_platform(name)) {
            if let Some(to) = by_name.get(&name.to_ascii_lowercase()) {
                graph.add(*from, *to, Scope::Runtime);
            }
        }
    }
    let packages = &mut sheet.listing.packages;
    graph.apply(packages);
    let needed = graph.needed(packages.len());
    for (package, needed) in packages.iter_mut().zip(needed) {
        package.relation = if needed { Relation::Unknown } else { Relation::Direct };
    }
}
