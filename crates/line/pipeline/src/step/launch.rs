use std::fmt;
use std::io::Read;
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::Duration;

use andon_config::SealLevel;

use crate::Failure;

/// A command as it is to be started, and what it may see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Order {
    /// The program, searched in the `PATH` of the environment.
    pub program: String,
    /// Its arguments, without the program.
    pub arguments: Vec<String>,
    /// The folder that it works on and starts in; read-only apart from the outputs.
    pub workspace: PathBuf,
    /// What it may create and change, from the workspace; whether it is a folder.
    pub outputs: Vec<(PathBuf, bool)>,
    /// Absolute paths outside of the workspace that it may read.
    pub reads: Vec<PathBuf>,
    /// The environment, without `HOME` and `TMPDIR`, which are private folders that the launcher makes.
    pub environment: Vec<(String, String)>,
    /// What it reaches over the network.
    pub reach: Reach,
    /// Names and contents of files in a folder that only it sees; the launcher sets `ANDON_SECRETS` to that folder.
    pub secrets: Vec<Secret>,
    /// The least seal that is accepted.
    pub least: SealLevel,
}

/// A secret of a step.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret {
    /// Its name, which can be a part of a variable's name.
    pub name: String,
    /// Its value.
    pub value: Vec<u8>,
}

impl fmt::Debug for Secret {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Secret").field("name", &self.name).finish_non_exhaustive()
    }
}

/// What a command reaches over the network.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reach {
    /// Nothing but itself.
    #[default]
    Nothing,
    /// A listener on this port of its own loopback interface, which the caller serves.
    Gateway(u16),
    /// What this machine reaches.
    Everything,
}

/// Starts commands.
pub trait Launch: Sync {
    /// Starts a command at the best level that there is.
    ///
    /// # Errors
    /// When it could not be started, or only at a level that is not accepted: why, and what to do.
    fn launch(&self, order: &Order) -> Result<Box<dyn Running>, Failure>;
}

/// A command that runs. Dropping it ends it and everything that it started.
pub trait Running: Send {
    /// The level that was reached.
    fn level(&self) -> SealLevel;
    /// Why it is not better.
    fn remarks(&self) -> &[String];
    /// Its output and its errors, once.
    fn streams(&mut self) -> Option<(Box<dyn Read + Send>, Box<dyn Read + Send>)>;
    /// With [`Reach::Gateway`], the socket to serve, once.
    fn listener(&mut self) -> Option<TcpListener>;
    /// A handle by which another thread can end it.
    fn stopper(&self) -> Box<dyn Stop>;
    /// Waits until it has ended and nothing of it is left.
    fn wait(&mut self) -> Finished;
}

/// Ends a command, from any thread. Does nothing once it has ended.
pub trait Stop: Send + Sync {
    /// Asks it and everything that it started to end (SIGTERM), and ends what is left after a while (SIGKILL).
    fn terminate(&self, grace: Duration);
    /// Ends everything at once.
    fn kill(&self);
}

/// How a command ended and what it used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finished {
    /// How it ended.
    pub ending: Finish,
    /// Processor time of it and its children.
    pub cpu: Duration,
    /// The most memory that one of its processes had, in bytes; 0 where unknown.
    pub peak_memory: u64,
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finish {
    /// By itself, with this code.
    Exited(i32),
    /// By this signal.
    Killed(i32),
    /// It went over a bound; which one, in words.
    OverLimit(String),
    /// It did not even start, or was lost sight of; why, in words.
    Failed(String),
}
