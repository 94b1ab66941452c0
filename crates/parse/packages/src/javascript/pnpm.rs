use std::collections::HashMap;

use andon_documents::{Node, Tree};
use andon_model::{Relation, Scope};

use super::pnpm_keys::{self, without_peers};
use super::{package_lock, registry};
use crate::support::needs::Graph;
use crate::support::origin;
use crate::support::sheet::{Sheet, read_text, with_tree};
use crate::{Format, Listing, Package, Source};

/// `pnpm-lock.yaml`, lockfileVersion 5 (`/name/1.0.0`), 6 (`/name@1.0.0`) and 9 (`name@1.0.0`, dependencies in
/// `snapshots`). What is resolved several times with other peers is listed once.
pub(crate) fn pnpm_lock(bytes: &[u8]) -> Listing {
    read_text(Format::PnpmLock, bytes, |sheet, text| {
        let tree = Tree::yaml(text);
        let mut found = false;
        for root in tree.roots().skip(1) {
            read(sheet, root);
            found = true;
        }
        with_tree(sheet, &tree, read);
        if found {
            sheet.listing.packages.shrink_to_fit();
        }
    })
}

fn read(sheet: &mut Sheet<'_>, root: Node<'_>) {
    let version = root.get("lockfileVersion").and_then(Node::scalar).unwrap_or_default();
    let major = version.split('.').next().unwrap_or_default();
    if !["5", "6", "9"].contains(&major) {
        let what = if version.is_empty() {
            "no lockfileVersion".to_owned()
        } else {
            format!("the lockfileVersion {version}, which is not known")
        };
        sheet.problem(format!(
            "has {what}; read as version 9, packages may be missing, run `pnpm install` to write it anew"
        ));
    }
    let mut reader = Reader { fifth: major == "5", ..Reader::default() };
    for (key, node) in root.get("packages").into_iter().flat_map(Node::entries) {
        reader.package(sheet, key, node);
    }
    let importers = root.get("importers");
    match importers {
        Some(importers) => importers.entries().for_each(|(path, node)| reader.importer(sheet, path, node)),
        None => reader.importer(sheet, ".", root),
    }
    for section in ["packages", "snapshots"] {
        for (key, node) in root.get(section).into_iter().flat_map(Node::entries) {
            if let Some(from) = reader.position(key) {
                reader.needs(from, node);
            }
        }
    }
    reader.finish(sheet, major != "5" && major != "6");
}

#[derive(Default)]
struct Reader<'t> {
    fifth: bool,
    by_key: HashMap<&'t str, u32>,
    by_identity: HashMap<(String, String, bool), u32>,
    /// Members of the workspace, by their folders.
    members: HashMap<String, u32>,
    /// What members need: where the member is, and what it needs; resolved when all members are known.
    pending: Vec<(String, u32, Scope)>,
    graph: Graph,
    roots: Vec<(u32, Scope)>,
}

impl<'t> Reader<'t> {
    fn package(&mut self, sheet: &mut Sheet<'_>, key: &'t str, node: Node<'t>) {
        let parsed = pnpm_keys::parse(key, self.fifth);
        let text = |key| node.get(key).and_then(Node::scalar);
        let name = text("name").unwrap_or(parsed.name);
        let numbered =
            Some(parsed.version).filter(|version| version.starts_with(|c: char| c.is_ascii_digit()));
        let version = text("version").or(numbered).unwrap_or_default();
        if name.is_empty() {
            sheet.problem_at(node.entry_span(), "an entry that names no package; left out");
            return;
        }
        let source = source(&parsed, node.get("resolution"));
        let identity = (name.to_owned(), format!("{version} {source:?}"), source == Source::Registry);
        let position = self.by_identity.get(&identity).copied().or_else(|| {
            let mut package = Package::new(registry::purl(name, version));
            package.region = Some(sheet.region(node.entry_span()));
            package.checksums = node.get("resolution").map(package_lock::checksums).unwrap_or_default();
            package.scope = package_lock::scope(node);
            package.source = source;
            sheet.push(package)
        });
        let Some(position) = position else { return };
        self.by_identity.insert(identity, position);
        self.by_key.insert(key, position);
        self.by_key.entry(without_peers(key)).or_insert(position);
        if let Some(package) = sheet.package(position) {
            package.scope = package.scope.max(package_lock::scope(node));
        }
    }

    fn position(&self, key: &str) -> Option<u32> {
        self.by_key.get(key).or_else(|| self.by_key.get(without_peers(key))).copied()
    }

