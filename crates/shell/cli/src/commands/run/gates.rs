use andon_pipeline::{Failure, GateEnded, Gates, PlannedGate, RunRecord, Workspace};
use andon_system::System;

use crate::commands::gate::decide::{Decided, Question};
use crate::commands::gate::ledger::of_ledger;
use crate::commands::gate::{Commits, read_exceptions};
use crate::line::{Documents, Recorder, Scans};
use crate::problem::Problem;
use crate::project::{Configuration, Project};

/// Decides at the end of a stage, by the gates of the base: on what the scans of this run found, or, where the gate has
/// `evidence`, on what the ledger holds.
pub(super) struct Judge<'a> {
    pub(super) system: &'a dyn System,
    pub(super) project: &'a Project,
    pub(super) workspace: &'a Workspace,
    pub(super) since: Option<&'a str>,
    pub(super) scans: &'a Scans<'a>,
    pub(super) recorder: &'a Recorder,
    pub(super) documents: &'a Documents<'a>,
}

impl Gates for Judge<'_> {
    fn decide(&self, gate: &PlannedGate, _so_far: &RunRecord) -> Result<GateEnded, Failure> {
        self.judge(&gate.name).map_err(|error| Failure(format!("{error:#}")))
    }
}

impl Judge<'_> {
    fn judge(&self, gate: &str) -> anyhow::Result<GateEnded> {
        let decided = self.decided(gate)?;
        self.documents.put(&decided.record.to_bytes()?.1)?;
        let is_commit = self.workspace.clean && self.workspace.commit.is_some();
        // What was decided about anything else than a commit is no evidence about one.
        let evidence = if is_commit { self.recorder.record(&decided.statements()?)? } else { Vec::new() };
        Ok(GateEnded { decision: decided.record.decision, evidence })
    }

    fn decided(&self, gate: &str) -> anyhow::Result<Decided> {
        let source = self.project.source(self.system, self.since)?;
        let configuration = Configuration::read(self.system, source.as_ref(), None)?;
        if !configuration.config.gates.iter().any(|known| known.name == gate) {
            let message = format!("the base has no gate `{gate}`, and a change cannot bring its own");
            return Err(Problem::new(message).into());
        }
        let exceptions = read_exceptions(source.as_ref())?;
        let repository = self.project.repository.as_ref().map(gix::ThreadSafeRepository::to_thread_local);
        let head = repository.as_ref().and_then(|repository| Commits::resolve(repository, "HEAD").ok());
        let commits = repository.as_ref().zip(head);
        let commits = commits.map(|(repository, head)| Commits { repository, base: self.since, head });
        let ledger = self.recorder.ledger();
        let question = Question {
            system: self.system,
            source: source.as_ref(),
            configuration: &configuration,
            exceptions: &exceptions,
            commits,
            artefacts: Vec::new(),
            gate: Some(gate.to_owned()),
            reports: self.scans.given(),
            evidence: Vec::new(),
            found: &|asked| of_ledger(&ledger, "ledger", asked),
            tests: Default::default(),
            is_named: false,
        };
        if question.wants_evidence() && !self.workspace.clean {
            let message = format!("the gate `{gate}` asks for evidence about a commit, and the working tree is none");
            return Err(Problem::new(message).hint("commit what differs, or remove it").into());
        }
        question.decide()
    }
}
