//! A git repository of which some bytes were changed: pack, index of the pack and loose objects.
//!
//! The input is a list of changes to a repository that git itself made: file, place and new byte, six bytes each.
#![no_main]

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::sync::atomic::AtomicBool;

use andon_model::{
    Content, Engine, EngineInfo, Examined, Interest, Outcome, RuleDescription, Snapshot, Stage, Unit,
};
use andon_scan::history::{HistoryRequest, examine_history};
use libfuzzer_sys::fuzz_target;

/// Remembers every text, so that every path of the walk is taken.
struct Everything;

impl Engine for Everything {
    fn info(&self) -> EngineInfo {
        EngineInfo {
            name: "everything",
            stage: Stage::Code,
            digest: [0; 32],
            rules_loaded: 1,
            rules_rejected: Vec::new(),
            packs: Vec::new(),
            view: andon_model::View::Contents,
        }
    }

    fn interest(&self, _path: &str) -> Interest {
        Interest::Content
    }

    fn examine(&self, content: &Content<'_>) -> Examined {
        Examined { facts: content.bytes.iter().copied().take(8).collect(), diagnostics: Vec::new() }
    }

    fn combine(&self, _units: &[Unit], _snapshot: &dyn Snapshot) -> Outcome {
        Outcome::default()
    }

    fn rules(&self) -> Vec<RuleDescription> {
        Vec::new()
    }
}

/// The files below `.git` that are changed, with their contents.
static ORIGINAL: LazyLock<Vec<(PathBuf, Vec<u8>)>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().unwrap();
    let git = |arguments: &[&str]| {
        let person = ["-c", "user.name=a", "-c", "user.email=a@example.org", "-c", "init.defaultBranch=main"];
        let done =
            Command::new("git").args(person).args(arguments).current_dir(folder.path()).output().unwrap();
        assert!(done.status.success(), "{done:?}");
    };
    git(&["init", "--quiet"]);
    for round in 0..6_u32 {
        let text: String =
            (0..200).map(|line| format!("line {line} of round {}\n", round / (line % 5 + 1))).collect();
        std::fs::create_dir_all(folder.path().join("deep/er")).unwrap();
        std::fs::write(folder.path().join("deep/er/a.txt"), text).unwrap();
        std::fs::write(folder.path().join(format!("b{round}.txt")), "short\n").unwrap();
        git(&["add", "."]);
        git(&["commit", "--quiet", "--message", "round"]);
        if round == 4 {
            git(&["gc", "--quiet"]);
        }
    }
    let mut files = Vec::new();
    collect(&folder.path().join(".git"), Path::new(""), &mut files);
    files.sort();
    files
});

fn collect(folder: &Path, below: &Path, files: &mut Vec<(PathBuf, Vec<u8>)>) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let name = below.join(entry.file_name());
        if entry.path().is_dir() {
            collect(&entry.path(), &name, files);
        } else if !name.starts_with("hooks") && !name.starts_with("logs") {
            files.push((name, std::fs::read(entry.path()).unwrap()));
        }
    }
}

fuzz_target!(|data: &[u8]| {
    let folder = tempfile::tempdir().unwrap();
    let mut files = ORIGINAL.clone();
    let objects: Vec<usize> =
        (0..files.len()).filter(|index| files[*index].0.starts_with("objects")).collect();
    for change in data.chunks_exact(6) {
        let file = &mut files[objects[usize::from(change[0]) % objects.len()]].1;
        let place = u32::from_le_bytes([change[1], change[2], change[3], 0]) as usize;
        match change[4] % 4 {
            0 if !file.is_empty() => file.truncate(place % file.len()),
            _ if file.is_empty() => {}
            _ => {
                let place = place % file.len();
                file[place] = change[5];
            }
        }
    }
    for (name, content) in &files {
        let path = folder.path().join(".git").join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }
    for name in [".git/refs/heads", ".git/refs/tags"] {
        std::fs::create_dir_all(folder.path().join(name)).unwrap();
    }
    let Ok(repository) = gix::open(folder.path()) else { return };
    let interrupted = AtomicBool::new(false);
    let engines: [&dyn Engine; 1] = [&Everything];
    for unreachable in [false, true] {
        let _ = examine_history(&HistoryRequest {
            repository: &repository,
            engines: &engines,
            max_file_size: 1 << 20,
            unreachable,
            store: None,
            interrupted: &interrupted,
            progress: &andon_scan::Silent,
        });
    }
});
