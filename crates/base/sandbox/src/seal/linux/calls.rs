//! Which system calls a sealed command may make: all that programs ordinarily make, and none that lead out of the seal
//! or into rarely used parts of the kernel.

use std::os::fd::OwnedFd;

use super::filter::{Family, Filter, Verdict, When};
use super::obstacle;
use super::outputs::Prepared;
use super::rules::Scopes;
use super::stop::Stop;
use super::wire::Spec;
use super::{supervisor, system};
use crate::seal::{Level, Network};
use crate::syscalls::{IO_URING, KERNEL, MOUNTS};

/// Installs the filter.
pub(super) fn restrict(
    spec: &Spec,
    prepared: &Prepared,
    scopes: Scopes,
    remarks: &mut Vec<String>,
) -> Result<Option<OwnedFd>, Stop> {
    // Without a network of its own, nothing but a scope of Landlock keeps a command from the host's abstract sockets.
    let unix_sockets = prepared.unix_sockets && (spec.network != Network::Host || scopes.0);
    if prepared.unix_sockets && !unix_sockets && spec.level == Level::Full {
        remarks.push("no sockets of the family UNIX, since those of the host would be in reach".to_owned());
    }
    let mut filter = Filter::new(NEWEST);
    let beside_others = spec.level < Level::Full;
    if beside_others {
        supervisor::ask(&mut filter);
    }
    everywhere(&mut filter);
    let requests = if beside_others { REQUESTS_BESIDE_OTHERS } else { REQUESTS };
    filter.rule(libc::SYS_ioctl, &When::In(1, requests), EPERM);
    match spec.level {
        Level::Full => filter.sockets(libc::SYS_socket, if unix_sockets { FULL } else { INTERNET }),
        _ => {
            among_others(&mut filter);
            let families = if spec.network == Network::Host { INTERNET } else { &[] };
            filter.sockets(libc::SYS_socket, families);
            if spec.network != Network::Host {
                for call in [libc::SYS_connect, libc::SYS_bind, libc::SYS_listen] {
                    filter.rule(call, &When::Always, EPERM);
                }
            }
        }
    }
    // A pair of datagram sockets can be sent elsewhere than to each other.
    filter
        .sockets(libc::SYS_socketpair, if unix_sockets && spec.level == Level::Full { UNIX } else { PAIRS });
    let installed = system::filter_calls(&filter.finish(), beside_others);
    installed.map_err(|error| Stop::Impossible(obstacle::seccomp(&error)))
}

/// The newest call that has been thought about: removexattrat, Linux 6.13.
const NEWEST: i64 = 466;
const EPERM: Verdict = Verdict::Fails(libc::EPERM);

const STREAM: u32 = 1;
const DATAGRAM: u32 = 2;
const SEQUENCED: u32 = 5;
const UNIX: &[Family] = &[Family { number: 1, types: &[STREAM, DATAGRAM, SEQUENCED], protocol: None }];
const PAIRS: &[Family] = &[Family { number: 1, types: &[STREAM, SEQUENCED], protocol: None }];
const IPV4: Family = Family { number: 2, types: &[STREAM, DATAGRAM], protocol: None };
const IPV6: Family = Family { number: 10, types: &[STREAM, DATAGRAM], protocol: None };
/// NETLINK_ROUTE, by which the C library learns of interfaces and addresses.
const ROUTE: Family = Family { number: 16, types: &[], protocol: Some(0) };
const INTERNET: &[Family] = &[IPV4, IPV6, ROUTE];
const FULL: &[Family] =
    &[Family { number: 1, types: &[STREAM, DATAGRAM, SEQUENCED], protocol: None }, IPV4, IPV6, ROUTE];

/// What is refused at every level.
fn everywhere(filter: &mut Filter) {
    for call in [IO_URING, MOUNTS, KERNEL, OTHERS].into_iter().flatten() {
        filter.rule(*call, &When::Always, EPERM);
    }
    // Its flags are in memory, where a filter cannot look; the C library then makes the older call.
    filter.rule(libc::SYS_clone3, &When::Always, Verdict::Fails(libc::ENOSYS));
    filter.rule(libc::SYS_clone, &When::Bits(0, NAMESPACES), EPERM);
    filter.rule(libc::SYS_unshare, &When::Bits(0, NAMESPACES | NEW_TIME), EPERM);
    filter.rule(libc::SYS_personality, &When::NotIn(0, &[0, u32::MAX]), EPERM);
    set_user_id(filter);
    filter.rule(libc::SYS_prlimit64, &When::NotIn(0, &[0]), EPERM);
}

