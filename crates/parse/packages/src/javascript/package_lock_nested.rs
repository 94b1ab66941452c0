use std::rc::Rc;

use andon_documents::{Node, NodeKind};
use andon_model::{Relation, Scope};

use super::folders::Folders;
use super::package_lock::{checksums, scope, set_project};
use super::registry;
use crate::support::needs::Graph;
use crate::support::origin;
use crate::support::sheet::Sheet;
use crate::{Package, Source};

/// Levels of nested packages that are read; real trees have some ten.
const MAX_LEVELS: u32 = 200;
/// The longest path that is told, in bytes.
const MAX_PATH: usize = 1024;

/// A package that waits to be read.
struct Waiting<'t> {
    name: &'t str,
    node: Node<'t>,
    parent: u32,
    /// The path that its own is put behind.
    path: Option<Rc<str>>,
    level: u32,
}

/// Reads lockfileVersion 1, in which `dependencies` nest as folders do. It does not say what the project itself asks
/// for; what no other package needs must be direct.
pub(super) fn read(sheet: &mut Sheet<'_>, root: Node<'_>) {
    let mut folders = Folders::new();
    let mut found = Vec::new();
    let mut waiting = Vec::new();
    queue(&mut waiting, root, Folders::ROOT, Some(&Rc::from("")), 0);
    let mut too_deep = false;
    while let Some(next) = waiting.pop() {
        if next.node.kind() != NodeKind::Map {
            sheet.problem_at(next.node.entry_span(), "a package is not an object; left out");
            continue;
        }
        let path = next.path.map(|parent| format!("{parent}node_modules/{}", next.name));
        let path = path.filter(|path| path.len() <= MAX_PATH);
        let mut package = package(sheet, next.name, next.node);
        package.install_path.clone_from(&path);
        if next.level > 0 {
            package.relation = Relation::Transitive;
        }
        let folder = folders.add(sheet.push(package));
        folders.place(folder, next.parent, Some(next.name));
        found.push((folder, next.node));
        if next.level < MAX_LEVELS {
            let path = path.map(|path| Rc::from(path + "/"));
            queue(&mut waiting, next.node, folder, path.as_ref(), next.level + 1);
        } else {
            too_deep |= next.node.get("dependencies").is_some();
        }
    }
    if too_deep {
        sheet.problem(format!(
            "nests packages more than {MAX_LEVELS} levels deep; deeper ones were left out, run `npm install` to write it anew"
        ));
    }
    connect(sheet, &folders, &found);
    set_project(sheet, root, None);
}

/// Queues the nested packages of a node, so that the first is read first.
fn queue<'t>(
    waiting: &mut Vec<Waiting<'t>>,
    node: Node<'t>,
    parent: u32,
    path: Option<&Rc<str>>,
    level: u32,
) {
    let first = waiting.len();
    if let Some(nested) = node.get("dependencies") {
        let waits = |(name, node)| Waiting { name, node, parent, path: path.cloned(), level };
        waiting.extend(nested.entries().map(waits));
    }
    if let Some(added) = waiting.get_mut(first..) {
        added.reverse();
    }
}

fn package(sheet: &Sheet<'_>, name: &str, node: Node<'_>) -> Package {
    let version = node.get("version").and_then(Node::text).unwrap_or_default();
    let mut package = match registry::alias(version) {
        Some((name, version)) => Package::new(registry::purl(name, version)),
        None => Package::new(registry::purl(name, version)),
    };
    let source = registry::source(version).or_else(|| {
        let is_address = version.starts_with("http:") || version.starts_with("https:");
        is_address.then(|| Source::Archive(origin::without_credentials(version)))
    });
    if let Some(source) = source {
        package.purl = package.purl.without_version();
        package.source = source;
    } else if let Some(source) = node.get("resolved").and_then(Node::text).and_then(registry::source) {
        package.source = source;
    }
    package.scope = scope(node);
    package.region = Some(sheet.region(node.entry_span()));
    package.checksums = checksums(node);
    package
}

fn connect(sheet: &mut Sheet<'_>, folders: &Folders<'_>, found: &[(u32, Node<'_>)]) {
    let mut graph = Graph::default();
    for (folder, node) in found {
        let (Some(from), Some(needs)) = (folders.package(*folder), node.get("requires")) else { continue };
        for (name, _) in needs.entries() {
            if let Some(to) = folders.resolve(*folder, name) {
                graph.add(from, to, Scope::Runtime);
            }
        }
    }
    graph.apply(&mut sheet.listing.packages);
    let needed = graph.needed(sheet.listing.packages.len());
    for (package, needed) in sheet.listing.packages.iter_mut().zip(needed) {
        if package.relation == Relation::Unknown && !needed {
            package.relation = Relation::Direct;
        }
    }
}
