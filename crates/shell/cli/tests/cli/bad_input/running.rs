#![expect(clippy::disallowed_methods, reason = "tests make files and run programs")]

use std::fs;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

use serde_json::Value;

use crate::world::{Answer, World, each, line};

/// Does `work` again and again beside `scan`.
fn beside(work: impl Fn() + Sync, scan: impl FnOnce()) {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            while !done.load(Ordering::Relaxed) {
                work();
            }
        });
        // A failed check must end the other thread too.
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(scan));
        done.store(true, Ordering::Relaxed);
        if let Err(panic) = result {
            std::panic::resume_unwind(panic);
        }
    });
}

#[test]
fn files_that_change_and_vanish_meanwhile() {
    let world = World::plain();
    world.write("still.conf", line(1)).write("moving/x", "");
    let churn = || {
        for number in 0..50 {
            let path = world.path(format!("moving/{number}.txt"));
            let _ = fs::write(&path, line(2).repeat(1 + number * 40));
            let _ = fs::OpenOptions::new().write(true).open(&path).and_then(|file| file.set_len(10));
            let _ = fs::remove_file(&path);
        }
    };
    beside(churn, || {
        for _ in 0..10 {
            let (report, code) = world.report("");
            assert_eq!(code, 1);
            assert!(each(&report, "/locations/0/path").contains(&"still.conf".to_owned()));
            let gaps = report["coverage"]["gaps"].as_array().cloned().unwrap_or_default();
            assert!(gaps.iter().all(|gap| gap["kind"] == "changed"), "{gaps:?}");
        }
    });
}

#[test]
fn a_repository_that_is_repacked_meanwhile() {
    let world = World::with_commit();
    for number in 0..20 {
        world.write(&format!("{number}.conf"), line(number)).commit();
    }
    let repack = || {
        world.git("repack -adq").git("prune-packed");
        for entry in fs::read_dir(world.path(".git/objects/pack")).unwrap() {
            let pack = entry.unwrap().path();
            if pack.extension().is_some_and(|extension| extension == "pack") {
                let away = world.path("away.pack");
                fs::rename(&pack, &away).unwrap();
                let _ = fs::remove_file(pack.with_extension("idx"));
                let loose = fs::File::open(&away).unwrap();
                let mut unpack = Command::new("git");
                unpack.args(["unpack-objects", "-q"]).current_dir(world.path("")).stdin(loose);
                assert!(unpack.status().unwrap().success());
            }
        }
    };
    beside(repack, || {
        for _ in 0..10 {
            let answer = world.andon("scan --history --no-cache --format json");
            if answer.code != 2 {
                let report: Value = serde_json::from_str(&answer.out).unwrap();
                let found = report["findings"].as_array().unwrap().len();
                assert!(found == 20 || report["coverage"]["complete"] == false, "{found}: {report:#}");
            }
        }
    });
}

/// A project that keeps a scan busy for a while.
fn large() -> World {
    let world = World::plain();
    world.write("0.conf", line(1));
    let text = (0..20_000)
        .map(|number| format!("password_{number} = os.environ['KEY{number}']\n"))
        .collect::<String>();
    for number in 0..30 {
        world.write(&format!("{number}.py"), format!("# {number}\n{text}"));
    }
    world
}

#[test]
fn an_interrupted_scan_says_what_it_has() {
    let world = large();
    let child = world.start("scan --format json --no-cache --threads 1");
    world.wait_for_handler(child.id());
    world.interrupt(child.id());
    let answer = Answer::of(child.wait_with_output().unwrap());
    let report: Value = serde_json::from_str(&answer.out).unwrap();
    assert_eq!(report["coverage"]["complete"], false);
    assert!(report["coverage"]["gaps"].to_string().contains("stopped before"), "{report:#}");
    assert_eq!(answer.code, if report["findings"].as_array().unwrap().is_empty() { 3 } else { 1 });
    let child = world.start("scan --no-cache --threads 1");
    world.wait_for_handler(child.id());
    // One of several may find the flag set: the process is gone, or it ends with what it has.
    for _ in 0..20 {
        let _ = Command::new("kill").arg("-INT").arg(child.id().to_string()).stderr(Stdio::null()).status();
    }
    let answer = Answer::of(child.wait_with_output().unwrap());
    assert!([-1, 1, 3].contains(&answer.code), "{answer:?}");
}

#[test]
fn killed_scans_leave_no_wrong_answer() {
    let world = large();
    for wait in 0..8 {
        let mut child = world.start("scan --format json");
        thread::sleep(std::time::Duration::from_millis(wait * 15));
        let _ = child.kill();
        child.wait().unwrap();
    }
    let cached = world.report("");
    let again = world.report("");
    let fresh = world.report("--no-cache");
    for (report, code) in [cached, again] {
        assert_eq!((&report["findings"], code), (&fresh.0["findings"], fresh.1));
        assert_eq!(report["coverage"]["complete"], true);
    }
}

#[test]
fn ten_scans_share_a_cache() {
    let world = World::with_commit();
    for number in 0..30 {
        world.write(&format!("{number}.conf"), line(number));
    }
    world.commit();
    for arguments in ["scan --format json", "scan --format json --history"] {
        let children: Vec<_> = (0..10).map(|_| world.start(arguments)).collect();
        for child in children {
            let answer = Answer::of(child.wait_with_output().unwrap());
            let report: Value = serde_json::from_str(&answer.out).unwrap();
            assert_eq!(
                (answer.code, report["findings"].as_array().unwrap().len()),
                (1, 30),
                "{}",
                answer.err
            );
            assert_eq!(answer.err, "");
        }
    }
}

#[test]
fn a_cache_that_cannot_be_kept_costs_a_note() {
    let world = World::with_commit();
    world.write("app.conf", line(1)).commit();
    for folder in ["/dev/null", "/dev/full", "/proc/self", world.path("README").to_str().unwrap()] {
        for target in ["", "--history"] {
            let mut command = world.command(&format!("scan {target}"));
            command.env("ANDON_CACHE_DIR", folder);
            Answer::of(command.output().unwrap()).is(1, &["app.conf", "note: ", "cache"]);
        }
    }
}

#[test]
fn damaged_cache_files_are_as_good_as_absent() {
    let world = World::with_commit();
    world.write("app.conf", line(1)).commit();
    for target in ["", "--history"] {
        let first = world.report(target).0;
        for folder in fs::read_dir(world.cache()).unwrap() {
            for file in fs::read_dir(folder.unwrap().path()).unwrap() {
                let path = file.unwrap().path();
                let mut bytes = fs::read(&path).unwrap();
                let middle = bytes.len() / 2;
                bytes[middle] ^= 1;
                fs::write(&path, bytes).unwrap();
            }
        }
        assert_eq!(world.report(target).0["findings"], first["findings"]);
    }
}

#[test]
fn output_that_nobody_takes() {
    let world = World::with_commit();
    world.write("app.conf", line(1)).commit();
    for format in ["text", "json", "sarif", "gitlab", "markdown"] {
        world.andon_to_full_disk(&format!("scan --format {format}")).is(2, &["standard output"]);
        let mut child = world.start(&format!("scan --format {format}"));
        drop(child.stdout.take());
        let answer = Answer::of(child.wait_with_output().unwrap());
        assert_eq!((answer.code, answer.err.as_str()), (1, ""));
    }
    world.andon("scan --format json -o /dev/full").is(2, &["/dev/full"]);
    world.andon("scan --format json -o /nonexistent/x.json").is(2, &["/nonexistent/x.json", "hint:"]);
}
