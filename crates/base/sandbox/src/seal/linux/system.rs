//! The system calls that no safe wrapper offers. Nothing else in this crate is unsafe.
#![allow(unsafe_code, reason = "each function says why it is sound")]

use std::ffi::CStr;
use std::io;
use std::os::fd::{AsRawFd, BorrowedFd, FromRawFd, OwnedFd, RawFd};

use libc::{c_int, c_long, c_ulong};

/// Takes over a file descriptor that the kernel has just made for us.
pub(super) fn own(descriptor: RawFd) -> OwnedFd {
    // SAFETY: the callers pass only a descriptor that a system call has just returned and that nothing else owns.
    unsafe { OwnedFd::from_raw_fd(descriptor) }
}

/// Closes all file descriptors from this one on, or marks them to be closed when a program is executed.
pub(super) fn close_from(first: u32, on_execution: bool) -> io::Result<()> {
    let flags = if on_execution { libc::CLOSE_RANGE_CLOEXEC } else { 0 };
    // SAFETY: called at the start of the process, before anything owns a descriptor above standard error, or only to
    // mark them.
    check(unsafe { libc::syscall(libc::SYS_close_range, first, u32::MAX, flags) }).map(drop)
}

/// Which side of a fork this is.
pub(super) enum Side {
    Child,
    Parent(i32),
}

/// Forks. Only for a process of one thread.
pub(super) fn fork() -> io::Result<Side> {
    // SAFETY: the process has one thread (`main_if_asked` runs before anything else in `main`), so the child may do
    // whatever the parent could.
    match check(c_long::from(unsafe { libc::fork() }))? {
        0 => Ok(Side::Child),
        child => Ok(Side::Parent(c_int::try_from(child).unwrap_or(c_int::MAX))),
    }
}

/// A detached copy of the mounts at and below a path (open_tree(2)).
pub(super) fn open_tree(path: &CStr) -> io::Result<OwnedFd> {
    tree(libc::AT_FDCWD, path, 0)
}

/// A detached copy of the mounts at and below an open file.
pub(super) fn open_tree_at(file: BorrowedFd<'_>) -> io::Result<OwnedFd> {
    tree(file.as_raw_fd(), c"", libc::AT_EMPTY_PATH)
}

fn tree(folder: RawFd, path: &CStr, flags: c_int) -> io::Result<OwnedFd> {
    let clone = libc::OPEN_TREE_CLONE | libc::OPEN_TREE_CLOEXEC;
    let flags = clone | (flags | libc::AT_RECURSIVE).unsigned_abs();
    // SAFETY: the path is a C string that outlives the call.
    check(unsafe { libc::syscall(libc::SYS_open_tree, folder, path.as_ptr(), flags) }).map(descriptor)
}

/// Adds attributes (MOUNT_ATTR_*) to the mounts of a detached copy or at an open file, all below it included.
pub(super) fn restrict_mount(tree: BorrowedFd<'_>, attributes: u64, recursive: bool) -> io::Result<()> {
    let mut attributes = libc::mount_attr { attr_set: attributes, attr_clr: 0, propagation: 0, userns_fd: 0 };
    let recursive = if recursive { libc::AT_RECURSIVE } else { 0 };
    let flags = (libc::AT_EMPTY_PATH | recursive).unsigned_abs();
    // SAFETY: the path and the attributes are valid for the length of the call, and the size is theirs.
    check(unsafe {
        libc::syscall(
            libc::SYS_mount_setattr,
            tree.as_raw_fd(),
            c"".as_ptr(),
            flags,
            &raw mut attributes,
            size_of::<libc::mount_attr>(),
        )
    })
    .map(drop)
}

/// Mounts a detached copy at an open file or folder (move_mount(2)).
pub(super) fn attach(tree: BorrowedFd<'_>, target: BorrowedFd<'_>) -> io::Result<()> {
    const EMPTY_PATHS: u32 = 0x4 | 0x40; // MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH
    let empty = c"".as_ptr();
    // SAFETY: both paths are valid C strings.
    check(unsafe {
        libc::syscall(libc::SYS_move_mount, tree.as_raw_fd(), empty, target.as_raw_fd(), empty, EMPTY_PATHS)
    })
    .map(drop)
}

/// prctl(2) with one number.
pub(super) fn control(option: c_int, argument: c_ulong) -> io::Result<()> {
    let zero: c_ulong = 0;
    // SAFETY: the options used take numbers only.
    check(c_long::from(unsafe { libc::prctl(option, argument, zero, zero, zero) })).map(drop)
}

