use std::fs;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::{UnixListener, UnixStream};
use std::process::Command;

use andon_sandbox::seal::Level;

use crate::attempt::{Facts, Outcome, call, expect, worked};

struct Thing {
    name: &'static str,
    least: Level,
    work: fn(&Facts) -> Outcome,
}

const fn thing(name: &'static str, least: Level, work: fn(&Facts) -> Outcome) -> Thing {
    Thing { name, least, work }
}

/// What a seal must leave possible, or nobody could build anything.
const THINGS: &[Thing] = &[
    thing("read-workspace", Level::Restricted, |_| expect(fs::read("source.txt"), "source")),
    thing("list-workspace", Level::Restricted, |_| worked(fs::read_dir("."))),
    thing("write-output", Level::Restricted, |_| {
        worked(fs::create_dir_all("out/a/b").and_then(|()| fs::write("out/a/b/file", "x")))
    }),
    thing("replace-in-output", Level::Restricted, |_| {
        worked(fs::write("out/x", "1").and_then(|()| fs::rename("out/x", "out/y")))
    }),
    thing("move-between-folders", Level::Restricted, |_| {
        let _ = fs::create_dir_all("out/from").and_then(|()| fs::create_dir_all("out/to"));
        worked(fs::write("out/from/x", "1").and_then(|()| fs::rename("out/from/x", "out/to/x")))
    }),
    thing("hard-link-in-output", Level::Restricted, |_| {
        worked(fs::write("out/one", "1").and_then(|()| fs::hard_link("out/one", "out/two")))
    }),
    thing("chmod-in-output", Level::Restricted, |_| {
        let path = "out/program";
        worked(fs::write(path, "#!/bin/sh\nexit 0\n"))?;
        worked(fs::set_permissions(path, fs::Permissions::from_mode(0o755)))?;
        let mode = fs::metadata(path).unwrap().permissions().mode() & 0o777;
        if mode != 0o755 {
            return Err(format!("the mode is {mode:o}"));
        }
        worked(Command::new("./out/program").status())
    }),
    thing("chmod-open-file-in-output", Level::Restricted, |_| {
        let file = fs::File::create("out/opened").map_err(|error| error.to_string())?;
        worked(file.set_permissions(fs::Permissions::from_mode(0o700)))
    }),
    thing("times-in-output", Level::Restricted, |_| {
        let file = fs::File::create("out/dated").map_err(|error| error.to_string())?;
        worked(file.set_modified(std::time::UNIX_EPOCH))?;
        shell("cp -p source.txt out/copied && touch -d 2020-01-01 out/copied && chmod -R u+w out")
    }),
    thing("unpack-in-output", Level::Restricted, |_| {
        shell(
            "mkdir -p out/t && echo hi > out/t/f && tar -C out -cf out/t.tar t && mkdir out/u && tar -C out/u -xf out/t.tar",
        )
    }),
    thing("temporary-folder", Level::Restricted, |_| worked(fs::write(std::env::temp_dir().join("x"), "x"))),
    thing("chmod-in-temporary-folder", Level::Restricted, |_| {
        shell("f=$(mktemp) && chmod 700 $f && d=$(mktemp -d) && touch -d 2020-01-01 $d")
    }),
    thing("home-folder", Level::Restricted, |_| {
        worked(fs::write(format!("{}/.config", std::env::var("HOME").unwrap()), "x"))
    }),
    thing("own-secret", Level::Restricted, |_| {
        let folder = std::env::var("ANDON_SECRETS").unwrap();
        expect(fs::read(format!("{folder}/OWN_TOKEN")), "own")?;
        expect(fs::read(std::env::var("OWN_TOKEN_FILE").unwrap()), "own")
    }),
    thing("system-programs", Level::Restricted, |_| shell("ls /usr/bin | sort | head -1 > /dev/null")),
    thing("system-accounts", Level::Restricted, |_| expect(fs::read("/etc/passwd"), "root:")),
    thing("devices", Level::Restricted, |_| shell("head -c 8 /dev/urandom > /dev/null && : < /dev/zero")),
    thing("machine", Level::Restricted, |_| {
        worked(fs::read("/proc/meminfo").and_then(|_| fs::read("/proc/cpuinfo")))
    }),
    thing("own-process", Level::Full, |_| expect(fs::read("/proc/self/status"), "Name:")),
    thing("threads", Level::Restricted, |_| std::thread::spawn(|| ()).join().map_err(|_| String::new())),
    thing("pipes-and-jobs", Level::Restricted, |_| {
        shell("set -m; (sleep 0.01 & wait); echo x | cat | grep -q x")
    }),
    thing("signal-own-child", Level::Restricted, |_| shell("sleep 60 & kill $! && ! wait $!")),
    thing("socket-pair", Level::Restricted, |_| worked(UnixStream::pair())),
    thing("memory-file", Level::Restricted, |_| memory_file()),
    thing("python", Level::Restricted, |_| {
        shell("/usr/bin/python3 -c 'import json, tempfile; tempfile.mkdtemp()'")
    }),
    thing("own-loopback", Level::Full, |_| {
        let listener = TcpListener::bind("127.0.0.1:0").map_err(|error| error.to_string())?;
        let address = listener.local_addr().unwrap();
        let caller = std::thread::spawn(move || TcpStream::connect(address).unwrap().write_all(b"x"));
        let mut byte = [0];
        worked(listener.accept().and_then(|(mut stream, _)| stream.read_exact(&mut byte)))?;
        worked(caller.join().unwrap())
    }),
    thing("own-unix-socket", Level::Full, |_| {
        let listener = UnixListener::bind("/tmp/own-socket").map_err(|error| error.to_string())?;
        worked(UnixStream::connect("/tmp/own-socket").and_then(|_| listener.accept()))
    }),
    thing("interfaces", Level::Full, |_| {
        worked(call(
            unsafe {
                let mut list = std::ptr::null_mut();
                libc::getifaddrs(&raw mut list)
            }
            .into(),
        ))
    }),
    thing("shared-memory", Level::Full, |_| worked(fs::write("/dev/shm/own", "x"))),
    thing("first-process-is-hidden", Level::Full, |_| match fs::read("/proc/1/environ") {
        Ok(_) => Err("its environment can be read".to_owned()),
        Err(_) => Ok(()),
    }),
    thing("few-processes", Level::Full, |_| {
        let processes = fs::read_dir("/proc")
            .unwrap()
            .flatten()
            .filter(|entry| entry.file_name().to_string_lossy().bytes().all(|byte| byte.is_ascii_digit()));
        let count = processes.count();
        if count == 2 { Ok(()) } else { Err(format!("{count} processes")) }
    }),
];

