use std::collections::{HashMap, HashSet};

use andon_model::{Coverage, Gap, GapKind, SkipReason};
use andon_system::paths;
use gix::index::entry::{Flags, Mode, Stage};
use gix::index::extension::Tree as CachedTree;
use gix::index::{Entry, State};
use gix::objs::TreeRefIter;
use gix::{ObjectId, Repository};

use super::IntakeError;
use super::blob::read_object;
use super::index::read_index;
use super::renames::{Deleted, find_renames};
use super::repository::git_error;

/// A file whose content in the index is not the one that HEAD has at its path.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StagedEntry {
    /// Report path, from the root of the working tree.
    pub path: String,
    /// Its content in the index; see [`super::read_blob`].
    pub new_blob: ObjectId,
    /// The content in HEAD at this path, or at the path it was renamed from; `None` for a new file.
    pub old_blob: Option<ObjectId>,
    /// The report path that HEAD has it at, when the index does not have that path any more.
    pub renamed_from: Option<String>,
}

/// What the index adds to HEAD, or to nothing when there is no commit yet, by path. Folders that the index knows to be
/// unchanged (its cache-tree extension, gitformat-index(5)) cost nothing. Deleted files and changes of mode alone are
/// not listed; links and submodules are counted in the coverage. Of a path in conflict both sides are listed. A file
/// that is only announced (`git add --intent-to-add`) has no staged content yet.
///
/// # Errors
/// When HEAD or the index cannot be read.
pub fn staged(repository: &Repository, coverage: &mut Coverage) -> Result<Vec<StagedEntry>, IntakeError> {
    let failed = |error: &dyn std::fmt::Display| git_error(repository.git_dir(), error);
    let Some(index) = read_index(repository)? else { return Ok(Vec::new()) };
    let mut head = repository.head().map_err(|error| failed(&error))?;
    let tree = if head.is_unborn() {
        None
    } else {
        let commit = head.peel_to_commit().map_err(|error| failed(&error))?;
        Some(commit.tree_id().map_err(|error| failed(&error))?.detach())
    };
    let mut difference = Difference {
        repository,
        index: &index,
        coverage,
        entries: Vec::new(),
        deleted: Vec::new(),
        deleted_trees: Vec::new(),
    };
    difference.compare(Folder { path: b"", tree, cached: index.tree(), depth: 0 }, index.entries());
    Ok(difference.finish())
}

/// Deeper trees are compared file by file.
const DEEPEST: u32 = 200;

/// Larger tree objects (bytes) are not believed: a million entries need less.
const LARGEST_TREE: u64 = 64 * 1024 * 1024;

struct Difference<'a> {
    repository: &'a Repository,
    index: &'a State,
    coverage: &'a mut Coverage,
    entries: Vec<StagedEntry>,
    deleted: Vec<Deleted>,
    deleted_trees: Vec<(Vec<u8>, ObjectId)>,
}

/// A folder in HEAD and in the index.
#[derive(Clone, Copy)]
struct Folder<'a> {
    /// Ends in `/` unless it is the root.
    path: &'a [u8],
    /// HEAD's tree; `None` when HEAD has no such folder.
    tree: Option<ObjectId>,
    cached: Option<&'a CachedTree>,
    depth: u32,
}

/// What a tree object has, by name.
type Names = HashMap<Vec<u8>, (gix::objs::tree::EntryMode, ObjectId)>;

impl<'a> Difference<'a> {
    /// Compares a folder with the index entries below it.
    fn compare(&mut self, folder: Folder<'_>, entries: &'a [Entry]) {
        let unchanged = |cached: &CachedTree| cached.num_entries.is_some() && Some(cached.id) == folder.tree;
        if folder.cached.is_some_and(unchanged) {
            return;
        }
        let mut names = folder.tree.map(|tree| self.names(tree)).unwrap_or_default();
        let children = folder.cached.map(|cached| cached.children.as_slice()).unwrap_or_default();
        let cached: HashMap<&[u8], &CachedTree> =
            children.iter().map(|child| (&*child.name, child)).collect();
        let mut seen: HashSet<&[u8]> = HashSet::new();
        let mut rest = entries;
        while let Some((entry, tail)) = rest.split_first() {
            let path: &'a [u8] = entry.path(self.index);
            let name = path.get(folder.path.len()..).unwrap_or_default();
            let slash = memchr::memchr(b'/', name).filter(|_| entry.mode != Mode::DIR);
            let Some(slash) = slash else {
                let old = names.get(name).copied();
                self.compare_file(entry, old.map(|(mode, id)| (mode.is_blob(), id)));
                if old.is_some_and(|(mode, _)| !mode.is_tree()) {
                    seen.insert(name);
                }
                rest = tail;
                continue;
            };
            let below = path.get(..folder.path.len() + slash + 1).unwrap_or(path);
            let end = rest.partition_point(|entry| entry.path(self.index).starts_with(below)).max(1);
            let (inside, after) = rest.split_at_checked(end).unwrap_or((rest, &[]));
            let name = name.get(..slash).unwrap_or_default();
            let tree = names.get(name).filter(|(mode, _)| mode.is_tree()).map(|(_, id)| *id);
            if tree.is_some() {
                seen.insert(name);
            }
            self.descend(folder, below, tree, cached.get(name).copied(), inside);
            rest = after;
        }
        names.retain(|name, _| !seen.contains(name.as_slice()));
        self.delete(folder.path, names);
    }

