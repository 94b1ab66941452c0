mod commands;
mod plain;
mod secrecy;
mod surroundings;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use andon_config::{Network, SealLevel};
use andon_model::Stage;
use andon_system::MemorySystem;

use super::{Bounds, StepRunner};
use crate::{Attempt, Cancel, Ended, Failure, Output, PlannedStep, Steps};
use plain::Plain;

/// Keeps what is shown.
#[derive(Default)]
struct Shown(Mutex<String>);

impl Output for Shown {
    fn text(&self, text: &str) {
        self.0.lock().unwrap().push_str(text);
    }
}

/// A step with a shell script, and where it runs.
struct Bench {
    folder: tempfile::TempDir,
    launch: Plain,
    system: MemorySystem,
    step: PlannedStep,
    bounds: Bounds,
    learn: bool,
    resolver: Option<std::sync::Arc<dyn andon_network::gateway::Resolve>>,
    asked: AtomicBool,
    shown: Shown,
}

impl Bench {
    fn new(script: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let step = PlannedStep {
            name: "try".to_owned(),
            stage: Stage::Build,
            command: ["/bin/sh", "-c", script].map(String::from).to_vec(),
            shown: script.to_owned(),
            environment: BTreeMap::new(),
            needs: Vec::new(),
            inputs: None,
            outputs: Vec::new(),
            scratch: Vec::new(),
            reads: Vec::new(),
            tools: Vec::new(),
            network: Network::None,
            seal: SealLevel::None,
            timeout: Duration::from_secs(60),
            retries: 0,
            services: Vec::new(),
            secrets: BTreeMap::new(),
            tests: andon_config::TestReports::default(),
            coverage: andon_config::CoverageReports::default(),
            cache: false,
            always: false,
            after_failure: false,
            skip: None,
        };
        let bounds = Bounds { log: 1 << 20, grace: Duration::from_millis(300) };
        Self {
            folder,
            launch: Plain::default(),
            system: MemorySystem::new(),
            step,
            bounds,
            learn: false,
            resolver: None,
            asked: AtomicBool::new(false),
            shown: Shown::default(),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn run(&self) -> Result<Ended, Failure> {
        let cancel = Cancel::new(&self.asked);
        let log = self.path("step.log");
        let root = self.path("root");
        fs::create_dir_all(&root).unwrap();
        let root = root.canonicalize().unwrap();
        let attempt = Attempt {
            run: "1",
            root: &root,
            number: 1,
            log: &log,
            learn: self.learn,
            output: &self.shown,
            cancel: &cancel,
        };
        let mut runner = StepRunner::new(&self.launch, &self.system).bounds(self.bounds);
        if let Some(resolver) = &self.resolver {
            runner = runner.resolver(std::sync::Arc::clone(resolver));
        }
        runner.run(&self.step, &attempt)
    }

    fn shown(&self) -> String {
        self.shown.0.lock().unwrap().clone()
    }

    /// The log without times, one entry a line.
    fn log(&self, name: &str) -> String {
        let bytes = fs::read(self.path(name)).unwrap();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        let lines = text.lines().map(|line| line.get(10..).unwrap_or(line).to_owned());
        lines.collect::<Vec<_>>().join("\n")
    }
}