pub(crate) fn names(level: Level) -> impl Iterator<Item = &'static str> {
    THINGS.iter().filter(move |thing| thing.least <= level).map(|thing| thing.name)
}

pub(crate) fn run(name: &str, facts: &Facts) -> Outcome {
    (THINGS.iter().find(|thing| thing.name == name).expect("a thing has this name").work)(facts)
}

fn shell(script: &str) -> Outcome {
    let output = Command::new("/bin/sh").args(["-ec", script]).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    Err(format!("{}: {}", output.status, String::from_utf8_lossy(&output.stderr)))
}

/// A program that is nowhere in the tree of files.
fn memory_file() -> Outcome {
    let bytes = fs::read("/bin/true").map_err(|error| error.to_string())?;
    let file = call(unsafe { libc::memfd_create(c"program".as_ptr(), 0) }.into())
        .map_err(|error| error.to_string())?;
    let file = i32::try_from(file).unwrap();
    let mut written: std::fs::File = unsafe { std::os::fd::FromRawFd::from_raw_fd(file) };
    written.write_all(&bytes).unwrap();
    let arguments = [c"true".as_ptr(), std::ptr::null()];
    let child = unsafe { libc::fork() };
    if child == 0 {
        unsafe {
            libc::fexecve(file, arguments.as_ptr(), [std::ptr::null()].as_ptr());
            libc::_exit(9);
        }
    }
    let mut status = 0;
    unsafe { libc::waitpid(child, &raw mut status, 0) };
    if status == 0 { Ok(()) } else { Err(format!("status {status}")) }
}
