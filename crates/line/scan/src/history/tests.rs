//! Histories made with git itself.
#![expect(clippy::disallowed_methods, reason = "tests drive git and write files")]

use std::fs;
use std::path::Path;
use std::process::Command;
use std::sync::atomic::AtomicBool;

use andon_model::{
    Content, Engine, EngineInfo, Examined, GapKind, Interest, Origin, Outcome, RuleDescription, Snapshot,
    Stage, Unit,
};

use super::*;

/// Remembers every line that begins with `MARK`, and every file called `named`.
struct Marks;

impl Engine for Marks {
    fn info(&self) -> EngineInfo {
        EngineInfo {
            name: "marks",
            stage: Stage::Code,
            digest: [1; 32],
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
        let lines = content.bytes.split(|byte| *byte == b'\n').filter(|line| line.starts_with(b"MARK"));
        Examined { facts: lines.collect::<Vec<_>>().join(&b','), diagnostics: Vec::new() }
    }

    fn examine_path(&self, path: &str) -> Option<Vec<u8>> {
        path.ends_with("named").then(|| b"path".to_vec())
    }

    fn combine(&self, _units: &[Unit], _snapshot: &dyn Snapshot) -> Outcome {
        Outcome::default()
    }

    fn rules(&self) -> Vec<RuleDescription> {
        Vec::new()
    }
}

struct Repo {
    folder: tempfile::TempDir,
}

impl Repo {
    fn new() -> Self {
        let repo = Self { folder: tempfile::tempdir().unwrap() };
        repo.git(&["init", "-q", "-b", "main"]);
        repo
    }

    fn path(&self) -> &Path {
        self.folder.path()
    }

    fn git(&self, arguments: &[&str]) -> String {
        git_in(self.path(), arguments)
    }

