use std::ops::ControlFlow;
use std::sync::{Mutex, PoisonError};

use andon_system::paths;
use gix::ObjectId;
use gix::bstr::ByteSlice;
use gix::object::tree::diff::ChangeDetached;

/// Folders nested deeper are not looked at.
const DEEPEST: usize = 256;
/// More entries in one tree are refused: a few small trees can stand for any number.
const MOST_ENTRIES: usize = 5_000_000;

/// A repository that several threads use, each with a handle of its own.
pub(crate) struct Handles {
    repository: gix::ThreadSafeRepository,
    idle: Mutex<Vec<gix::Repository>>,
}

impl Handles {
    pub(crate) fn new(repository: gix::ThreadSafeRepository) -> Self {
        Self { repository, idle: Mutex::new(Vec::new()) }
    }

    pub(crate) fn with<T>(&self, work: impl FnOnce(&gix::Repository) -> T) -> T {
        let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let handle = idle.unwrap_or_else(|| self.repository.to_thread_local());
        let result = work(&handle);
        self.idle.lock().unwrap_or_else(PoisonError::into_inner).push(handle);
        result
    }
}

/// A file in a commit's tree or in the index.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Blob {
    /// Report path.
    pub(crate) path: String,
    pub(crate) id: ObjectId,
}

/// The commit that a revision names, as `git rev-parse` reads it.
pub(crate) fn commit_of<'a>(repo: &'a gix::Repository, revision: &str) -> Result<gix::Commit<'a>, String> {
    let id = repo.rev_parse_single(revision.as_bytes().as_bstr()).map_err(|error| {
        // The parser calls `HEAD` malformed when there is no commit yet.
        let unborn = repo.head().is_ok_and(|head| head.is_unborn());
        if unborn { "the current branch has no commit yet".to_owned() } else { error.to_string() }
    })?;
    let object = id.object().map_err(|error| error.to_string())?;
    object.peel_to_commit().map_err(|error| error.to_string())
}

/// The regular files of a tree by path.
pub(crate) fn blobs_of(repo: &gix::Repository, tree: ObjectId) -> Result<Vec<Blob>, String> {
    let mut blobs = Vec::new();
    let mut folders = vec![(Vec::new(), tree, 0)];
    while let Some((prefix, id, depth)) = folders.pop() {
        let tree = repo.find_tree(id).map_err(|error| error.to_string())?;
        for entry in tree.iter() {
            let entry = entry.map_err(|error| error.to_string())?;
            if blobs.len() + folders.len() >= MOST_ENTRIES || depth >= DEEPEST {
                return Err(format!(
                    "its tree has more than {MOST_ENTRIES} entries or {DEEPEST} levels of folders"
                ));
            }
            let mut path: Vec<u8> = prefix.clone();
            path.extend_from_slice(entry.filename());
            if entry.mode().is_blob() {
                blobs.push(Blob { path: paths::from_bytes(&path), id: entry.object_id() });
            } else if entry.mode().is_tree() {
                path.push(b'/');
                folders.push((path, entry.object_id(), depth + 1));
            }
        }
    }
    blobs.sort_by(|a, b| a.path.cmp(&b.path));
    Ok(blobs)
}

/// More changes between two trees are refused: a few small trees can stand for any number.
const MOST_CHANGES: usize = 1_000_000;
/// Bytes of the paths of all changes together.
const MOST_PATH_BYTES: usize = 256 << 20;

/// What turns one tree into another, renames put together when `rewrites` asks for it. Without `old` everything is
/// an addition. The error is for people.
pub(crate) fn tree_changes(
    repo: &gix::Repository,
    old: Option<&gix::Tree<'_>>,
    new: &gix::Tree<'_>,
    rewrites: bool,
) -> Result<Vec<ChangeDetached>, String> {
    let empty = repo.empty_tree();
    let old = old.unwrap_or(&empty);
    let changes = bounded_changes(old, new)?;
    if !rewrites {
        return Ok(changes);
    }
    let options = gix::diff::Options::default().with_rewrites(Some(gix::diff::Rewrites::default()));
    repo.diff_tree_to_tree(old, new, options).map_err(|error| error.to_string())
}

/// Stops at the first change too many, so that nothing grows without bound.
fn bounded_changes(old: &gix::Tree<'_>, new: &gix::Tree<'_>) -> Result<Vec<ChangeDetached>, String> {
    let mut changes = Vec::new();
    let mut bytes = 0usize;
    let mut platform = old.changes().map_err(|error| error.to_string())?;
    platform.options(|options| {
        options.track_path();
        options.track_rewrites(None);
    });
    let walked = platform.for_each_to_obtain_tree(new, |change| {
        bytes = bytes.saturating_add(change.location().len());
        changes.push(change.detach());
        let many = changes.len() > MOST_CHANGES || bytes > MOST_PATH_BYTES;
        Ok(if many { ControlFlow::Break(()) } else { ControlFlow::Continue(()) })
    });
    if changes.len() > MOST_CHANGES || bytes > MOST_PATH_BYTES {
        return Err(format!(
            "the trees differ in more than {MOST_CHANGES} places or {} MiB of paths",
            MOST_PATH_BYTES >> 20
        ));
    }
    walked.map_err(|error| error.to_string())?;
    Ok(changes)
}
