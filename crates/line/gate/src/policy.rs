mod builtins;
mod calls;
mod check;
mod contain;
mod engine;
mod origin;
mod read;
mod weight;

use std::time::Duration;

use andon_model::{PolicyOrigin, Reason};

use andon_config::Config;

pub(crate) use calls::path;
pub(crate) use check::package;
pub(crate) use contain::contain;
pub(crate) use engine::{Loaded, load};

/// What a policy evaluation may use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PolicyLimits {
    /// Wall time of one gate's policies, or of one test.
    pub time: Duration,
    /// Bytes that built-in functions may produce in all. Growth by comprehensions is bounded by `time` alone.
    pub memory: u64,
    /// Stack of the evaluating thread in bytes; reserved, not used.
    pub stack: usize,
    /// Reasons that are kept of one rule; the others are counted.
    pub reasons: usize,
}

impl Default for PolicyLimits {
    fn default() -> Self {
        Self { time: Duration::from_secs(5), memory: 512 << 20, stack: 512 << 20, reasons: 200 }
    }
}

/// The policies of a decision, and where they were read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PolicySet {
    origin: PolicyOrigin,
    files: Vec<(String, String)>,
}

impl PolicySet {
    /// Policies read from `revision` (`None` for a working tree): the `andon.yaml` as (name, text), if there is one, and
    /// Rego files as (path from the root, text).
    pub fn new(
        revision: Option<String>,
        config: Option<(&str, &str)>,
        mut files: Vec<(String, String)>,
    ) -> Self {
        files.sort();
        Self { origin: origin::origin(revision, config, &files), files }
    }

    /// No `andon.yaml` and no policies.
    pub fn built_in() -> Self {
        Self::new(None, None, Vec::new())
    }

    /// Names and digest, as the decision records them.
    pub fn origin(&self) -> &PolicyOrigin {
        &self.origin
    }

    /// The policies, as (path from the root, text), sorted.
    pub fn files(&self) -> &[(String, String)] {
        &self.files
    }
}

/// Why a policy gave no answer. None of these depends on how fast the machine is, but [`Failure::Unfinished`].
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Failure {
    #[error("{0}")]
    Load(String),
    #[error("{0}")]
    Evaluation(String),
    #[error("the policy did not finish within {} s; look for nested loops over large ranges", .0.as_secs_f64())]
    Unfinished(Duration),
    #[error("too many earlier policies did not finish; none is started any more")]
    Exhausted,
    #[error("the policy made its evaluator fail: {0}")]
    Panicked(String),
    #[error("no thread could be started for the policy: {0}")]
    Thread(String),
}

/// Runs policies on an input and reads what they decide.
pub(crate) fn reasons(
    files: &[(String, String)],
    input: String,
    limits: PolicyLimits,
) -> Result<Vec<Reason>, Failure> {
    let files = files.to_vec();
    contain(limits, move |deadline| {
        let mut loaded = load(&files, limits)?;
        loaded.set_input(&input)?;
        read::reasons(&mut loaded, limits, deadline)
    })
}

/// The built-in configuration as text, so that its digest changes when it does.
fn built_in_text() -> String {
    serde_json::to_string(&Config::built_in()).unwrap_or_default()
}
