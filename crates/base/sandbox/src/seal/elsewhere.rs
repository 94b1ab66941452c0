use std::ffi::{OsStr, OsString};
use std::net::TcpListener;
use std::process::{ChildStderr, ChildStdout};
use std::time::Duration;

use super::{Level, Obstacle, Possibility, Probe, Report, Seal, SealError};

/// Does nothing: there is no seal on this system.
pub fn main_if_asked() {}

/// Always fails: there is no seal on this system.
///
/// # Errors
/// Always.
pub fn spawn(seal: &Seal, _program: &OsStr, _arguments: &[OsString]) -> Result<Sealed, SealError> {
    Err(SealError::Level { least: seal.least, obstacles: vec![(seal.least, obstacle())] })
}

/// Says that no level is possible.
pub fn probe() -> Probe {
    let levels = Level::ALL.into_iter().map(|level| (level, Possibility::Impossible(obstacle())));
    Probe { levels: levels.collect() }
}

/// A command that runs sealed; there is none on this system.
#[derive(Debug)]
pub struct Sealed {
    /// The level reached.
    pub level: Level,
    /// What is weaker than it could be.
    pub remarks: Vec<String>,
    /// The command's standard output.
    pub stdout: Option<ChildStdout>,
    /// The command's standard error.
    pub stderr: Option<ChildStderr>,
    /// The listening socket.
    pub listener: Option<TcpListener>,
    never: std::convert::Infallible,
}

impl Sealed {
    /// The process id of the watcher.
    pub fn id(&self) -> u32 {
        match self.never {}
    }

    /// Waits for the end.
    pub fn wait(&mut self) -> Report {
        match self.never {}
    }

    /// A handle to end it.
    pub fn stopper(&self) -> Stopper {
        match self.never {}
    }
}

/// Ends a sealed command; there is none on this system.
#[derive(Clone, Debug)]
pub struct Stopper {
    never: std::convert::Infallible,
}

impl Stopper {
    /// Ends everything at once.
    pub fn kill(&self) {
        match self.never {}
    }

    /// Asks everything to end.
    pub fn terminate(&self, _grace: Duration) {
        match self.never {}
    }
}

fn obstacle() -> Obstacle {
    Obstacle {
        reason: "commands are sealed on Linux only".to_owned(),
        remedy: "run the line on Linux or in a Linux container".to_owned(),
    }
}
