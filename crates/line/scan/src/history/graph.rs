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

/// An entry worth keeping, in eight bytes: a long history has tens of millions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Edge {
    pub(super) name: NameId,
    /// The object's number and, in the two lowest bits, the kind of target.
    packed: u32,
}

impl Edge {
    /// Object numbers from here on do not fit; a repository has fewer.
    const LIMIT: ObjectNumber = 1 << 30;

    fn new(name: NameId, target: Target) -> Option<Self> {
        let (number, kind) = match target {
            Target::Tree(number) => (number, 0),
            Target::Blob(number) => (number, 1),
            Target::Name => (0, 2),
        };
        (number < Self::LIMIT).then_some(Self { name, packed: number << 2 | kind })
    }

    pub(super) fn target(self) -> Target {
        match self.packed & 3 {
            0 => Target::Tree(self.packed >> 2),
            1 => Target::Blob(self.packed >> 2),
            _ => Target::Name,
        }
    }
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
                part.edges.extend(Edge::new(self.name(entry.filename), target));
            }
            let is_file = matches!(entry.mode.kind(), EntryKind::Blob | EntryKind::BlobExecutable);
            if is_file && let Some(name) = self.interesting(part, entry.filename) {
                part.edges.extend(Edge::new(name, Target::Name));
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

/// All trees.
pub(super) struct Graph {
    /// The edges as the threads have read them.
    edges: Vec<Vec<Edge>>,
    /// Where the edges of each object are, if it is a tree that has any.
    places: Vec<Place>,
    leads: Vec<Interest>,
    pub(super) names: Names,
    /// Objects that trees name and that are not there.
    pub(super) missing: Vec<ObjectId>,
    /// Trees that cannot be parsed to their end.
    pub(super) broken: Vec<ObjectNumber>,
}

#[derive(Clone, Copy, Default)]
struct Place {
    part: u32,
    start: u32,
    count: u32,
}

/// Whether anything interesting is in a tree or below it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Interest {
    Unknown,
    Open,
    No,
    Yes,
}

impl Graph {
    /// Puts together what the threads have read.
    pub(super) fn new(objects: usize, parts: Vec<Part>, names: Names) -> Self {
        let mut graph = Self {
            edges: Vec::new(),
            places: vec![Place::default(); objects],
            leads: vec![Interest::Unknown; objects],
            names,
            missing: Vec::new(),
            broken: Vec::new(),
        };
        for (index, part) in parts.into_iter().enumerate() {
            let ends = part.trees.iter().skip(1).map(|(_, start)| *start).chain([part.edges.len() as u32]);
            for ((number, start), end) in part.trees.iter().zip(ends) {
                graph.places[*number as usize] =
                    Place { part: index as u32, start: *start, count: end - start };
            }
            graph.edges.push(part.edges);
            graph.missing.extend(part.missing);
            graph.broken.extend(part.broken);
        }
        graph.missing.sort_unstable();
        graph.missing.dedup();
        graph.broken.sort_unstable();
        graph.broken.dedup();
        for tree in 0..objects as ObjectNumber {
            graph.mark(tree);
        }
        graph
    }

    /// The entries of a tree that lead to something interesting.
    pub(super) fn entries(&self, tree: ObjectNumber) -> impl Iterator<Item = Edge> + '_ {
        self.all_entries(tree).iter().copied().filter(|edge| match edge.target() {
            Target::Tree(child) => self.leads(child),
            Target::Blob(_) | Target::Name => true,
        })
    }

    /// Whether anything interesting is in the tree or below it.
    pub(super) fn leads(&self, tree: ObjectNumber) -> bool {
        self.leads.get(tree as usize) == Some(&Interest::Yes)
    }

    fn all_entries(&self, tree: ObjectNumber) -> &[Edge] {
        let Some(place) = self.places.get(tree as usize) else { return &[] };
        let start = place.start as usize;
        let part = self.edges.get(place.part as usize);
        part.and_then(|edges| edges.get(start..start + place.count as usize)).unwrap_or(&[])
    }

    /// Finds out about a tree and all below it, deepest first. Trees cannot contain themselves, as their names are the
    /// digests of their contents; damage that makes it look so is stepped over.
    fn mark(&mut self, root: ObjectNumber) {
        let mut stack = vec![(root, 0)];
        while let Some((tree, at)) = stack.pop() {
            let interest = self.leads[tree as usize];
            if interest == Interest::No
                || interest == Interest::Yes
                || (interest == Interest::Open && at == 0)
            {
                continue;
            }
            self.leads[tree as usize] = Interest::Open;
            let next =
                self.all_entries(tree).iter().enumerate().skip(at).find_map(|(index, edge)| {
                    match edge.target() {
                        Target::Tree(child) => (self.leads.get(child as usize) == Some(&Interest::Unknown))
                            .then_some((index, child)),
                        Target::Blob(_) | Target::Name => None,
                    }
                });
            match next {
                Some((index, child)) => stack.extend([(tree, index + 1), (child, 0)]),
                None => {
                    let found = self.entries(tree).next().is_some();
                    self.leads[tree as usize] = if found { Interest::Yes } else { Interest::No };
                }
            }
        }
    }
}
