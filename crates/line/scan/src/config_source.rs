//! Where gates, policies, exceptions and rule configuration are read from: the working tree, or the revision that a
//! change is compared with, so that a change cannot excuse itself.
//!
//! ```
//! use andon_scan::config_source::{ConfigSource, WorkingTree};
//! let system = andon_system::MemorySystem::new().file("/project/.andon/policy/a.rego", "package a");
//! let source = WorkingTree::new(&system, "/project".into());
//! assert_eq!(source.list(".andon/policy")?, [".andon/policy/a.rego"]);
//! assert_eq!(source.read("andon.yaml")?, None);
//! # Ok::<(), andon_scan::config_source::ConfigSourceError>(())
//! ```

mod digest;
mod revision;
mod working_tree;

use thiserror::Error;

pub use digest::scan_digest;
pub use revision::Revision;
pub use working_tree::WorkingTree;

/// A larger file is refused, in bytes.
const LARGEST: u64 = 16 << 20;
/// More files below a prefix are refused.
const MOST_FILES: usize = 10_000;
/// Folders nested deeper below a prefix are refused.
const DEEPEST: usize = 32;

/// Files that say how to judge. Paths are report paths from the root of the target; `..` leads nowhere and symbolic
/// links are not followed: one in place of a file or folder is an error.
pub trait ConfigSource {
    /// The content of a file, `None` where there is none.
    ///
    /// # Errors
    /// When there is one and it cannot be read, or has more than 16 MiB: no rule must vanish because a file is odd.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, ConfigSourceError>;

    /// The files below a folder, sorted; empty where there is no such folder.
    ///
    /// # Errors
    /// When a folder cannot be read, or there are more than 10,000 files.
    fn list(&self, prefix: &str) -> Result<Vec<String>, ConfigSourceError>;

    /// The full id of the commit that the files are from; `None` for a working tree.
    fn revision(&self) -> Option<String>;
}

/// A configuration file that is there and cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
#[error("cannot read {path} of {place}: {reason}")]
pub struct ConfigSourceError {
    /// The file or folder, as a report path.
    pub path: String,
    /// The working tree's folder, or the revision.
    pub place: String,
    /// Why, and what to do.
    pub reason: String,
}

/// Whether a report path stays below the root: relative, and without empty, `.` and `..` components.
fn is_inside(path: &str) -> bool {
    path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

#[cfg(test)]
mod tests {
    use andon_system::{FileKind, MemorySystem};

    use super::*;

    #[test]
    fn a_working_tree_gives_only_what_is_inside_it() {
        let system = MemorySystem::new()
            .file("/p/andon.yaml", "a")
            .file("/p/.andon/policy/b.rego", "b")
            .file("/p/.andon/policy/deep/a.rego", "a")
            .file("/secret", "s")
            .link("/p/link", "/secret")
            .denied("/p/denied.yaml", FileKind::File);
        let source = WorkingTree::new(&system, "/p".into());
        assert_eq!(source.read("andon.yaml").unwrap().as_deref(), Some(b"a".as_slice()));
        for absent in ["missing", "../secret", "/secret", ".andon", "a//b", "", "andon.yaml/x"] {
            assert_eq!(source.read(absent), Ok(None), "{absent}");
        }
        for link in ["link", "link/x"] {
            assert!(source.read(link).unwrap_err().to_string().contains("link is a symbolic link"));
            assert!(source.list(link).is_err());
        }
        assert!(source.read("denied.yaml").unwrap_err().to_string().contains("permission"));
        let files = [".andon/policy/b.rego", ".andon/policy/deep/a.rego"];
        assert_eq!(source.list(".andon/policy/").unwrap(), files);
        assert_eq!(source.list(".andon").unwrap(), files);
        assert!(source.list("missing").unwrap().is_empty());
        assert!(source.list("..").unwrap().is_empty());
        assert_eq!(source.revision(), None);
    }
}
