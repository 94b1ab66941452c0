//! The trees of a repository, reduced to what leads to something interesting: each tree is read once, and of its
//! entries only sub-trees, blobs with facts and names worth a look are kept.

use std::collections::HashMap;
use std::sync::Mutex;
use std::sync::PoisonError;

use gix::ObjectId;
use gix::objs::TreeRefIter;
use gix::objs::tree::EntryKind;

use super::objects::{ObjectNumber, Objects};

/// Number of an interned name.
pub(super) type NameId = u32;

/// An entry worth keeping.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) name: NameId,
    pub(super) target: Target,
}

/// Where an entry leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Target {
    Tree(ObjectNumber),
    /// A blob that has facts.
    Blob(ObjectNumber),
    /// A file whose name alone is worth a look.
    Name,
}

/// Names, each once.
#[derive(Default)]
pub(super) struct Names {
    ids: HashMap<Vec<u8>, NameId>,
    list: Vec<Vec<u8>>,
}

impl Names {
    pub(super) fn id(&mut self, name: &[u8]) -> NameId {
        if let Some(id) = self.ids.get(name) {
            return *id;
        }
        let id = self.list.len() as NameId;
        self.ids.insert(name.to_vec(), id);
        self.list.push(name.to_vec());
        id
    }

    pub(super) fn name(&self, id: NameId) -> &[u8] {
        self.list.get(id as usize).map_or(&[], Vec::as_slice)
    }
}

/// Reads trees into edges. Shared by all threads.
pub(super) struct Reader<'a> {
    pub(super) objects: &'a Objects,
    /// Numbers of the blobs that have facts.
    pub(super) blobs: &'a gix::hashtable::HashMap<ObjectId, ObjectNumber>,
    /// Whether a file's name alone is worth a look.
    pub(super) name_matters: &'a (dyn Fn(&[u8]) -> bool + Sync),
    pub(super) names: Mutex<Names>,
}

/// What one thread has read.
#[derive(Default)]
pub(super) struct Part {
    /// Number of each tree that has edges, and where in `edges` they begin.
    trees: Vec<(ObjectNumber, u32)>,
    edges: Vec<Edge>,
    matters: HashMap<Vec<u8>, Option<NameId>>,
    checked: gix::hashtable::HashSet<ObjectId>,
    missing: Vec<ObjectId>,
    broken: Vec<ObjectNumber>,
    submodules: u64,
}

impl Reader<'_> {
    /// Reads one tree.
    pub(super) fn read(&self, part: &mut Part, number: ObjectNumber, content: &[u8], hash: gix::hash::Kind) {
        let begin = part.edges.len();
        for entry in TreeRefIter::from_bytes(content, hash) {
            let Ok(entry) = entry else {
                part.broken.push(number);
                break;
            };
            let target = match entry.mode.kind() {
                EntryKind::Tree => self.present(part, entry.oid).map(Target::Tree),
                EntryKind::Commit => {
                    part.submodules += 1;
                    None
                }
                EntryKind::Link => None,
                EntryKind::Blob | EntryKind::BlobExecutable => {
                    self.check(part, entry.oid);
                    self.blobs.get(entry.oid).copied().map(Target::Blob)
                }
            };
            if let Some(target) = target {
                part.edges.push(Edge { name: self.name(entry.filename), target });
            }
            let is_file = matches!(entry.mode.kind(), EntryKind::Blob | EntryKind::BlobExecutable);
            if is_file && let Some(name) = self.interesting(part, entry.filename) {
                part.edges.push(Edge { name, target: Target::Name });
            }
        }
        if part.edges.len() > begin {
            part.trees.push((number, begin as u32));
        }
    }

    fn present(&self, part: &mut Part, id: &gix::oid) -> Option<ObjectNumber> {
        let number = self.objects.number(id);
        if number.is_none() {
            part.missing.push(id.to_owned());
        }
        number
    }

    /// Notes a blob that is not there. Each blob is looked up once a thread.
    fn check(&self, part: &mut Part, id: &gix::oid) {
        if !part.checked.contains(id) {
            part.checked.insert(id.to_owned());
            self.present(part, id);
        }
    }

    fn interesting(&self, part: &mut Part, name: &[u8]) -> Option<NameId> {
        if let Some(known) = part.matters.get(name) {
            return *known;
        }
        let id = (self.name_matters)(name).then(|| self.name(name));
        part.matters.insert(name.to_vec(), id);
        id
    }

    fn name(&self, name: &[u8]) -> NameId {
        self.names.lock().unwrap_or_else(PoisonError::into_inner).id(name)
    }
}

