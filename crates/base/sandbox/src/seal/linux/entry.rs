use std::os::fd::OwnedFd;
use std::os::unix::net::UnixStream;
use std::process::exit;
use std::{fs, io};

use nix::fcntl::{FcntlArg, fcntl};
use nix::sys::stat::{Mode, umask};
use nix::unistd::{dup2_stderr, dup2_stdin, dup2_stdout, setsid};

use super::household::Household;
use super::init;
use super::stop::{Doing, Stop};
use super::system::{self, Side};
use super::wire::{self, Message, Spec};
use super::{MARKER, namespaces, outputs, root};
use crate::seal::Level;

/// Watches over a sealed command and does not return, in a process that [`spawn`](super::spawn) has started for that;
/// in any other process it returns at once. To be called before anything else, above all before a thread is started.
#[allow(clippy::disallowed_methods, reason = "before anything else, so before there is a System")]
pub fn main_if_asked() {
    let mut arguments = std::env::args_os().skip(1);
    if arguments.next().as_deref() == Some(MARKER.as_ref()) && arguments.next().is_none() {
        exit(i32::from(watch().is_err()));
    }
}

/// The whole life of the watcher; fails when nobody can be told what went wrong.
fn watch() -> io::Result<()> {
    let control = control()?;
    let Some(spec) = wire::receive::<Spec>(&control)? else { return Ok(()) };
    seal(&spec, &control).or_else(|stop| wire::send(&control, &Message::from(stop)))
}

/// Standard input is the line to the caller. It is moved away, since the command's standard input is empty.
fn control() -> io::Result<UnixStream> {
    system::close_from(3, false)?;
    let control = system::own(fcntl(io::stdin(), FcntlArg::F_DUPFD_CLOEXEC(3))?);
    dup2_stdin(nothing()?)?;
    Ok(UnixStream::from(control))
}

fn nothing() -> io::Result<OwnedFd> {
    Ok(fs::OpenOptions::new().read(true).write(true).open("/dev/null")?.into())
}

fn seal(spec: &Spec, control: &UnixStream) -> Result<(), Stop> {
    // Out of reach of the terminal and its Ctrl-C.
    setsid().doing("cannot start a session")?;
    umask(Mode::from_bits_truncate(0o022));
    match spec.level {
        Level::Full => own_system(spec, control),
        _ => init::run(spec, control, &outputs::prepare(spec)?, Household::Descendants),
    }
}

/// Runs the command in namespaces of its own. A new process-id namespace begins with the first child.
fn own_system(spec: &Spec, control: &UnixStream) -> Result<(), Stop> {
    namespaces::enter(spec)?;
    match system::fork().doing("cannot start the first process of the step")? {
        Side::Child => {
            let outcome = first_process(spec, control);
            let told = outcome.or_else(|stop| wire::send(control, &Message::from(stop)));
            exit(i32::from(told.is_err()))
        }
        Side::Parent(child) => {
            quiet().doing("cannot let go of the pipes")?;
            // The line stays open in this process, but the caller looks for its end only after a last message.
            system::wait_for(child).doing("cannot wait for the first process of the step")
        }
    }
}

fn first_process(spec: &Spec, control: &UnixStream) -> Result<(), Stop> {
    system::control(libc::PR_SET_PDEATHSIG, libc::SIGKILL as libc::c_ulong)
        .doing("cannot bind the step to its watcher")?;
    let mut prepared = outputs::prepare(spec)?;
    namespaces::network(spec, control)?;
    let household = Household::namespace(spec);
    root::build(spec, &mut prepared)?;
    init::run(spec, control, &prepared, household)
}

/// Lets go of the command's output, so that its readers see the end when the command closes it.
pub(super) fn quiet() -> io::Result<()> {
    let nothing = nothing()?;
    dup2_stdout(&nothing)?;
    dup2_stderr(&nothing)?;
    Ok(())
}
