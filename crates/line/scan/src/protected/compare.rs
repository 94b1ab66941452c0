use std::collections::BTreeMap;
use std::path::PathBuf;

use andon_system::paths;
use gix::ObjectId;
use gix::index::entry::{Mode, Stage, Stat, stat};
use gix::object::tree::diff::ChangeDetached;

use super::{Head, is_protected};
use crate::intake::{read_blob, staged};
use crate::scan::git::{Blob, blobs_of, commit_of, tree_changes};

/// A file that is not the same on both sides.
pub(super) struct Changed {
    pub(super) path: String,
    pub(super) old: Option<ObjectId>,
    pub(super) new: Version,
    /// The path that the old side has it at, when it has been renamed.
    pub(super) renamed_from: Option<String>,
}

/// One side's content of a file.
pub(super) enum Version {
    Gone,
    Blob(ObjectId),
    File(PathBuf),
}

/// A larger file is not searched, in bytes; where such a file is examined, the coverage says so.
const LARGEST: u64 = 100 << 20;

impl Version {
    pub(super) fn read(&self, repo: &gix::Repository, head: Head<'_>) -> Option<Vec<u8>> {
        match (self, head) {
            (Self::Blob(id), _) => read_blob(repo, *id, LARGEST).ok(),
            (Self::File(path), Head::WorkingTree(system)) => {
                system.read_capped(path, LARGEST).ok().map(|capped| capped.bytes)
            }
            _ => None,
        }
    }
}

/// The files that differ. The error is for people.
pub(super) fn changed_files(
    repo: &gix::Repository,
    base: &str,
    head: Head<'_>,
) -> Result<Vec<Changed>, String> {
    match head {
        Head::Revision(head) => between_commits(repo, base, head),
        Head::Index => in_index(repo),
        Head::WorkingTree(_) => in_working_tree(repo, base, head),
    }
}

fn between_commits(repo: &gix::Repository, base: &str, head: &str) -> Result<Vec<Changed>, String> {
    let (base, head) = (commit_of(repo, base)?, commit_of(repo, head)?);
    let fork = repo.merge_base(base.id, head.id).ok().flatten().map_or(base.id, gix::Id::detach);
    let tree = |id: ObjectId| {
        let commit = repo.find_commit(id).map_err(|error| error.to_string())?;
        commit.tree().map_err(|error| error.to_string())
    };
    let changes = tree_changes(repo, Some(&tree(fork)?), &tree(head.id)?, true)?;
    Ok(changes.into_iter().filter_map(from_tree_change).collect())
}

fn from_tree_change(change: ChangeDetached) -> Option<Changed> {
    let changed = |location: &[u8], old, new, from: Option<&[u8]>| Changed {
        path: paths::from_bytes(location),
        old,
        new,
        renamed_from: from.map(paths::from_bytes),
    };
    match change {
        ChangeDetached::Addition { location, entry_mode, id, .. } if entry_mode.is_blob() => {
            Some(changed(&location, None, Version::Blob(id), None))
        }
        ChangeDetached::Deletion { location, entry_mode, id, .. } if entry_mode.is_blob() => {
            Some(changed(&location, Some(id), Version::Gone, None))
        }
        ChangeDetached::Modification { location, previous_id, entry_mode, id, .. }
            if entry_mode.is_blob() =>
        {
            Some(changed(&location, Some(previous_id), Version::Blob(id), None))
        }
        ChangeDetached::Modification { location, previous_id, .. } => {
            // A file became a link or a submodule: what it said is gone.
            Some(changed(&location, Some(previous_id), Version::Gone, None))
        }
        ChangeDetached::Rewrite { source_location, source_id, location, id, entry_mode, .. }
            if entry_mode.is_blob() =>
        {
            Some(changed(&location, Some(source_id), Version::Blob(id), Some(&source_location)))
        }
        _ => None,
    }
}

