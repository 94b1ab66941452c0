use std::collections::HashMap;

use andon_documents::{Node, NodeKind};
use andon_model::{Relation, Scope};

use super::{Packages, make_local};
use crate::support::needs::Graph;
use crate::support::sheet::{Sheet, read_json};
use crate::{Format, Listing};

/// `packages.lock.json`, versions 1 and 2: packages by target framework. The content hash is not the archive's digest
/// (it leaves out the signature), so it is not taken for one.
pub(crate) fn nuget_lock(bytes: &[u8]) -> Listing {
    read_json(Format::NugetLock, bytes, |sheet, root| {
        let version = root.get("version").and_then(Node::scalar).unwrap_or("none");
        if !["1", "2"].contains(&version) {
            sheet.problem(format!("has the version {version}, which is not known; packages may be missing"));
        }
        let mut packages = Packages::default();
        let mut graph = Graph::default();
        let frameworks = root.get("dependencies");
        if frameworks.is_none_or(|frameworks| frameworks.kind() != NodeKind::Map) {
            sheet.problem("has no `dependencies`; run `dotnet restore --force-evaluate` to write it anew");
        }
        for (_, framework) in frameworks.into_iter().flat_map(Node::entries) {
            read_framework(sheet, &mut packages, &mut graph, framework);
        }
        graph.apply(&mut sheet.listing.packages);
    })
}

fn read_framework(sheet: &mut Sheet<'_>, packages: &mut Packages, graph: &mut Graph, framework: Node<'_>) {
    let mut by_name = HashMap::new();
    for (name, node) in framework.entries() {
        if node.kind() != NodeKind::Map || name.is_empty() {
            sheet.problem_at(node.entry_span(), "a package is not an object; left out");
            continue;
        }
        let text = |key| node.get(key).and_then(Node::text).unwrap_or_default();
        let kind = text("type");
        let Some(position) = packages.position(sheet, name, text("resolved"), node.entry_span()) else {
            continue;
        };
        let relation = match kind {
            "Direct" | "Project" => Relation::Direct,
            "Transitive" | "CentralTransitive" => Relation::Transitive,
            _ => Relation::Unknown,
        };
        if kind == "Project" {
            make_local(sheet, position, name);
        }
        if let Some(package) = sheet.package(position) {
            package.relation = package.relation.max(relation);
        }
        by_name.insert(name.to_lowercase(), position);
    }
    for (name, node) in framework.entries() {
        let Some(from) = by_name.get(&name.to_lowercase()) else { continue };
        for (need, _) in node.get("dependencies").into_iter().flat_map(Node::entries) {
            if let Some(to) = by_name.get(&need.to_lowercase()) {
                graph.add(*from, *to, Scope::Runtime);
            }
        }
    }
}
