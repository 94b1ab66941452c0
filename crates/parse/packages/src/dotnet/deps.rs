use std::collections::{HashMap, HashSet};

use andon_documents::{Node, NodeKind};
use andon_model::{Relation, Scope};

use super::{Packages, make_local};
use crate::support::needs::Graph;
use crate::support::sheet::{Sheet, read_json};
use crate::{Format, Listing, Project, Source};

/// `*.deps.json` of a published application: `libraries` say what there is, `targets` what needs what. The first
/// project is the application itself.
pub(crate) fn deps_json(bytes: &[u8]) -> Listing {
    read_json(Format::DotnetDeps, bytes, |sheet, root| {
        let libraries = root.get("libraries").filter(|libraries| libraries.kind() == NodeKind::Map);
        let Some(libraries) = libraries else {
            sheet.problem("has no `libraries`; publish the application again");
            return;
        };
        let mut reader = Reader::default();
        for (key, node) in libraries.entries() {
            reader.library(sheet, key, node);
        }
        for (_, target) in root.get("targets").into_iter().flat_map(Node::entries) {
            for (key, node) in target.entries() {
                reader.connect(sheet, key, node);
            }
        }
        reader.graph.apply(&mut sheet.listing.packages);
        for package in &mut sheet.listing.packages {
            if package.relation == Relation::Unknown && reader.has_project {
                package.relation = Relation::Transitive;
            }
        }
    })
}

#[derive(Default)]
struct Reader<'t> {
    packages: Packages,
    by_key: HashMap<&'t str, u32>,
    /// Projects, the application among them; what they need is direct.
    projects: HashSet<&'t str>,
    has_project: bool,
    graph: Graph,
}

impl<'t> Reader<'t> {
    fn library(&mut self, sheet: &mut Sheet<'_>, key: &'t str, node: Node<'t>) {
        let Some((name, version)) = key.rsplit_once('/').filter(|(name, _)| !name.is_empty()) else {
            sheet.problem_at(node.entry_span(), "a library that is not written as name/version; left out");
            return;
        };
        let kind = node.get("type").and_then(Node::text).unwrap_or_default();
        if kind.eq_ignore_ascii_case("project") {
            self.projects.insert(key);
            if !self.has_project {
                self.has_project = true;
                let purl = andon_purl::Purl::new("nuget", name).with_version(version);
                sheet.listing.project = Some(Project { purl: Some(purl), licenses: Vec::new() });
                return;
            }
        }
        // The runtime of an application that brings its own.
        let name = name.strip_prefix("runtimepack.").unwrap_or(name);
        let Some(position) = self.packages.position(sheet, name, version, node.entry_span()) else { return };
        self.by_key.insert(key, position);
        if !kind.eq_ignore_ascii_case("package") && !kind.eq_ignore_ascii_case("runtimepack") {
            make_local(sheet, position, name);
        }
        if let Some(package) = sheet.package(position)
            && matches!(package.source, Source::Local(_))
        {
            package.relation = Relation::Direct;
        }
    }

    fn connect(&mut self, sheet: &mut Sheet<'_>, key: &str, node: Node<'_>) {
        let from = self.by_key.get(key).copied();
        let own = self.projects.contains(key);
        if let Some(package) = from.and_then(|from| sheet.package(from))
            && node.get("compileOnly").is_some_and(Node::is_true)
        {
            package.scope = Scope::Development;
        }
        for (name, version) in node.get("dependencies").into_iter().flat_map(Node::entries) {
            let version = version.text().unwrap_or_default();
            let name = name.strip_prefix("runtimepack.").unwrap_or(name);
            let identity = (name.to_lowercase(), version.to_lowercase());
            let Some(&to) = self.packages.by_identity.get(&identity) else { continue };
            if let Some(from) = from {
                self.graph.add(from, to, Scope::Runtime);
            }
            if let Some(package) = sheet.package(to).filter(|_| own) {
                package.relation = Relation::Direct;
            }
        }
    }
}
