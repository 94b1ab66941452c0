use std::collections::{HashMap, HashSet};

use andon_documents::{Node, NodeKind};
use andon_model::{Relation, Scope};

use super::folders::Folders;
use super::registry;
use crate::support::needs::Graph;
use crate::support::sheet::{Sheet, read_jsonc};
use crate::support::{integrity, origin};
use crate::{Format, Listing, Package, Project, Source};

/// `bun.lock`: `workspaces` say what each manifest asks for, `packages` what lies in which folder (`a/b` is the `b`
/// inside `a`) as `["name@version", address, {dependencies}, integrity]`.
pub(crate) fn bun_lock(bytes: &[u8]) -> Listing {
    read_jsonc(Format::BunLock, bytes, |sheet, root| {
        let version = root.get("lockfileVersion").and_then(Node::scalar).unwrap_or("none");
        if !["0", "1", "2"].contains(&version) {
            sheet.problem(format!(
                "has the lockfileVersion {version}, which is not known; packages may be missing"
            ));
        }
        let mut reader = Reader {
            folders: Folders::new(),
            by_key: HashMap::new(),
            graph: Graph::default(),
            roots: Vec::new(),
        };
        let entries: Vec<_> = root.get("packages").into_iter().flat_map(Node::entries).collect();
        for (key, node) in &entries {
            reader.add(sheet, key, *node);
        }
        for (key, _) in &entries {
            reader.place(key);
        }
        for (key, node) in &entries {
            reader.connect(key, *node);
        }
        for (path, node) in root.get("workspaces").into_iter().flat_map(Node::entries) {
            reader.workspace(sheet, path, node);
        }
        reader.finish(sheet);
    })
}

struct Reader<'t> {
    folders: Folders<'t>,
    by_key: HashMap<&'t str, u32>,
    graph: Graph,
    roots: Vec<(u32, Scope)>,
}

/// Folders above a folder that the file may leave out.
const MAX_ABSENT: usize = 32;
/// The longest key that is believed, in bytes.
const MAX_KEY: usize = 4096;

impl<'t> Reader<'t> {
    fn add(&mut self, sheet: &mut Sheet<'_>, key: &'t str, node: Node<'t>) {
        let resolution = node.items().next().and_then(Node::text).and_then(registry::split_at_sign);
        let Some((name, reference)) = resolution.filter(|_| key.len() <= MAX_KEY) else {
            sheet.problem_at(node.entry_span(), "a package that is not written as Bun does; left out");
            return;
        };
        let source = source(reference);
        let version = if source == Source::Registry { reference } else { "" };
        let mut package = Package::new(registry::purl(name, version));
        package.source = source;
        package.region = Some(sheet.region(node.entry_span()));
        let digest = node.items().skip(1).filter_map(Node::text).last().unwrap_or_default();
        package.checksums = integrity::checksums(digest);
        package.install_path = Some(install_path(key));
        let folder = self.folders.add(sheet.push(package));
        self.by_key.insert(key, folder);
    }

    fn place(&mut self, key: &'t str) {
        let Some(&folder) = self.by_key.get(key) else { return };
        let (mut above, name) = split_last(key);
        let mut parent = Folders::ROOT;
        for _ in 0..MAX_ABSENT {
            if let Some(found) = self.by_key.get(above) {
                parent = *found;
                break;
            }
            above = split_last(above).0;
        }
        self.folders.place(folder, parent, Some(name));
    }

    fn connect(&mut self, key: &str, node: Node<'_>) {
        let Some(&folder) = self.by_key.get(key) else { return };
        let Some(from) = self.folders.package(folder) else { return };
        let Some(details) = node.items().find(|item| item.kind() == NodeKind::Map) else { return };
        for (name, scope) in needs(details) {
            if let (Some(to), true) = (self.folders.resolve(folder, name), scope != Scope::Development) {
                self.graph.add(from, to, scope);
            }
        }
    }

