//! Real files to compare over.

use std::path::Path;

use anyhow::{Result, bail};
use ignore::WalkBuilder;

/// Larger files are left out, in bytes.
const LARGEST: u64 = 1 << 20;

/// A text.
pub(super) struct Text {
    /// From the corpus's folder, with `/`.
    pub(super) path: String,
    /// Its bytes.
    pub(super) bytes: Vec<u8>,
}

/// The text files below a folder, hidden ones included, sorted by path.
pub(super) fn read(folder: &Path) -> Result<Vec<Text>> {
    let mut texts = Vec::new();
    let is_git = |entry: &ignore::DirEntry| entry.file_name() == ".git";
    for entry in
        WalkBuilder::new(folder).standard_filters(false).filter_entry(move |entry| !is_git(entry)).build()
    {
        let entry = entry?;
        let small = entry.metadata().is_ok_and(|metadata| metadata.is_file() && metadata.len() <= LARGEST);
        if !small {
            continue;
        }
        let bytes = std::fs::read(entry.path())?;
        if bytes.contains(&0) {
            continue;
        }
        let path = entry.path().strip_prefix(folder).unwrap_or(entry.path());
        texts.push(Text { path: path.to_string_lossy().replace('\\', "/"), bytes });
    }
    texts.sort_by(|a, b| a.path.cmp(&b.path));
    if texts.is_empty() {
        bail!("{} holds no text files", folder.display());
    }
    Ok(texts)
}
