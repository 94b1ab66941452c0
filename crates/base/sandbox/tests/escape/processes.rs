use std::fs;
use std::io;
use std::os::unix::process::{CommandExt, parent_id};
use std::process::{Command, Stdio};
use std::time::Duration;

use crate::attempt::Who::{Anyone, Perhaps, Root};
use crate::attempt::{Attempt, Facts, Outcome, attempt, c_path, call, worked};
use crate::stage::SECRET;

pub(crate) const ATTEMPTS: &[Attempt] = &[
    attempt("inherited-files", Anyone, |_| inherited()),
    attempt("see-environment", Anyone, |_| search("environ")),
    attempt("see-arguments", Anyone, |_| search("cmdline")),
    attempt("see-victim", Anyone, |facts| {
        worked(fs::read(format!("/proc/{}/status", facts.text("victim")))).and_then(|()| same_victim(facts))
    }),
    attempt("see-parent-environment", Anyone, |_| worked(fs::read(format!("/proc/{}/environ", parent_id())))),
    attempt("read-victim-memory", Anyone, |facts| {
        worked(
            fs::OpenOptions::new().read(true).write(true).open(format!("/proc/{}/mem", facts.text("victim"))),
        )
    }),
    attempt("read-parent-memory", Anyone, |_| worked(fs::File::open(format!("/proc/{}/mem", parent_id())))),
    attempt("read-parent-files", Anyone, |_| {
        let files = fs::read_dir(format!("/proc/{}/fd", parent_id())).map_err(|error| error.to_string())?;
        let names = files.flatten().map(|file| worked(fs::read_link(file.path())));
        names.fold(Err("none".to_owned()), Outcome::or)
    }),
    attempt("signal-victim", Anyone, |facts| signal(facts.number("victim"))),
    attempt("signal-parent", Anyone, |_| signal(i32::try_from(parent_id()).unwrap())),
    attempt("signal-by-descriptor", Anyone, |facts| {
        let file = call(unsafe { libc::syscall(libc::SYS_pidfd_open, facts.number("victim"), 0) });
        let file = file.map_err(|error| error.to_string())?;
        let nothing: *const libc::siginfo_t = std::ptr::null();
        worked(call(unsafe { libc::syscall(libc::SYS_pidfd_send_signal, file, libc::SIGCONT, nothing, 0) }))
    }),
    attempt("queue-signal", Anyone, |facts| {
        let mut information: libc::siginfo_t = unsafe { std::mem::zeroed() };
        information.si_code = -1;
        let victim = facts.number("victim");
        let number = libc::SYS_rt_sigqueueinfo;
        worked(call(unsafe { libc::syscall(number, victim, libc::SIGCONT, &raw const information) }))
    }),
    attempt("trace-victim", Anyone, |facts| trace(facts.number("victim"))),
    attempt("trace-parent", Anyone, |_| trace(i32::try_from(parent_id()).unwrap())),
    attempt("copy-victim-memory", Anyone, |facts| {
        let mut byte = 0_u8;
        let local = libc::iovec { iov_base: (&raw mut byte).cast(), iov_len: 1 };
        let remote = libc::iovec { iov_base: address(facts)? as *mut libc::c_void, iov_len: 1 };
        let victim = facts.number("victim");
        let outcome = unsafe { libc::process_vm_readv(victim, &raw const local, 1, &raw const remote, 1, 0) };
        worked(call(outcome as libc::c_long))
    }),
    attempt("take-victim-file", Anyone, |facts| {
        let file = call(unsafe { libc::syscall(libc::SYS_pidfd_open, facts.number("victim"), 0) });
        let file = file.map_err(|error| error.to_string())?;
        worked(call(unsafe { libc::syscall(libc::SYS_pidfd_getfd, file, 0, 0) }))
    }),
    attempt("limit-victim", Anyone, |facts| {
        let limit = libc::rlimit { rlim_cur: 100, rlim_max: 100 };
        let victim = facts.number("victim");
        let nothing = std::ptr::null_mut();
        worked(call(unsafe { libc::prlimit(victim, libc::RLIMIT_NOFILE, &raw const limit, nothing) }.into()))
    }),
    attempt("slow-victim", Anyone, |facts| {
        worked(call(
            unsafe { libc::setpriority(libc::PRIO_PROCESS, facts.text("victim").parse().unwrap(), 10) }
                .into(),
        ))
    }),
    attempt("bind-victim-to-processor", Anyone, |facts| {
        let mask = [1_u64; 1];
        let number = libc::SYS_sched_setaffinity;
        worked(call(unsafe { libc::syscall(number, facts.number("victim"), 8, mask.as_ptr()) }))
    }),
    attempt("keyring-search", Anyone, |facts| {
        let (kind, name) = (c"user", c_path(facts.text("key")));
        let (search, mine) = (10_u64, -4_i64);
        worked(call(unsafe {
            libc::syscall(libc::SYS_keyctl, search, mine, kind.as_ptr(), name.as_ptr(), 0)
        }))
    }),
    attempt("keyring-add", Anyone, |_| {
        let (kind, name) = (c"user", c"escape-new");
        let outcome = unsafe {
            libc::syscall(libc::SYS_add_key, kind.as_ptr(), name.as_ptr(), c"x".as_ptr(), 1_usize, -4_i64)
        };
        worked(call(outcome))
    }),
    attempt("set-user-id-program", Perhaps, set_user_id),
    attempt("become-root", Root, |_| worked(call(unsafe { libc::setresuid(1, 1, 1) }.into()))),
    attempt("change-groups", Root, |_| worked(call(unsafe { libc::setgroups(0, std::ptr::null()) }.into()))),
    attempt("keep-rights", Root, |_| {
        let (header, mut sets) = ([0x2008_0522_u32, 0], [0_u32; 6]);
        unsafe { libc::syscall(libc::SYS_capget, header.as_ptr(), sets.as_mut_ptr()) };
        if sets == [0; 6] { Err("no capability".to_owned()) } else { Ok(()) }
    }),
    attempt("regain-rights", Root, |_| {
        let bounded = unsafe { libc::prctl(libc::PR_CAPBSET_READ, 21, 0, 0, 0) };
        let root = unsafe { libc::getuid() } == 0;
        if bounded == 1 && root { Ok(()) } else { Err("CAP_SYS_ADMIN is out of bounds".to_owned()) }
    }),
    attempt("privileges-open", Anyone, |_| {
        let closed = unsafe { libc::prctl(libc::PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) };
        if closed == 0 { Ok(()) } else { Err("no new privileges".to_owned()) }
    }),
    attempt("shared-segment", Anyone, |facts| {
        let segment = facts.number("segment");
        let memory = unsafe { libc::shmat(segment, std::ptr::null(), 0) };
        if memory as isize == -1 { Err(io::Error::last_os_error().to_string()) } else { Ok(()) }
    }),
    attempt("message-queue", Anyone, |facts| {
        worked(call(unsafe { libc::msgget(facts.number("queue-key"), 0) }.into()))
    }),
    attempt("posix-queue", Perhaps, |facts| {
        let name = c_path(facts.text("posix-queue"));
        worked(call(unsafe { libc::syscall(libc::SYS_mq_open, name.as_ptr(), libc::O_RDWR, 0, 0) }))
    }),
    attempt("terminal", Anyone, |_| worked(fs::File::open("/dev/tty"))),
    attempt("type-on-terminal", Perhaps, |_| {
        let mut outcome = Err(String::new());
        let terminal = call(unsafe { libc::open(c"/dev/tty".as_ptr(), libc::O_RDWR) }.into()).unwrap_or(-1);
        for file in [0, 1, 2, i32::try_from(terminal).unwrap()] {
            let byte = b'x';
            outcome = outcome.or_else(|_| {
                worked(call(unsafe { libc::ioctl(file, libc::TIOCSTI, &raw const byte) }.into()))
            });
        }
        outcome
    }),
    attempt(STAY_BEHIND, Perhaps, stay_behind),
];

