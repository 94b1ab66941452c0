//! What is said of a step, for the ledger: that it ran, from what its outputs were made, and what its tests said.
//!
//! A run on a laptop claims SLSA Build L1 and never more: the provenance is there and signed, by whoever ran it.

use andon_attestation::predicate::{self, Predicate};
use andon_attestation::{Resource, Statement, StatementError};
use andon_config::{Network, SealLevel};
use serde_json::{Map, Value, json};

use crate::inputs::{InputSet, set_digest};
use crate::record::ReportFile;
use crate::{Ending, Failure, Outcome, OutputFile, OutputKind, Plan, PlannedStep, StepRecord};

/// The builder: whoever runs Andon on a machine of their own. It stands for SLSA Build L1.
pub const BUILDER: &str = "https://andon.dev/builder/local/v1";
/// How the parameters of a provenance are to be read: a step of a pipeline.
pub const BUILD_TYPE: &str = "https://andon.dev/build/step/v1";
/// The algorithm of digests over sets of files: SHA-256 over the kind (one byte: 0 file, 1 executable, 2 link, 3 empty
/// folder), the length of the path (8 bytes, little endian), the path, and the SHA-256 of the content in hexadecimal,
/// of each file by path.
pub const SET_DIGEST: &str = "andonSet1";

/// More files are named by the digest of their set.
const MOST_FILES: usize = 500;

/// What is said of a step that ran, failed, or came from the cache; nothing of one that never began.
///
/// # Errors
/// When it cannot be put into a statement.
pub(crate) fn of_step(
    plan: &Plan,
    tool: &str,
    run: &str,
    step: &PlannedStep,
    record: &StepRecord,
    inputs: Option<&InputSet>,
) -> Result<Vec<Statement>, Failure> {
    if matches!(record.outcome, Outcome::Skipped)
        || (record.attempts.is_empty() && record.outcome != Outcome::Cached)
    {
        return Ok(Vec::new());
    }
    let about = About { plan, tool, run, step, record, inputs };
    let mut statements = vec![about.step()];
    if record.outcome.is_good() && record.outputs.iter().any(|output| output.kind != OutputKind::Folder) {
        statements.push(about.provenance());
    }
    statements.extend(about.tests());
    statements.extend(about.coverage());
    let failed = |error: StatementError| Failure(format!("nothing can be said of `{}`: {error}", step.name));
    statements.into_iter().collect::<Result<_, _>>().map_err(failed)
}

struct About<'a> {
    plan: &'a Plan,
    tool: &'a str,
    run: &'a str,
    step: &'a PlannedStep,
    record: &'a StepRecord,
    inputs: Option<&'a InputSet>,
}

type Said = Result<Statement, StatementError>;

