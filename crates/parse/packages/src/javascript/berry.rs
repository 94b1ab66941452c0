use std::collections::{HashMap, HashSet};

use andon_documents::{Node, NodeKind, Tree};
use andon_model::{Relation, Scope};

use super::registry;
use crate::support::needs::Graph;
use crate::support::origin;
use crate::support::sheet::{Sheet, with_tree};
use crate::{Package, Project, Source};

/// Reads the YAML of Yarn 2 and later. Workspaces are entries; their dependencies, those for development among them,
/// are the direct ones. Its checksums are of Yarn's own archives, not of the registry's, and are left out.
pub(super) fn read(sheet: &mut Sheet<'_>, text: &str) {
    with_tree(sheet, &Tree::yaml(text), |sheet, root| {
        let mut reader = Reader::default();
        let mut entries = Vec::new();
        for (key, node) in root.entries() {
            if key == "__metadata" {
                continue;
            }
            let position = reader.entry(sheet, key, node);
            entries.push((node, position));
        }
        for (node, position) in entries {
            reader.connect(node, position);
        }
        reader.finish(sheet);
    });
}

/// What an entry is.
#[derive(Clone, Copy)]
enum Position {
    /// The package at this position.
    Package { position: u32, workspace: bool },
    /// The project itself.
    Project,
    /// Nothing that could be read.
    Nothing,
}

#[derive(Default)]
struct Reader<'t> {
    by_descriptor: HashMap<&'t str, u32>,
    by_identity: HashMap<(&'t str, &'t str), u32>,
    graph: Graph,
    roots: Vec<(u32, Scope)>,
    has_project: bool,
}

impl<'t> Reader<'t> {
    fn entry(&mut self, sheet: &mut Sheet<'_>, key: &'t str, node: Node<'t>) -> Position {
        let text = |key| node.get(key).and_then(Node::scalar);
        let resolution = text("resolution").unwrap_or(key.split(", ").next().unwrap_or(key));
        let Some((name, reference)) = registry::split_at_sign(resolution) else {
            sheet.problem_at(node.entry_span(), "an entry that names no package; left out");
            return Position::Nothing;
        };
        let source = source(reference);
        let version = text("version").filter(|version| !version.ends_with("-use.local")).unwrap_or_default();
        let workspace = matches!(source, Source::Local(_)) && reference.starts_with("workspace:");
        if workspace && reference == "workspace:." {
            let purl = Some(registry::purl(name, version));
            sheet.listing.project = Some(Project { purl, licenses: Vec::new() });
            self.has_project = true;
            return Position::Project;
        }
        if version.is_empty() && !workspace {
            sheet.problem_at(node.entry_span(), "an entry without a version; run `yarn install` to mend it");
        }
        let known = self.by_identity.get(&(name, version)).filter(|_| source == Source::Registry);
        let position = known.copied().or_else(|| {
            let mut package = Package::new(registry::purl(name, version));
            package.region = Some(sheet.region(node.entry_span()));
            package.source = source.clone();
            sheet.push(package)
        });
        let Some(position) = position else { return Position::Nothing };
        if source == Source::Registry {
            self.by_identity.insert((name, version), position);
        }
        self.by_descriptor.extend(key.split(", ").map(|descriptor| (descriptor, position)));
        Position::Package { position, workspace }
    }

    fn connect(&mut self, node: Node<'_>, position: Position) {
        let (from, own) = match position {
            Position::Package { position, workspace } => (Some(position), workspace),
            Position::Project => (None, true),
            Position::Nothing => return,
        };
        let meta = node.get("dependenciesMeta").filter(|meta| meta.kind() == NodeKind::Map);
        let is_optional = |meta: &(&str, Node<'_>)| meta.1.get("optional").is_some_and(Node::is_true);
        let optional: HashSet<&str> =
            meta.into_iter().flat_map(Node::entries).filter(is_optional).map(|(name, _)| name).collect();
        let needs = node.get("dependencies").into_iter().flat_map(Node::entries);
        for (name, range) in needs {
            let Some(to) = self.find(name, range.scalar().unwrap_or_default()) else { continue };
            let scope = if optional.contains(name) { Scope::Optional } else { Scope::Runtime };
            if let Some(from) = from {
                self.graph.add(from, to, scope);
            }
            if own {
                self.roots.push((to, scope));
            }
        }
        if own && let Some(from) = from {
            self.roots.push((from, Scope::Runtime));
        }
        self.has_project |= own;
    }

    /// The package that a dependency means: by its range, or by the default protocol and its range.
    fn find(&self, name: &str, range: &str) -> Option<u32> {
        let plain = format!("{name}@{range}");
        let by_protocol = || self.by_descriptor.get(format!("{name}@npm:{range}").as_str());
        self.by_descriptor.get(plain.as_str()).or_else(by_protocol).copied()
    }

    fn finish(self, sheet: &mut Sheet<'_>) {
        let packages = &mut sheet.listing.packages;
        self.graph.apply(packages);
        let scopes = self.graph.scopes(packages.len(), &self.roots);
        for (package, scope) in packages.iter_mut().zip(scopes) {
            package.scope = scope.unwrap_or_default();
            if self.has_project && scope.is_some() {
                package.relation = Relation::Transitive;
            }
        }
        for (root, _) in self.roots {
            if let Some(package) = packages.get_mut(root as usize) {
                package.relation = Relation::Direct;
            }
        }
    }
}

/// Where a resolution's reference leads.
fn source(reference: &str) -> Source {
    let reference = match reference.strip_prefix("virtual:") {
        Some(rest) => rest.split_once('#').map_or(rest, |(_, reference)| reference),
        None => reference,
    };
    if let Some(patched) = reference.strip_prefix("patch:") {
        // What is patched is written `name@reference`, with its own colon encoded.
        let inner = patched.split('#').next().unwrap_or_default().replace("%3A", ":");
        let inner = registry::split_at_sign(&inner).map_or("npm:", |(_, reference)| reference).to_owned();
        return if inner.starts_with("patch:") { Source::Registry } else { source(&inner) };
    }
    let is_address = reference.starts_with("http://") || reference.starts_with("https://");
    match registry::source(reference) {
        Some(source) => source,
        None if reference.contains("#commit=") => origin::git(reference),
        None if is_address => Source::Archive(origin::without_credentials(reference)),
        None => Source::Registry,
    }
}
