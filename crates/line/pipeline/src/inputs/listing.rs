use std::path::{Path, PathBuf};

use andon_model::Coverage;
use andon_scan::intake::{TreeOptions, list_tree_and_links};
use andon_system::{Stamp, System, paths};

use crate::Failure;

/// The files and symbolic links of a workspace, or of a folder in it, by path.
#[derive(Default)]
pub(crate) struct Listing {
    /// Sorted by path.
    pub(crate) entries: Vec<Listed>,
    /// What could not be looked at, for people.
    pub(crate) notes: Vec<String>,
}

/// A file or symbolic link.
#[derive(Clone)]
pub(crate) struct Listed {
    /// Report path from the root of the workspace.
    pub(crate) path: String,
    pub(crate) absolute: PathBuf,
    pub(crate) stamp: Option<Stamp>,
    pub(crate) link: bool,
}

impl Listing {
    /// What git tracks, and what it does not ignore. Everything but `.git` where there is no repository.
    pub(crate) fn of_workspace(system: &dyn System, root: &Path) -> Result<Self, Failure> {
        Self::of(system, root, "", true)
    }

    /// Everything in a folder of the workspace, ignored or not.
    pub(crate) fn of_folder(system: &dyn System, root: &Path, folder: &str) -> Result<Self, Failure> {
        Self::of(system, root, folder, false)
    }

    fn of(system: &dyn System, root: &Path, folder: &str, follow_git: bool) -> Result<Self, Failure> {
        let top = if folder.is_empty() { root.to_owned() } else { root.join(paths::to_path(folder)) };
        let options = TreeOptions { max_file_size: u64::MAX, follow_git, ..TreeOptions::default() };
        let mut coverage = Coverage::default();
        let (files, links) = list_tree_and_links(system, &top, &options, &mut coverage)
            .map_err(|error| Failure(format!("cannot list {}: {error}", top.display())))?;
        let prefix = if folder.is_empty() { String::new() } else { format!("{folder}/") };
        let mut entries = Vec::with_capacity(files.len() + links.len());
        for file in files {
            let path = if prefix.is_empty() { file.path } else { format!("{prefix}{}", file.path) };
            entries.push(Listed { path, absolute: file.absolute, stamp: file.stamp, link: false });
        }
        for link in links {
            let absolute = top.join(paths::to_path(&link));
            entries.push(Listed { path: format!("{prefix}{link}"), absolute, stamp: None, link: true });
        }
        entries.sort_unstable_by(|one, other| one.path.cmp(&other.path));
        let notes = coverage.gaps.iter().map(|gap| format!("{}: {}", gap.subject, gap.detail)).collect();
        Ok(Self { entries, notes })
    }
}
