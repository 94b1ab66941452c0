use std::collections::BTreeMap;

use seccompiler::{BpfProgram, SeccompAction, SeccompFilter, TargetArch};

use crate::Enforced;

/// Refuses, in every thread of the process, the system calls that a scan never makes (seccomp(2)); they fail with
/// EPERM.
pub(crate) fn restrict() -> Enforced {
    let architecture = TargetArch::try_from(std::env::consts::ARCH)
        .map_err(|_| format!("seccomp is not supported on {}", std::env::consts::ARCH))?;
    let refuse = SeccompAction::Errno(libc::EPERM.unsigned_abs());
    let rules: BTreeMap<i64, _> = refused().map(|number| (number, Vec::new())).collect();
    let program: BpfProgram = SeccompFilter::new(rules, SeccompAction::Allow, refuse, architecture)
        .and_then(TryInto::try_into)
        .map_err(|error| error.to_string())?;
    seccompiler::apply_filter_all_threads(&program)
        .map(|()| Vec::new())
        .map_err(|error| format!("{error} (an old kernel, or a container that forbids seccomp)"))
}

/// Numbers of the refused system calls. A filter by number alone would let the x32 numbers of x86-64 through: the same
/// calls with bit 30 set, and for some of them a number of their own.
fn refused() -> impl Iterator<Item = i64> {
    #[cfg(target_arch = "x86_64")]
    const X32: i64 = 0x4000_0000;
    #[cfg(target_arch = "x86_64")]
    const X32_ONLY: [i64; 5] = [
        520, /* execve */
        521, /* ptrace */
        539, 540, /* process_vm_* */
        545, /* execveat */
    ];
    let numbers = REFUSED.iter().flat_map(|calls| calls.iter().copied());
    #[cfg(target_arch = "x86_64")]
    let numbers = numbers
        .chain([libc::SYS_iopl, libc::SYS_ioperm, libc::SYS_uselib])
        .flat_map(|number| [number, X32 | number])
        .chain(X32_ONLY.into_iter().map(|number| X32 | number));
    numbers
}

const REFUSED: &[&[i64]] = &[NETWORK, IO_URING, PROGRAMS, MOUNTS, NAMESPACES, KERNEL];

const NETWORK: &[i64] = &[
    libc::SYS_socket,
    libc::SYS_socketpair,
    libc::SYS_connect,
    libc::SYS_bind,
    libc::SYS_listen,
    libc::SYS_accept,
    libc::SYS_accept4,
];

/// Its requests do not pass the filter, so it could do all that is refused.
pub(crate) const IO_URING: &[i64] =
    &[libc::SYS_io_uring_setup, libc::SYS_io_uring_enter, libc::SYS_io_uring_register];

const PROGRAMS: &[i64] = &[
    libc::SYS_execve,
    libc::SYS_execveat,
    libc::SYS_ptrace,
    libc::SYS_process_vm_readv,
    libc::SYS_process_vm_writev,
    libc::SYS_pidfd_getfd,
    libc::SYS_kcmp,
];

const NAMESPACES: &[i64] = &[libc::SYS_unshare];

/// Mounts, and files by handle, which Landlock does not see.
pub(crate) const MOUNTS: &[i64] = &[
    libc::SYS_mount,
    libc::SYS_umount2,
    libc::SYS_move_mount,
    libc::SYS_open_tree,
    libc::SYS_fsopen,
    libc::SYS_fsconfig,
    libc::SYS_fsmount,
    libc::SYS_fspick,
    libc::SYS_mount_setattr,
    libc::SYS_pivot_root,
    libc::SYS_chroot,
    libc::SYS_setns,
    libc::SYS_open_by_handle_at,
];

/// The kernel itself.
pub(crate) const KERNEL: &[i64] = &[
    libc::SYS_bpf,
    libc::SYS_perf_event_open,
    libc::SYS_userfaultfd,
    libc::SYS_add_key,
    libc::SYS_request_key,
    libc::SYS_keyctl,
    libc::SYS_init_module,
    libc::SYS_finit_module,
    libc::SYS_delete_module,
    libc::SYS_kexec_load,
    libc::SYS_kexec_file_load,
    libc::SYS_reboot,
    libc::SYS_swapon,
    libc::SYS_swapoff,
    libc::SYS_acct,
    libc::SYS_quotactl,
    libc::SYS_syslog,
    libc::SYS_settimeofday,
    libc::SYS_clock_settime,
    libc::SYS_adjtimex,
];