/// Whether the bounding set has this capability; an error when the kernel does not know it.
pub(super) fn has_in_bounds(capability: c_ulong) -> io::Result<bool> {
    // SAFETY: takes numbers only.
    check(c_long::from(unsafe { libc::prctl(libc::PR_CAPBSET_READ, capability, 0, 0, 0) }))
        .map(|has| has == 1)
}

/// Gives up all capabilities: permitted, effective and inheritable (capset(2)).
pub(super) fn drop_capabilities() -> io::Result<()> {
    #[repr(C)]
    struct Header {
        version: u32,
        process: c_int,
    }
    const VERSION_3: u32 = 0x2008_0522;
    let header = Header { version: VERSION_3, process: 0 };
    let none = [0_u32; 6];
    // SAFETY: version 3 reads two structures of three numbers each, which `none` holds.
    check(unsafe { libc::syscall(libc::SYS_capset, &raw const header, none.as_ptr()) }).map(drop)
}

/// Installs a seccomp filter on this thread; with `listen`, also returns the file on which its questions arrive.
pub(super) fn filter_calls(program: &[libc::sock_filter], listen: bool) -> io::Result<Option<OwnedFd>> {
    let length = u16::try_from(program.len()).map_err(io::Error::other)?;
    let program = libc::sock_fprog { len: length, filter: program.as_ptr().cast_mut() };
    let flags = if listen { libc::SECCOMP_FILTER_FLAG_NEW_LISTENER } else { 0 };
    // SAFETY: the kernel copies the program, whose length is right, during the call.
    let outcome = check(unsafe {
        libc::syscall(libc::SYS_seccomp, libc::SECCOMP_SET_MODE_FILTER, flags, &raw const program)
    })?;
    Ok(listen.then(|| descriptor(outcome)))
}

/// Switches on the loopback interface of this network namespace.
pub(super) fn raise_loopback(socket: BorrowedFd<'_>) -> io::Result<()> {
    // SAFETY: an all-zero ifreq is valid.
    let mut request: libc::ifreq = unsafe { std::mem::zeroed() };
    for (to, from) in request.ifr_name.iter_mut().zip(b"lo") {
        *to = (*from).cast_signed() as libc::c_char;
    }
    request.ifr_ifru.ifru_flags = (libc::IFF_UP | libc::IFF_RUNNING) as libc::c_short;
    // SAFETY: the request is an ifreq, as SIOCSIFFLAGS takes, and outlives the call.
    check(c_long::from(unsafe {
        libc::ioctl(socket.as_raw_fd(), libc::SIOCSIFFLAGS as _, &raw const request)
    }))
    .map(drop)
}

/// Puts all signals back to what a fresh program expects.
pub(super) fn default_signals() {
    for signal in 1..=64 {
        // SAFETY: the default action runs no code of ours; signals that cannot be changed are refused harmlessly.
        unsafe { libc::signal(signal, libc::SIG_DFL) };
    }
}

fn descriptor(outcome: c_long) -> OwnedFd {
    own(c_int::try_from(outcome).unwrap_or(-1))
}

fn check(outcome: c_long) -> io::Result<c_long> {
    if outcome < 0 { Err(io::Error::last_os_error()) } else { Ok(outcome) }
}

