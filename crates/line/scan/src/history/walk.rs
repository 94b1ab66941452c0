//! Where contents occur in history: which commit brought which blob to which path first.

use std::collections::{HashMap, HashSet};

use andon_model::{Gap, GapKind};

use super::commits::Commit;
use super::graph::{Graph, NameId, Target};
use super::objects::{ObjectNumber, Objects};

/// Number of an interned path; 0 is the root.
pub(super) type PathId = u32;

/// Deepest folder that is followed.
const MAX_DEPTH: usize = 1024;

/// Most different paths that are followed: a few small trees that name each other can stand for any number.
const MAX_PATHS: usize = 1 << 20;

/// How often a tree is visited, on average over all objects, before only trees made to be many are left.
const MAX_VISITS: usize = 8;

/// A first occurrence.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct First {
    pub(super) path: PathId,
    /// Object number of the commit.
    pub(super) commit: ObjectNumber,
    pub(super) at_head: bool,
}

/// What a walk found.
#[derive(Default)]
pub(super) struct Occurrences {
    /// Per blob with facts, in order of age.
    pub(super) blobs: HashMap<ObjectNumber, Vec<First>>,
    /// Per path whose name is worth a look, in order of age.
    pub(super) names: Vec<First>,
    pub(super) paths: Paths,
    /// Folders nested too deeply to follow.
    pub(super) too_deep: bool,
    /// More paths than are followed.
    pub(super) too_many: bool,
}

/// Walks the commits, oldest first. Each tree is visited once a path, so the work is bounded by the number of different
/// trees, not by the number of commits.
pub(super) fn walk(
    graph: &Graph,
    objects: &Objects,
    commits: &[&Commit],
    head: Option<&Commit>,
) -> Occurrences {
    let mut walk = Walk {
        graph,
        found: Occurrences::default(),
        trees: HashSet::new(),
        most_visits: MAX_PATHS.saturating_add(objects.len().saturating_mul(MAX_VISITS)),
        leaves: HashMap::new(),
    };
    for commit in commits {
        walk.commit(objects, commit, |walk, leaf| walk.record(leaf, commit.number));
    }
    walk.trees.clear();
    if let Some(head) = head {
        walk.commit(objects, head, Walk::mark_present);
    }
    walk.found
}

impl Occurrences {
    /// What the walk left out.
    pub(super) fn limits(&self) -> impl Iterator<Item = Gap> {
        let limits = [
            (self.too_deep, "folders nested more than 1,024 deep were not followed"),
            (self.too_many, "there are more paths than are followed, so that some contents have no place"),
        ];
        limits.into_iter().filter(|(reached, _)| *reached).map(|(_, detail)| Gap {
            kind: GapKind::Limit,
            subject: "folders".to_owned(),
            detail: detail.to_owned(),
        })
    }
}

/// Paths, each once, as a chain of names.
#[derive(Default)]
pub(super) struct Paths {
    ids: HashMap<(PathId, NameId), PathId>,
    list: Vec<(PathId, NameId)>,
}

impl Paths {
    fn id(&mut self, parent: PathId, name: NameId) -> PathId {
        *self.ids.entry((parent, name)).or_insert_with(|| {
            self.list.push((parent, name));
            self.list.len() as PathId
        })
    }

    /// The path's bytes, `/` between components.
    pub(super) fn bytes(&self, graph: &Graph, path: PathId) -> Vec<u8> {
        let mut names = Vec::new();
        let mut at = path;
        while let Some((parent, name)) = (at as usize).checked_sub(1).and_then(|index| self.list.get(index)) {
            names.push(graph.names.name(*name));
            at = *parent;
        }
        names.reverse();
        names.join(&b'/')
    }
}

/// A blob or a name, at a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Leaf {
    blob: Option<ObjectNumber>,
    path: PathId,
}

struct Walk<'a> {
    graph: &'a Graph,
    found: Occurrences,
    trees: HashSet<(ObjectNumber, PathId)>,
    most_visits: usize,
    /// Leaf -> position among its blob's occurrences, or among the names.
    leaves: HashMap<Leaf, u32>,
}

impl Walk<'_> {
    fn commit(&mut self, objects: &Objects, commit: &Commit, mut visit: impl FnMut(&mut Self, Leaf)) {
        let Some(root) = objects.number(&commit.tree).filter(|root| self.graph.leads(*root)) else { return };
        let mut stack = vec![(root, 0, 0)];
        while let Some((tree, path, depth)) = stack.pop() {
            if !self.trees.insert((tree, path)) {
                continue;
            }
            if self.found.paths.list.len() > MAX_PATHS || self.trees.len() > self.most_visits {
                self.found.too_many = true;
                return;
            }
            if depth > MAX_DEPTH {
                self.found.too_deep = true;
                continue;
            }
            let graph = self.graph;
            for edge in graph.entries(tree) {
                let path = self.found.paths.id(path, edge.name);
                match edge.target() {
                    Target::Tree(child) => stack.push((child, path, depth + 1)),
                    Target::Blob(blob) => visit(self, Leaf { blob: Some(blob), path }),
                    Target::Name => visit(self, Leaf { blob: None, path }),
                }
            }
        }
    }

    fn record(&mut self, leaf: Leaf, commit: ObjectNumber) {
        let list = match leaf.blob {
            Some(blob) => self.found.blobs.entry(blob).or_default(),
            None => &mut self.found.names,
        };
        if let std::collections::hash_map::Entry::Vacant(slot) = self.leaves.entry(leaf) {
            slot.insert(list.len() as u32);
            list.push(First { path: leaf.path, commit, at_head: false });
        }
    }

    fn mark_present(&mut self, leaf: Leaf) {
        let Some(position) = self.leaves.get(&leaf) else { return };
        let list = match leaf.blob {
            Some(blob) => self.found.blobs.get_mut(&blob),
            None => Some(&mut self.found.names),
        };
        if let Some(first) = list.and_then(|list| list.get_mut(*position as usize)) {
            first.at_head = true;
        }
    }
}
