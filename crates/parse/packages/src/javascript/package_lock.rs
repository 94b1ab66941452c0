use std::collections::HashMap;

use andon_documents::{Node, NodeKind};
use andon_model::{Relation, Scope};

use super::folders::Folders;
use super::{package_lock_nested, registry};
use crate::support::sheet::{Sheet, read_json};
use crate::support::{integrity, origin};
use crate::{Format, Listing, Package, Project, Source};

/// `package-lock.json` and `npm-shrinkwrap.json`. Versions 2 and 3 say in `packages` what lies in which folder; version
/// 1 nests its packages.
pub(crate) fn package_lock(bytes: &[u8]) -> Listing {
    read_json(Format::PackageLock, bytes, |sheet, root| {
        let version = root.get("lockfileVersion").and_then(Node::scalar).unwrap_or("1");
        if !["1", "2", "3"].contains(&version) {
            sheet.problem(format!(
                "has the lockfileVersion {version}, which is not known; read as version 3, packages may be missing"
            ));
        }
        match root.get("packages").filter(|packages| packages.kind() == NodeKind::Map) {
            Some(packages) => read_packages(sheet, root, packages),
            None => {
                if version != "1" {
                    sheet
                        .problem("has no `packages`; run `npm install --package-lock-only` to write it anew");
                }
                package_lock_nested::read(sheet, root);
            }
        }
    })
}

/// The longest path of a folder that is believed, in bytes.
const MAX_PATH: usize = 4096;
/// Folders above a folder that the file may leave out.
const MAX_ABSENT: usize = 32;

/// A folder that the file lists.
struct Entry<'t> {
    path: &'t str,
    node: Node<'t>,
    folder: u32,
}

fn read_packages(sheet: &mut Sheet<'_>, root: Node<'_>, packages: Node<'_>) {
    let mut folders = Folders::new();
    let mut entries = Vec::new();
    let mut by_path = HashMap::new();
    for (path, node) in packages.entries() {
        if node.kind() != NodeKind::Map || path.len() > MAX_PATH {
            sheet.problem_at(
                node.entry_span(),
                "a package is not an object, or its path is too long; left out",
            );
            continue;
        }
        let folder = match path {
            "" => Folders::ROOT,
            _ if node.get("link").is_some_and(Node::is_true) => folders.add(None),
            _ => {
                let package = package(sheet, path, node);
                folders.add(sheet.push(package))
            }
        };
        by_path.insert(path, folder);
        entries.push(Entry { path, node, folder });
    }
    for entry in &entries {
        place(&mut folders, &by_path, entry);
    }
    for entry in &entries {
        connect(sheet, &folders, entry);
    }
    let own = by_path.contains_key("");
    for package in &mut sheet.listing.packages {
        if own && package.relation == Relation::Unknown {
            package.relation = Relation::Transitive;
        }
    }
    set_project(sheet, root, packages.get(""));
}

/// The project, by the root folder's entry and by what the file says of itself.
pub(super) fn set_project(sheet: &mut Sheet<'_>, root: Node<'_>, own: Option<Node<'_>>) {
    let of = |key| own.and_then(|own| own.get(key)).or_else(|| root.get(key)).and_then(Node::text);
    let version = of("version").unwrap_or_default();
    let purl = of("name").filter(|name| !name.is_empty()).map(|name| registry::purl(name, version));
    let licenses = own.map(registry::licenses).unwrap_or_default();
    if purl.is_some() || !licenses.is_empty() {
        sheet.listing.project = Some(Project { purl, licenses });
    }
}

fn package(sheet: &Sheet<'_>, path: &str, node: Node<'_>) -> Package {
    let in_modules = path.rsplit_once("node_modules/").map(|(_, name)| name);
    let name = node.get("name").and_then(Node::text).filter(|name| !name.is_empty());
    let fallback = in_modules.or_else(|| path.rsplit('/').next()).unwrap_or(path);
    let version = node.get("version").and_then(Node::text).unwrap_or_default();
    let mut package = Package::new(registry::purl(name.unwrap_or(fallback), version));
    package.source = match node.get("resolved").and_then(Node::text) {
        _ if in_modules.is_none() => Source::Local(path.to_owned()),
        Some(resolved) => registry::source(resolved).unwrap_or_default(),
        None => Source::Registry,
    };
    package.scope = scope(node);
    package.region = Some(sheet.region(node.entry_span()));
    package.install_path = Some(path.to_owned());
    package.licenses = registry::licenses(node);
    package.checksums = checksums(node);
    package
}

/// `dev` alone: only to develop. `optional` alone, or `devOptional` (to develop, or optional): optional.
pub(super) fn scope(node: Node<'_>) -> Scope {
    let is = |key| node.get(key).is_some_and(Node::is_true);
    match () {
        () if is("dev") => Scope::Development,
        () if is("optional") || is("devOptional") => Scope::Optional,
        () => Scope::Runtime,
    }
}

pub(super) fn checksums(node: Node<'_>) -> Vec<String> {
    node.get("integrity").and_then(Node::text).map(integrity::checksums).unwrap_or_default()
}

/// Puts a folder where its path says, and a link where it leads.
fn place<'t>(folders: &mut Folders<'t>, by_path: &HashMap<&'t str, u32>, entry: &Entry<'t>) {
    if entry.folder == Folders::ROOT {
        return;
    }
    if let Some(target) = entry.node.get("resolved").and_then(Node::text)
        && entry.node.get("link").is_some_and(Node::is_true)
    {
        let package = by_path.get(target).and_then(|folder| folders.package(*folder));
        folders.set_package(entry.folder, package);
    }
    let split = entry.path.rfind("node_modules/").filter(|at| is_start(entry.path, *at));
    let name = split.and_then(|at| entry.path.get(at + "node_modules/".len()..));
    let above = split.and_then(|at| entry.path.get(..at)).unwrap_or(entry.path);
    let mut above = if split.is_some() { above.trim_end_matches('/') } else { parent(above) };
    let mut found = Folders::ROOT;
    for _ in 0..MAX_ABSENT {
        match by_path.get(above) {
            Some(folder) => {
                found = *folder;
                break;
            }
            None => above = parent(above),
        }
    }
    folders.place(entry.folder, found, name);
}

fn is_start(path: &str, at: usize) -> bool {
    at == 0 || path.as_bytes().get(at - 1) == Some(&b'/')
}

fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// Notes what a folder's package needs.
fn connect(sheet: &mut Sheet<'_>, folders: &Folders<'_>, entry: &Entry<'_>) {
    let own = !entry.path.contains("node_modules/");
    let kinds: &[&str] = if own {
        &["dependencies", "optionalDependencies", "peerDependencies", "devDependencies"]
    } else {
        &["dependencies", "optionalDependencies", "peerDependencies"]
    };
    let from = folders.package(entry.folder);
    for kind in kinds {
        let Some(needs) = entry.node.get(kind) else { continue };
        for (name, range) in needs.entries() {
            let Some(to) = folders.resolve(entry.folder, name) else { continue };
            if let Some(from) = from.and_then(|from| sheet.package(from)) {
                from.dependencies.push(to);
            }
            let Some(package) = sheet.package(to) else { continue };
            if own {
                package.relation = Relation::Direct;
            }
            if let Some(range) = range.text()
                && package.source == Source::Registry
                && (range.starts_with("http:") || range.starts_with("https:"))
            {
                package.source = Source::Archive(origin::without_credentials(range));
            }
        }
    }
    if entry.folder != Folders::ROOT && own {
        let workspace = from.and_then(|from| sheet.package(from));
        workspace.into_iter().for_each(|package| package.relation = Relation::Direct);
    }
}
