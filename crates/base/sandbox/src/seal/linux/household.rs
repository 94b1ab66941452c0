use std::collections::HashSet;
use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, Instant};

use nix::sys::signal::{Signal, kill, killpg};
use nix::unistd::{Pid, geteuid, getpgid, getpgrp};

use super::obstacle;
use super::stop::{Doing, Stop};
use super::system;
use super::wire::Spec;
use crate::seal::Level;

/// All processes that a command has started, and how they are found.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Household {
    /// This process is the first of a namespace of process ids, and the kernel ends all others with it. The kernel also
    /// bounds their number, unless told otherwise.
    Namespace {
        /// Whether the kernel does so.
        bounded: bool,
    },
    /// All descendants of this process: it adopts those whose parents have ended.
    Descendants,
}

impl Household {
    /// A namespace of process ids with a bound on its processes, set from its first process. The bound on processes of a
    /// user does not hold for root, so there it is a bound on the ids, which a namespace has of its own since Linux
    /// 6.14; on an older kernel it would be the whole system's.
    pub(super) fn namespace(spec: &Spec) -> Self {
        if !geteuid().is_root() {
            return Self::Namespace { bounded: true };
        }
        // The kernel sets three hundred ids aside.
        let most = spec.limits.processes.saturating_add(300).max(301).to_string();
        let bounded = release() >= (6, 14)
            && fs::OpenOptions::new()
                .write(true)
                .open("/proc/sys/kernel/pid_max")
                .is_ok_and(|mut file| io::Write::write_all(&mut file, most.as_bytes()).is_ok());
        Self::Namespace { bounded }
    }

    /// Makes this process the one that the others belong to.
    pub(super) fn found(self, spec: &Spec) -> Result<(), Stop> {
        if let Self::Namespace { .. } = self {
            return Ok(());
        }
        system::control(libc::PR_SET_CHILD_SUBREAPER, 1)
            .doing("cannot adopt processes that are left behind")?;
        if spec.level > Level::None {
            system::control(libc::PR_SET_DUMPABLE, 0)
                .doing("cannot hide the memory of the step's watcher")?;
            children("self").map_err(|error| Stop::Impossible(obstacle::children(&error)))?;
        }
        Ok(())
    }

    pub(super) fn needs_counting(self) -> bool {
        !matches!(self, Self::Namespace { bounded: true })
    }

    /// How many processes there are, this one aside.
    pub(super) fn count(self) -> io::Result<u64> {
        let count = match self {
            Self::Namespace { .. } => all()?.len().saturating_sub(1),
            Self::Descendants => descendants().len(),
        };
        Ok(u64::try_from(count).unwrap_or(u64::MAX))
    }

    /// Sends SIGTERM to all.
    pub(super) fn ask_to_end(self) {
        match self {
            // -1 means all of the namespace apart from its first process.
            Self::Namespace { .. } => drop(kill(Pid::from_raw(-1), Signal::SIGTERM)),
            Self::Descendants => signal(&descendants(), Signal::SIGTERM),
        }
    }

    /// Ends all.
    pub(super) fn clear(self) -> io::Result<()> {
        match self {
            // The kernel does so when this process ends, and its parent waits for that.
            Self::Namespace { .. } => Ok(()),
            Self::Descendants => clear_descendants(),
        }
    }
}

/// How long descendants that do not vanish are tried to be ended; a process that waits for a broken disk cannot be.
const PATIENCE: Duration = Duration::from_secs(10);

fn clear_descendants() -> io::Result<()> {
    let start = Instant::now();
    while !reap_all()? {
        let mut groups = HashSet::new();
        for process in descendants() {
            // A whole group at once, so that a fork bomb cannot outrun its end. The groups are the command's own: it began
            // with a session of its own, and no process can join a group of another session.
            match getpgid(Some(Pid::from_raw(process))) {
                // That a process has ended in the meantime is no failure.
                Ok(group) if group != getpgrp() && groups.insert(group) => {
                    let _ = killpg(group, Signal::SIGKILL);
                }
                _ => signal(&[process], Signal::SIGKILL),
            }
        }
        if start.elapsed() > PATIENCE {
            return Err(io::Error::other(
                "some processes cannot be ended; they belong to another user, or wait for a disk",
            ));
        }
        std::thread::sleep(Duration::from_micros(200));
    }
    Ok(())
}

/// Forgets children that have ended; whether none is left.
fn reap_all() -> io::Result<bool> {
    loop {
        match system::reap_one() {
            Ok(Some(_)) => {}
            Ok(None) => return Ok(false),
            Err(error) if error.raw_os_error() == Some(libc::ECHILD) => return Ok(true),
            Err(error) => return Err(error),
        }
    }
}

fn signal(processes: &[i32], signal: Signal) {
    for process in processes {
        // It may have ended in the meantime.
        let _ = kill(Pid::from_raw(*process), signal);
    }
}

fn descendants() -> Vec<i32> {
    let mut found = children("self").unwrap_or_default();
    let mut seen: HashSet<i32> = found.iter().copied().collect();
    let mut next = 0;
    while let Some(process) = found.get(next).copied() {
        next += 1;
        // A process that has just ended has none.
        let more = children(&process.to_string()).unwrap_or_default();
        found.extend(more.into_iter().filter(|process| seen.insert(*process)));
    }
    found
}

/// The children of all threads of a process (proc_tid_children(5)).
#[allow(clippy::disallowed_methods, reason = "files of the kernel's")]
fn children(process: &str) -> io::Result<Vec<i32>> {
    let mut found = Vec::new();
    for thread in fs::read_dir(Path::new("/proc").join(process).join("task"))? {
        let text = fs::read_to_string(thread?.path().join("children"))?;
        found.extend(text.split_ascii_whitespace().filter_map(|word| word.parse::<i32>().ok()));
    }
    Ok(found)
}

/// All processes that /proc shows.
#[allow(clippy::disallowed_methods, reason = "a folder of the kernel's")]
fn all() -> io::Result<Vec<i32>> {
    let names = fs::read_dir("/proc")?.filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
    Ok(names.collect())
}

/// The kernel's version.
fn release() -> (u32, u32) {
    let Ok(names) = nix::sys::utsname::uname() else { return (0, 0) };
    let release = names.release().to_string_lossy().into_owned();
    let mut numbers =
        release.split(|character: char| !character.is_ascii_digit()).map(|part| part.parse().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0))
}
