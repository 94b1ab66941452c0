use std::collections::HashSet;

use andon_documents::{Node, NodeKind};
use andon_model::{Relation, Scope};

use super::registry;
use crate::support::origin;
use crate::support::sheet::{Sheet, read_json};
use crate::{Format, Listing, Package, Project};

/// `package.json` of a project: what it asks for, and the members of its workspace.
pub(crate) fn package_json(bytes: &[u8]) -> Listing {
    read_json(Format::PackageJson, bytes, |sheet, root| {
        let text = |key| root.get(key).and_then(Node::text).filter(|text| !text.is_empty());
        let purl = text("name").map(|name| registry::purl(name, text("version").unwrap_or_default()));
        let licenses = registry::licenses(root);
        if purl.is_some() || !licenses.is_empty() {
            sheet.listing.project = Some(Project { purl, licenses });
        }
        for (kind, scope) in KINDS {
            requirements(sheet, root, kind, scope);
        }
        let workspaces = root.get("workspaces");
        let members = workspaces.map(|node| node.get("packages").unwrap_or(node));
        for member in members.into_iter().flat_map(Node::items).filter_map(Node::text) {
            let folder = member.trim_end_matches('/');
            let folder = folder.strip_prefix("./").unwrap_or(folder);
            sheet.listing.includes.push(format!("{folder}/package.json"));
        }
    })
}

/// `package.json` of an installed package. One without a name and a version stands for a part of a package and lists
/// nothing.
pub(crate) fn node_module(bytes: &[u8]) -> Listing {
    read_json(Format::NodeModule, bytes, |sheet, root| {
        let text = |key| root.get(key).and_then(Node::text).filter(|text| !text.is_empty());
        let (Some(name), Some(version)) = (text("name"), text("version")) else { return };
        let mut package = Package::new(registry::purl(name, version));
        package.licenses = registry::licenses(root);
        let place = root.get("name").map_or(root.span(), Node::entry_span);
        package.region = Some(sheet.region(place));
        sheet.push(package);
    })
}

const KINDS: [(&str, Scope); 4] = [
    ("dependencies", Scope::Runtime),
    ("devDependencies", Scope::Development),
    ("optionalDependencies", Scope::Optional),
    ("peerDependencies", Scope::Runtime),
];

fn requirements(sheet: &mut Sheet<'_>, root: Node<'_>, kind: &str, scope: Scope) {
    let Some(needs) = root.get(kind) else { return };
    if needs.kind() != NodeKind::Map {
        sheet.problem_at(
            needs.entry_span(),
            format!("`{kind}` is not an object; it was left out, correct it"),
        );
        return;
    }
    let meta = root.get("peerDependenciesMeta").filter(|_| kind == "peerDependencies");
    let optional: HashSet<&str> = meta
        .into_iter()
        .flat_map(Node::entries)
        .filter(|(_, meta)| meta.get("optional").is_some_and(Node::is_true))
        .map(|(name, _)| name)
        .collect();
    for (name, node) in needs.entries() {
        let Some(range) = node.text().filter(|_| !name.is_empty()) else {
            sheet.problem_at(
                node.entry_span(),
                format!("the version of `{name}` is not a text; it was left out"),
            );
            continue;
        };
        // Nothing installs it for this project: it says which versions would do if it were there.
        if optional.contains(name) {
            continue;
        }
        requirement(sheet, name, range, scope, node);
    }
}

fn requirement(sheet: &mut Sheet<'_>, name: &str, range: &str, scope: Scope, node: Node<'_>) {
    let bare = range.strip_prefix("npm:").filter(|rest| rest.starts_with(|c: char| c.is_ascii_alphabetic()));
    let (name, wanted) = match (registry::alias(range), bare) {
        (Some(alias), _) => alias,
        (None, Some(name)) => (name, ""),
        (None, None) => (name, range.strip_prefix("npm:").unwrap_or(range)),
    };
    let source = registry::source_of_requirement(wanted);
    let version = registry::exact(wanted).filter(|_| source.is_none());
    let mut package = Package::new(registry::purl(name, version.unwrap_or_default()));
    if version.is_none() {
        let (address, reference) = range.find('#').map_or((range, ""), |at| range.split_at(at));
        package.requirement = Some(origin::without_credentials(address) + reference);
    }
    package.scope = scope;
    package.relation = Relation::Direct;
    package.source = source.unwrap_or_default();
    package.region = Some(sheet.region(node.entry_span()));
    sheet.push(package);
}
