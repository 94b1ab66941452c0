use std::convert::Infallible;
use std::ffi::CString;
use std::fs;
use std::io;
use std::os::fd::AsFd;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use std::process::exit;

use nix::errno::Errno;
use nix::sys::resource::{Resource, getrlimit, setrlimit};
use nix::sys::signal::{SigSet, SigmaskHow, sigprocmask};
use nix::unistd::{chdir, execve, setsid};

use super::outputs::Prepared;
use super::places::{HOME, PATH, SECRETS};
use super::stop::{Doing, Stop};
use super::wire::{self, Message, Spec};
use super::{calls, rules, system};
use crate::seal::{Ending, Level, SECRETS_VARIABLE};

/// The exit code of a command that was not started; why is told in words.
pub(super) const NOT_STARTED: i32 = 127;

/// Gives up all rights and becomes the command.
/// `watcher` gets the file on which the kernel asks about the command.
pub(super) fn become_it(
    spec: &Spec,
    control: &UnixStream,
    prepared: &Prepared,
    watcher: UnixStream,
) -> Result<Infallible, Stop> {
    setsid().doing("cannot start a session for the command")?;
    system::default_signals();
    sigprocmask(SigmaskHow::SIG_SETMASK, Some(&SigSet::empty()), None).doing("cannot reset signals")?;
    system::control(libc::PR_SET_PDEATHSIG, libc::SIGKILL as libc::c_ulong)
        .doing("cannot bind the command to its watcher")?;
    limit(spec)?;
    let folder = spec.workspace.path().join(spec.working_folder.path());
    chdir(&folder)
        .map_err(|error| Stop::Wrong(format!("the command cannot start in {}: {error}", folder.display())))?;
    let environment = environment(spec)?;
    system::close_from(3, true).doing("cannot keep files from the command")?;
    let mut remarks = prepared.remarks.clone();
    if spec.level > Level::None {
        give_up_rights()?;
        let scopes = rules::restrict(spec, prepared, &mut remarks)?;
        if let Some(questions) = calls::restrict(spec, prepared, scopes, &mut remarks)? {
            wire::send_with(&watcher, &(), questions.as_fd())
                .doing("cannot hand over the kernel's questions")?;
        }
    }
    drop(watcher);
    wire::send(control, &Message::Ready { remarks }).doing("cannot report that the command is sealed")?;
    let Some(program) = &spec.program else { exit(0) };
    let ending = execute(spec, Path::new(program.text()), &environment)?;
    wire::send(control, &Message::NotStarted(ending))
        .doing("cannot report that the command did not start")?;
    exit(NOT_STARTED)
}

fn limit(spec: &Spec) -> Result<(), Stop> {
    let limits = &spec.limits;
    let processes = match spec.level {
        Level::Full => limits.processes,
        // The kernel counts all that the user runs, of which there are at most as many as the system has tasks.
        _ => limits.processes.saturating_add(tasks()),
    };
    let wanted = [
        (Resource::RLIMIT_CORE, Some(0)),
        (Resource::RLIMIT_NPROC, Some(processes)),
        (Resource::RLIMIT_FSIZE, Some(limits.file_size)),
        (Resource::RLIMIT_NOFILE, Some(limits.open_files)),
        (Resource::RLIMIT_DATA, limits.memory),
    ];
    for (resource, most) in wanted {
        let Some(most) = most else { continue };
        // Never more than the caller's own.
        let (_, hard) = getrlimit(resource).doing("cannot read the limits")?;
        let most = most.min(hard);
        setrlimit(resource, most, most).doing(format!("cannot set {resource:?}"))?;
    }
    Ok(())
}

/// How many threads the whole system has (proc_loadavg(5)).
#[allow(clippy::disallowed_methods, reason = "a small file of the kernel's")]
fn tasks() -> u64 {
    let text = fs::read_to_string("/proc/loadavg").unwrap_or_default();
    let total =
        text.split_ascii_whitespace().nth(3).and_then(|counts| counts.split_once('/')?.1.parse().ok());
    total.unwrap_or(0)
}

/// No capability is left, and none can be gained by executing a program.
fn give_up_rights() -> Result<(), Stop> {
    system::control(libc::PR_SET_NO_NEW_PRIVS, 1).doing("cannot forbid new privileges")?;
    let mut capability = 0;
    while let Ok(bounded) = system::has_in_bounds(capability) {
        // Only who has CAP_SETPCAP can, and who has not has nothing that the bound could matter to.
        if bounded && system::control(libc::PR_CAPBSET_DROP, capability).is_err() {
            break;
        }
        capability += 1;
    }
    system::drop_capabilities().doing("cannot give up capabilities")
}

