use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What a scan looked at and what it did not. A scan that could not look says so here; silence is never "clean".
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Coverage {
    /// True when nothing that should have been examined was missed: no gap, no rejected rule.
    pub complete: bool,
    /// Per engine.
    pub engines: Vec<EngineCoverage>,
    /// What should have been examined and was not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub gaps: Vec<Gap>,
    /// What was left out on purpose.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub skipped: Vec<Skip>,
    /// Whether the scan ran inside a sandbox.
    pub sandbox: Sandboxing,
}

impl Coverage {
    /// Recomputes `complete` from the gaps and the rejected rules.
    pub fn settle(&mut self) {
        self.complete =
            self.gaps.is_empty() && self.engines.iter().all(|engine| engine.rules_rejected.is_empty());
    }

    /// Counts something left out, merging it with what has the same reason; keeps a few examples.
    pub fn skip(&mut self, reason: SkipReason, path: &str, bytes: u64) {
        const EXAMPLES: usize = 3;
        let position = self.skipped.iter().position(|skip| skip.reason == reason).unwrap_or_else(|| {
            self.skipped.push(Skip { reason, files: 0, bytes: 0, examples: Vec::new() });
            self.skipped.len() - 1
        });
        let entry = &mut self.skipped[position];
        entry.files += 1;
        entry.bytes += bytes;
        if entry.examples.len() < EXAMPLES {
            entry.examples.push(path.to_owned());
        }
    }
}

/// What one engine examined.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct EngineCoverage {
    /// The engine's name.
    pub engine: String,
    /// Files (or git blobs) examined, cached ones included.
    pub files: u64,
    /// Bytes examined, cached ones included.
    pub bytes: u64,
    /// How many of the files were answered from the cache.
    pub cached: u64,
    /// Rules that ran.
    pub rules_loaded: u64,
    /// Rules that could not run, each with the reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules_rejected: Vec<RejectedRule>,
    /// Where the rules came from.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub packs: Vec<String>,
}

/// A rule that could not run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct RejectedRule {
    /// The rule's identifier.
    pub id: String,
    /// The pack or file it came from.
    pub pack: String,
    /// Why.
    pub reason: String,
}

/// Something that should have been examined and was not.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Gap {
    /// What kind.
    pub kind: GapKind,
    /// Path, object id or commit.
    pub subject: String,
    /// What happened and what to do, for people.
    pub detail: String,
}

/// Kinds of gaps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum GapKind {
    /// Over the size limit.
    TooLarge,
    /// A file or folder that could not be read.
    Unreadable,
    /// A file that vanished or changed while it was read.
    Changed,
    /// History is cut off: a shallow clone.
    Shallow,
    /// A git object that is not there.
    MissingObject,
    /// A git object or pack that is damaged.
    Corrupt,
    /// An engine failed on a file.
    EngineFailure,
    /// A result that was given up because of a limit on work.
    Limit,
    /// A file that should list components and cannot be understood, in part or as a whole.
    Unparsable,
    /// Components of which no version is pinned, so that nothing can be said about the one that is installed.
    Unpinned,
    /// Components that were compared with no advisories: there are none, they are too old, or they do not cover them.
    NotAudited,
    /// Interrupted by the user.
    Interrupted,
    /// Results of another tool that says nothing of what it examined.
    Unknown,
}

/// Something left out on purpose, counted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Skip {
    /// Why.
    pub reason: SkipReason,
    /// How many files or blobs.
    pub files: u64,
    /// How many bytes, where known.
    pub bytes: u64,
    /// A few of them.
    pub examples: Vec<String>,
}

/// Why something is left out on purpose.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SkipReason {
    /// Not text.
    Binary,
    /// Ignored by git and not tracked.
    Ignored,
    /// A path that the rules allow.
    Allowed,
    /// A symbolic link; its target is examined in its own place if it is inside the root.
    SymbolicLink,
    /// A submodule: another repository.
    Submodule,
    /// A device, socket or pipe.
    SpecialFile,
    /// An archive of a kind that is not opened.
    Unopened,
    /// Not reachable from any reference.
    Unreachable,
    /// A Git LFS pointer: the content is elsewhere.
    LfsPointer,
}

/// Whether the scan ran inside a sandbox.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sandboxing {
    /// The file system was restricted (Landlock).
    pub filesystem: bool,
    /// System calls were restricted (seccomp).
    pub syscalls: bool,
    /// What is missing and why, for people; empty when nothing is.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub note: String,
}
