//! What a process can still do inside the sandbox. Each check starts this test binary again and lets only `child`
//! run there, since nothing leads out of a sandbox.
#![cfg(target_os = "linux")]
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "the tests try what the sandbox forbids")]

use std::collections::BTreeMap;
use std::fs;
use std::net::{TcpListener, TcpStream, UdpSocket};
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::process::Command;

use andon_sandbox::{Policy, enter};

const ROOT: &str = "ANDON_SANDBOX_TEST_ROOT";

/// Runs `child` on a fresh root and returns what it could (`true`) and could not do.
fn outcomes() -> BTreeMap<String, bool> {
    let folder = tempfile::tempdir().unwrap();
    for name in ["inside/sub", "cache/sub", "outside"] {
        fs::create_dir_all(folder.path().join(name)).unwrap();
    }
    for name in ["inside/sub/file", "outside/file", "cache/old", "output.json"] {
        fs::write(folder.path().join(name), "content").unwrap();
    }
    std::os::unix::fs::symlink("../outside/file", folder.path().join("inside/link")).unwrap();
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "child", "--nocapture", "--test-threads=1"])
        .env(ROOT, folder.path())
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    let lines = text.lines().filter_map(|line| line.strip_prefix("outcome ")?.split_once(' '));
    let found: BTreeMap<_, _> = lines.map(|(name, value)| (name.to_owned(), value == "true")).collect();
    assert!(found.contains_key("end"), "the child did not reach its end:\n{text}\n{errors}");
    assert_eq!(fs::read(folder.path().join("outside/file")).unwrap(), b"content");
    found
}

#[track_caller]
fn check(found: &BTreeMap<String, bool>, expected: bool, names: &[&str]) {
    for name in names {
        assert_eq!(found.get(*name), Some(&expected), "{name} in {found:?}");
    }
}

#[test]
fn only_what_a_scan_needs_stays_possible() {
    let found = outcomes();
    check(&found, true, &["read-inside", "list-inside", "thread", "stdout", "clock"]);
    check(&found, true, &["read-cache", "write-cache", "replace-cache", "write-output", "folder-cache"]);
    if found.get("filesystem") == Some(&true) {
        check(
            &found,
            false,
            &["read-outside", "list-outside", "read-link-out", "read-system", "list-system"],
        );
        check(
            &found,
            false,
            &["write-inside", "write-outside", "remove-inside", "truncate-inside", "thread-outside"],
        );
        check(&found, false, &["symlink-cache"]);
    }
    if found.get("syscalls") == Some(&true) {
        check(
            &found,
            false,
            &["listen", "connect", "udp", "unix-listen", "unix-pair", "execute", "thread-connect"],
        );
    }
    if found.get("filesystem") == Some(&true) && found.get("syscalls") == Some(&true) {
        check(&found, true, &["note-empty"]);
    } else {
        check(&found, false, &["note-empty"]);
    }
}

#[test]
#[ignore = "enters the sandbox; the test above runs it in a process of its own"]
fn child() {
    let root = PathBuf::from(std::env::var_os(ROOT).unwrap());
    let program = std::env::current_exe().unwrap();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    let policy = Policy::new()
        .read(root.join("inside"))
        .read(root.join("missing"))
        .write(root.join("cache"))
        .write(root.join("output.json"));
    let sandboxing = enter(&policy);
    println!();
    say("filesystem", sandboxing.filesystem);
    say("syscalls", sandboxing.syscalls);
    say("note-empty", sandboxing.note.is_empty());
    println!("note: {}", sandboxing.note);
    files(&root);
    say("listen", TcpListener::bind("127.0.0.1:0").is_ok());
    say("connect", TcpStream::connect(address).is_ok());
    say("udp", UdpSocket::bind("127.0.0.1:0").is_ok());
    say("unix-listen", UnixListener::bind(root.join("cache/socket")).is_ok());
    say("unix-pair", UnixStream::pair().is_ok());
    say("execute", Command::new(program).arg("--list").output().is_ok());
    let outside = root.join("outside/file");
    let threads =
        std::thread::spawn(move || (fs::read(outside).is_ok(), TcpStream::connect(address).is_ok()));
    let threads = threads.join().ok();
    say("thread", threads.is_some());
    say("thread-outside", threads.is_none_or(|(file, _)| file));
    say("thread-connect", threads.is_none_or(|(_, socket)| socket));
    say("clock", std::time::SystemTime::now() > std::time::UNIX_EPOCH);
    say("stdout", true);
    say("end", true);
}

fn files(root: &Path) {
    let at = |name: &str| root.join(name);
    say("read-inside", fs::read(at("inside/sub/file")).is_ok());
    say("list-inside", fs::read_dir(at("inside/sub")).is_ok());
    say("read-outside", fs::read(at("outside/file")).is_ok());
    say("list-outside", fs::read_dir(at("outside")).is_ok());
    say("read-link-out", fs::read(at("inside/link")).is_ok());
    say("read-system", fs::read("/etc/passwd").is_ok());
    say("list-system", fs::read_dir("/usr").is_ok());
    say("write-inside", fs::write(at("inside/new"), "x").is_ok());
    say("truncate-inside", fs::OpenOptions::new().write(true).open(at("inside/sub/file")).is_ok());
    say("remove-inside", fs::remove_file(at("inside/sub/file")).is_ok());
    say("write-outside", fs::write(at("outside/file"), "x").is_ok());
    say("read-cache", fs::read(at("cache/old")).is_ok());
    say("write-cache", fs::write(at("cache/sub/new"), "x").is_ok());
    say("replace-cache", fs::rename(at("cache/sub/new"), at("cache/old")).is_ok());
    say("folder-cache", fs::create_dir_all(at("cache/a/b")).is_ok());
    say("symlink-cache", std::os::unix::fs::symlink("/", at("cache/link")).is_ok());
    say("write-output", fs::write(at("output.json"), "x").is_ok());
}

fn say(name: &str, possible: bool) {
    println!("outcome {name} {possible}");
}
