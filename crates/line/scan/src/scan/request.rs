use std::path::PathBuf;
use std::sync::atomic::AtomicBool;

use andon_model::Finding;
use thiserror::Error;

use crate::baseline::BaselineError;
use crate::cache::CachePlace;
use crate::exceptions::Exceptions;
use crate::history::HistoryError;
use crate::intake::{IntakeError, TreeOptions};

/// What to scan, and how.
pub struct ScanRequest<'a> {
    /// What to scan.
    pub target: ScanTarget,
    /// The target as the user named it.
    pub name: String,
    /// The target's folder or file; of no meaning for standard input.
    pub root: PathBuf,
    /// The repository that the target is in, if it is in one. Opened by the caller, because that touches folders
    /// outside the target.
    pub repository: Option<gix::ThreadSafeRepository>,
    /// What of a tree is listed, and the largest file that is examined.
    pub tree: TreeOptions,
    /// What the findings are compared with.
    pub baseline: Option<Baseline>,
    /// Findings that were accepted.
    pub exceptions: Exceptions,
    /// Where facts are remembered; `None` remembers and recalls nothing.
    pub cache: Option<CachePlace<'a>>,
    /// Threads; `None` for as many as there are processors.
    pub threads: Option<usize>,
    /// Bytes of files that may be in memory at once, each file apart from how it is decoded.
    pub bytes_in_flight: u64,
    /// Set, from a signal handler for example, to end early with what there is.
    pub interrupted: &'a AtomicBool,
}

impl<'a> ScanRequest<'a> {
    /// 64 MiB.
    pub const BYTES_IN_FLIGHT: u64 = 64 << 20;

    /// A request with nothing but a target: no repository, baseline, exceptions or cache.
    pub fn new(target: ScanTarget, root: PathBuf, interrupted: &'a AtomicBool) -> Self {
        Self {
            target,
            name: root.display().to_string(),
            root,
            repository: None,
            tree: TreeOptions::default(),
            baseline: None,
            exceptions: Exceptions::default(),
            cache: None,
            threads: None,
            bytes_in_flight: Self::BYTES_IN_FLIGHT,
            interrupted,
        }
    }
}

/// Kinds of targets, with what they need.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ScanTarget {
    /// A folder outside of git, or a file.
    Directory,
    /// A git repository's working tree, or a folder in it.
    WorkingTree,
    /// What the index changes against HEAD.
    Staged,
    /// The bytes of standard input.
    Stdin(Vec<u8>),
    /// Every commit.
    History {
        /// Also blobs that no reference reaches.
        unreachable: bool,
    },
    /// A container image: a folder in OCI layout, or a tar (`docker save`, or an OCI layout in one file).
    Image {
        /// Which, where there are several.
        reference: Option<String>,
        /// Operating system and processor, `linux/arm64`.
        platform: Option<String>,
    },
    /// What the commits since a revision change.
    Range {
        /// The revision.
        since: String,
    },
}

/// What findings are compared with.
#[derive(Clone, Debug)]
pub enum Baseline {
    /// The findings of an earlier report; see [`crate::baseline::read_report`].
    Findings(Vec<Finding>),
    /// What a scan of this revision's files would find.
    Revision(String),
}

/// Why there is no report at all.
#[derive(Debug, Error)]
pub enum ScanError {
    /// The target cannot be listed.
    #[error(transparent)]
    Intake(#[from] IntakeError),
    /// The commits cannot be walked.
    #[error(transparent)]
    History(#[from] HistoryError),
    /// The baseline cannot be read.
    #[error(transparent)]
    Baseline(#[from] BaselineError),
    /// The request needs git and the target is in no repository.
    #[error("{0} is in no git repository, and {1} needs one; leave it out, or name a folder of a repository")]
    NoRepository(String, &'static str),
    /// The image is refused, or cannot be read.
    #[error("{name}: {error}")]
    Image {
        /// The target as the user named it.
        name: String,
        /// What is wrong.
        error: andon_containers::ImageError,
    },
    /// A platform that is none.
    #[error("`{0}` is no platform; write it as `linux/arm64`")]
    Platform(String),
    /// More engines than a scan can tell apart.
    #[error("{0} engines are more than the 32 that one scan can run; choose with --engine")]
    TooManyEngines(usize),
    /// The operating system gave no threads.
    #[error("cannot start the threads of the scan: {0}; try fewer with --threads")]
    Threads(String),
}