/// The declared variables, and what every program needs where it is not declared.
fn environment(spec: &Spec) -> Result<Vec<CString>, Stop> {
    let (home, temporary, secrets) = match &spec.scratch {
        None => (HOME.into(), PathBuf::from("/tmp"), PathBuf::from(SECRETS)),
        Some(scratch) => {
            let secrets = scratch.secrets.as_ref().map(|folder| folder.path().to_owned());
            (scratch.home(), scratch.tmp(), secrets.unwrap_or_default())
        }
    };
    let mut variables: Vec<(Vec<u8>, Vec<u8>)> = Vec::with_capacity(spec.environment.len() + 4);
    let declared =
        spec.environment.iter().map(|(name, value)| (name.bytes().to_vec(), value.bytes().to_vec()));
    variables.extend(declared);
    let mut usual = vec![
        ("PATH".to_owned(), PathBuf::from(PATH)),
        ("HOME".to_owned(), home),
        ("TMPDIR".to_owned(), temporary),
    ];
    for secret in spec.secrets.iter().filter(|secret| is_name(&secret.name)) {
        usual.push((format!("{}_FILE", secret.name), secrets.join(&secret.name)));
    }
    if !spec.secrets.is_empty() {
        usual.push((SECRETS_VARIABLE.to_owned(), secrets));
    }
    for (name, value) in usual {
        if !variables.iter().any(|(declared, _)| declared == name.as_bytes()) {
            variables.push((name.into_bytes(), value.into_os_string().into_vec()));
        }
    }
    let text = |(name, value): (Vec<u8>, Vec<u8>)| CString::new([name, value].join(&b'='));
    variables
        .into_iter()
        .map(text)
        .collect::<Result<_, _>>()
        .map_err(|_| nul("a variable of the environment"))
}

/// Whether a shell can use this as the name of a variable.
fn is_name(name: &str) -> bool {
    let usual = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    name.bytes().all(usual) && !name.starts_with(|first: char| first.is_ascii_digit())
}

/// Executes the program; when that returns, it says why.
fn execute(spec: &Spec, program: &Path, environment: &[CString]) -> Result<Ending, Stop> {
    let name = CString::new(program.as_os_str().as_bytes()).map_err(|_| nul("the program's name"))?;
    let rest = spec.arguments.iter().map(|argument| CString::new(argument.bytes()));
    let arguments: Result<Vec<_>, _> = std::iter::once(Ok(name)).chain(rest).collect();
    let arguments = arguments.map_err(|_| nul("an argument"))?;
    let places = candidates(program, environment);
    let mut refused = None;
    for place in &places {
        let Ok(path) = CString::new(place.as_os_str().as_bytes()) else { continue };
        let Err(error) = execve(&path, &arguments, environment);
        match error {
            Errno::ENOENT | Errno::ENOTDIR if !place.exists() => {}
            error => refused = refused.or(Some((place, error))),
        }
    }
    Ok(match refused {
        Some((place, error)) => Ending::NotExecutable(explain(place, error)),
        None if program.components().count() == 1 && !places.is_empty() && places != [program] => {
            let folders: Vec<_> =
                places.iter().filter_map(|place| Some(place.parent()?.to_string_lossy())).collect();
            Ending::NotFound(format!("the program {program:?} is in none of {}", folders.join(":")))
        }
        None => Ending::NotFound(format!("the program {program:?} does not exist, as the step sees it")),
    })
}

/// Where the program may be: a name without a slash is searched in PATH.
fn candidates(program: &Path, environment: &[CString]) -> Vec<PathBuf> {
    if program.as_os_str().as_bytes().contains(&b'/') {
        return vec![program.to_owned()];
    }
    let path = environment.iter().find_map(|variable| variable.as_bytes().strip_prefix(b"PATH="));
    let folders = path.unwrap_or_default().split(|byte| *byte == b':').filter(|folder| !folder.is_empty());
    folders.map(|folder| Path::new(std::ffi::OsStr::from_bytes(folder)).join(program)).collect()
}

fn explain(place: &Path, error: Errno) -> String {
    let place_shown = place.display();
    match error {
        Errno::ENOENT => {
            format!("{place_shown} cannot be executed: its interpreter does not exist in the seal")
        }
        Errno::EACCES if place.is_dir() => format!("{place_shown} cannot be executed: it is a folder"),
        Errno::EACCES if !executable(place) => {
            format!("{place_shown} cannot be executed: its mode does not allow that (chmod +x)")
        }
        Errno::ENOEXEC => {
            format!(
                "{place_shown} cannot be executed: it is no program of this machine, and has no `#!` line"
            )
        }
        error => format!("{place_shown} cannot be executed: {}", io::Error::from(error)),
    }
}

fn executable(place: &Path) -> bool {
    fs::metadata(place).is_ok_and(|metadata| metadata.permissions().mode() & 0o111 != 0)
}

fn nul(what: &str) -> Stop {
    Stop::Wrong(format!("{what} contains a NUL byte"))
}
