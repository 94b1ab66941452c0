use andon_model::Renames;
use andon_system::paths;
use gix::ObjectId;
use gix::object::tree::diff::ChangeDetached;

use super::BaselineError;
use crate::scan::git::{blobs_of, commit_of, tree_changes};
use crate::scan::source::{Item, Place};

/// The files of a revision, by path.
pub(crate) fn revision_items(repo: &gix::Repository, revision: &str) -> Result<Vec<Item>, BaselineError> {
    let failed = |detail| BaselineError::Revision { revision: revision.to_owned(), detail };
    let tree = tree_of(repo, revision).map_err(failed)?;
    let blobs = blobs_of(repo, tree).map_err(failed)?;
    Ok(blobs
        .into_iter()
        .map(|blob| Item { path: blob.path, size: None, place: Place::Blob(blob.id) })
        .collect())
}

/// Files that HEAD has under another name than `revision`: new path -> old path. Empty where git cannot tell.
pub(crate) fn renames_since(repo: &gix::Repository, revision: &str) -> Renames {
    let changes = || -> Option<Vec<ChangeDetached>> {
        let old = repo.find_tree(tree_of(repo, revision).ok()?).ok()?;
        let new = repo.find_tree(repo.head_tree_id().ok()?).ok()?;
        tree_changes(repo, Some(&old), &new, true).ok()
    };
    let renamed = |change| match change {
        ChangeDetached::Rewrite { source_location, location, copy: false, .. } => {
            Some((paths::from_bytes(&location), paths::from_bytes(&source_location)))
        }
        _ => None,
    };
    changes().unwrap_or_default().into_iter().filter_map(renamed).collect()
}

fn tree_of(repo: &gix::Repository, revision: &str) -> Result<ObjectId, String> {
    let commit = commit_of(repo, revision)?;
    commit.tree_id().map(|id| id.detach()).map_err(|error| error.to_string())
}
