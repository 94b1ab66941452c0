use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use andon_model::{ScanReport, Severity};
use andon_attestation::Resource;
use andon_pipeline::{Attempt, CheckEnded, Checks, Failure, PlannedCheck, Workspace};
use andon_system::System;

use super::{Documents, Recorder, statements};
use crate::commands::gate::results::Given;

/// How often a scan is asked whether it has ended.
const PATIENCE: Duration = Duration::from_millis(5);
/// The largest report that is read.
const LARGEST: u64 = 512 << 20;

/// Runs the engines as a scan of its own: a child of this very program, in its own sandbox, that a panic or a lack of
/// memory cannot take the line down with.
pub(crate) struct Scans<'a> {
    pub(crate) system: &'a dyn System,
    /// This program.
    pub(crate) program: PathBuf,
    /// The revision that judges.
    pub(crate) since: Option<&'a str>,
    /// What is on the line.
    pub(crate) workspace: &'a Workspace,
    /// SHA-256 of the configuration that the engines run with, in hexadecimal.
    pub(crate) configuration: &'a str,
    pub(crate) documents: &'a Documents<'a>,
    pub(crate) recorder: &'a Recorder,
    /// What was found in this run.
    pub(crate) reports: Mutex<Vec<Given>>,
}

impl Checks for Scans<'_> {
    fn run(&self, check: &PlannedCheck, attempt: &Attempt<'_>) -> Result<CheckEnded, Failure> {
        let file = attempt.log.with_extension("report.json");
        let mut child = self
            .command(check, attempt, &file)
            .spawn()
            .map_err(|error| Failure(format!("cannot start the scan: {error}")))?;
        let status = wait(&mut child, attempt);
        if attempt.cancel.is_set() {
            return Ok(CheckEnded { cancelled: true, ..CheckEnded::default() });
        }
        let said = self.system.read_named(attempt.log, 1 << 20).map(|capped| capped.bytes).unwrap_or_default();
        let said = String::from_utf8_lossy(&said).trim().to_owned();
        attempt.output.text(&said);
        if !status.is_ok_and(|status| status.success()) {
            let why = said.lines().last().unwrap_or("it said nothing").to_owned();
            return Err(Failure(format!("the scan failed: {why}")));
        }
        self.ended(check, &file).map_err(|error| Failure(format!("{error:#}")))
    }
}

impl Scans<'_> {
    #[allow(clippy::disallowed_methods, reason = "a scan is a child of this very program")]
    fn command(&self, check: &PlannedCheck, attempt: &Attempt<'_>, file: &Path) -> Command {
        let mut command = Command::new(&self.program);
        command.arg("scan").args(["--no-gate", "--format", "json", "--output"]).arg(file);
        for engine in &check.engines {
            command.args(["--engine", engine]);
        }
        match (&check.target, self.since) {
            (Some(target), _) => {
                command.arg("--").arg(target);
            }
            (None, Some(since)) => {
                command.args(["--since", since]);
            }
            (None, None) => {}
        }
        command.current_dir(attempt.root).stdin(Stdio::null()).stdout(Stdio::null());
        #[allow(clippy::disallowed_methods, reason = "what the scan says goes into the log of the run")]
        let log = std::fs::File::create(attempt.log);
        command.stderr(log.map_or_else(|_| Stdio::null(), Stdio::from));
        command
    }

    /// Keeps the report and records that the scan was done.
    fn ended(&self, check: &PlannedCheck, file: &Path) -> anyhow::Result<CheckEnded> {
        let bytes = self.system.read_named(file, LARGEST)?.bytes;
        self.system.remove_file(file)?;
        let report: ScanReport = serde_json::from_slice(&bytes)?;
        let digest = self.documents.put(&bytes)?;
        let kept = digest.clone();
        let evidence = match self.subject(check) {
            Some(subject) => {
                let statement = statements::scan(&report, &digest, self.configuration, subject)?;
                self.recorder.record(&[statement])?
            }
            None => Vec::new(),
        };
        let counted = report.findings.iter().filter(|finding| finding.counts());
        let mut findings = BTreeMap::<Severity, u64>::new();
        counted.clone().for_each(|finding| *findings.entry(finding.severity).or_default() += 1);
        let ended = CheckEnded {
            complete: report.coverage.complete,
            findings,
            new: counted.filter(|finding| finding.is_new()).count() as u64,
            report: Some(digest),
            evidence,
            cancelled: false,
            notes: Vec::new(),
        };
        self.reports.lock().unwrap_or_else(PoisonError::into_inner).push(Given { name: check.name.clone(), digest: kept, report });
        Ok(ended)
    }

    /// What was found so far.
    pub(crate) fn given(&self) -> Vec<Given> {
        self.reports.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The commit, when the workspace is exactly that. What was found in anything else is no evidence about a commit.
    fn subject(&self, check: &PlannedCheck) -> Option<Resource> {
        let commit = self.workspace.commit.as_ref().filter(|_| self.workspace.clean && check.target.is_none());
        commit.map(|commit| Resource::git_commit(commit))
    }
}

fn wait(child: &mut Child, attempt: &Attempt<'_>) -> std::io::Result<ExitStatus> {
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(status);
        }
        if attempt.cancel.is_set() {
            child.kill()?;
            return child.wait();
        }
        std::thread::sleep(PATIENCE);
    }
}
