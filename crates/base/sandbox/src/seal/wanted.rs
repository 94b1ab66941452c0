use std::ffi::OsString;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// How a command is sealed and what it is given.
#[derive(Clone, Debug)]
pub struct Seal {
    /// The best level to try.
    pub wanted: Level,
    /// The least level to accept; the command does not run below it.
    pub least: Level,
    /// The folder that the step works on: visible under its own path, read-only apart from the outputs.
    pub workspace: PathBuf,
    /// What the command may create and change. Created where missing.
    pub outputs: Vec<Output>,
    /// Further files and folders of the host to show, read-only, under their own paths; such as a toolchain. They must
    /// exist.
    pub read: Vec<PathBuf>,
    /// The whole environment. `PATH`, `HOME`, `TMPDIR` and [`super::SECRETS_VARIABLE`] are added where it has none.
    pub environment: Vec<(OsString, OsString)>,
    /// What it reaches over the network.
    pub network: Network,
    /// Files that only this command sees, in the folder that [`super::SECRETS_VARIABLE`] names. Where a secret's name can
    /// be part of a variable's, `NAME_FILE` has its path.
    pub secrets: Vec<SecretFile>,
    /// Bounds on what it uses up.
    pub limits: Limits,
    /// Where it starts, relative to the workspace; empty for the workspace itself.
    pub working_folder: PathBuf,
}

impl Seal {
    /// A full seal around a workspace with no outputs, no network, no environment and ordinary limits.
    pub fn new(workspace: impl Into<PathBuf>) -> Self {
        Self {
            wanted: Level::Full,
            least: Level::Full,
            workspace: workspace.into(),
            outputs: Vec::new(),
            read: Vec::new(),
            environment: Vec::new(),
            network: Network::None,
            secrets: Vec::new(),
            limits: Limits::default(),
            working_folder: PathBuf::new(),
        }
    }
}

/// How tightly a command is sealed; ordered from the loosest to the tightest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    /// Not sealed: the declared environment only, and nothing left running behind.
    None,
    /// Landlock and seccomp: files and the network are out of reach, but the host's tree and process ids are not hidden.
    Restricted,
    /// Namespaces, Landlock and seccomp: the command sees a system of its own.
    Full,
}

impl Level {
    /// All, from the tightest to the loosest.
    pub const ALL: [Self; 3] = [Self::Full, Self::Restricted, Self::None];
}

impl fmt::Display for Level {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::None => "none",
            Self::Restricted => "restricted",
            Self::Full => "full",
        })
    }
}

/// What a command reaches over the network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Network {
    /// Nothing. At [`Level::Full`] it has a loopback interface of its own.
    None,
    /// Nothing but a socket that listens on this port of its own loopback interface and is handed to the caller, as
    /// [`Sealed::listener`](super::Sealed), to serve. Only at [`Level::Full`].
    Listener {
        /// The TCP port on 127.0.0.1, as the command sees it.
        port: u16,
    },
    /// Whatever the host reaches.
    Host,
}

/// A file or folder of the workspace that the command may create and change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Output {
    /// Relative to the workspace, without `..`; no part of it may be a symbolic link or `.git`.
    pub path: PathBuf,
    /// A single file. It can be written in place but not replaced by renaming; name its folder where a program does so.
    pub file: bool,
}

impl Output {
    /// A folder with all that is below it.
    pub fn folder(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), file: false }
    }

    /// A single file.
    pub fn file(path: impl Into<PathBuf>) -> Self {
        Self { path: path.into(), file: true }
    }
}

/// A secret, given to the command as a file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SecretFile {
    /// The file's name: letters, digits, `.`, `_` and `-`, not starting with a dot.
    pub name: String,
    /// Its content.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for SecretFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("SecretFile").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Bounds on what a command uses up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Limits {
    /// Processes and threads at a time. For root at the levels below full, and on kernels before 6.14, checked twenty times
    /// a second instead of by the kernel.
    pub processes: u64,
    /// Bytes of private memory of each process (RLIMIT_DATA).
    pub memory: Option<u64>,
    /// Bytes that a file may grow to.
    pub file_size: u64,
    /// Files open at a time in each process.
    pub open_files: u64,
    /// Bytes of the private temporary folder, at [`Level::Full`]; it is kept in memory.
    pub scratch: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { processes: 4096, memory: None, file_size: 16 << 30, open_files: 16_384, scratch: 2 << 30 }
    }
}

/// How a command ended and what it used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Report {
    /// How it ended.
    pub ending: Ending,
    /// CPU time of the command and of those of its children that it waited for.
    pub cpu: Duration,
    /// The most memory that one of its processes held, in bytes.
    pub peak_memory: u64,
}

/// How a command ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Ending {
    /// By itself, with this exit code.
    Exited(i32),
    /// By this signal.
    Killed(i32),
    /// The kernel killed it when memory ran out.
    OutOfMemory,
    /// No such program: what was looked for and where, in words.
    NotFound(String),
    /// The program is there but cannot be executed: why, in words.
    NotExecutable(String),
    /// It had more processes than its limit and was ended.
    TooManyProcesses(u64),
    /// The caller ended it.
    Stopped,
    /// The process that watched over it vanished; everything it ran is gone with it: what is known, in words.
    Lost(String),
}

impl fmt::Display for Ending {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Exited(code) => write!(formatter, "exit code {code}"),
            Self::Killed(signal) => write!(formatter, "killed by signal {signal}"),
            Self::OutOfMemory => formatter.write_str("killed by the kernel: out of memory"),
            Self::NotFound(words) | Self::NotExecutable(words) | Self::Lost(words) => {
                formatter.write_str(words)
            }
            Self::TooManyProcesses(limit) => {
                write!(formatter, "ended for having more than {limit} processes")
            }
            Self::Stopped => formatter.write_str("stopped"),
        }
    }
}

/// Which levels this machine can reach.
#[derive(Clone, Debug)]
pub struct Probe {
    /// Every level, from the tightest to the loosest.
    pub levels: Vec<(Level, Possibility)>,
}

impl Probe {
    /// The tightest level that is possible.
    pub fn best(&self) -> Level {
        let possible =
            self.levels.iter().find(|(_, possibility)| matches!(possibility, Possibility::Possible(_)));
        possible.map_or(Level::None, |(level, _)| *level)
    }
}

/// Whether a level can be reached.
#[derive(Clone, Debug)]
pub enum Possibility {
    /// It can, with these remarks on what is weaker than it could be.
    Possible(Vec<String>),
    /// It cannot.
    Impossible(super::Obstacle),
}