/// Waits for one child to end.
pub(super) fn wait_for(child: i32) -> io::Result<()> {
    loop {
        match reap(child, 0) {
            Ok(_) => return Ok(()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
}

/// A child that has ended, if one has: its process id and its status as waitpid(2) gives it.
pub(super) fn reap_one() -> io::Result<Option<(i32, c_int)>> {
    reap(-1, libc::WNOHANG)
}

fn reap(which: i32, flags: c_int) -> io::Result<Option<(i32, c_int)>> {
    let mut status = 0;
    // SAFETY: the status outlives the call.
    let child = check(c_long::from(unsafe { libc::waitpid(which, &raw mut status, flags) }))?;
    Ok((child > 0).then(|| (c_int::try_from(child).unwrap_or(c_int::MAX), status)))
}

/// A system call about which the kernel asks (seccomp_unotify(2)).
pub(super) struct Question {
    id: u64,
    /// The thread that makes the call.
    pub(super) process: u32,
    pub(super) call: i64,
    pub(super) arguments: [u64; 6],
}

const RECEIVE: c_ulong = 0xC050_2100; // SECCOMP_IOCTL_NOTIF_RECV
const SEND: c_ulong = 0xC018_2101; // SECCOMP_IOCTL_NOTIF_SEND
const VALID: c_ulong = 0x4008_2102; // SECCOMP_IOCTL_NOTIF_ID_VALID

/// Receives a question; ENOENT when the asker has gone.
pub(super) fn question(file: BorrowedFd<'_>) -> io::Result<Question> {
    // SAFETY: the kernel wants the structure all zero, which is a valid value of it, and fills it.
    let asked = unsafe {
        let mut asked: libc::seccomp_notif = std::mem::zeroed();
        check(c_long::from(libc::ioctl(file.as_raw_fd(), RECEIVE as _, &raw mut asked)))?;
        asked
    };
    Ok(Question { id: asked.id, process: asked.pid, call: asked.data.nr.into(), arguments: asked.data.args })
}

/// Whether the asker still waits.
pub(super) fn still_asked(file: BorrowedFd<'_>, question: &Question) -> bool {
    // SAFETY: the number outlives the call.
    unsafe { libc::ioctl(file.as_raw_fd(), VALID as _, &raw const question.id) == 0 }
}

/// Answers with an error number, or 0.
pub(super) fn answer(file: BorrowedFd<'_>, question: &Question, error: i32) -> io::Result<()> {
    let answer = libc::seccomp_notif_resp { id: question.id, val: 0, error: -error, flags: 0 };
    // SAFETY: the answer outlives the call.
    check(c_long::from(unsafe { libc::ioctl(file.as_raw_fd(), SEND as _, &raw const answer) })).map(drop)
}

impl Question {
    /// So many bytes of the asker's memory.
    pub(super) fn memory(&self, address: u64, length: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0_u8; length];
        if self.copy(address, &mut bytes)? == length {
            Ok(bytes)
        } else {
            Err(io::Error::from_raw_os_error(libc::EFAULT))
        }
    }

    /// A path in the asker's memory.
    pub(super) fn text(&self, address: u64) -> io::Result<Vec<u8>> {
        const PAGE: u64 = 4096;
        let mut text = Vec::new();
        while text.len() <= libc::PATH_MAX as usize {
            let here = address.wrapping_add(text.len() as u64);
            let mut part = vec![0_u8; (PAGE - here % PAGE) as usize];
            let got = self.copy(here, &mut part)?;
            part.truncate(got);
            if let Some(end) = part.iter().position(|byte| *byte == 0) {
                text.extend_from_slice(part.get(..end).unwrap_or_default());
                return Ok(text);
            }
            text.append(&mut part);
        }
        Err(io::Error::from_raw_os_error(libc::ENAMETOOLONG))
    }

    fn copy(&self, address: u64, bytes: &mut [u8]) -> io::Result<usize> {
        let local = libc::iovec { iov_base: bytes.as_mut_ptr().cast(), iov_len: bytes.len() };
        let remote = libc::iovec { iov_base: address as *mut libc::c_void, iov_len: bytes.len() };
        let process = c_int::try_from(self.process).unwrap_or(c_int::MAX);
        // SAFETY: the kernel writes to our bytes only, and checks the other process's address.
        let got = unsafe { libc::process_vm_readv(process, &raw const local, 1, &raw const remote, 1, 0) };
        check(got as c_long)?;
        usize::try_from(got).map_err(io::Error::other)
    }
}

/// Changes the mode of an open place (fchmodat2(2)).
pub(super) fn change_mode(file: BorrowedFd<'_>, mode: u32) -> io::Result<()> {
    const FCHMODAT2: c_long = 452;
    // SAFETY: the path is a C string.
    check(unsafe { libc::syscall(FCHMODAT2, file.as_raw_fd(), c"".as_ptr(), mode, libc::AT_EMPTY_PATH) })
        .map(drop)
}

/// Changes the owner of an open place; `u32::MAX` leaves it.
pub(super) fn change_owner(file: BorrowedFd<'_>, user: u32, group: u32) -> io::Result<()> {
    // SAFETY: the path is a C string.
    let outcome = unsafe { libc::fchownat(file.as_raw_fd(), c"".as_ptr(), user, group, libc::AT_EMPTY_PATH) };
    check(c_long::from(outcome)).map(drop)
}

/// Changes the times of access and change of an open place; `None` is now.
pub(super) fn change_times(file: BorrowedFd<'_>, times: Option<[[i64; 2]; 2]>) -> io::Result<()> {
    let times = times.map(|times| times.map(|[tv_sec, tv_nsec]| libc::timespec { tv_sec, tv_nsec }));
    let times = times.as_ref().map_or(std::ptr::null(), |times| times.as_ptr());
    // SAFETY: the path is a C string, and the times are two or none.
    let outcome = unsafe { libc::utimensat(file.as_raw_fd(), c"".as_ptr(), times, libc::AT_EMPTY_PATH) };
    check(c_long::from(outcome)).map(drop)
}
