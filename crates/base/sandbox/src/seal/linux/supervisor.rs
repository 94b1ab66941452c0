//! Changes to the mode, owner and times of files, which Landlock does not see. At level `restricted` the kernel asks the
//! watcher about each, and the watcher makes those that lie in an output or a private folder itself: to let the command go
//! on with its own call would let it change the path in between.

use std::io;
use std::os::fd::{AsFd, AsRawFd, OwnedFd};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use nix::errno::Errno;
use nix::fcntl::{OFlag, open, readlink};
use nix::sys::stat::Mode;
use nix::unistd::{getegid, geteuid};

use super::filter::{Filter, Verdict, When};
use super::outputs::Prepared;
use super::system::{self, Question};
use super::wire::Spec;

/// Answers the kernel's questions.
pub(super) struct Supervisor {
    questions: OwnedFd,
    inside: Vec<PathBuf>,
}

const FCHMODAT2: i64 = 452;
const CHMOD: &[i64] = &[
    #[cfg(target_arch = "x86_64")]
    libc::SYS_chmod,
    libc::SYS_fchmod,
    libc::SYS_fchmodat,
    FCHMODAT2,
];
const CHOWN: &[i64] = &[
    #[cfg(target_arch = "x86_64")]
    libc::SYS_chown,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_lchown,
    libc::SYS_fchown,
    libc::SYS_fchownat,
];
const TIMES: &[i64] = &[
    #[cfg(target_arch = "x86_64")]
    libc::SYS_utime,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_utimes,
    libc::SYS_utimensat,
];

/// Makes the kernel ask about these calls.
pub(super) fn ask(filter: &mut Filter) {
    for call in [CHMOD, CHOWN, TIMES].into_iter().flatten() {
        filter.rule(*call, &When::Always, Verdict::Asks);
    }
    #[cfg(target_arch = "x86_64")]
    filter.rule(libc::SYS_futimesat, &When::Always, Verdict::Fails(libc::ENOSYS));
}

/// What is to be changed about which file.
struct Change {
    target: Target,
    what: What,
}

enum Target {
    /// A file that the command has open.
    Open(u64),
    /// A path, below an open folder; and whether a symbolic link is meant itself.
    Path { folder: i32, path: u64, link: bool },
}

enum What {
    Mode(u32),
    Owner(u32, u32),
    /// The address of two times of this kind, or 0 for now.
    Times(u64, Clock),
}

#[derive(Clone, Copy)]
enum Clock {
    Seconds,
    Microseconds,
    Nanoseconds,
}

impl Supervisor {
    pub(super) fn new(questions: OwnedFd, spec: &Spec, prepared: &Prepared) -> Self {
        let mut inside: Vec<PathBuf> = prepared.outputs.iter().map(|output| output.path.clone()).collect();
        if let Some(scratch) = &spec.scratch {
            inside.extend([scratch.tmp(), scratch.home()]);
        }
        Self { questions, inside }
    }

    pub(super) fn file(&self) -> &OwnedFd {
        &self.questions
    }

    /// Answers one question. That the asker has gone is no error.
    pub(super) fn answer(&self) -> io::Result<()> {
        let question = match system::question(self.questions.as_fd()) {
            Err(error) if matches!(error.raw_os_error(), Some(libc::ENOENT | libc::EINTR)) => return Ok(()),
            outcome => outcome?,
        };
        let outcome = self.decide(&question);
        let error = outcome.err().map_or(0, |error| error.raw_os_error().unwrap_or(libc::EPERM));
        match system::answer(self.questions.as_fd(), &question, error) {
            Err(error) if error.raw_os_error() != Some(libc::ENOENT) => Err(error),
            _ => Ok(()),
        }
    }

    fn decide(&self, question: &Question) -> io::Result<()> {
        let change = read(question)?;
        let file = self.open(question, &change.target)?;
        // Only now is it certain that the memory and files looked at were the asker's, and not another process's that has
        // got its number.
        if !system::still_asked(self.questions.as_fd(), question) {
            return Err(Errno::EPERM.into());
        }
        let place = PathBuf::from(readlink(format!("/proc/self/fd/{}", file.as_raw_fd()).as_str())?);
        if !self.inside.iter().any(|folder| place.starts_with(folder)) {
            return Err(Errno::EPERM.into());
        }
        match change.what {
            // Never a program that gives its user's rights to others.
            What::Mode(mode) if mode & 0o6000 != 0 => Err(Errno::EPERM.into()),
            What::Mode(mode) => system::change_mode(file.as_fd(), mode & 0o1777),
            What::Owner(user, group) => {
                let same = |wanted: u32, own: u32| wanted == u32::MAX || wanted == own;
                if !same(user, geteuid().as_raw()) || !same(group, getegid().as_raw()) {
                    return Err(Errno::EPERM.into());
                }
                system::change_owner(file.as_fd(), user, group)
            }
            What::Times(address, clock) => {
                system::change_times(file.as_fd(), times(question, address, clock)?)
            }
        }
    }

