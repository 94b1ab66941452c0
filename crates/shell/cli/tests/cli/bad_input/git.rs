#![expect(clippy::disallowed_methods, reason = "tests make files and run programs")]

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;

use crate::world::{Answer, World, each, line};

/// A repository with three commits of which two brought a secret, packed.
fn packed() -> World {
    let world = World::with_commit();
    world.write("one.conf", line(1)).commit().write("two.conf", line(2)).commit();
    world.git("repack -adq").git("prune-packed");
    world
}

fn pack_file(world: &World, extension: &str) -> PathBuf {
    let entries = fs::read_dir(world.path(".git/objects/pack")).unwrap();
    let mut paths = entries.map(|entry| entry.unwrap().path());
    paths.find(|path| path.extension().is_some_and(|found| found == extension)).unwrap()
}

/// A scan that found what it could or says that it could not.
#[track_caller]
fn honest(world: &World, arguments: &str, whole: usize) {
    let (report, code) = world.report(&format!("--no-cache {arguments}"));
    let found = report["findings"].as_array().unwrap().len();
    assert_eq!(code, i32::from(found > 0));
    assert!(found == whole || report["coverage"]["complete"] == false, "{report:#}");
}

#[test]
fn damaged_packs_and_indices() {
    let world = packed();
    for extension in ["pack", "idx"] {
        let path = pack_file(&world, extension);
        let good = fs::read(&path).unwrap();
        fs::remove_file(&path).unwrap();
        for step in 0..12 {
            let mut bad = good.clone();
            let place = bad.len() * step / 12;
            bad[place] ^= 0x55;
            fs::write(&path, &bad).unwrap();
            honest(&world, "--history", 2);
            fs::write(&path, &good[..place]).unwrap();
            honest(&world, "--history", 2);
            honest(&world, "", 2);
        }
        fs::write(&path, good).unwrap();
    }
    honest(&world, "--history", 2);
}

#[test]
fn a_damaged_index_hides_no_file() {
    let world = packed();
    for content in [&b""[..], b"DIRC", b"DIRC\0\0\0\x02\xFF\xFF\xFF\xFF", &[0; 4_000]] {
        world.write(".git/index", content);
        world.andon("scan").is(1, &["one.conf", "two.conf", ".git/index", "git fsck"]);
        world.andon("scan --staged").is(2, &["git fsck"]);
    }
}

#[test]
fn an_index_that_names_paths_elsewhere() {
    let world = World::new();
    let outside = World::plain();
    outside.write("out.conf", line(2));
    world.write("app.conf", line(1));
    let far = "../".repeat(20) + outside.path("out.conf").to_str().unwrap().trim_start_matches('/');
    world.write(
        ".git/index",
        index(&["app.conf", &far, ".git/config", outside.path("out.conf").to_str().unwrap()]),
    );
    let (report, code) = world.report("--no-sandbox");
    assert_eq!((code, each(&report, "/locations/0/path")), (1, vec!["app.conf".to_owned()]));
    world.andon("scan").is(1, &["the index names a path outside of the working tree"]);
}

/// An index of version 2 (gitformat-index(5)); its checksum is zero, which means that there is none.
fn index(paths: &[&str]) -> Vec<u8> {
    let mut bytes = [b"DIRC".as_slice(), &2u32.to_be_bytes(), &(paths.len() as u32).to_be_bytes()].concat();
    for path in paths {
        let mut entry = vec![0; 40];
        entry[24..28].copy_from_slice(&0o100_644_u32.to_be_bytes());
        entry.extend_from_slice(&[0x11; 20]);
        entry.extend_from_slice(&(path.len() as u16).to_be_bytes());
        entry.extend_from_slice(path.as_bytes());
        entry.resize(entry.len() + 8 - entry.len() % 8, 0);
        bytes.extend(entry);
    }
    bytes.extend([0; 20]);
    bytes
}