/// Always fails by its own account: the runner looks for what it has left.
pub(crate) const STAY_BEHIND: &str = "stay-behind";

/// Leaves a process that does all it can to stay; the runner looks for it when the command has ended.
fn stay_behind(facts: &Facts) -> Outcome {
    let program = std::env::current_exe().map_err(|error| error.to_string())?;
    let mut command = Command::new(program);
    command.arg("linger").arg(facts.text("mark")).stdin(Stdio::null());
    command.stdout(Stdio::null()).stderr(Stdio::null());
    unsafe {
        command.pre_exec(|| {
            libc::setsid();
            libc::signal(libc::SIGTERM, libc::SIG_IGN);
            libc::signal(libc::SIGHUP, libc::SIG_IGN);
            if libc::fork() != 0 {
                libc::_exit(0);
            }
            libc::setsid();
            Ok(())
        });
    }
    let started = command.spawn().and_then(|mut child| child.wait());
    std::thread::sleep(Duration::from_millis(50));
    worked(started)?;
    Err("the runner looks for it".to_owned())
}

fn inherited() -> Outcome {
    for file in 3..1024 {
        // SAFETY: only asks.
        if unsafe { libc::fcntl(file, libc::F_GETFD) } >= 0 {
            return Ok(());
        }
    }
    Err("only the usual three".to_owned())
}

fn search(file: &str) -> Outcome {
    for entry in fs::read_dir("/proc").map_err(|error| error.to_string())?.flatten() {
        let own = entry.file_name().to_string_lossy() == std::process::id().to_string();
        let found = fs::read(entry.path().join(file)).unwrap_or_default();
        if !own && found.windows(SECRET.len()).any(|part| part == SECRET.as_bytes()) {
            return Ok(());
        }
    }
    Err("not found".to_owned())
}

/// Process ids of another namespace may be the same by chance.
fn same_victim(facts: &Facts) -> Outcome {
    let status = fs::read_to_string(format!("/proc/{}/status", facts.text("victim"))).unwrap_or_default();
    if status.contains("escape") { Ok(()) } else { Err("another process".to_owned()) }
}

fn signal(process: i32) -> Outcome {
    worked(call(unsafe { libc::kill(process, libc::SIGCONT) }.into()))
}

fn trace(process: i32) -> Outcome {
    worked(call(unsafe { libc::ptrace(libc::PTRACE_SEIZE, process, 0, 0) }))
}

fn address(facts: &Facts) -> Result<usize, String> {
    facts.text("victim-address").parse().map_err(|_| "no address".to_owned())
}

fn set_user_id(facts: &Facts) -> Outcome {
    let output =
        Command::new(facts.outside("../tools/who")).arg("-u").output().map_err(|error| error.to_string())?;
    let user = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    let own = unsafe { libc::getuid() }.to_string();
    if user != own && !user.is_empty() { Ok(()) } else { Err(format!("still {user}")) }
}
