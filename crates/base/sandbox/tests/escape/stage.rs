use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, UdpSocket};
use std::os::fd::{FromRawFd, OwnedFd};
use std::os::linux::net::SocketAddrExt;
use std::os::unix::fs::symlink;
use std::os::unix::net::{SocketAddr as UnixAddress, UnixDatagram, UnixListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;

use crate::attempt::{Facts, c_path};

/// What no sealed command may read.
pub(crate) const SECRET: &str = "guarded-by-the-seal";
/// What the host's servers say.
pub(crate) const ANSWER: &str = "answer-of-the-host";

/// The host's side: files, servers, processes and everything else that an attempt aims at.
pub(crate) struct Stage {
    pub(crate) facts: Facts,
    pub(crate) base: PathBuf,
    victim: Child,
    shared: PathBuf,
    segment: i32,
    queue: i32,
}

impl Stage {
    /// Sets it up in a folder that has `tools/escape`.
    pub(crate) fn set(base: &Path) -> Self {
        let process = std::process::id();
        let mut facts = Facts::new(BTreeMap::new());
        facts.set("workspace", &base.join("work space").display());
        facts.set("outside", &base.join("outside").display());
        facts.set("mark", &format!("mark-{process}"));
        facts.set("marker", &base.join("outside/secret").display());
        facts.set("host-temporary", &format!("/tmp/escape-{process}"));
        files(base);
        // Never closed: that would send this process SIGHUP.
        std::mem::forget(terminal());
        serve(&mut facts, base);
        let victim = victim(&mut facts, base);
        let shared = PathBuf::from(format!("/dev/shm/escape-{process}"));
        fs::write(&shared, SECRET).unwrap();
        facts.set("shared", &shared.display());
        let (segment, queue) = interprocess(&mut facts, process);
        Self { facts, base: base.to_owned(), victim, shared, segment, queue }
    }

    /// Puts the files back to how they were.
    pub(crate) fn reset(&self) {
        files(&self.base);
    }

    /// What is not as it was left: nothing, if the seal holds.
    pub(crate) fn changes(&mut self) -> Vec<String> {
        let mut changes = Vec::new();
        let mut names: Vec<_> = fs::read_dir(self.base.join("outside"))
            .unwrap()
            .flatten()
            .map(|entry| entry.file_name())
            .collect();
        names.sort();
        if names != ["datagrams", "secret", "socket"] {
            changes.push(format!("the folder outside has {names:?}"));
        }
        for (path, content) in [
            ("outside/secret", SECRET),
            ("work space/source.txt", "source"),
            ("work space/.git/config", "[core]"),
        ] {
            let found = fs::read_to_string(self.base.join(path)).unwrap_or_default();
            if found != content {
                changes.push(format!("{path} is {found:?}"));
            }
        }
        if self.victim.try_wait().unwrap().is_some() {
            changes.push("the victim has died".to_owned());
        }
        changes
    }
}

impl Drop for Stage {
    fn drop(&mut self) {
        let _ = self.victim.kill();
        let _ = self.victim.wait();
        let _ = fs::remove_file(&self.shared);
        let _ = fs::remove_file(self.facts.text("host-temporary"));
        let name = c_path(self.facts.text("posix-queue"));
        // SAFETY: numbers, and a string that outlives the calls.
        unsafe {
            libc::shmctl(self.segment, libc::IPC_RMID, std::ptr::null_mut());
            libc::msgctl(self.queue, libc::IPC_RMID, std::ptr::null_mut());
            libc::syscall(libc::SYS_mq_unlink, name.as_ptr());
        }
    }
}

fn files(base: &Path) {
    let (work, outside) = (base.join("work space"), base.join("outside"));
    fs::create_dir_all(&outside).unwrap();
    for name in ["new", "planted"] {
        let _ = fs::remove_file(outside.join(name));
    }
    let _ = fs::remove_dir_all(work.join("out"));
    let _ = fs::remove_dir_all(work.join("new-folder"));
    let _ = fs::remove_file(work.join("new.txt"));
    for folder in ["out", ".git"] {
        fs::create_dir_all(work.join(folder)).unwrap();
    }
    fs::write(outside.join("secret"), SECRET).unwrap();
    for (name, content) in [("source.txt", "source"), ("doomed.txt", ""), (".git/config", "[core]")] {
        fs::write(work.join(name), content).unwrap();
    }
    for (link, target) in
        [("link", "../outside/secret"), ("out/link", "../../outside/secret"), ("folder-link", "../outside")]
    {
        if fs::symlink_metadata(work.join(link)).is_err() {
            symlink(target, work.join(link)).unwrap();
        }
    }
}

fn serve(facts: &mut Facts, base: &Path) {
    for (name, address) in [("tcp4", "0.0.0.0:0"), ("tcp6", "[::1]:0")] {
        let listener = TcpListener::bind(address);
        facts.set(name, &listener.as_ref().map_or(1, |listener| listener.local_addr().unwrap().port()));
        if let Ok(listener) = listener {
            thread::spawn(move || answer(listener.incoming()));
        }
    }
    for name in ["udp", "dns"] {
        let socket = UdpSocket::bind("0.0.0.0:0").unwrap();
        facts.set(name, &socket.local_addr().unwrap().port());
        thread::spawn(move || {
            let mut buffer = [0; 64];
            while let Ok((_, from)) = socket.recv_from(&mut buffer) {
                let _ = socket.send_to(ANSWER.as_bytes(), from);
            }
        });
    }
    let probe = UdpSocket::bind("0.0.0.0:0").unwrap();
    let own = probe.connect("192.0.2.1:9").and_then(|()| probe.local_addr());
    facts.set("address", &own.map_or_else(|_| "none".to_owned(), |address| address.ip().to_string()));
    for folder in ["outside", "work space"] {
        let listener = UnixListener::bind(base.join(folder).join("socket")).unwrap();
        thread::spawn(move || answer(listener.incoming()));
        keep(UnixDatagram::bind(base.join(folder).join("datagrams")).unwrap());
    }
    let name = format!("escape-{}", std::process::id());
    let address = UnixAddress::from_abstract_name(&name).unwrap();
    let listener = UnixListener::bind_addr(&address).unwrap();
    thread::spawn(move || answer(listener.incoming()));
    facts.set("abstract", &&name);
    let name = format!("{name}-datagrams");
    keep(UnixDatagram::bind_addr(&UnixAddress::from_abstract_name(&name).unwrap()).unwrap());
    facts.set("abstract-datagrams", &&name);
}

fn keep(socket: UnixDatagram) {
    thread::spawn(move || {
        let mut buffer = [0; 64];
        while socket.recv(&mut buffer).is_ok() {}
    });
}

fn answer<S: Write>(callers: impl Iterator<Item = std::io::Result<S>>) {
    for mut caller in callers.flatten() {
        let _ = caller.write_all(ANSWER.as_bytes());
    }
}

/// A process of the same user with a secret in its arguments, its environment and its memory.
fn victim(facts: &mut Facts, base: &Path) -> Child {
    let mut victim = Command::new(base.join("tools/escape"))
        .args(["victim", SECRET])
        .env("VICTIM", SECRET)
        .current_dir("/")
        .stdout(Stdio::piped())
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    let mut line = String::new();
    BufReader::new(victim.stdout.take().unwrap()).read_line(&mut line).unwrap();
    facts.set("victim", &victim.id());
    facts.set("victim-address", &line.trim());
    victim
}

/// What the victim does.
pub(crate) fn be_victim() {
    let memory = Box::new(7_u8);
    println!("{}", &raw const *memory as usize);
    thread::sleep(std::time::Duration::from_secs(600));
}

fn interprocess(facts: &mut Facts, process: u32) -> (i32, i32) {
    let key = i32::try_from(process).unwrap() + 0x0100_0000;
    let (kind, name) = (c"user", c_path(format!("escape-{process}")));
    let queue_name = c_path(format!("escape-{process}"));
    facts.set("key", &name.to_str().unwrap());
    facts.set("queue-key", &key);
    facts.set("posix-queue", &queue_name.to_str().unwrap());
    // SAFETY: numbers, and strings that outlive the calls.
    unsafe {
        libc::syscall(libc::SYS_add_key, kind.as_ptr(), name.as_ptr(), c"x".as_ptr(), 1_usize, -4_i64);
        let segment = libc::shmget(key, 4096, libc::IPC_CREAT | 0o600);
        facts.set("segment", &segment);
        let queue = libc::msgget(key, libc::IPC_CREAT | 0o600);
        let flags = libc::O_CREAT | libc::O_RDWR;
        libc::syscall(libc::SYS_mq_open, queue_name.as_ptr(), flags, 0o600, 0);
        (segment, queue)
    }
}

/// Gives this process a terminal, which its children then have as well, and a file that they inherit.
fn terminal() -> Vec<OwnedFd> {
    let (mut master, mut slave) = (0, 0);
    let nothing = std::ptr::null_mut();
    // SAFETY: both numbers are written before they are used, and owned from then on.
    unsafe {
        assert_eq!(
            libc::openpty(&raw mut master, &raw mut slave, nothing, nothing.cast(), nothing.cast()),
            0
        );
        libc::setsid();
        assert_eq!(libc::ioctl(slave, libc::TIOCSCTTY, 0), 0);
        vec![OwnedFd::from_raw_fd(master), OwnedFd::from_raw_fd(slave)]
    }
}