    /// The package that a dependency means: its key is the reference itself, or the name and the reference.
    fn find(&self, name: &str, reference: &str) -> Option<u32> {
        self.position(reference)
            .or_else(|| self.position(&format!("{name}@{reference}")))
            .or_else(|| self.position(&format!("/{name}@{reference}")))
            .or_else(|| self.position(&format!("/{name}/{reference}")))
    }

    fn importer(&mut self, sheet: &mut Sheet<'_>, path: &str, node: Node<'t>) {
        if path.len() > MAX_PATH {
            sheet.problem_at(node.entry_span(), "the path of an importer is too long; it was left out");
            return;
        }
        if path != "." {
            sheet.listing.includes.push(format!("{path}/package.json"));
        }
        for (kind, scope) in KINDS {
            for (name, need) in node.get(kind).into_iter().flat_map(Node::entries) {
                let reference = need.get("version").unwrap_or(need).scalar().unwrap_or_default();
                let to = match reference.strip_prefix("link:") {
                    Some(link) => self.member(sheet, name, &join(path, link), need),
                    None => self.find(name, reference),
                };
                let Some(to) = to else { continue };
                self.roots.push((to, scope));
                if path != "." {
                    self.pending.push((path.to_owned(), to, scope));
                }
            }
        }
    }

    /// A folder of the workspace that another one depends on, which is where its name is told.
    fn member(&mut self, sheet: &mut Sheet<'_>, name: &str, path: &str, need: Node<'_>) -> Option<u32> {
        if let Some(known) = self.members.get(path) {
            return Some(*known);
        }
        let mut package = Package::new(registry::purl(name, ""));
        package.region = Some(sheet.region(need.entry_span()));
        package.source = Source::Local(path.to_owned());
        let position = sheet.push(package)?;
        self.members.insert(path.to_owned(), position);
        Some(position)
    }

    fn needs(&mut self, from: u32, node: Node<'_>) {
        for (kind, scope) in KINDS {
            for (name, reference) in node.get(kind).into_iter().flat_map(Node::entries) {
                if let Some(to) = reference.scalar().and_then(|reference| self.find(name, reference)) {
                    self.graph.add(from, to, scope);
                }
            }
        }
    }

    /// From version 9 on, the scopes are worked out from what the importers ask for.
    fn finish(mut self, sheet: &mut Sheet<'_>, work_out: bool) {
        for (path, to, scope) in std::mem::take(&mut self.pending) {
            if let Some(from) = self.members.get(&path) {
                self.graph.add(*from, to, scope);
            }
        }
        let packages = &mut sheet.listing.packages;
        self.graph.apply(packages);
        let scopes = self.graph.scopes(packages.len(), &self.roots);
        for (package, scope) in packages.iter_mut().zip(scopes) {
            if work_out || matches!(package.source, Source::Local(_)) {
                package.scope = scope.unwrap_or(package.scope);
            }
            if scope.is_some() && package.relation == Relation::Unknown {
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

/// The longest path of an importer that is believed, in bytes.
const MAX_PATH: usize = 1024;

const KINDS: [(&str, Scope); 3] = [
    ("dependencies", Scope::Runtime),
    ("devDependencies", Scope::Development),
    ("optionalDependencies", Scope::Optional),
];

fn source(key: &pnpm_keys::Key<'_>, resolution: Option<Node<'_>>) -> Source {
    let text = |key| resolution.and_then(|resolution| resolution.get(key)).and_then(Node::scalar);
    if let (Some("git") | None, Some(repository), Some(commit)) = (text("type"), text("repo"), text("commit"))
    {
        let url = repository.strip_prefix("git+").unwrap_or(repository);
        return Source::Git { url: origin::without_credentials(url), commit: Some(commit.to_owned()) };
    }
    if let Some(folder) = text("directory") {
        return Source::Local(folder.to_owned());
    }
    if key.registry {
        return Source::Registry;
    }
    let address = text("tarball").unwrap_or(key.version);
    registry::source_of_requirement(address)
        .or_else(|| registry::source_of_requirement(key.version))
        .unwrap_or_default()
}

/// A path relative to a folder, from the root of the workspace.
fn join(folder: &str, path: &str) -> String {
    let mut parts = Vec::new();
    for part in folder.split('/').chain(path.split('/')) {
        match part {
            "" | "." => {}
            ".." if parts.last().is_some_and(|last| *last != "..") => {
                parts.pop();
            }
            part => parts.push(part),
        }
    }
    if parts.is_empty() { ".".to_owned() } else { parts.join("/") }
}