impl Part {
    fn each(&self) -> impl Iterator<Item = (ObjectNumber, &[Edge])> {
        let ends = self.trees.iter().skip(1).map(|(_, start)| *start as usize).chain([self.edges.len()]);
        self.trees.iter().zip(ends).map(|((number, start), end)| (*number, &self.edges[*start as usize..end]))
    }
}

/// All trees.
pub(super) struct Graph {
    starts: Vec<u32>,
    edges: Vec<Edge>,
    leads: Vec<bool>,
    pub(super) names: Names,
    /// Objects that trees name and that are not there.
    pub(super) missing: Vec<ObjectId>,
    /// Trees that cannot be parsed to their end.
    pub(super) broken: Vec<ObjectNumber>,
}

impl Graph {
    /// Puts together what the threads have read.
    pub(super) fn new(objects: usize, parts: Vec<Part>, names: Names) -> Self {
        let mut starts = vec![0_u32; objects + 1];
        for part in &parts {
            for (number, edges) in part.each() {
                starts[number as usize + 1] = edges.len() as u32;
            }
        }
        for at in 1..starts.len() {
            starts[at] += starts[at - 1];
        }
        let total = starts.last().copied().unwrap_or(0) as usize;
        let mut all = vec![Edge { name: 0, target: Target::Name }; total];
        let mut missing = Vec::new();
        let mut broken = Vec::new();
        for part in parts {
            for (number, edges) in part.each() {
                let start = starts[number as usize] as usize;
                all[start..start + edges.len()].copy_from_slice(edges);
            }
            missing.extend(part.missing);
            broken.extend(part.broken);
        }
        missing.sort_unstable();
        missing.dedup();
        broken.sort_unstable();
        broken.dedup();
        let mut graph = Self { starts, edges: all, leads: vec![false; objects], names, missing, broken };
        graph.mark();
        graph
    }

    /// The entries of a tree that lead to something interesting.
    pub(super) fn entries(&self, tree: ObjectNumber) -> impl Iterator<Item = Edge> + '_ {
        self.all_entries(tree).iter().copied().filter(|edge| match edge.target {
            Target::Tree(child) => self.leads(child),
            Target::Blob(_) | Target::Name => true,
        })
    }

    /// Whether anything interesting is in the tree or below it.
    pub(super) fn leads(&self, tree: ObjectNumber) -> bool {
        self.leads.get(tree as usize).copied().unwrap_or(false)
    }

    fn all_entries(&self, tree: ObjectNumber) -> &[Edge] {
        let at = tree as usize;
        let (Some(start), Some(end)) = (self.starts.get(at), self.starts.get(at + 1)) else { return &[] };
        &self.edges[*start as usize..*end as usize]
    }

    /// Spreads interest from the leaves to the roots, over the reversed edges.
    fn mark(&mut self) {
        let count = self.leads.len();
        let mut degree = vec![0_u32; count + 1];
        let each_edge = |visit: &mut dyn FnMut(ObjectNumber, ObjectNumber)| {
            for tree in 0..count as u32 {
                for edge in self.all_entries(tree) {
                    if let Target::Tree(child) = edge.target {
                        visit(child, tree);
                    }
                }
            }
        };
        each_edge(&mut |child, _| degree[child as usize + 1] += 1);
        for at in 1..degree.len() {
            degree[at] += degree[at - 1];
        }
        let mut next = degree.clone();
        let mut parents = vec![0; degree.last().copied().unwrap_or(0) as usize];
        each_edge(&mut |child, parent| {
            let slot = &mut next[child as usize];
            parents[*slot as usize] = parent;
            *slot += 1;
        });
        let is_leaf = |edge: &Edge| !matches!(edge.target, Target::Tree(_));
        let mut stack: Vec<ObjectNumber> =
            (0..count as u32).filter(|tree| self.all_entries(*tree).iter().any(is_leaf)).collect();
        for &tree in &stack {
            self.leads[tree as usize] = true;
        }
        while let Some(tree) = stack.pop() {
            for &parent in &parents[degree[tree as usize] as usize..degree[tree as usize + 1] as usize] {
                if !self.leads[parent as usize] {
                    self.leads[parent as usize] = true;
                    stack.push(parent);
                }
            }
        }
    }
}
