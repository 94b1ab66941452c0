//! What is scanned or judged: its folder, its repository, and what it says about how to judge it.

mod code_rules;
mod configuration;
mod key;
mod policies;
mod rules;

use std::path::{Path, PathBuf};

use andon_scan::config_source::{ConfigSource, Revision, WorkingTree};
use andon_scan::intake;
use andon_system::{FileKind, System, paths};
use anyhow::Context;

pub(crate) use code_rules::{CodeRuleFile, CodeRules, engine_of, read_code_rule_files};
pub(crate) use configuration::Configuration;
pub(crate) use key::{origin, project_id, project_key};
pub(crate) use policies::{policy_files, read_policies};
pub(crate) use rules::{Rules, read_rule_files};

/// A target with the repository that it is in. Opening it touches folders outside the target, so it is done before
/// the sandbox.
pub(crate) struct Project {
    /// The target, absolute and without symbolic links.
    pub(crate) root: PathBuf,
    /// Where configuration stands: the top of the working tree, or the target's folder.
    pub(crate) top: PathBuf,
    /// The repository that the target is in.
    pub(crate) repository: Option<gix::ThreadSafeRepository>,
    /// A repository without a working tree.
    pub(crate) is_bare: bool,
    /// A file, not a folder.
    pub(crate) is_file: bool,
    /// Folders of the repository outside of the target that reading it touches.
    pub(crate) folders: Vec<PathBuf>,
}

impl Project {
    /// Finds out what is at `target`.
    ///
    /// # Errors
    /// When nothing is there, or a repository that cannot be read.
    pub(crate) fn open(system: &dyn System, target: &Path) -> anyhow::Result<Self> {
        let root = system.canonical(target)?;
        let is_file = system.metadata(&root)?.kind != FileKind::Folder;
        let folder = if is_file { root.parent().unwrap_or(&root) } else { &root }.to_owned();
        let mut project = Self {
            top: folder.clone(),
            root,
            repository: None,
            is_bare: false,
            is_file,
            folders: Vec::new(),
        };
        let found = if intake::is_bare_repository(system, &folder) {
            project.is_bare = true;
            Some(intake::open_repository(&folder)?)
        } else if let Some((top, repository)) = intake::find_worktree(system, &folder) {
            project.top = top;
            Some(repository)
        } else if system.metadata(&folder.join(".git")).is_ok() {
            // It is there and cannot be opened: say why.
            Some(intake::open_repository(&folder)?)
        } else {
            None
        };
        if let Some(repository) = found {
            project.folders = intake::repository_folders(&repository);
            project.repository = Some(repository.into_sync());
        }
        Ok(project)
    }

    /// Where configuration is read: `base` if there is one, so that a change cannot excuse itself; the working tree;
    /// or, where there is none, the commit at HEAD.
    ///
    /// # Errors
    /// When `base` is no commit of the repository.
    pub(crate) fn source<'a>(
        &self,
        system: &'a dyn System,
        base: Option<&str>,
    ) -> anyhow::Result<Box<dyn ConfigSource + 'a>> {
        if let (Some(base), Some(repository)) = (base, &self.repository) {
            return Ok(Box::new(Revision::new(repository, base)?));
        }
        if let (true, Some(repository)) = (self.is_bare, &self.repository)
            && let Ok(head) = Revision::new(repository, "HEAD")
        {
            return Ok(Box::new(head));
        }
        Ok(Box::new(WorkingTree::new(system, self.top.clone())))
    }

    /// A glob over paths from the top, as one over paths from the target; `None` when it matches nothing there.
    pub(crate) fn below_target<'g>(&self, glob: &'g str) -> Option<&'g str> {
        let below = self.root.strip_prefix(&self.top).ok().filter(|_| !self.is_file).map(paths::from_path);
        match below.as_deref() {
            None | Some("" | ".") => Some(glob),
            Some(_) if glob.starts_with("**/") => Some(glob),
            Some(below) => glob.strip_prefix(below)?.strip_prefix('/'),
        }
    }
}

/// Reads a file that the user named as text.
///
/// # Errors
/// When it cannot be read, has more than `limit` bytes, or is not UTF-8.
pub(crate) fn read_text(system: &dyn System, path: &Path, limit: u64) -> anyhow::Result<String> {
    let bytes = system.read_named(path, limit)?.bytes;
    String::from_utf8(bytes).with_context(|| format!("{} is not UTF-8 text", path.display()))
}