#[test]
fn nothing_that_a_repository_configures_is_run_or_included() {
    let world = packed();
    let outside = World::with_commit();
    outside.write("out.conf", line(3)).commit();
    world.write("evil.sh", "#!/bin/sh\ntouch \"$(dirname \"$0\")/ran\"\ncat\n");
    assert!(Command::new("chmod").arg("+x").arg(world.path("evil.sh")).status().unwrap().success());
    let evil = world.path("evil.sh").display().to_string();
    let good = world.read(".git/config");
    let config = format!(
        "{good}[core]\nfsmonitor = {evil}\nsshCommand = {evil}\npager = {evil}\nalternateRefsCommand = {evil}\n\
         [filter \"e\"]\nclean = {evil}\nsmudge = {evil}\nprocess = {evil}\nrequired = true\n\
         [diff \"e\"]\ntextconv = {evil}\n[include]\npath = /dev/zero\n\
         [remote \"origin\"]\nurl = ext::{evil}\nuploadpack = {evil}\npromisor = true\n[credential]\nhelper = !{evil}\n"
    );
    world.write(".gitattributes", "* filter=e diff=e\n").write(".git/config", config);
    for arguments in ["", "--untracked", "--history", "--staged", "--since HEAD~2", "--baseline HEAD"] {
        let code = world.andon(&format!("scan --no-sandbox --no-cache {arguments}")).code;
        assert!(code <= 1, "{arguments}");
        assert!(!world.has("ran"), "{arguments}");
    }
    let elsewhere = outside.path("").display().to_string();
    world.write(".git/config", format!("{good}[core]\nworktree = {elsewhere}\n"));
    for arguments in ["", "--untracked"] {
        let (report, _) = world.report(&format!("--no-sandbox {arguments}"));
        assert!(!each(&report, "/locations/0/path").contains(&"out.conf".to_owned()), "{report:#}");
    }
    for broken in ["[[[", "[core]\nrepositoryformatversion = 99\n"] {
        world.write(".git/config", broken).andon("scan").is(2, &["git repository", "git fsck"]);
    }
}

#[test]
fn pipes_and_devices_in_place_of_files_of_git() {
    let world = packed();
    let names = [
        "HEAD",
        "config",
        "index",
        "packed-refs",
        "shallow",
        "commondir",
        "objects/info/alternates",
        "refs/heads/x",
    ];
    for name in names.into_iter().chain(["objects/aa/bb", "objects/pack/pack-1.idx"]) {
        let path = world.path(format!(".git/{name}"));
        let good = fs::read(&path).ok();
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        for device in [true, false] {
            let _ = fs::remove_file(&path);
            if device {
                symlink("/dev/zero", &path).unwrap();
            } else {
                assert!(Command::new("mkfifo").arg(&path).status().unwrap().success());
            }
            for arguments in ["", "--history"] {
                world.andon(&format!("scan {arguments}")).is(2, &[name, "pipe, socket or device"]);
            }
        }
        fs::remove_file(&path).unwrap();
        if let Some(good) = good {
            fs::write(&path, good).unwrap();
        }
    }
    world.andon("scan --history").is(1, &[]);
}

#[test]
fn references_that_lead_nowhere_are_gaps() {
    let world = packed();
    let gap = |world: &World, said: &str| {
        let (report, _) = world.report("--history");
        assert_eq!(report["coverage"]["complete"], false);
        assert!(report["coverage"]["gaps"].to_string().contains(said), "{said}: {report:#}");
    };
    world.write(".git/refs/heads/a", "ref: refs/heads/b\n").write(".git/refs/heads/b", "ref: refs/heads/a\n");
    gap(&world, "cycle");
    fs::remove_file(world.path(".git/refs/heads/b")).unwrap();
    let (report, _) = world.report("--history");
    assert_eq!(report["coverage"]["complete"], true, "a name for nothing is no gap");
    world.write(".git/refs/heads/a", "no object\n");
    gap(&world, "reference");
    world.write(".git/refs/heads/a", format!("{:040}\n", 1));
    gap(&world, "refs/heads/a");
    fs::remove_file(world.path(".git/refs/heads/a")).unwrap();
    world.write(".git/refs/heads/main", format!("{:040}\n", 1));
    gap(&world, "refs/heads/main");
    world.write(".git/HEAD", format!("{:040}\n", 2));
    gap(&world, "0002");
    world.write(".git/HEAD", "ref: refs/heads/nowhere\n");
    world.andon("scan --since HEAD").is(2, &["HEAD", "no commit yet"]);
    world.andon("scan").is(1, &["one.conf"]);
}

