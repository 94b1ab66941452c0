use crate::attempt::Who::{Anyone, Perhaps, Root};
use crate::attempt::{Attempt, Outcome, attempt, c_path, call, worked};

pub(crate) const ATTEMPTS: &[Attempt] = &[
    attempt("mount-bind", Root, |facts| mount(facts.outside("").to_str().unwrap(), "out", libc::MS_BIND)),
    attempt("mount-tmpfs", Root, |_| mount("tmpfs", "out", 0)),
    attempt("mount-writable", Perhaps, |facts| {
        mount("none", facts.text("workspace"), libc::MS_REMOUNT | libc::MS_BIND)
    }),
    attempt("mount-new-call", Root, |_| {
        worked(call(unsafe { libc::syscall(libc::SYS_fsopen, c"tmpfs".as_ptr(), 0) }))
    }),
    attempt("mount-tree", Root, |_| {
        let (path, clone) = (c_path("/"), 1);
        worked(call(unsafe { libc::syscall(libc::SYS_open_tree, libc::AT_FDCWD, path.as_ptr(), clone) }))
    }),
    attempt("unmount", Root, |facts| {
        let path = c_path(facts.workspace().join("out"));
        unsafe { libc::mount(c"tmpfs".as_ptr(), path.as_ptr(), c"tmpfs".as_ptr(), 0, std::ptr::null()) };
        worked(call(unsafe { libc::umount2(path.as_ptr(), libc::MNT_DETACH) }.into()))
    }),
    attempt("new-user-namespace", Perhaps, |_| {
        worked(call(unsafe { libc::unshare(libc::CLONE_NEWUSER) }.into()))
    }),
    attempt("new-mount-namespace", Root, |_| {
        worked(call(unsafe { libc::unshare(libc::CLONE_NEWNS) }.into()))
    }),
    attempt("clone-user-namespace", Perhaps, |_| {
        let flags = libc::CLONE_NEWUSER | libc::SIGCHLD;
        clone(unsafe { libc::syscall(libc::SYS_clone, flags, 0, 0, 0, 0) })
    }),
    attempt("clone3-user-namespace", Perhaps, |_| {
        let mut arguments = [0_u64; 8];
        arguments[0] = libc::CLONE_NEWUSER as u64;
        arguments[4] = libc::SIGCHLD as u64;
        clone(unsafe { libc::syscall(libc::SYS_clone3, arguments.as_ptr(), 64_usize) })
    }),
    attempt("open-by-handle", Root, |facts| {
        // A file_handle for the file outside, whose number in its file system an attacker can guess.
        let mut handle = vec![0_u8; 136];
        handle.splice(0..4, 128_u32.to_ne_bytes());
        let (path, mut mount) = (c_path(facts.outside("secret")), 0_i32);
        let named = unsafe {
            libc::syscall(
                libc::SYS_name_to_handle_at,
                libc::AT_FDCWD,
                path.as_ptr(),
                handle.as_mut_ptr(),
                &raw mut mount,
                0,
            )
        };
        let _ = named;
        let here = unsafe { libc::open(c".".as_ptr(), libc::O_RDONLY) };
        let opened =
            unsafe { libc::syscall(libc::SYS_open_by_handle_at, here, handle.as_mut_ptr(), libc::O_RDONLY) };
        worked(call(opened))
    }),
    attempt("bpf", Root, |_| {
        let attributes = [1_u32, 4, 4, 1, 0, 0, 0, 0];
        worked(call(unsafe { libc::syscall(libc::SYS_bpf, 0, attributes.as_ptr(), 32) }))
    }),
    attempt("performance-counters", Perhaps, |_| {
        let mut attributes = [0_u8; 128];
        attributes[0] = 1;
        attributes[4] = 128;
        worked(call(unsafe { libc::syscall(libc::SYS_perf_event_open, attributes.as_ptr(), 0, -1, -1, 0) }))
    }),
    attempt("user-faults", Perhaps, |_| worked(call(unsafe { libc::syscall(libc::SYS_userfaultfd, 1) }))),
    attempt("kernel-messages", Perhaps, |_| {
        worked(call(unsafe { libc::klogctl(10, std::ptr::null_mut(), 0) }.into()))
    }),
    attempt("load-module", Perhaps, |_| known(unsafe { libc::syscall(libc::SYS_init_module, 0, 0, 0) })),
    attempt("load-kernel", Perhaps, |_| {
        known(unsafe { libc::syscall(libc::SYS_kexec_load, 0, 0, 0, 1 << 30) })
    }),
    attempt("watch-file-system", Root, |_| {
        worked(call(unsafe { libc::syscall(libc::SYS_fanotify_init, 0, libc::O_RDONLY) }))
    }),
    attempt("personality", Anyone, |_| {
        let no_randomness = 0x004_0000;
        worked(call(unsafe { libc::personality(no_randomness) }.into()))
    }),
    #[cfg(target_arch = "x86_64")]
    attempt("x32-call", Perhaps, |_| worked(call(unsafe { libc::syscall(0x4000_0000 + libc::SYS_getpid) }))),
    #[cfg(target_arch = "x86_64")]
    attempt("x32-mount", Perhaps, |_| {
        known(unsafe { libc::syscall(0x4000_0000 + libc::SYS_mount, 0, 0, 0, 0, 0) })
    }),
    #[cfg(target_arch = "x86_64")]
    attempt("ports", Perhaps, |_| worked(call(unsafe { libc::ioperm(0x80, 1, 1) }.into()))),
    attempt("set-clock", Perhaps, |_| {
        let time: libc::timex = unsafe { std::mem::zeroed() };
        let mut time = libc::timex { modes: libc::ADJ_STATUS, ..time };
        worked(call(unsafe { libc::clock_adjtime(libc::CLOCK_REALTIME, &raw mut time) }.into()))
    }),
    attempt("set-host-name", Root, |_| {
        let mut name = [0_u8; 65];
        unsafe { libc::gethostname(name.as_mut_ptr().cast(), name.len()) };
        let length = name.iter().position(|byte| *byte == 0).unwrap();
        worked(call(unsafe { libc::sethostname(name.as_ptr().cast(), length) }.into()))
    }),
    attempt("watch-folder-outside", Anyone, |facts| {
        let file = unsafe { libc::inotify_init1(0) };
        let path = c_path(facts.outside(""));
        worked(call(unsafe { libc::inotify_add_watch(file, path.as_ptr(), libc::IN_CREATE) }.into()))
    }),
];

fn mount(source: &str, target: &str, flags: libc::c_ulong) -> Outcome {
    let (source, target) = (c_path(source), c_path(target));
    let kind = c"tmpfs";
    let outcome =
        unsafe { libc::mount(source.as_ptr(), target.as_ptr(), kind.as_ptr(), flags, std::ptr::null()) };
    // What works is undone at once: the stage is cleared by removing folders.
    worked(call(outcome.into())).inspect(|()| unsafe {
        libc::umount2(target.as_ptr(), libc::MNT_DETACH);
    })
}

fn clone(outcome: libc::c_long) -> Outcome {
    if outcome == 0 {
        unsafe { libc::_exit(0) };
    }
    worked(call(outcome))
}

/// A call that fails for its arguments has been let through.
fn known(outcome: libc::c_long) -> Outcome {
    let error = call(outcome).map_or_else(|error| error.raw_os_error(), |_| None);
    match error {
        Some(libc::EPERM | libc::ENOSYS) => Err("refused".to_owned()),
        _ => Ok(()),
    }
}
