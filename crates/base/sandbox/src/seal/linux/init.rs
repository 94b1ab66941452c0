use std::io;
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;
use std::time::{Duration, Instant};

use nix::errno::Errno;
use nix::poll::{PollFd, PollFlags, PollTimeout, poll};
use nix::sys::resource::{UsageWho, getrusage};
use nix::sys::signal::{SigSet, SigmaskHow, Signal, sigprocmask};
use nix::sys::signalfd::{SfdFlags, SignalFd};
use nix::sys::time::TimeValLike;

use super::command;
use super::entry::quiet;
use super::household::Household;
use super::outputs::Prepared;
use super::stop::{Doing, Stop};
use super::supervisor::Supervisor;
use super::system::{self, Side};
use super::wire::{self, HostFolders, Message, Order, Spec};
use crate::seal::{Ending, Level};

/// Starts the command and stays until it and all that it started have ended.
pub(super) fn run(
    spec: &Spec,
    control: &UnixStream,
    prepared: &Prepared,
    household: Household,
) -> Result<(), Stop> {
    household.found(spec)?;
    let mut signals = SigSet::empty();
    signals.add(Signal::SIGCHLD);
    sigprocmask(SigmaskHow::SIG_BLOCK, Some(&signals), None).doing("cannot block signals")?;
    let bell = SignalFd::with_flags(&signals, SfdFlags::SFD_CLOEXEC | SfdFlags::SFD_NONBLOCK);
    let bell = bell.doing("cannot listen for the end of processes")?;
    let (ours, theirs) = UnixStream::pair().doing("cannot make a pair of sockets")?;
    match system::fork().doing("cannot start the command")? {
        Side::Child => {
            drop(ours);
            let Err(stop) = command::become_it(spec, control, prepared, theirs);
            // The watcher sees the end of this process; why it came is told here.
            let _ = wire::send(control, &Message::from(stop));
            std::process::exit(command::NOT_STARTED)
        }
        Side::Parent(command) => {
            quiet().doing("cannot let go of the pipes")?;
            drop(theirs);
            let supervisor = supervisor(spec, prepared, &ours)?;
            let limit = spec.limits.processes;
            let mut watch = Watch { control, bell, command, household, supervisor, limit, deadline: None };
            let ending = watch.until_the_end().doing("cannot watch over the command")?;
            household.clear().doing("cannot end what the command left behind")?;
            spec.scratch.iter().for_each(HostFolders::remove);
            wire::send(control, &last_words(ending)).doing("cannot report the end")
        }
    }
}

/// Waits for the file on which the kernel asks about the command, where it does; without it the command has failed.
fn supervisor(spec: &Spec, prepared: &Prepared, line: &UnixStream) -> Result<Option<Supervisor>, Stop> {
    if spec.level != Level::Restricted {
        return Ok(None);
    }
    // What is done for the command is done with no more rights than the command has.
    system::drop_capabilities().doing("cannot give up capabilities")?;
    let message = wire::receive_with::<()>(line).doing("cannot hear of the command")?;
    let file = message.and_then(|((), file)| file);
    Ok(file.map(|file| Supervisor::new(file, spec, prepared)))
}

struct Watch<'a> {
    control: &'a UnixStream,
    bell: SignalFd,
    command: i32,
    household: Household,
    supervisor: Option<Supervisor>,
    limit: u64,
    deadline: Option<Instant>,
}

/// How often the number of processes is looked at where the kernel does not bound it.
const ROUND: Duration = Duration::from_millis(50);

impl Watch<'_> {
    fn until_the_end(&mut self) -> io::Result<Ending> {
        loop {
            if self.doze()?
                && let Some(supervisor) = &self.supervisor
            {
                supervisor.answer()?;
                continue;
            }
            while self.bell.read_signal()?.is_some() {}
            if let Some(ending) = self.reaped()? {
                return Ok(ending);
            }
            if !self.obey()? || self.deadline.is_some_and(|deadline| deadline <= Instant::now()) {
                return Ok(Ending::Stopped);
            }
            if self.household.needs_counting() && self.household.count()? > self.limit {
                return Ok(Ending::TooManyProcesses(self.limit));
            }
        }
    }

    /// Sleeps until a process has ended, the caller says something, the kernel asks something, or it is time to look
    /// around; whether the kernel asks.
    fn doze(&self) -> io::Result<bool> {
        let left = self.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
        let round = self.household.needs_counting().then_some(ROUND);
        let timeout = left.into_iter().chain(round).min();
        // One millisecond more, so as not to wake just before the deadline.
        let timeout = timeout.map(|time| time.as_millis().saturating_add(1));
        let timeout = timeout.map(|millis| PollTimeout::try_from(millis).unwrap_or(PollTimeout::MAX));
        // The kernel's questions come last: a command that asks without end must not keep others from being heard.
        let files = [self.bell.as_fd(), self.control.as_fd()];
        let files =
            files.into_iter().chain(self.supervisor.iter().map(|supervisor| supervisor.file().as_fd()));
        let mut files: Vec<_> = files.map(|file| PollFd::new(file, PollFlags::POLLIN)).collect();
        match poll(&mut files, timeout.unwrap_or(PollTimeout::NONE)) {
            Ok(_) => {}
            Err(Errno::EINTR) => return Ok(false),
            Err(error) => return Err(error.into()),
        }
        let calls: Vec<bool> = files.iter().map(|file| file.any() == Some(true)).collect();
        Ok(matches!(calls.as_slice(), [false, false, true]))
    }

    /// How the command ended, when it has.
    fn reaped(&self) -> io::Result<Option<Ending>> {
        let mut ending = None;
        loop {
            match system::reap_one() {
                Ok(Some((process, status))) if process == self.command => ending = Some(read(status)),
                Ok(Some(_)) => {}
                Ok(None) => return Ok(ending),
                Err(error) if error.raw_os_error() == Some(libc::ECHILD) => return Ok(ending),
                Err(error) => return Err(error),
            }
        }
    }

    /// Does what the caller asks for; `false` when it has hung up.
    fn obey(&mut self) -> io::Result<bool> {
        let mut files = [PollFd::new(self.control.as_fd(), PollFlags::POLLIN)];
        while poll(&mut files, PollTimeout::ZERO)? > 0 {
            match wire::receive::<Order>(self.control)? {
                Some(Order::Terminate { grace_millis }) => {
                    self.household.ask_to_end();
                    self.deadline = Instant::now().checked_add(Duration::from_millis(grace_millis));
                }
                None => return Ok(false),
            }
        }
        Ok(true)
    }
}

fn read(status: i32) -> Ending {
    if libc::WIFSIGNALED(status) {
        Ending::Killed(libc::WTERMSIG(status))
    } else {
        Ending::Exited(libc::WEXITSTATUS(status))
    }
}

fn last_words(ending: Ending) -> Message {
    let usage = getrusage(UsageWho::RUSAGE_CHILDREN).ok();
    let cpu = usage.map_or(0, |usage| (usage.user_time() + usage.system_time()).num_microseconds());
    let peak = usage.map_or(0, |usage| usage.max_rss());
    Message::Ended {
        ending,
        cpu_micros: u64::try_from(cpu).unwrap_or(0),
        peak_memory: u64::try_from(peak).unwrap_or(0).saturating_mul(1024),
    }
}
