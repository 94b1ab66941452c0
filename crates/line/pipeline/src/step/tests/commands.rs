use std::fs;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::Bench;
use crate::Ending;

fn check(script: &str, ending: Ending, log: &str) {
    let bench = Bench::new(script);
    let ended = bench.run().unwrap();
    assert_eq!(ended.ending, ending, "{script}: {}", bench.shown());
    assert_eq!(bench.log("step.log"), log, "{script}");
    assert_eq!(ended.log.bytes, fs::metadata(bench.path("step.log")).unwrap().len());
    assert!(!ended.log.cut && ended.notes.is_empty(), "{:?}", ended.notes);
}

#[test]
fn endings_are_told_apart() {
    check("exit 0", Ending::Exited(0), "");
    check("echo a; exit 7", Ending::Exited(7), "o| a");
    check("echo a >&2; kill -9 $$", Ending::Killed(9), "e| a");
    check("exec /no/such/program", Ending::Exited(127), "e| /bin/sh: 1: exec: /no/such/program: not found");
    check("exec >&- 2>&-; sleep 0.2; exit 3", Ending::Exited(3), "");
    let mut bench = Bench::new("");
    bench.step.command = vec!["/no/such/program".to_owned()];
    assert!(bench.run().unwrap_err().0.contains("/no/such/program"));
}

#[test]
fn a_log_holds_what_was_written() {
    check("printf 'no end'", Ending::Exited(0), "o+ no end");
    check("printf 'a\\n\\n b\\r\\n'", Ending::Exited(0), "o| a\no| \no|  b");
    let bench = Bench::new("printf '\\377\\000\\033[31mred\\n'; printf '::error::x\\n'");
    bench.run().unwrap();
    let bytes = fs::read(bench.path("step.log")).unwrap();
    assert!(bytes.windows(10).any(|window| window == b"\xff\0\x1b[31mred"), "{bytes:?}");
    assert_eq!(bench.shown(), "\u{fffd}\u{fffd}red\n: :error::x\n");
}

#[test]
fn output_is_seen_while_a_line_is_not_ended() {
    let bench = Bench::new("printf 'Continue? '; while [ ! -e go ]; do sleep 0.05; done; echo yes");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for _ in 0..400 {
                if bench.shown() == "Continue? " {
                    break;
                }
                std::thread::sleep(Duration::from_millis(25));
            }
            fs::write(bench.path("root/go"), "").unwrap();
        });
        assert_eq!(bench.run().unwrap().ending, Ending::Exited(0));
    });
    assert_eq!(bench.shown(), "Continue? yes\n");
    assert_eq!(bench.log("step.log"), "o+ Continue? \no| yes");
}

#[test]
fn a_flood_fills_neither_disk_nor_memory() {
    let mut bench =
        Bench::new("head -c 20000000 /dev/zero | tr '\\0' x; echo; yes y | head -c 4000000; echo end");
    bench.bounds.log = 400 << 10;
    let ended = bench.run().unwrap();
    assert_eq!(ended.ending, Ending::Exited(0));
    assert!(ended.log.cut && ended.log.bytes <= 410 << 10, "{:?}", ended.log);
    assert!(ended.notes[0].contains("leaves out"), "{:?}", ended.notes);
    let log = bench.log("step.log");
    assert!(log.starts_with("o+ xxxx") && log.ends_with("o| y\no| end"), "beginning and end");
    let files: Vec<_> =
        fs::read_dir(bench.folder.path()).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(files.len(), 2, "{files:?}");
}

#[test]
fn what_takes_too_long_is_ended_with_all_its_children() {
    let children = "for n in 1 2 3 4 5; do (trap '' TERM; sleep 100) & done; ";
    for (script, text) in [
        (format!("{children} sleep 100"), ""),
        (format!("{children} trap '' TERM; while :; do sleep 1; done"), ""),
        (format!("{children} trap 'echo ended; exit 0' TERM; while :; do sleep 0.1; done"), "ended"),
    ] {
        let mut bench = Bench::new(&format!("echo $$ > pid; {script}"));
        bench.step.timeout = Duration::from_secs(1);
        let ended = bench.run().unwrap();
        assert_eq!(ended.ending, Ending::TimedOut, "{script}");
        assert!(bench.shown().contains(text), "{script}: {}", bench.shown());
        let group: u32 = fs::read_to_string(bench.path("root/pid")).unwrap().trim().parse().unwrap();
        assert!(!super::plain::signal("0", group) || gone_soon(group), "{script}: something is left");
    }
}

/// Killed processes vanish when somebody has waited for them.
fn gone_soon(group: u32) -> bool {
    (0..100).any(|_| {
        std::thread::sleep(Duration::from_millis(50));
        !super::plain::signal("0", group)
    })
}

#[test]
fn cancelling_ends_it() {
    let bench = Bench::new("echo started; sleep 100");
    std::thread::scope(|scope| {
        scope.spawn(|| {
            while !bench.shown().contains("started") {
                std::thread::sleep(Duration::from_millis(20));
            }
            bench.asked.store(true, Ordering::SeqCst);
        });
        assert_eq!(bench.run().unwrap().ending, Ending::Cancelled);
    });
    assert_eq!(bench.log("step.log"), "o| started");
    fs::remove_file(bench.path("step.log")).unwrap();
    assert_eq!(bench.run().unwrap().ending, Ending::Cancelled, "before it begins");
}
