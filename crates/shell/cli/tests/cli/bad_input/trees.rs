#![expect(clippy::disallowed_methods, reason = "tests make files and run programs")]

use std::ffi::OsStr;
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::Command;

use crate::world::{World, each, line};

fn sparse(world: &World, name: &str, size: u64) {
    fs::File::create(world.path(name)).unwrap().set_len(size).unwrap();
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

#[test]
fn links_lead_neither_out_nor_round() {
    let outside = World::plain();
    outside.write("out.conf", line(2));
    let world = World::plain();
    world.write("app.conf", line(1)).write("a/x", "").write("b/x", "");
    for (target, name) in
        [("../b", "a/b"), ("../a", "b/a"), (".", "here"), ("self", "self"), ("none", "gone")]
    {
        symlink(target, world.path(name)).unwrap();
    }
    symlink(outside.path(""), world.path("out")).unwrap();
    symlink(outside.path("out.conf"), world.path("out.conf")).unwrap();
    let (report, code) = world.report("--no-sandbox");
    assert_eq!((code, each(&report, "/locations/0/path")), (1, vec!["app.conf".to_owned()]));
    world.andon("scan -v").is(1, &["7 symbolic links"]);
}

#[test]
fn a_huge_file_is_a_gap_and_a_huge_binary_is_binary() {
    let world = World::plain();
    world.write("app.conf", line(1)).write("huge.txt", vec![b'a'; 9_000]);
    sparse(&world, "huge.bin", 5 << 30);
    fs::OpenOptions::new().write(true).open(world.path("huge.txt")).unwrap().set_len(5 << 30).unwrap();
    world.andon("scan").is(1, &["app.conf", "huge.txt", "5368709120 bytes", "1 binary"]);
    fs::remove_file(world.path("huge.txt")).unwrap();
    world.andon("scan --max-file-size 10GB").is(1, &["1 binary"]);
    sparse(&world, "huge.bin", 0);
    world.write("huge.txt", vec![b'a'; 9_000]);
    fs::OpenOptions::new().write(true).open(world.path("huge.txt")).unwrap().set_len(5 << 30).unwrap();
    world.write("andon.yaml", "version: 1\ngates: [{name: a, require-complete: true}]\n");
    world.andon("scan").is(3, &["huge.txt"]);
}

#[test]
fn many_tiny_files() {
    let world = World::plain();
    for folder in 0..20 {
        fs::create_dir(world.path(folder.to_string())).unwrap();
        for file in 0..1_000 {
            fs::write(world.path(format!("{folder}/{file}")), format!("{folder} {file}")).unwrap();
        }
    }
    world.write("7/app.conf", line(1));
    for _ in 0..2 {
        let (report, code) = world.report("");
        assert_eq!((code, each(&report, "/locations/0/path")), (1, vec!["7/app.conf".to_owned()]));
        assert_eq!(report["coverage"]["engines"][0]["files"], 20_001);
    }
}

#[test]
fn names_that_are_no_text_or_steer_terminals() {
    let world = World::with_commit();
    for name in
        [&b"\xFF\xFE.conf"[..], b"a\nb.conf", b"\x1B[31m\x07.conf", "\u{202e}x.conf".as_bytes(), b"-q"]
    {
        fs::write(world.path(OsStr::from_bytes(name)), line(1)).unwrap();
    }
    world.commit();
    for format in ["text", "json", "sarif", "gitlab", "markdown"] {
        for target in ["", "--history"] {
            let answer = world.andon(&format!("scan -v --format {format} {target}"));
            answer.is(1, &["github-pat"]);
            let both = format!("{}{}", answer.out, answer.err);
            assert!(!both.contains('\u{1b}') && !both.contains('\u{7}'), "{both}");
        }
    }
    let (report, _) = world.report("");
    assert_eq!(report["findings"][0]["locations"].as_array().unwrap().len(), 5);
}

#[test]
fn pipes_are_passed_over_and_refused_as_targets() {
    let world = World::plain();
    world.write("app.conf", line(1));
    pipe(&world.path("pipe"));
    world.andon("scan").is(1, &["app.conf", "1 special file"]);
    world.andon("scan pipe").is(2, &["neither a file nor a folder"]);
    world.andon("scan /dev/zero").is(2, &["neither a file nor a folder"]);
    for option in ["--rules pipe", "--config pipe", "--baseline pipe"] {
        world.andon(&format!("scan {option}")).is(2, &["pipe"]);
    }
}

#[test]
fn folders_nested_deeper_than_the_system_opens() {
    let world = World::plain();
    world.write("app.conf", line(1));
    // Made step by step: no path is long enough to name the deepest.
    let step = "n=$(printf '%0200d' 0); for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25; \
        do mkdir $n && cd -P $n || exit 1; done";
    assert!(Command::new("sh").args(["-c", step]).current_dir(world.path("")).status().unwrap().success());
    let (report, code) = world.report("");
    assert_eq!((code, each(&report, "/locations/0/path")), (1, vec!["app.conf".to_owned()]));
    assert_eq!(report["coverage"]["gaps"][0]["kind"], "unreadable");
    world.andon("scan").is(1, &["unreadable:", "File name too", "0000…0000"]);
}

#[test]
fn what_may_not_be_read_is_a_gap() {
    let world = World::plain();
    world.write("app.conf", line(1)).write("shut/b.conf", line(2)).write("c.conf", line(3));
    fs::set_permissions(world.path("shut"), fs::Permissions::from_mode(0o000)).unwrap();
    fs::set_permissions(world.path("c.conf"), fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read_dir(world.path("shut")).is_err() {
        world.andon("scan").is(1, &["app.conf", "unreadable: shut: permission denied", "unreadable: c.conf"]);
    }
    fs::set_permissions(world.path("shut"), fs::Permissions::from_mode(0o700)).unwrap();
}
