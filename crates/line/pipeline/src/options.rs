use std::num::NonZeroUsize;
use std::path::PathBuf;

use andon_model::Stage;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is on the line.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub struct Workspace {
    /// The top of the working tree, absolute and without symbolic links.
    #[schemars(with = "String")]
    pub root: PathBuf,
    /// The project's identifier (`project.id`, or where it was cloned from).
    pub project: String,
    /// Where the repository can be fetched, as an address without user and password.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub repository: Option<String>,
    /// The commit at HEAD, in hexadecimal.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// The branch at HEAD; absent when HEAD is detached.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub branch: Option<String>,
    /// Whether the working tree is exactly the commit. What is made from anything else is no evidence for the commit.
    #[serde(default)]
    pub clean: bool,
    /// Report paths that the change touches; absent where nothing says what changed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub changed: Option<Vec<String>>,
}

impl Workspace {
    /// A folder of which nothing else is known.
    pub fn at(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), ..Self::default() }
    }
}

/// What of a pipeline runs, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Options {
    /// The first stage; earlier ones count as passed. Their steps run (or come from the cache) only where a later step
    /// needs them.
    pub from: Option<Stage>,
    /// Names of stages and steps that run, with the steps that they need; everything when empty.
    pub only: Vec<String>,
    /// How many steps and checks run at once.
    pub jobs: NonZeroUsize,
    /// Whether a stage goes on with what does not need a failed step. The next stage never begins after a failure.
    pub keep_going: bool,
    /// What the cache is used for.
    pub cache: CacheUse,
    /// Whether steps may reach everything, so that what they reach is learnt. Nothing is taken from the cache or kept
    /// in it then.
    pub learn: bool,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            from: None,
            only: Vec::new(),
            jobs: NonZeroUsize::MIN,
            keep_going: false,
            cache: CacheUse::default(),
            learn: false,
        }
    }
}

/// What the cache of steps is used for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CacheUse {
    /// Earlier successes stand for new runs; new ones are kept.
    #[default]
    Use,
    /// Everything runs; successes are kept.
    Refresh,
    /// Everything runs, nothing is kept.
    Off,
}
