//! The real disk: what is refused, and that nothing stays behind.
#![allow(clippy::disallowed_methods, clippy::unwrap_used, reason = "tests arrange the disk by hand")]

use std::fs;
use std::path::Path;

use andon_system::{FileKind, MemorySystem, OsSystem, ReadProblem, System, WriteProblem, atomic};

/// A path, a limit, and the content or the problem that reading gives.
type Case<'a> = (&'a str, u64, Result<&'a [u8], &'a str>);

#[track_caller]
fn check(system: &dyn System, path: &Path, limit: u64, expected: Result<&[u8], &str>) {
    let outcome = system.read_capped(path, limit).map(|capped| capped.bytes).map_err(|error| {
        assert!(error.to_string().contains(&path.display().to_string()), "{error}");
        match error.problem {
            ReadProblem::NotFound => "not found",
            ReadProblem::Denied => "denied",
            ReadProblem::WrongKind => "wrong kind",
            ReadProblem::TooLarge { .. } => "too large",
            ReadProblem::Changed => "changed",
            ReadProblem::Other(_) => "other",
        }
    });
    assert_eq!(outcome.as_deref().map_err(|problem| *problem), expected);
}

#[cfg(unix)]
#[test]
fn only_regular_files_within_the_limit_are_read() {
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    fs::write(at("file"), "12345").unwrap();
    fs::write(at("empty"), "").unwrap();
    std::os::unix::fs::symlink(at("file"), at("link")).unwrap();
    std::os::unix::fs::symlink("loop", at("loop")).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
    let _socket = std::os::unix::net::UnixListener::bind(at("socket")).unwrap();
    let cases: [Case<'_>; 10] = [
        ("file", 5, Ok(b"12345")),
        ("file", u64::MAX, Ok(b"12345")),
        ("file", 4, Err("too large")),
        ("empty", 0, Ok(b"")),
        ("link", 9, Err("wrong kind")),
        ("loop", 9, Err("wrong kind")),
        ("pipe", 9, Err("wrong kind")),
        ("socket", 9, Err("wrong kind")),
        ("file/below", 9, Err("wrong kind")),
        ("nothing", 9, Err("not found")),
    ];
    for (name, limit, expected) in cases {
        check(&OsSystem, &at(name), limit, expected);
    }
    check(&OsSystem, folder.path(), 9, Err("wrong kind"));
    check(&OsSystem, "/dev/zero".as_ref(), 9, Err("wrong kind"));
    assert_eq!(OsSystem.read_start(&at("file"), 2).unwrap(), b"12");
    assert_eq!(OsSystem.read_start(&at("file"), 9).unwrap(), b"12345");
    assert!(OsSystem.read_start(&at("pipe"), 9).is_err());
    assert_eq!(OsSystem.read_named(&at("link"), 9).unwrap().bytes, b"12345");
    assert!(OsSystem.read_named(&at("loop"), 9).is_err());
    assert!(OsSystem.read_named(&at("pipe"), 9).is_err());
}

#[cfg(target_os = "linux")]
#[test]
fn a_file_whose_size_lies_is_noticed() {
    // Files of /proc say that they are empty, which is what a growing file looks like.
    check(&OsSystem, "/proc/self/status".as_ref(), 100_000, Err("changed"));
    check(&OsSystem, "/proc/self/status".as_ref(), 3, Err("too large"));
}