/// A program left in an output must not give its owner's rights to whoever runs it on the host.
fn set_user_id(filter: &mut Filter) {
    const BITS: u32 = 0o6000;
    #[cfg(target_arch = "x86_64")]
    for call in [libc::SYS_chmod, libc::SYS_creat, libc::SYS_mknod] {
        filter.rule(call, &When::Bits(1, BITS), EPERM);
    }
    #[cfg(target_arch = "x86_64")]
    filter.rule(libc::SYS_open, &When::BothBits((1, CREATE), (2, BITS)), EPERM);
    filter.rule(libc::SYS_fchmod, &When::Bits(1, BITS), EPERM);
    for call in [libc::SYS_fchmodat, libc::SYS_mknodat, FCHMODAT2] {
        filter.rule(call, &When::Bits(2, BITS), EPERM);
    }
    filter.rule(libc::SYS_openat, &When::BothBits((2, CREATE), (3, BITS)), EPERM);
    // Its mode is in memory, where a filter cannot look; programs then make the older call.
    filter.rule(libc::SYS_openat2, &When::Always, Verdict::Fails(libc::ENOSYS));
}

/// fchmodat2 of Linux 6.6, the same number on all machines.
const FCHMODAT2: i64 = 452;
/// O_CREAT and the bit of O_TMPFILE that is not O_DIRECTORY, without which a mode means nothing.
const CREATE: u32 = 0o100 | 0o20_000_000;
const NAMESPACES: u32 = 0x7E02_0000;
const NEW_TIME: u32 = 0x80;
/// Requests to a terminal: TIOCSTI, TIOCLINUX and TIOCSETD.
const REQUESTS: &[u32] = &[0x5412, 0x541C, 0x5423];
/// The same, and FS_IOC_SETFLAGS and FS_IOC_FSSETXATTR, which change a file that is open for reading.
const REQUESTS_BESIDE_OTHERS: &[u32] = &[0x5412, 0x541C, 0x5423, 0x4008_6602, 0x401C_5820];

const OTHERS: &[i64] = &[
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
    libc::SYS_fanotify_init,
    libc::SYS_vhangup,
    libc::SYS_name_to_handle_at,
    libc::SYS_lookup_dcookie,
    libc::SYS_nfsservctl,
    libc::SYS_clock_adjtime,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_iopl,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_ioperm,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_uselib,
    #[cfg(target_arch = "x86_64")]
    libc::SYS_modify_ldt,
];

/// What is refused where the command runs among the host's other processes and files.
fn among_others(filter: &mut Filter) {
    for call in BESIDE_OTHERS {
        filter.rule(*call, &When::Always, EPERM);
    }
    for call in ATTRIBUTES {
        filter.rule(*call, &When::Always, Verdict::Fails(libc::EOPNOTSUPP));
    }
    // On another process, which may be anyone's; 0 is the caller itself.
    let others = [
        libc::SYS_sched_setaffinity,
        libc::SYS_sched_setattr,
        libc::SYS_sched_setparam,
        libc::SYS_sched_setscheduler,
        libc::SYS_migrate_pages,
        libc::SYS_move_pages,
    ];
    for call in others {
        filter.rule(call, &When::NotIn(0, &[0]), EPERM);
    }
    for call in [libc::SYS_setpriority, libc::SYS_ioprio_set] {
        filter.rule(call, &When::NotIn(1, &[0]), EPERM);
    }
}

const BESIDE_OTHERS: &[i64] = &[
    // Other processes.
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_process_madvise,
    libc::SYS_process_mrelease,
    // Memory and queues that others share.
    libc::SYS_shmget,
    libc::SYS_shmat,
    libc::SYS_shmctl,
    libc::SYS_msgget,
    libc::SYS_msgctl,
    libc::SYS_msgsnd,
    libc::SYS_msgrcv,
    libc::SYS_semget,
    libc::SYS_semctl,
    libc::SYS_semop,
    libc::SYS_semtimedop,
    libc::SYS_mq_open,
    libc::SYS_mq_unlink,
    // What happens in folders that the rules for files keep closed.
    libc::SYS_inotify_add_watch,
];

/// Attributes of files, which Landlock does not see. Programs that copy files go on without.
const ATTRIBUTES: &[i64] = &[
    libc::SYS_setxattr,
    libc::SYS_lsetxattr,
    libc::SYS_fsetxattr,
    libc::SYS_removexattr,
    libc::SYS_lremovexattr,
    libc::SYS_fremovexattr,
    463, // setxattrat
    466, // removexattrat
];
