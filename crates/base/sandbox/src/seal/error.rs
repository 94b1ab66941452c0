use std::fmt;

use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::Level;

/// Why a command was not started.
#[derive(Debug, Error)]
pub enum SealError {
    /// What was asked for is wrong: an output outside of the workspace, a missing folder. The words say what and what to
    /// do.
    #[error("{0}")]
    Wrong(String),
    /// The least level that is accepted cannot be reached here.
    #[error("the step accepts no level of sealing below `{least}`, and this machine cannot reach it: {}", join(.obstacles))]
    Level {
        /// The least level accepted.
        least: Level,
        /// What stood in the way of each level that was tried.
        obstacles: Vec<(Level, Obstacle)>,
    },
    /// Something that should work did not.
    #[error("cannot seal the step: {0}")]
    Failed(String),
}

/// What stands in the way of a level.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Obstacle {
    /// The reason.
    pub reason: String,
    /// What somebody can do about it.
    pub remedy: String,
}

impl fmt::Display for Obstacle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}; {}", self.reason, self.remedy)
    }
}

fn join(obstacles: &[(Level, Obstacle)]) -> String {
    let each: Vec<String> =
        obstacles.iter().map(|(level, obstacle)| format!("`{level}`: {obstacle}")).collect();
    each.join("; ")
}