    fn descend(
        &mut self,
        folder: Folder<'_>,
        path: &[u8],
        tree: Option<ObjectId>,
        cached: Option<&CachedTree>,
        entries: &'a [Entry],
    ) {
        if folder.depth < DEEPEST {
            self.compare(Folder { path, tree, cached, depth: folder.depth + 1 }, entries);
        } else {
            for entry in entries {
                self.compare_file(entry, None);
            }
        }
    }

    /// Compares one entry of the index with what HEAD has there: whether it is a regular file, and its id.
    fn compare_file(&mut self, entry: &Entry, old: Option<(bool, ObjectId)>) {
        let same = old.is_some_and(|(_, id)| id == entry.id);
        if same || entry.flags.contains(Flags::INTENT_TO_ADD) || entry.stage() == Stage::Base {
            return;
        }
        let path = paths::from_bytes(entry.path(self.index));
        match entry.mode {
            Mode::FILE | Mode::FILE_EXECUTABLE => {
                let old_blob = old.filter(|(regular, _)| *regular).map(|(_, id)| id);
                self.entries.push(StagedEntry { path, new_blob: entry.id, old_blob, renamed_from: None });
            }
            Mode::SYMLINK => self.coverage.skip(SkipReason::SymbolicLink, &path, 0),
            Mode::COMMIT => self.coverage.skip(SkipReason::Submodule, &path, 0),
            _ => {
                let detail = "the sparse index holds this folder as a whole; `git sparse-checkout reapply \
                              --no-sparse-index` lists its files"
                    .to_owned();
                self.coverage.gaps.push(Gap { kind: GapKind::Limit, subject: path, detail });
            }
        }
    }

    /// What a tree has. One that cannot be read has nothing, so that all that the index has there counts as new:
    /// more is examined then, not less.
    fn names(&self, tree: ObjectId) -> Names {
        let kind = gix::object::Kind::Tree;
        let Ok(data) = read_object(self.repository, tree, kind, LARGEST_TREE) else { return Names::new() };
        let entries = TreeRefIter::from_bytes(&data, self.repository.object_hash());
        entries
            .map_while(Result::ok)
            .map(|entry| (entry.filename.to_vec(), (entry.mode, entry.oid.to_owned())))
            .collect()
    }

    /// Remembers what HEAD has in a folder and the index has not.
    fn delete(&mut self, folder: &[u8], names: Names) {
        for (name, (mode, id)) in names {
            let path = [folder, &name].concat();
            if mode.is_blob() {
                self.deleted.push(Deleted { path, id });
            } else if mode.is_tree() {
                self.deleted_trees.push((path, id));
            }
        }
    }

    fn finish(mut self) -> Vec<StagedEntry> {
        if self.entries.iter().any(|entry| entry.old_blob.is_none()) {
            self.expand_deleted();
            find_renames(self.repository, &mut self.entries, self.deleted);
        }
        self.entries.sort_unstable_by(|a, b| (&a.path, a.new_blob).cmp(&(&b.path, b.new_blob)));
        self.entries.dedup();
        self.entries
    }

    /// The files of deleted folders, as far as they may be the origin of a rename.
    fn expand_deleted(&mut self) {
        const MOST: usize = 20_000;
        let mut trees = 0;
        while let Some((mut path, tree)) = self.deleted_trees.pop() {
            trees += 1;
            if trees > MOST || self.deleted.len() > MOST {
                break;
            }
            let names = self.names(tree);
            path.push(b'/');
            self.delete(&path, names);
        }
    }
}
