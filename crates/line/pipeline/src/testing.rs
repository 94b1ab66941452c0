//! A line in a temporary folder with steps that are functions.

#![expect(clippy::disallowed_methods, reason = "the tests look past the door")]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use andon_attestation::Statement;
use andon_config::{Config, SealLevel};
use andon_model::{Decision, PolicyOrigin, Verdict};
use andon_system::OsSystem;

use crate::{
    Attempt, CACHE_LIMIT, CheckEnded, Checks, Connection, Ended, Ending, Entry, Evidence, Failure, GateEnded,
    Gates, Line, LogDigest, Observer, Options, Plan, PlannedCheck, PlannedGate, PlannedStep, RunRecord,
    Sealed, Steps, Usage, Workspace, run,
};

/// A workspace with its data and cache folders, and what runs in it.
pub(crate) struct Yard {
    pub(crate) folder: tempfile::TempDir,
    pub(crate) root: PathBuf,
    pub(crate) hands: Hands,
    pub(crate) limit: u64,
    pub(crate) cache: PathBuf,
}

impl Yard {
    /// A workspace with these files.
    pub(crate) fn new(files: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap().join("project");
        fs::create_dir(&root).unwrap();
        let cache = folder.path().join("cache");
        let yard = Self { root, folder, hands: Hands::default(), limit: CACHE_LIMIT, cache };
        for (path, text) in files {
            yard.write(path, text);
        }
        yard
    }

