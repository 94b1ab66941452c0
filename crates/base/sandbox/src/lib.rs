//! Two walls of the kernel's. [`seal`] runs the command of a step so that it reaches only what it was given; it is
//! described there. The rest is for scans:
//!
//! Takes from the process what a scan does not need, so that hostile input which takes over a parser finds nothing to
//! work with: Landlock leaves it the named files only, seccomp no new sockets, programs, mounts or debuggers. Where the
//! kernel has neither, the answer says so and the scan goes on. It knows nothing of what is scanned.
//!
//! Enter before any thread starts: Landlock binds the calling thread and those that it starts later. Nothing leads out
//! again. Files that are open already, such as standard output, stay usable.
//!
//! ```no_run
//! let policy = andon_sandbox::Policy::new().read("/project").write("/home/me/.cache/andon");
//! let sandboxing = andon_sandbox::enter(&policy);
//! if !sandboxing.note.is_empty() {
//!     eprintln!("the sandbox is incomplete: {}", sandboxing.note);
//! }
//! ```

pub mod seal;

#[cfg(target_os = "linux")]
mod filesystem;
#[cfg(target_os = "linux")]
mod syscalls;

use std::path::PathBuf;

use andon_model::Sandboxing;

/// What stays allowed. Everything else on the disk becomes unreachable, the system's own folders included: a scan
/// needs none of them.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Policy {
    /// Files and folders that may be read, with all that is below them. Missing ones are passed over.
    pub read: Vec<PathBuf>,
    /// Files and folders that may be read and changed, with all that is below them. They must exist; to replace a
    /// file by renaming, its folder has to be here.
    pub write: Vec<PathBuf>,
}

impl Policy {
    /// Nothing may be read or written.
    pub fn new() -> Self {
        Self::default()
    }

    /// Also allows reading at and below a path.
    #[must_use]
    pub fn read(mut self, path: impl Into<PathBuf>) -> Self {
        self.read.push(path.into());
        self
    }

    /// Also allows reading and changing at and below a path.
    #[must_use]
    pub fn write(mut self, path: impl Into<PathBuf>) -> Self {
        self.write.push(path.into());
        self
    }
}

/// Enters the sandbox, as far as the kernel has one. Never fails: the answer says what is enforced, and its note, for
/// people, what is not and why.
#[cfg(target_os = "linux")]
pub fn enter(policy: &Policy) -> Sandboxing {
    let mut notes = Vec::new();
    let filesystem = take(filesystem::restrict(policy), "files are not restricted", &mut notes);
    let syscalls = take(syscalls::restrict(), "system calls are not restricted", &mut notes);
    Sandboxing { filesystem, syscalls, note: notes.join("; ") }
}

/// Enters the sandbox: there is none on this system, and the answer says so.
#[cfg(not(target_os = "linux"))]
pub fn enter(_policy: &Policy) -> Sandboxing {
    let note = "no sandbox on this operating system: only Linux has Landlock and seccomp".to_owned();
    Sandboxing { filesystem: false, syscalls: false, note }
}

/// What enforcing a part of the sandbox came to: remarks where it holds, the reason where it does not.
#[cfg(target_os = "linux")]
type Enforced = Result<Vec<String>, String>;

#[cfg(target_os = "linux")]
fn take(outcome: Enforced, missing: &str, notes: &mut Vec<String>) -> bool {
    match outcome {
        Ok(remarks) => {
            notes.extend(remarks);
            true
        }
        Err(reason) => {
            notes.push(format!("{missing}: {reason}"));
            false
        }
    }
}