impl About<'_> {
    fn step(&self) -> Said {
        let Self { step, record, .. } = self;
        let ending = record.attempts.last().and_then(|attempt| attempt.ending);
        let result = match (record.outcome, ending) {
            (Outcome::Succeeded | Outcome::Cached, _) => predicate::StepResult::Passed,
            (Outcome::Cancelled, _) => predicate::StepResult::Cancelled,
            (Outcome::Skipped, _) => predicate::StepResult::Skipped,
            (Outcome::Failed, Some(Ending::TimedOut)) => predicate::StepResult::TimedOut,
            (Outcome::Failed, _) => predicate::StepResult::Failed,
        };
        let said = predicate::Step {
            run: self.run.to_owned(),
            stage: record.stage.to_string(),
            step: record.name.clone(),
            command: step.command.clone(),
            seal: self.seal(),
            result,
            exit_code: match ending {
                Some(Ending::Exited(code)) => Some(code),
                _ => None,
            },
            attempts: u32::try_from(record.attempts.len()).unwrap_or(u32::MAX),
            cached: record.outcome == Outcome::Cached,
            cache_key: record.key.clone(),
            inputs: self.inputs(),
            outputs: resources(&record.outputs, "outputs"),
            connections: self.connections(),
            log: record.log.as_ref().map(|log| log.sha256.clone()),
            started_on: self.started(),
            finished_on: self.finished(),
        };
        let mut subject = self.commit();
        subject.extend(resources(&record.outputs, "outputs"));
        self.statement(subject, &said)
    }

    fn provenance(&self) -> Said {
        let Self { plan, step, record, .. } = self;
        let external =
            json!({ "definition": "andon.yaml", "stage": record.stage.to_string(), "step": record.name });
        let internal = json!({
            "command": step.command,
            "environment": step.environment.keys().collect::<Vec<_>>(),
            "network": step.network.to_string(),
            "seal": record.seal,
            "leastSeal": step.seal,
            "connections": record.connections,
            "scratch": step.scratch,
            "reads": step.reads,
            "cached": record.outcome == Outcome::Cached,
            "fromRun": record.from_run,
        });
        let mut resolved = self.commit_even_if_changed();
        resolved.push(Resource::sha256("andon.yaml", &plan.definition));
        resolved.extend(self.inputs());
        let log = record.log.as_ref().map(|log| Resource::sha256("log", &log.sha256));
        let said = predicate::Provenance {
            build_definition: predicate::BuildDefinition {
                build_type: BUILD_TYPE.to_owned(),
                external_parameters: object(external),
                internal_parameters: object(internal),
                resolved_dependencies: resolved,
            },
            run_details: predicate::RunDetails {
                builder: predicate::Builder {
                    id: BUILDER.to_owned(),
                    version: [("andon".to_owned(), self.tool.to_owned())].into(),
                    ..predicate::Builder::default()
                },
                metadata: Some(predicate::BuildMetadata {
                    invocation_id: Some(self.run.to_owned()),
                    started_on: Some(self.started()),
                    finished_on: Some(self.finished()),
                }),
                byproducts: log.into_iter().collect(),
            },
        };
        self.statement(resources(&record.outputs, "outputs"), &said)
    }

    fn tests(&self) -> Option<Said> {
        let tests = self.record.tests.as_ref()?;
        let said = predicate::TestResults {
            step: Some(self.record.name.clone()),
            reports: reports(&tests.reports),
            passed: tests.passed,
            failed: tests.failed,
            errors: tests.errors,
            skipped: tests.skipped,
            failing: tests.failing.clone(),
            complete: tests.complete,
            duration_ms: None,
            finished_on: self.finished(),
        };
        Some(self.statement(self.commit(), &said))
    }

    fn coverage(&self) -> Option<Said> {
        let coverage = self.record.coverage.as_ref()?;
        let said = predicate::TestCoverage {
            step: Some(self.record.name.clone()),
            reports: reports(&coverage.reports),
            lines: predicate::Covered { covered: coverage.covered, total: coverage.lines },
            complete: coverage.complete,
            finished_on: self.finished(),
            ..predicate::TestCoverage::default()
        };
        Some(self.statement(self.commit(), &said))
    }

    /// A statement about something. Where there is neither a commit nor an output, it is about what went in.
    fn statement<P: Predicate>(&self, mut subject: Vec<Resource>, said: &P) -> Said {
        if subject.is_empty() {
            subject.extend(self.inputs.map(|inputs| set_resource("inputs", &inputs.files)));
        }
        if subject.is_empty() {
            subject.push(Resource::sha256("andon.yaml", &self.plan.definition));
        }
        Statement::of(subject, said)
    }

    /// The commit, where the working tree is exactly it: what holds for other files does not hold for the commit.
    fn commit(&self) -> Vec<Resource> {
        if self.plan.workspace.clean { self.commit_even_if_changed() } else { Vec::new() }
    }

    fn commit_even_if_changed(&self) -> Vec<Resource> {
        let workspace = &self.plan.workspace;
        let commit = workspace.commit.as_deref().map(|commit| {
            let uri = workspace.repository.as_ref().map(|repository| format!("git+{repository}@{commit}"));
            let mut resource = Resource { uri, ..Resource::git_commit(commit) };
            if !workspace.clean {
                resource.annotations.insert("changed".to_owned(), Value::Bool(true));
            }
            resource
        });
        commit.into_iter().collect()
    }

    fn inputs(&self) -> Vec<Resource> {
        self.inputs.map_or_else(Vec::new, |inputs| resources(&inputs.files, "inputs"))
    }

    fn seal(&self) -> predicate::Seal {
        let reached = self.record.seal.as_ref();
        predicate::Seal {
            level: reached.map_or(predicate::SealLevel::None, |seal| level(seal.level)),
            required: level(self.step.seal),
            network: match &self.step.network {
                Network::None => Vec::new(),
                Network::Any => vec!["*".to_owned()],
                Network::Allow(places) => places.iter().map(ToString::to_string).collect(),
            },
            reason: reached.and_then(|seal| seal.reason.clone()),
        }
    }

    fn connections(&self) -> Vec<predicate::Connection> {
        let said = |connection: &crate::Connection| predicate::Connection {
            host: connection.host.clone(),
            port: connection.port,
            allowed: connection.allowed,
            sent: connection.sent,
            received: connection.received,
        };
        self.record.connections.iter().map(said).collect()
    }

    fn started(&self) -> String {
        self.record.started.map(|at| at.to_string()).unwrap_or_default()
    }

    /// By the clock that only goes forward: an end before its beginning would be no evidence.
    fn finished(&self) -> String {
        let duration = std::time::Duration::from_millis(self.record.duration_ms);
        let end = self.record.started.and_then(|at| at.checked_add(duration).ok());
        end.map(|at| at.to_string()).unwrap_or_default()
    }
}

fn level(level: SealLevel) -> predicate::SealLevel {
    match level {
        SealLevel::None => predicate::SealLevel::None,
        SealLevel::Restricted => predicate::SealLevel::Restricted,
        SealLevel::Full => predicate::SealLevel::Full,
    }
}

/// Files by digest; many of them by the digest of their set.
fn resources(files: &[OutputFile], name: &str) -> Vec<Resource> {
    if files.len() > MOST_FILES {
        return vec![set_resource(name, files)];
    }
    let files = files.iter().filter(|file| file.kind != OutputKind::Folder);
    files.map(|file| Resource::sha256(&file.path, &file.sha256)).collect()
}

fn set_resource(name: &str, files: &[OutputFile]) -> Resource {
    let mut resource = Resource { name: name.to_owned(), ..Resource::default() };
    resource.digest.insert(SET_DIGEST.to_owned(), set_digest(files));
    resource.annotations.insert("files".to_owned(), Value::from(files.len()));
    resource
}

fn reports(reports: &[ReportFile]) -> Vec<Resource> {
    let resource = |report: &ReportFile| Resource {
        annotations: [("format".to_owned(), Value::from(report.format.clone()))].into_iter().collect(),
        ..Resource::sha256(&report.path, &report.sha256)
    };
    reports.iter().map(resource).collect()
}

fn object(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

#[cfg(test)]
mod tests;