    /// Opens the file as the place that it is, by the asker's own view.
    fn open(&self, question: &Question, target: &Target) -> io::Result<OwnedFd> {
        let process = Path::new("/proc").join(question.process.to_string());
        match *target {
            Target::Open(number) => place(&process.join("fd").join(number.to_string()), false),
            Target::Path { folder, path, link } => {
                let path = question.text(path)?;
                let path = Path::new(std::ffi::OsStr::from_bytes(&path));
                if let Ok(number) = path.strip_prefix("/proc/self/fd") {
                    return place(&process.join("fd").join(number), false);
                }
                // The watcher would find itself there.
                if path.starts_with("/proc") {
                    return Err(Errno::EPERM.into());
                }
                let start = match folder {
                    libc::AT_FDCWD => process.join("cwd"),
                    folder => process.join("fd").join(folder.to_string()),
                };
                place(&start.join(path), link)
            }
        }
    }
}

fn place(path: &Path, link: bool) -> io::Result<OwnedFd> {
    let kind = if link { OFlag::O_NOFOLLOW } else { OFlag::empty() };
    Ok(open(path, OFlag::O_PATH | OFlag::O_CLOEXEC | kind, Mode::empty())?)
}

fn read(question: &Question) -> io::Result<Change> {
    let call = question.call;
    if CHMOD.contains(&call) {
        Ok(mode(question))
    } else if CHOWN.contains(&call) {
        Ok(owner(question))
    } else {
        Ok(clock(question))
    }
}

fn mode(question: &Question) -> Change {
    let [first, second, third, fourth, ..] = question.arguments;
    let (target, mode) = match question.call {
        libc::SYS_fchmod => (Target::Open(first), second),
        libc::SYS_fchmodat => (below(first, second, 0), third),
        FCHMODAT2 => (below(first, second, fourth), third),
        _ => (below(HERE, first, 0), second),
    };
    Change { target, what: What::Mode(mode as u32) }
}

fn owner(question: &Question) -> Change {
    let [first, second, third, fourth, fifth, _] = question.arguments;
    let (target, user, group) = match question.call {
        libc::SYS_fchown => (Target::Open(first), second, third),
        libc::SYS_fchownat => (below(first, second, fifth), third, fourth),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_lchown => (below(HERE, first, NO_FOLLOW), second, third),
        _ => (below(HERE, first, 0), second, third),
    };
    Change { target, what: What::Owner(user as u32, group as u32) }
}

fn clock(question: &Question) -> Change {
    let [first, second, third, fourth, ..] = question.arguments;
    let (target, what) = match question.call {
        // Without a path the open file itself is meant.
        libc::SYS_utimensat if second == 0 => (Target::Open(first), What::Times(third, Clock::Nanoseconds)),
        libc::SYS_utimensat => (below(first, second, fourth), What::Times(third, Clock::Nanoseconds)),
        #[cfg(target_arch = "x86_64")]
        libc::SYS_utime => (below(HERE, first, 0), What::Times(second, Clock::Seconds)),
        _ => (below(HERE, first, 0), What::Times(second, Clock::Microseconds)),
    };
    Change { target, what }
}

const HERE: u64 = libc::AT_FDCWD as u32 as u64;
const NO_FOLLOW: u64 = libc::AT_SYMLINK_NOFOLLOW as u64;

fn below(folder: u64, path: u64, flags: u64) -> Target {
    Target::Path { folder: folder as u32 as i32, path, link: flags & NO_FOLLOW != 0 }
}

/// Two times as utimensat(2) takes them: seconds and nanoseconds.
fn times(question: &Question, address: u64, clock: Clock) -> io::Result<Option<[[i64; 2]; 2]>> {
    if address == 0 {
        return Ok(None);
    }
    let numbers = |count: usize| -> io::Result<Vec<i64>> {
        let bytes = question.memory(address, count * 8)?;
        Ok(bytes
            .chunks_exact(8)
            .map(|bytes| i64::from_ne_bytes(bytes.try_into().unwrap_or_default()))
            .collect())
    };
    let scale = |nanoseconds: i64| nanoseconds.checked_mul(1000).unwrap_or(-1);
    let times = match clock {
        Clock::Seconds => match numbers(2)?.as_slice() {
            [access, change] => [[*access, 0], [*change, 0]],
            _ => return Err(Errno::EFAULT.into()),
        },
        Clock::Microseconds | Clock::Nanoseconds => match numbers(4)?.as_slice() {
            [access, first, change, second] if matches!(clock, Clock::Nanoseconds) => {
                [[*access, *first], [*change, *second]]
            }
            [access, first, change, second] => [[*access, scale(*first)], [*change, scale(*second)]],
            _ => return Err(Errno::EFAULT.into()),
        },
    };
    Ok(Some(times))
}
