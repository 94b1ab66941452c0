//! The files of the repository.

use std::path::Path;
use std::process::Command;

use anyhow::Result;

use crate::process;

/// A text file that is part of the repository, or would be with the next commit.
pub(super) struct File {
    /// From the repository's root, with `/`.
    pub(super) path: String,
    /// Its content.
    pub(super) text: String,
}

/// All of them, sorted. What is not UTF-8 is left out.
pub(super) fn read(root: &Path) -> Result<Vec<File>> {
    let mut list = Command::new("git");
    list.args(["ls-files", "-z", "--cached", "--others", "--exclude-standard"]).current_dir(root);
    let names = process::output(&mut list)?;
    let mut paths: Vec<&str> = names.split('\0').filter(|path| !path.is_empty()).collect();
    paths.sort_unstable();
    paths.dedup();
    let read = |path: &str| {
        Some(File { path: path.to_owned(), text: std::fs::read_to_string(root.join(path)).ok()? })
    };
    Ok(paths.into_iter().filter_map(read).collect())
}