    fn write(&self, path: &str, text: &str) {
        let path = self.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    fn commit(&self, message: &str) {
        self.git(&["add", "-A"]);
        self.git(&["commit", "-q", "--allow-empty", "-m", message]);
    }
}

fn git_in(folder: &Path, arguments: &[&str]) -> String {
    let output = Command::new("git")
        .current_dir(folder)
        .args(["-c", "user.name=Ada", "-c", "user.email=ada@example.org", "-c", "protocol.file.allow=always"])
        .args(arguments)
        .env("GIT_CONFIG_GLOBAL", "/dev/null")
        .output()
        .unwrap();
    assert!(output.status.success(), "git {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

fn look(folder: &Path, unreachable: bool) -> HistoryOutcome {
    with_request(folder, unreachable, |request| examine_history(request).unwrap())
}

fn with_request<T>(folder: &Path, unreachable: bool, work: impl FnOnce(&HistoryRequest<'_>) -> T) -> T {
    let repository = gix::open(folder).unwrap();
    let interrupted = AtomicBool::new(false);
    work(&HistoryRequest {
        repository: &repository,
        engines: &[&Marks],
        max_file_size: 1 << 20,
        unreachable,
        store: None,
        interrupted: &interrupted,
        progress: &crate::Silent,
    })
}

/// `facts @ path (summary of the commit, + at head)`, sorted.
fn told(units: &[Unit]) -> Vec<String> {
    let mut lines: Vec<String> = units
        .iter()
        .flat_map(|unit| {
            unit.occurrences.iter().map(|place| {
                let (commit, at_head) = match &place.origin {
                    Origin::Tree | Origin::Layer { .. } => ("tree", false),
                    Origin::Commit { commit, at_head } => (commit.summary.as_str(), *at_head),
                };
                let head = if at_head { " +" } else { "" };
                format!("{} @ {} ({commit}){head}", String::from_utf8_lossy(&unit.facts), place.path)
            })
        })
        .collect();
    lines.sort();
    lines
}

fn check(outcome: &HistoryOutcome, expected: &[&str]) {
    assert_eq!(told(&outcome.units[0]), expected);
}

fn story() -> Repo {
    let repo = Repo::new();
    let long: String = (0..400).map(|line| format!("line {line} of a file that makes deltas\n")).collect();
    repo.write("a.txt", &format!("{long}MARK one\n"));
    repo.write("deep/er/named", "x");
    repo.commit("first");
    repo.write("a.txt", &format!("{long}MARK one\nmore\n"));
    repo.commit("second");
    repo.git(&["mv", "a.txt", "b.txt"]);
    repo.commit("third");
    repo.write("b.txt", &long);
    repo.commit("fourth");
    repo.git(&["checkout", "-q", "-b", "side", "HEAD~1"]);
    repo.write("side.txt", "MARK side\n");
    repo.commit("on the side");
    repo.git(&["checkout", "-q", "main"]);
    repo.git(&["merge", "-q", "--no-ff", "-m", "merge", "side"]);
    repo
}

const STORY: [&str; 5] = [
    "MARK one @ a.txt (first)",
    "MARK one @ a.txt (second)",
    "MARK one @ b.txt (third)",
    "MARK side @ side.txt (on the side) +",
    "path @ deep/er/named (first) +",
];

#[test]
fn loose_and_packed_histories_read_alike() {
    let repo = story();
    let loose = look(repo.path(), false);
    check(&loose, &STORY);
    assert_eq!((loose.commits, loose.gaps.as_slice()), (6, [].as_slice()));
    repo.git(&["gc", "-q", "--aggressive", "--prune=now"]);
    let packed = look(repo.path(), false);
    check(&packed, &STORY);
    assert_eq!((packed.files, packed.gaps.as_slice()), (loose.files, [].as_slice()));
}

#[test]
fn bare_repositories_and_borrowed_objects_are_read() {
    let repo = story();
    let other = tempfile::tempdir().unwrap();
    let (from, to) = (repo.path().to_str().unwrap(), other.path().join("bare.git"));
    git_in(other.path(), &["clone", "-q", "--bare", "--shared", from, to.to_str().unwrap()]);
    check(&look(&to, false), &STORY);
}

#[test]
fn a_shallow_clone_says_so() {
    let repo = story();
    let other = tempfile::tempdir().unwrap();
    let url = format!("file://{}", repo.path().display());
    git_in(other.path(), &["clone", "-q", "--depth", "1", &url, "shallow"]);
    let outcome = look(&other.path().join("shallow"), false);
    assert_eq!(outcome.gaps.iter().map(|gap| gap.kind).collect::<Vec<_>>(), [GapKind::Shallow]);
    check(&outcome, &["MARK side @ side.txt (merge) +", "path @ deep/er/named (merge) +"]);
}

#[test]
fn a_missing_blob_is_a_gap_and_the_rest_is_read() {
    let repo = story();
    let id = repo.git(&["rev-parse", "HEAD:side.txt"]);
    fs::remove_file(repo.path().join(".git/objects").join(&id[..2]).join(&id[2..])).unwrap();
    let outcome = look(repo.path(), false);
    assert_eq!(outcome.gaps.len(), 1, "{:?}", outcome.gaps);
    assert_eq!(
        (outcome.gaps[0].kind, outcome.gaps[0].subject.as_str()),
        (GapKind::MissingObject, id.as_str())
    );
    check(&outcome, &[STORY[0], STORY[1], STORY[2], STORY[4]]);
}

#[test]
fn a_damaged_pack_is_a_gap_wherever_the_damage_is() {
    let repo = story();
    repo.git(&["gc", "-q", "--prune=now"]);
    let folder = repo.path().join(".git/objects/pack");
    let pack = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    let pack = pack.into_iter().find(|path| path.extension().is_some_and(|ending| ending == "pack")).unwrap();
    let whole = fs::read(&pack).unwrap();
    fs::remove_file(&pack).unwrap();
    for at in (12..whole.len() - 20).step_by(7) {
        let mut damaged = whole.clone();
        damaged[at] ^= 0x55;
        fs::write(&pack, &damaged).unwrap();
        look(repo.path(), false);
    }
    fs::write(&pack, &whole[..whole.len() / 2]).unwrap();
    let outcome = look(repo.path(), false);
    assert!(outcome.gaps.iter().any(|gap| gap.kind == GapKind::Corrupt), "{:?}", outcome.gaps);
}

#[test]
fn unreachable_blobs_count_only_when_asked_for() {
    let repo = story();
    repo.write("lost.txt", "MARK lost\n");
    repo.git(&["hash-object", "-w", "lost.txt"]);
    let outcome = look(repo.path(), false);
    check(&outcome, &STORY);
    assert_eq!(outcome.skipped, [(SkipReason::Unreachable, 1, 0, String::new())]);
    assert_eq!(look(repo.path(), true).units[0].len(), outcome.units[0].len() + 1);
}

#[test]
fn a_large_blob_is_a_gap() {
    let repo = Repo::new();
    repo.write("large.txt", &"x".repeat(2 << 20));
    repo.write("small.txt", "MARK small\n");
    repo.commit("first");
    let outcome = look(repo.path(), false);
    check(&outcome, &["MARK small @ small.txt (first) +"]);
    assert_eq!(outcome.gaps.iter().map(|gap| gap.kind).collect::<Vec<_>>(), [GapKind::TooLarge]);
}

#[test]
fn an_empty_repository_holds_nothing() {
    let repo = Repo::new();
    let outcome = look(repo.path(), false);
    check(&outcome, &[]);
    assert_eq!((outcome.commits, outcome.files, outcome.gaps.len()), (0, 0, 0));
}

#[test]
fn a_range_brings_only_what_its_commits_add() {
    let repo = Repo::new();
    repo.write("old.txt", "MARK old\n");
    repo.write("same.txt", "MARK same\n");
    repo.commit("base");
    repo.git(&["checkout", "-q", "-b", "change"]);
    repo.write("old.txt", "MARK old\nMARK new\n");
    repo.write("gone.txt", "MARK gone\n");
    repo.commit("adds");
    repo.git(&["rm", "-q", "gone.txt"]);
    repo.git(&["mv", "same.txt", "moved.txt"]);
    repo.commit("removes");
    repo.git(&["checkout", "-q", "main"]);
    repo.write("elsewhere.txt", "MARK elsewhere\n");
    repo.commit("main goes on");
    let outcome =
        with_request(repo.path(), false, |request| examine_range(request, "main", "change").unwrap());
    check(
        &outcome,
        &[
            "MARK gone @ gone.txt (adds)",
            "MARK old,MARK new @ old.txt (adds) +",
            "MARK same @ moved.txt (removes) +",
        ],
    );
    assert_eq!(told(&outcome.baseline[0]), ["MARK old @ old.txt (tree)", "MARK same @ same.txt (tree)"]);
    assert_eq!(outcome.touched, ["gone.txt", "moved.txt", "old.txt", "same.txt"]);
    assert_eq!(outcome.renames.get("moved.txt").map(String::as_str), Some("same.txt"));
}

#[test]
fn an_unknown_revision_is_an_error() {
    let repo = story();
    let result = with_request(repo.path(), false, |request| examine_range(request, "no-such-branch", "HEAD"));
    assert!(matches!(result, Err(HistoryError::UnknownRevision(_))));
}

#[test]
fn an_unchanged_history_is_recalled_and_a_changed_one_is_not() {
    let repo = story();
    let folder = tempfile::tempdir().unwrap();
    let system = andon_system::OsSystem;
    let place = crate::cache::CachePlace { folder: folder.path(), disk: &crate::cache::OsDisk };
    let look = || {
        let repository = gix::open(repo.path()).unwrap();
        let interrupted = AtomicBool::new(false);
        let request = HistoryRequest {
            repository: &repository,
            engines: &[&Marks],
            max_file_size: 1 << 20,
            unreachable: false,
            store: Some(Store::new(&system, place)),
            interrupted: &interrupted,
            progress: &crate::Silent,
        };
        examine_history(&request).unwrap()
    };
    let first = look();
    let second = look();
    check(&second, &STORY);
    assert_eq!((first.cached, second.cached, second.files), (0, first.files, first.files));
    assert_eq!((second.commits, &second.skipped, &second.gaps), (first.commits, &first.skipped, &first.gaps));
    repo.write("new.txt", "MARK new\n");
    repo.commit("more");
    let third = look();
    assert_eq!((third.commits, third.units[0].len()), (first.commits + 1, first.units[0].len() + 1));
}
