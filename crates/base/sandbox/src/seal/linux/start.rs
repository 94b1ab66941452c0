use std::ffi::{OsStr, OsString};
use std::net::{Shutdown, TcpListener};
use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::os::unix::process::CommandExt;
use std::process::{Child, ChildStderr, ChildStdout, Command, Stdio};
use std::sync::Arc;
use std::time::Duration;
use std::{fs, io};

use super::MARKER;
use super::scratch::Scratch;
use super::wire::{self, Message, Order, Spec};
use super::wishes;
use crate::seal::{Ending, Level, Network, Obstacle, Possibility, Probe, Report, Seal, SealError};

/// Starts a command sealed, at the best level that is possible between the wanted and the least one. Returns when the
/// seal is closed around it. The program is searched in the `PATH` of the declared environment, as the command sees it;
/// that it is missing is told by [`Sealed::wait`].
///
/// # Errors
/// When what is asked for is wrong, when no accepted level is possible here, or when the system failed.
pub fn spawn(seal: &Seal, program: &OsStr, arguments: &[OsString]) -> Result<Sealed, SealError> {
    attempt(seal, Some((program, arguments)))
}

/// Tries each level on nothing and says which are possible.
pub fn probe() -> Probe {
    let levels = Level::ALL.into_iter().map(|level| (level, possibility(level)));
    Probe { levels: levels.collect() }
}

fn possibility(level: Level) -> Possibility {
    let folder = match tempfile::tempdir() {
        Ok(folder) => folder,
        Err(error) => {
            let reason = format!("no temporary folder can be made: {error}");
            let remedy = "set TMPDIR to a folder that can be written".to_owned();
            return Possibility::Impossible(Obstacle { reason, remedy });
        }
    };
    let mut seal = Seal::new(folder.path());
    (seal.wanted, seal.least) = (level, level);
    let outcome = attempt(&seal, None).map(|mut sealed| (sealed.wait(), std::mem::take(&mut sealed.remarks)));
    match outcome {
        Ok((report, remarks)) if report.ending == Ending::Exited(0) => Possibility::Possible(remarks),
        Ok((report, _)) => Possibility::Impossible(unexpected(&report.ending.to_string())),
        Err(SealError::Level { obstacles, .. }) => {
            let obstacle = obstacles.into_iter().next().map(|(_, obstacle)| obstacle);
            Possibility::Impossible(obstacle.unwrap_or_else(|| unexpected("unknown reason")))
        }
        Err(error) => Possibility::Impossible(unexpected(&error.to_string())),
    }
}

fn unexpected(words: &str) -> Obstacle {
    let remedy = "accept a lower level, or run where nothing interferes".to_owned();
    Obstacle { reason: words.to_owned(), remedy }
}

fn attempt(seal: &Seal, what: Option<(&OsStr, &[OsString])>) -> Result<Sealed, SealError> {
    let mut spec = wishes::checked(seal, what)?;
    let mut obstacles = Vec::new();
    let levels = Level::ALL.into_iter().filter(|level| (seal.least..=seal.wanted).contains(level));
    for level in levels {
        if let Some(obstacle) = network_obstacle(level, seal.network) {
            obstacles.push((level, obstacle));
            continue;
        }
        spec.level = level;
        match start(&mut spec) {
            Ok(mut sealed) => {
                let above = obstacles.iter().map(|(level, obstacle)| format!("not `{level}`: {obstacle}"));
                sealed.remarks.splice(0..0, above);
                return Ok(sealed);
            }
            Err(Refusal::Level(obstacle)) => obstacles.push((level, obstacle)),
            Err(Refusal::Other(error)) => return Err(error),
        }
    }
    Err(SealError::Level { least: seal.least, obstacles })
}

/// Landlock limits ports, not hosts, and a process without a network of its own cannot be made to use a proxy.
fn network_obstacle(level: Level, network: Network) -> Option<Obstacle> {
    (level < Level::Full && matches!(network, Network::Listener { .. })).then(|| Obstacle {
        reason: "an allow-list of hosts needs a network of the step's own".to_owned(),
        remedy: "run where user namespaces are allowed, or give the step no network, or all of it".to_owned(),
    })
}

enum Refusal {
    Level(Obstacle),
    Other(SealError),
}

fn failed(doing: &str) -> impl FnOnce(io::Error) -> Refusal {
    let doing = doing.to_owned();
    move |error| Refusal::Other(SealError::Failed(format!("{doing}: {error}")))
}

fn start(spec: &mut Spec) -> Result<Sealed, Refusal> {
    let scratch = match spec.level {
        Level::Full => None,
        _ => Some(Scratch::make(&spec.secrets).map_err(failed("cannot make a private folder"))?),
    };
    spec.scratch = scratch.as_ref().map(Scratch::folders);
    let (ours, theirs) = UnixStream::pair().map_err(failed("cannot make a pair of sockets"))?;
    let mut child = watcher(theirs).map_err(failed("cannot start a second andon to watch over the step"))?;
    let sent = wire::send(&ours, spec);
    let oom_kills = oom_kills();
    let begun = begin(&ours, sent);
    let (listener, remarks) = begun.inspect_err(|_| {
        let _ = ours.shutdown(Shutdown::Write);
        let _ = child.wait();
    })?;
    Ok(Sealed {
        level: spec.level,
        remarks,
        stdout: child.stdout.take(),
        stderr: child.stderr.take(),
        listener,
        child,
        socket: Arc::new(ours),
        oom_kills,
        ended: None,
        _scratch: scratch,
    })
}

