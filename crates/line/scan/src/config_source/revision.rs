use andon_system::paths;
use gix::ObjectId;

use super::{ConfigSource, ConfigSourceError, DEEPEST, LARGEST, MOST_FILES, is_inside};
use crate::intake::read_blob;
use crate::scan::git::commit_of;

/// The files as a commit has them.
pub struct Revision {
    repo: gix::Repository,
    name: String,
    commit: ObjectId,
    tree: ObjectId,
}

impl Revision {
    /// The files of the commit that `revision` names, as `git rev-parse` reads it.
    ///
    /// # Errors
    /// When it names no commit, or the commit is not there.
    pub fn new(repository: &gix::ThreadSafeRepository, revision: &str) -> Result<Self, ConfigSourceError> {
        let repo = repository.to_thread_local();
        let failed = |reason| ConfigSourceError {
            path: "the configuration".to_owned(),
            place: format!("revision {revision}"),
            reason: format!("{reason}; name a commit, branch or tag that exists here"),
        };
        let (commit, tree) = {
            let commit = commit_of(&repo, revision).map_err(failed)?;
            (commit.id, commit.tree_id().map_err(|error| failed(error.to_string()))?.detach())
        };
        Ok(Self { repo, name: revision.to_owned(), commit, tree })
    }

    fn error(&self, path: &str, reason: &dyn std::fmt::Display) -> ConfigSourceError {
        let place = format!("revision {}", self.name);
        ConfigSourceError { path: path.to_owned(), place, reason: reason.to_string() }
    }

    /// The entry at a path; an id, and whether it is a folder.
    fn entry(&self, path: &str) -> Result<Option<(ObjectId, bool)>, ConfigSourceError> {
        if !is_inside(path) {
            return Ok(None);
        }
        let tree = self.repo.find_tree(self.tree).map_err(|error| self.error(path, &error))?;
        let bytes = paths::to_bytes(path);
        let parts = bytes.split(|byte| *byte == b'/');
        let entry = tree.lookup_entry(parts).map_err(|error| self.error(path, &error))?;
        let Some(entry) = entry else { return Ok(None) };
        let mode = entry.mode();
        if mode.is_link() {
            let reason = "it is a symbolic link, and links are not followed; put the file itself there";
            return Err(self.error(path, &reason));
        }
        Ok((mode.is_blob() || mode.is_tree()).then(|| (entry.object_id(), mode.is_tree())))
    }
}

impl ConfigSource for Revision {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, ConfigSourceError> {
        let Some((id, false)) = self.entry(path)? else { return Ok(None) };
        read_blob(&self.repo, id, LARGEST).map(Some).map_err(|error| self.error(path, &error.problem))
    }

    fn list(&self, prefix: &str) -> Result<Vec<String>, ConfigSourceError> {
        let prefix = prefix.trim_end_matches('/');
        let Some((id, true)) = self.entry(prefix)? else { return Ok(Vec::new()) };
        let mut files = Vec::new();
        let mut folders = vec![(prefix.to_owned(), id, 0)];
        while let Some((name, id, depth)) = folders.pop() {
            let tree = self.repo.find_tree(id).map_err(|error| self.error(&name, &error))?;
            for entry in tree.iter() {
                let entry = entry.map_err(|error| self.error(&name, &error))?;
                let inner = format!("{name}/{}", paths::from_bytes(entry.filename()));
                if entry.mode().is_blob() {
                    files.push(inner);
                } else if entry.mode().is_tree() {
                    folders.push((inner, entry.object_id(), depth + 1));
                }
            }
            if files.len() > MOST_FILES || folders.len() > MOST_FILES || depth > DEEPEST {
                return Err(self.error(prefix, &"it holds too many files or levels of folders"));
            }
        }
        files.sort();
        Ok(files)
    }

    fn revision(&self) -> Option<String> {
        Some(self.commit.to_string())
    }
}