    /// Writes a file of the workspace.
    pub(crate) fn write(&self, path: &str, text: &str) {
        let path = self.root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// Reads a file of the workspace.
    pub(crate) fn read(&self, path: &str) -> Option<String> {
        fs::read_to_string(self.root.join(path)).ok()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    /// The plan of a pipeline whose stages are written as YAML in one line.
    pub(crate) fn plan(&self, stages: &str, options: Options) -> Plan {
        let text = format!("{{version: 1, pipeline: {{stages: [{stages}]}}}}");
        let config = Config::from_yaml("andon.yaml", &text).unwrap();
        let workspace = Workspace {
            commit: Some("2fd4e1c67a2d28fced849ee1bb76e7391b93eb12".to_owned()),
            branch: Some("main".to_owned()),
            clean: true,
            ..Workspace::at(&self.root)
        };
        Plan::new(&config, text.as_bytes(), workspace, options, &["secrets", "sast"], &OsSystem).unwrap()
    }

    pub(crate) fn run_with(&self, stages: &str, options: Options) -> RunRecord {
        self.run_at(stages, options, &self.data(), &self.cache)
    }

    /// As [`Yard::run`], with everything inside of the workspace, where another process finds it.
    pub(crate) fn run_in(&self, stages: &str) -> RunRecord {
        self.run_at(stages, Options::default(), &self.root.join("data"), &self.root.join("cache"))
    }

    pub(crate) fn run_plan(&self, plan: &Plan) -> RunRecord {
        self.run_plan_at(plan, &self.data(), &self.cache)
    }

    fn run_at(&self, stages: &str, options: Options, data: &Path, cache: &Path) -> RunRecord {
        self.run_plan_at(&self.plan(stages, options), data, cache)
    }

    fn run_plan_at(&self, plan: &Plan, data: &Path, cache: &Path) -> RunRecord {
        self.hands.begun.lock().unwrap().clear();
        let line = Line {
            system: &OsSystem,
            data,
            cache,
            cache_limit: self.limit,
            tool: "andon test",
            steps: &self.hands,
            checks: &self.hands,
            gates: &self.hands,
            evidence: &self.hands,
            observer: &self.hands,
            interrupted: &self.hands.interrupted,
        };
        run(plan, &line).unwrap()
    }

    pub(crate) fn run(&self, stages: &str) -> RunRecord {
        self.run_with(stages, Options::default())
    }

    /// Runs steps of one stage.
    pub(crate) fn steps(&self, steps: &str) -> RunRecord {
        self.run(&format!("{{stage: build, steps: [{steps}]}}"))
    }

    /// What began, in order.
    pub(crate) fn begun(&self) -> String {
        self.hands.begun.lock().unwrap().join(" ")
    }
}

/// Names and outcomes, `build=succeeded test=skipped`, in the order of the plan.
pub(crate) fn outcomes(record: &RunRecord) -> String {
    let mut all: Vec<(usize, String)> = Vec::new();
    let place = |name: &str| {
        let named = |item: &crate::Item| match item {
            crate::Item::Step { name: own, .. } | crate::Item::Check { name: own, .. } => own == name,
            crate::Item::Gate { name: own, .. } => own == name,
        };
        record.run.items.iter().position(named).unwrap()
    };
    let word = |outcome: &crate::Outcome| serde_json::to_value(outcome).unwrap().as_str().unwrap().to_owned();
    for step in &record.steps {
        all.push((place(&step.name), format!("{}={}", step.name, word(&step.outcome))));
    }
    for check in &record.checks {
        all.push((place(&check.name), format!("{}={}", check.name.replace(", ", "+"), word(&check.outcome))));
    }
    for gate in &record.gates {
        all.push((place(&gate.name), format!("{}={}", gate.name, word(&gate.outcome))));
    }
    all.sort();
    let words: Vec<String> = all.into_iter().map(|(_, word)| word).collect();
    words.join(" ")
}

/// Does what commands say. A command is a list of words: `fail`, `exit 3`, `out PATH TEXT`, `copy FROM TO`,
/// `flaky N` (fails N times), `cancel`, `change PATH`, `fails-to-start`, `panic`, `meet` (waits for another).
#[derive(Default)]
pub(crate) struct Hands {
    pub(crate) begun: Mutex<Vec<String>>,
    pub(crate) interrupted: AtomicBool,
    pub(crate) statements: Mutex<Vec<Statement>>,
    pub(crate) refuses_evidence: AtomicBool,
    pub(crate) verdict: Mutex<Option<Verdict>>,
    pub(crate) entries: Mutex<Vec<Entry>>,
    running: AtomicUsize,
    pub(crate) most_running: AtomicUsize,
    tries: Mutex<BTreeMap<String, u32>>,
}

impl Hands {
    fn obey(&self, step: &PlannedStep, attempt: &Attempt<'_>) -> Result<Ending, Failure> {
        let words: Vec<&str> = step.shown.split(' ').collect();
        let path = |word: usize| attempt.root.join(words[word]);
        match words[0] {
            "fail" => return Ok(Ending::Exited(1)),
            "exit" => return Ok(Ending::Exited(words[1].parse().unwrap())),
            "late" => return Ok(Ending::TimedOut),
            "out" => fs::write(path(1), words[2..].join(" ")).unwrap(),
            "folder" => fs::create_dir_all(path(1)).unwrap(),
            "copy" => drop(fs::copy(path(1), path(2)).unwrap()),
            "flaky" => {
                let mut tries = self.tries.lock().unwrap();
                let count = tries.entry(step.name.clone()).or_default();
                *count += 1;
                return Ok(Ending::Exited(i32::from(*count <= words[1].parse().unwrap())));
            }
            "cancel" => {
                self.interrupted.store(true, Ordering::Relaxed);
                return Ok(Ending::Cancelled);
            }
            "change" => fs::write(path(1), "changed meanwhile").unwrap(),
            "no-start" => return Err(Failure("there is no program `x`; install it".to_owned())),
            "sleep" => std::thread::sleep(Duration::from_secs(60)),
            "panic" => panic!("a mistake of ours"),
            "meet" => {
                for _ in 0..2000 {
                    if self.running.load(Ordering::SeqCst) >= 2
                        || self.most_running.load(Ordering::SeqCst) >= 2
                    {
                        break;
                    }
                    std::thread::sleep(Duration::from_millis(1));
                }
            }
            #[cfg(unix)]
            "link" => std::os::unix::fs::symlink(words[1], path(2)).unwrap(),
            #[cfg(unix)]
            "tree" => {
                let (from, to) = (Path::new(words[1]), Path::new(words[2]));
                fs::copy(from.join("run"), to.join("run")).unwrap();
                let target = fs::read_link(from.join("link")).unwrap();
                std::os::unix::fs::symlink(target, to.join("link")).unwrap();
                fs::create_dir(to.join("empty")).unwrap();
            }
            "print" => fs::write(attempt.log, words[1..].join(" ").replace("\\n", "\n")).unwrap(),
            _ => {}
        }
        Ok(Ending::Exited(0))
    }
}

impl Steps for Hands {
    fn run(&self, step: &PlannedStep, attempt: &Attempt<'_>) -> Result<Ended, Failure> {
        self.begun.lock().unwrap().push(step.name.clone());
        let running = self.running.fetch_add(1, Ordering::SeqCst) + 1;
        self.most_running.fetch_max(running, Ordering::SeqCst);
        fs::write(attempt.log, "a log\n").unwrap();
        attempt.output.text("a log\n");
        let ending = self.obey(step, attempt);
        self.running.fetch_sub(1, Ordering::SeqCst);
        let connection = Connection {
            host: "example.org".to_owned(),
            port: 443,
            allowed: false,
            count: 1,
            sent: 0,
            received: 0,
        };
        Ok(Ended {
            ending: ending?,
            seal: Sealed { level: SealLevel::Full, reason: None },
            connections: vec![connection],
            log: LogDigest { sha256: "0".repeat(64), bytes: 6, cut: false },
            usage: Usage::default(),
            notes: Vec::new(),
        })
    }
}

impl Checks for Hands {
    fn run(&self, check: &PlannedCheck, _attempt: &Attempt<'_>) -> Result<CheckEnded, Failure> {
        self.begun.lock().unwrap().push(check.name.replace(", ", "+"));
        Ok(CheckEnded { complete: true, ..CheckEnded::default() })
    }
}

impl Gates for Hands {
    fn decide(&self, gate: &PlannedGate, _so_far: &RunRecord) -> Result<GateEnded, Failure> {
        self.begun.lock().unwrap().push(format!("gate:{}", gate.name));
        let verdict = self.verdict.lock().unwrap().unwrap_or(Verdict::Pass);
        let policy = PolicyOrigin::default();
        let at = "2026-11-22T20:00:00Z".to_owned();
        Ok(GateEnded { decision: Decision { verdict, reasons: Vec::new(), policy, at }, evidence: vec![7] })
    }
}

impl Evidence for Hands {
    fn append(&self, statements: &[Statement]) -> Result<Vec<u64>, Failure> {
        if self.refuses_evidence.load(Ordering::Relaxed) {
            return Err(Failure("the disk is full".to_owned()));
        }
        let mut all = self.statements.lock().unwrap();
        let first = all.len() as u64;
        all.extend_from_slice(statements);
        Ok((first..all.len() as u64).collect())
    }
}

impl Observer for Hands {
    fn event(&self, entry: &Entry) {
        self.entries.lock().unwrap().push(entry.clone());
    }
}