/// What is staged, and protected files that the index does not have any more.
fn in_index(repo: &gix::Repository) -> Result<Vec<Changed>, String> {
    let entries = staged(repo, &mut andon_model::Coverage::default()).map_err(|error| error.to_string())?;
    let mut changed: Vec<Changed> = entries
        .into_iter()
        .map(|entry| Changed {
            path: entry.path,
            old: entry.old_blob,
            new: Version::Blob(entry.new_blob),
            renamed_from: entry.renamed_from,
        })
        .collect();
    let Ok(head) = repo.head_tree_id() else { return Ok(changed) };
    let index = repo.index_or_empty().map_err(|error| error.to_string())?;
    for blob in protected_at_the_root(repo, head.detach())? {
        let path = paths::to_bytes(&blob.path);
        let is_renamed = changed.iter().any(|entry| entry.renamed_from.as_ref() == Some(&blob.path));
        if index.entry_by_path(path.as_slice().into()).is_none() && !is_renamed {
            changed.push(Changed {
                path: blob.path,
                old: Some(blob.id),
                new: Version::Gone,
                renamed_from: None,
            });
        }
    }
    Ok(changed)
}

/// Protected files in the root of a tree and in its `.andon` folder. Walking all folders would cost more than the rest
/// of a scan of what is staged.
fn protected_at_the_root(repo: &gix::Repository, tree: ObjectId) -> Result<Vec<Blob>, String> {
    let tree = repo.find_tree(tree).map_err(|error| error.to_string())?;
    let mut blobs = Vec::new();
    for entry in tree.iter() {
        let entry = entry.map_err(|error| error.to_string())?;
        let path = paths::from_bytes(entry.filename());
        if entry.mode().is_blob() && is_protected(&path) {
            blobs.push(Blob { path, id: entry.object_id() });
        } else if entry.mode().is_tree() && path == ".andon" {
            let below = blobs_of(repo, entry.object_id())?;
            blobs
                .extend(below.into_iter().map(|blob| Blob { path: format!(".andon/{}", blob.path), ..blob }));
        }
    }
    Ok(blobs)
}

/// Tracked files as they are on the disk; a file whose stat is as git left it has the content that the index says.
fn in_working_tree(repo: &gix::Repository, base: &str, head: Head<'_>) -> Result<Vec<Changed>, String> {
    let tree = commit_of(repo, base)?.tree_id().map_err(|error| error.to_string())?.detach();
    let mut old: BTreeMap<String, ObjectId> =
        blobs_of(repo, tree)?.into_iter().map(|blob| (blob.path, blob.id)).collect();
    let Some(top) = repo.workdir() else { return Ok(Vec::new()) };
    let index = repo.index_or_empty().map_err(|error| error.to_string())?;
    let mut changed = Vec::new();
    for entry in index.entries() {
        let is_file = matches!(entry.mode, Mode::FILE | Mode::FILE_EXECUTABLE);
        if !is_file || !matches!(entry.stage(), Stage::Unconflicted | Stage::Ours) {
            continue;
        }
        let path = paths::from_bytes(entry.path(&index));
        let place = top.join(paths::to_path(&path));
        let before = old.remove(&path);
        let new = match gix::index::fs::Metadata::from_path_no_follow(&place) {
            Err(_) => Version::Gone,
            Ok(found) => match Stat::from_fs(&found) {
                Ok(found)
                    if entry.stat.matches(&found, stat::Options::default())
                        && !entry.stat.is_racy(index.timestamp(), stat::Options::default()) =>
                {
                    Version::Blob(entry.id)
                }
                _ => Version::File(place),
            },
        };
        if is_different(repo, head, before, &new) {
            changed.push(Changed { path, old: before, new, renamed_from: None });
        }
    }
    let gone = |(path, id)| Changed { path, old: Some(id), new: Version::Gone, renamed_from: None };
    changed.extend(old.into_iter().map(gone));
    Ok(changed)
}

fn is_different(repo: &gix::Repository, head: Head<'_>, old: Option<ObjectId>, new: &Version) -> bool {
    match (old, new) {
        (None, Version::Gone) => false,
        (Some(old), Version::Blob(new)) => old != *new,
        (Some(old), Version::File(_)) => {
            let content = new.read(repo, head);
            content.is_none() || content != Version::Blob(old).read(repo, head)
        }
        _ => true,
    }
}
