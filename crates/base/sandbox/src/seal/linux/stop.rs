use std::fmt::Display;

use super::wire::Message;
use crate::seal::Obstacle;

/// Why the seal could not be built.
pub(super) enum Stop {
    /// The level is not possible here.
    Impossible(Obstacle),
    /// What was asked for is wrong.
    Wrong(String),
    /// Something that should work did not.
    Failed(String),
}

impl From<Stop> for Message {
    fn from(stop: Stop) -> Self {
        match stop {
            Stop::Impossible(obstacle) => Self::Impossible(obstacle),
            Stop::Wrong(words) => Self::Wrong(words),
            Stop::Failed(words) => Self::Failed(words),
        }
    }
}

/// Says what was being done when something failed.
pub(super) trait Doing<T> {
    fn doing(self, what: impl Display) -> Result<T, Stop>;
}

impl<T, E: Display> Doing<T> for Result<T, E> {
    fn doing(self, what: impl Display) -> Result<T, Stop> {
        self.map_err(|error| Stop::Failed(format!("{what}: {error}")))
    }
}