    fn workspace(&mut self, sheet: &mut Sheet<'_>, path: &str, node: Node<'_>) {
        let name = node.get("name").and_then(Node::text).unwrap_or_default();
        let version = node.get("version").and_then(Node::text).unwrap_or_default();
        let folder = if path.is_empty() {
            let purl = (!name.is_empty()).then(|| registry::purl(name, version));
            sheet.listing.project = purl.map(|purl| Project { purl: Some(purl), licenses: Vec::new() });
            Folders::ROOT
        } else {
            sheet.listing.includes.push(format!("{path}/package.json"));
            self.by_key.get(name).copied().unwrap_or(Folders::ROOT)
        };
        let from = self.folders.package(folder);
        if let Some(from) = from {
            self.roots.push((from, Scope::Runtime));
            if let Some(package) = sheet.package(from)
                && !version.is_empty()
            {
                package.purl = registry::purl(name, version);
            }
        }
        for (name, scope) in needs(node) {
            let Some(to) = self.folders.resolve(folder, name) else { continue };
            self.roots.push((to, scope));
            if let Some(from) = from {
                self.graph.add(from, to, scope);
            }
        }
    }

    fn finish(self, sheet: &mut Sheet<'_>) {
        let packages = &mut sheet.listing.packages;
        self.graph.apply(packages);
        let scopes = self.graph.scopes(packages.len(), &self.roots);
        for (package, scope) in packages.iter_mut().zip(scopes) {
            package.scope = scope.unwrap_or_default();
            package.relation = if scope.is_some() { Relation::Transitive } else { Relation::Unknown };
        }
        for (root, _) in self.roots {
            if let Some(package) = packages.get_mut(root as usize) {
                package.relation = Relation::Direct;
            }
        }
    }
}

/// What a manifest or a package needs, and for what.
fn needs<'t>(node: Node<'t>) -> Vec<(&'t str, Scope)> {
    let optional_peers = node.get("optionalPeers").into_iter().flat_map(Node::items);
    let optional_peers: HashSet<_> = optional_peers.filter_map(Node::text).collect();
    let mut found = Vec::new();
    for (kind, scope) in [
        ("dependencies", Scope::Runtime),
        ("devDependencies", Scope::Development),
        ("optionalDependencies", Scope::Optional),
        ("peerDependencies", Scope::Runtime),
    ] {
        for (name, _) in node.get(kind).into_iter().flat_map(Node::entries) {
            let optional = kind == "peerDependencies" && optional_peers.contains(name);
            found.push((name, if optional { Scope::Optional } else { scope }));
        }
    }
    found
}

fn source(reference: &str) -> Source {
    if let Some(source) = registry::source(reference) {
        return source;
    }
    if let Some(path) = reference.strip_prefix("root:") {
        return Source::Local(path.to_owned());
    }
    let is_address = reference.starts_with("http://") || reference.starts_with("https://");
    if is_address {
        return Source::Archive(origin::without_credentials(reference));
    }
    if reference.ends_with(".tgz") { Source::Archive(reference.to_owned()) } else { Source::Registry }
}

/// Splits a key before its last name, which has a scope or not.
fn split_last(key: &str) -> (&str, &str) {
    let Some(mut at) = key.rfind('/') else { return ("", key) };
    let before = key.get(..at).unwrap_or_default();
    let scope = before.rfind('/').map_or(0, |slash| slash + 1);
    if before.get(scope..).is_some_and(|part| part.starts_with('@')) {
        if scope == 0 {
            return ("", key);
        }
        at = scope - 1;
    }
    (key.get(..at).unwrap_or_default(), key.get(at + 1..).unwrap_or_default())
}

fn install_path(key: &str) -> String {
    let mut names = Vec::new();
    let mut rest = key;
    while !rest.is_empty() {
        let (above, name) = split_last(rest);
        names.push(name);
        rest = above;
    }
    let folders = names.iter().rev().map(|name| format!("node_modules/{name}"));
    folders.collect::<Vec<_>>().join("/")
}