#[test]
fn the_double_refuses_what_the_disk_refuses() {
    let system = MemorySystem::new()
        .file("/a/file", "12345")
        .link("/a/link", "file")
        .link("/a/loop", "loop")
        .special("/a/pipe")
        .denied("/a/secret", FileKind::File)
        .changing("/a/log");
    let cases: [Case<'_>; 8] = [
        ("/a/file", 5, Ok(b"12345")),
        ("/a/file", 4, Err("too large")),
        ("/a/link", 9, Err("wrong kind")),
        ("/a/pipe", 9, Err("wrong kind")),
        ("/a/secret", 9, Err("denied")),
        ("/a/log", 9, Err("changed")),
        ("/a/none", 9, Err("not found")),
        ("/a", 9, Err("wrong kind")),
    ];
    for (path, limit, expected) in cases {
        check(&system, path.as_ref(), limit, expected);
    }
    assert_eq!(system.read_named("/a/link".as_ref(), 9).unwrap().bytes, b"12345");
    assert!(system.read_named("/a/loop".as_ref(), 9).is_err());
    assert_eq!(system.list("/a".as_ref()).unwrap().len(), 6);
    assert_eq!(system.list("/".as_ref()).unwrap()[0].kind, FileKind::Folder);
}

#[cfg(unix)]
#[test]
fn folders_are_listed_with_kinds_and_sizes() {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("b"), "123").unwrap();
    fs::create_dir(folder.path().join("c")).unwrap();
    std::os::unix::fs::symlink("/", folder.path().join("a")).unwrap();
    let mut entries = OsSystem.list(folder.path()).unwrap();
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    let seen: Vec<_> =
        entries.iter().map(|entry| (entry.name.to_str().unwrap(), entry.kind, entry.size)).collect();
    assert_eq!(
        seen,
        [("a", FileKind::SymbolicLink, 0), ("b", FileKind::File, 3), ("c", FileKind::Folder, 0)]
    );
    assert!(OsSystem.list(&folder.path().join("b")).is_err());
    let before = entries[1].stamp;
    assert!(before.is_some() && before == OsSystem.metadata(&folder.path().join("b")).unwrap().stamp);
    atomic::write(&folder.path().join("b"), b"456").unwrap();
    assert_ne!(before, OsSystem.metadata(&folder.path().join("b")).unwrap().stamp, "another inode");
}

fn names(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = OsSystem
        .list(folder)
        .unwrap()
        .iter()
        .map(|entry| entry.name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

#[cfg(unix)]
#[test]
fn a_replaced_file_keeps_its_mode_and_leaves_no_litter() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let at = |name: &str| folder.path().join(name);
    atomic::write(&at("a"), b"one").unwrap();
    fs::set_permissions(at("a"), fs::Permissions::from_mode(0o600)).unwrap();
    std::os::unix::fs::symlink("a", at("link")).unwrap();
    atomic::write_durable(&at("link"), b"two").unwrap();
    assert_eq!(fs::read(at("a")).unwrap(), b"two");
    assert_eq!(fs::metadata(at("a")).unwrap().permissions().mode() & 0o777, 0o600);
    fs::create_dir_all(at("taken/inside")).unwrap();
    assert!(atomic::write(&at("taken"), b"x").is_err());
    assert_eq!(names(folder.path()), ["a", "link", "taken"]);
    let error = atomic::write(&at("none/x"), b"x").unwrap_err();
    assert!(matches!(error.problem, WriteProblem::MissingFolder), "{error}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_is_called_by_its_name() {
    let error = atomic::write("/dev/full".as_ref(), b"x").unwrap_err();
    assert!(matches!(error.problem, WriteProblem::Full), "{error}");
    assert!(fs::metadata("/dev/full").is_ok_and(|found| !found.is_file()), "the device is still a device");
    let error = MemorySystem::new().full().write_atomic("/x".as_ref(), b"x").unwrap_err();
    assert!(error.to_string().contains("disk is full"), "{error}");
}

#[test]
fn removing_what_is_not_there_is_fine() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a/b");
    OsSystem.create_folder(path.parent().unwrap()).unwrap();
    OsSystem.create_folder(path.parent().unwrap()).unwrap();
    OsSystem.write_atomic(&path, b"x").unwrap();
    OsSystem.remove_file(&path).unwrap();
    OsSystem.remove_file(&path).unwrap();
    assert_eq!(names(folder.path()), ["a"]);
    assert_eq!(OsSystem.metadata(folder.path()).unwrap().kind, FileKind::Folder);
}
