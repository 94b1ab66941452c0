use std::path::Path;

use andon_model::{Coverage, SkipReason};
use andon_system::{System, paths};

use super::ignores::Excludes;
use super::{FileEntry, TreeOptions};

/// What every way of listing shares: what to list, what was found, what was left out.
pub(super) struct Walk<'a> {
    pub(super) system: &'a dyn System,
    pub(super) options: &'a TreeOptions,
    pub(super) excludes: Excludes,
    pub(super) coverage: &'a mut Coverage,
    pub(super) files: Vec<FileEntry>,
    /// Report paths of symbolic links.
    pub(super) links: Vec<String>,
}

impl Walk<'_> {
    /// Takes a file of any size, unless the user excludes it: how large it may be depends on what is in it.
    pub(super) fn take(&mut self, file: FileEntry) {
        if self.excludes.excludes(&file.path, false) {
            return self.coverage.skip(SkipReason::Allowed, &file.path, file.size);
        }
        self.files.push(file);
    }

    /// Counts something left out that has no size of its own.
    pub(super) fn skip(&mut self, reason: SkipReason, path: &str) {
        if reason == SkipReason::SymbolicLink {
            self.links.push(path.to_owned());
        }
        self.coverage.skip(reason, path, 0);
    }
}

/// A folder on the way, as the disk and as the report name it.
pub(super) struct Place {
    pub(super) absolute: std::path::PathBuf,
    /// Ends in `/` unless empty.
    pub(super) report: String,
}

impl Place {
    /// The report path of an entry.
    pub(super) fn report_of(&self, name: &std::ffi::OsStr) -> String {
        let mut report = self.report.clone();
        report.push_str(&paths::from_bytes(name.as_encoded_bytes()));
        report
    }

    /// The folder of that name in this one, whose report path is `report`.
    pub(super) fn below(&self, name: &std::ffi::OsStr, mut report: String) -> Self {
        report.push('/');
        Self { absolute: self.absolute.join(name), report }
    }

    /// What a gap calls it.
    pub(super) fn subject(&self) -> &str {
        match self.report.strip_suffix('/') {
            Some(path) => path,
            None => ".",
        }
    }
}

/// Whether a name is git's own folder, which is never content. Case-insensitive file systems spell it as they like.
pub(super) fn is_git_folder(name: &std::ffi::OsStr) -> bool {
    Path::new(name).as_os_str().eq_ignore_ascii_case(".git")
}
