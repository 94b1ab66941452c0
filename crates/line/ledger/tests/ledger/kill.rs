//! Processes that append at once, and that are killed at any moment.

use std::io::{BufRead, BufReader, Write as _};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::{ledger, writer};

/// Where a child finds its folder and its number.
const FOLDER: &str = "LEDGER_TEST_FOLDER";
const CHILD: &str = "LEDGER_TEST_CHILD";
const COUNT: &str = "LEDGER_TEST_COUNT";

/// Not a test: what a child process does. It prints the index of each entry once it is acknowledged.
#[test]
#[ignore = "the other tests start it"]
fn child_appends() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    let child: u64 = std::env::var(CHILD).unwrap().parse().unwrap();
    let count: u64 = std::env::var(COUNT).unwrap().parse().unwrap();
    let log = writer(Path::new(&folder));
    for number in 0..count {
        let content = content(child, number);
        let index = log.append(&[&content]).unwrap()[0];
        println!("\nacknowledged {index} {child} {number}");
        std::io::stdout().flush().unwrap();
    }
}

/// Of different sizes: a large one is written piece by piece.
fn content(child: u64, number: u64) -> Vec<u8> {
    let length = [10, 1500, 1500, 40_000, 600_000][usize::try_from((child + number) % 5).unwrap()];
    let mut content = format!("{child} {number} ").into_bytes();
    content.resize(length, b'x');
    content
}

fn start(folder: &Path, child: u64, count: u64) -> Child {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", "kill::child_appends", "--ignored", "--nocapture", "--test-threads=1"]);
    command.env(FOLDER, folder).env(CHILD, child.to_string()).env(COUNT, count.to_string());
    command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap()
}

/// What a child that has ended acknowledged: the index and the content of each entry.
fn acknowledged(child: &mut Child) -> Vec<(u64, Vec<u8>)> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let entry = |line: std::io::Result<String>| {
        let line = line.ok()?;
        let mut numbers = line.strip_prefix("acknowledged ")?.split(' ').map(|number| number.parse().ok());
        let (index, child, number) = (numbers.next()??, numbers.next()??, numbers.next()??);
        Some((index, content(child, number)))
    };
    lines.filter_map(entry).collect()
}

#[test]
fn no_kill_loses_what_was_acknowledged() {
    let folder = tempfile::tempdir().unwrap();
    let started = Instant::now();
    let (mut kills, mut entries, mut checkpoints, mut random) = (0, Vec::new(), Vec::new(), 1_u64);
    while kills < 60 && (kills < 50 || started.elapsed() < Duration::from_secs(15)) {
        let mut children = [start(folder.path(), kills, u64::MAX), start(folder.path(), kills + 1, u64::MAX)];
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1);
        std::thread::sleep(Duration::from_micros(15_000 + (random >> 33) % 120_000));
        for child in &mut children {
            child.kill().unwrap();
            // Its pipe is small: what it printed is read only now, so it may have waited for us. It never lost a line.
            entries.extend(acknowledged(child));
            child.wait().unwrap();
            kills += 1;
        }
        if let Ok(view) = ledger(folder.path()).view() {
            checkpoints.push(view.checkpoint().clone());
        }
    }
    drop(writer(folder.path()));
    let view = ledger(folder.path()).view().unwrap();
    for (index, content) in &entries {
        assert!(view.entry(*index).unwrap().content == *content, "entry {index} is another");
    }
    assert_eq!(ledger(folder.path()).audit(&checkpoints).unwrap().fault, None);
    assert!(entries.len() > 20, "{} entries were acknowledged in {kills} processes", entries.len());
}

#[test]
fn processes_append_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let mut children: Vec<Child> = (0..4).map(|child| start(folder.path(), child, 60)).collect();
    let mut entries: Vec<(u64, Vec<u8>)> = children.iter_mut().flat_map(acknowledged).collect();
    assert!(children.iter_mut().all(|child| child.wait().unwrap().success()));
    entries.sort();
    assert_eq!(entries.iter().map(|(index, _)| *index).collect::<Vec<_>>(), (0..240).collect::<Vec<_>>());
    let view = ledger(folder.path()).view().unwrap();
    for (index, content) in &entries {
        assert!(view.entry(*index).unwrap().content == *content, "entry {index} is another");
    }
    assert_eq!(ledger(folder.path()).audit(&[]).unwrap().fault, None);
}