#[allow(clippy::disallowed_methods, reason = "this crate is where processes are started")]
fn watcher(theirs: UnixStream) -> io::Result<Child> {
    Command::new("/proc/self/exe")
        .arg0("andon-seal")
        .arg(MARKER)
        .env_clear()
        .stdin(Stdio::from(OwnedFd::from(theirs)))
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
}

/// Listens to the watcher until the seal is closed.
fn begin(socket: &UnixStream, sent: io::Result<()>) -> Result<(Option<TcpListener>, Vec<String>), Refusal> {
    let mut listener = None;
    loop {
        let message =
            wire::receive_with(socket).map_err(failed("the step's watcher cannot be understood"))?;
        match message {
            Some((Message::Listener, Some(file))) => listener = Some(TcpListener::from(file)),
            Some((Message::Ready { remarks }, _)) => return Ok((listener, remarks)),
            Some((Message::Impossible(obstacle), _)) => return Err(Refusal::Level(obstacle)),
            Some((Message::Wrong(words), _)) => return Err(Refusal::Other(SealError::Wrong(words))),
            Some((Message::Failed(words), _)) => return Err(Refusal::Other(SealError::Failed(words))),
            Some(_) => {}
            None => {
                sent.map_err(failed("the step's watcher did not listen"))?;
                let words = "its watcher ended before the command started".to_owned();
                return Err(Refusal::Other(SealError::Failed(words)));
            }
        }
    }
}

/// A command that runs sealed. Dropping it ends the command and all that it started.
#[derive(Debug)]
pub struct Sealed {
    /// The level reached.
    pub level: Level,
    /// What is weaker than it could be, in words.
    pub remarks: Vec<String>,
    /// The command's standard output. Read it, and `stderr`, while the command runs: a full pipe stops it.
    pub stdout: Option<ChildStdout>,
    /// The command's standard error.
    pub stderr: Option<ChildStderr>,
    /// With [`Network::Listener`], the socket that listens in the command's network.
    pub listener: Option<TcpListener>,
    child: Child,
    socket: Arc<UnixStream>,
    oom_kills: u64,
    ended: Option<Report>,
    _scratch: Option<Scratch>,
}

impl Sealed {
    /// The process id of the process that watches over the command.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// A handle by which another thread can end the command.
    pub fn stopper(&self) -> Stopper {
        Stopper { socket: Arc::clone(&self.socket) }
    }

    /// Waits until the command has ended and nothing of it is left. The same answer each time.
    pub fn wait(&mut self) -> Report {
        if let Some(report) = &self.ended {
            return report.clone();
        }
        let mut report = self.last_words();
        let status = self.child.wait();
        if let Ending::Lost(words) = &mut report.ending
            && let Ok(status) = status
        {
            words.push_str(&format!(" ({status})"));
        }
        if report.ending == Ending::Killed(libc::SIGKILL) && oom_kills() > self.oom_kills {
            report.ending = Ending::OutOfMemory;
        }
        self.ended.insert(report).clone()
    }

    fn last_words(&self) -> Report {
        let mut not_started = None;
        loop {
            match wire::receive(&self.socket) {
                Ok(Some(Message::NotStarted(ending))) => not_started = Some(ending),
                Ok(Some(Message::Ended { ending, cpu_micros, peak_memory })) => {
                    let ending = not_started.unwrap_or(ending);
                    return Report { ending, cpu: Duration::from_micros(cpu_micros), peak_memory };
                }
                Ok(Some(Message::Failed(words))) => {
                    return Report { ending: Ending::Lost(words), cpu: Duration::ZERO, peak_memory: 0 };
                }
                Ok(Some(_)) => {}
                Ok(None) | Err(_) => {
                    let ending = Ending::Lost("the process that watched over the step vanished".to_owned());
                    return Report { ending, cpu: Duration::ZERO, peak_memory: 0 };
                }
            }
        }
    }
}

impl Drop for Sealed {
    fn drop(&mut self) {
        if self.ended.is_none() {
            self.stopper().kill();
            self.wait();
        }
    }
}

/// Ends a sealed command, from any thread. Does nothing when it has ended.
#[derive(Clone, Debug)]
pub struct Stopper {
    socket: Arc<UnixStream>,
}

impl Stopper {
    /// Ends the command and all that it started, at once.
    pub fn kill(&self) {
        // Fails only where the watcher is gone already.
        let _ = self.socket.shutdown(Shutdown::Write);
    }

    /// Sends SIGTERM to the command and all that it started, and ends what is left after `grace`.
    pub fn terminate(&self, grace: Duration) {
        let grace_millis = u64::try_from(grace.as_millis()).unwrap_or(u64::MAX);
        if wire::send(&self.socket, &Order::Terminate { grace_millis }).is_err() {
            self.kill();
        }
    }
}

/// How often the kernel has killed a process for want of memory since it started (proc_vmstat(5)).
#[allow(clippy::disallowed_methods, reason = "a small file of the kernel's")]
fn oom_kills() -> u64 {
    let text = fs::read_to_string("/proc/vmstat").unwrap_or_default();
    let count = text.lines().find_map(|line| line.strip_prefix("oom_kill "));
    count.and_then(|count| count.trim().parse().ok()).unwrap_or(0)
}