#[test]
fn what_is_elsewhere_or_missing_is_a_gap() {
    let world = packed();
    world.git("config uploadpack.allowFilter true");
    let url = format!("file://{}", world.path("").display());
    world
        .git(&format!("clone -q --depth 1 {url} shallow"))
        .git(&format!("clone -q --no-checkout --filter=blob:none {url} partial"));
    world.andon("scan shallow --history").is(1, &["shallow", "git fetch --unshallow"]);
    world.andon("scan partial --history").is(0, &["missing object", "git fetch --refetch"]);
    world.write("strict.yaml", "version: 1\ngates: [{name: a, require-complete: true}]\n");
    world.andon("scan partial --history --config strict.yaml").is(3, &["missing object"]);
    for alternate in ["/nonexistent", "../objects"] {
        world.write(".git/objects/info/alternates", format!("{alternate}\n"));
        let Answer { code, out, err } = world.andon("scan --history");
        assert!(
            code == 1 && out.contains("two.conf") || code == 2 && err.contains("git fsck"),
            "{code} {out}{err}"
        );
    }
}

#[test]
fn authors_and_messages_that_steer_terminals() {
    let world = World::with_commit();
    world.write("app.conf", line(1)).git("add -A");
    let evil = "\u{1b}[31mred\u{1b}]0;title\u{7}\u{202e}";
    let made = Command::new("git")
        .current_dir(world.path(""))
        .args([
            "-c",
            "user.email=a\u{1b}b@example.org",
            "-c",
            &format!("user.name={evil}"),
            "commit",
            "-qm",
            evil,
        ])
        .status();
    assert!(made.unwrap().success());
    for format in ["text", "json", "sarif", "gitlab", "markdown"] {
        let answer = world.andon(&format!("scan --history -v --format {format}"));
        answer.is(1, &["red"]);
        assert!(!answer.out.contains(['\u{1b}', '\u{7}']), "{}", answer.out);
    }
}

#[test]
fn trees_nested_without_end() {
    let world = World::with_commit();
    let script = "t=\"100644 blob $(git hash-object -w README)\ta\"; i=0; \
        while [ $i -lt 300 ]; do t=\"040000 tree $(printf '%s\\n' \"$t\" | git mktree)\td\"; i=$((i+1)); done; \
        git update-ref refs/heads/main $(git commit-tree -m x $(printf '%s\\n' \"$t\" | git mktree))";
    let mut command = Command::new("sh");
    command.args(["-c", script]).current_dir(world.path(""));
    for name in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{name}_NAME"), "Sam").env(format!("GIT_{name}_EMAIL"), "sam@example.org");
    }
    assert!(command.status().unwrap().success());
    world.andon("scan --history").is(0, &[]);
    world.andon("scan --since main").is(0, &[]);
    world.andon("scan --baseline main").is(2, &["levels of folders"]);
}

#[test]
fn a_few_trees_that_stand_for_millions_of_files() {
    let world = World::with_commit();
    let script = "line() { for n in 0 1 2 3 4 5 6 7 8 9; do printf '%s\\t%s\\n' \"$1\" $n; done; }; \
        e=\"100644 blob $(git hash-object -w README)\"; i=0; \
        while [ $i -lt 7 ]; do e=\"040000 tree $(line \"$e\" | git mktree)\"; i=$((i+1)); done; \
        git update-ref refs/heads/bomb $(git commit-tree -p HEAD -m x $(line \"$e\" | git mktree)); \
        git update-ref refs/heads/before HEAD; git symbolic-ref HEAD refs/heads/bomb";
    let mut command = Command::new("sh");
    command.args(["-c", script]).current_dir(world.path(""));
    for name in ["AUTHOR", "COMMITTER"] {
        command.env(format!("GIT_{name}_NAME"), "Sam").env(format!("GIT_{name}_EMAIL"), "sam@example.org");
    }
    assert!(command.status().unwrap().success());
    world.andon("scan --since before").is(2, &["more than 1000000 places"]);
}
