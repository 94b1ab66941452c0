use andon_attestation::predicate::{
    Approval, Covered, Decision, Deployment, Provenance, Scan, Step, StepResult, TestCoverage, TestResults,
    VerificationSummary, is_sbom, is_vex,
};
use andon_attestation::{Predicate, Statement};
use andon_config::{SealLevel, StatementKind};

use super::refusal::Refusal;
use super::types::{
    ArtefactProvenance, Asked, Figures, Says, SaysApproval, SaysCoverage, SaysScan, SaysStep, SaysTests,
};

/// A statement's content with the time that it claims.
pub(super) struct Content {
    pub(super) says: Says,
    /// `None` for types that know no time.
    pub(super) time: Option<String>,
    /// For an approval: who it names, for which project, until when.
    pub(super) approval: Option<Approval>,
}

/// The kind that a predicate's type belongs to.
pub(super) fn kind_of(predicate_type: &str) -> Option<StatementKind> {
    match predicate_type {
        Scan::TYPE => Some(StatementKind::Scan),
        Step::TYPE => Some(StatementKind::Step),
        Provenance::TYPE => Some(StatementKind::Build),
        TestResults::TYPE | TestCoverage::TYPE => Some(StatementKind::Tests),
        Decision::TYPE | VerificationSummary::TYPE => Some(StatementKind::Decision),
        Approval::TYPE => Some(StatementKind::Approval),
        Deployment::TYPE => Some(StatementKind::Deployment),
        other if is_sbom(other) => Some(StatementKind::Sbom),
        other if is_vex(other) => Some(StatementKind::Vex),
        _ => None,
    }
}

/// Reads a predicate of a known type and checks what can be checked without keys and clock.
pub(super) fn read(statement: &Statement, asked: &Asked) -> Result<Content, Refusal> {
    let plain = |says: Says, time: String| Ok(Content { says, time: Some(time), approval: None });
    match statement.predicate_type.as_str() {
        Scan::TYPE => scan(typed(statement)?, asked),
        Step::TYPE => {
            let step: Step = typed(statement)?;
            let says = SaysStep {
                name: step.step,
                result: result_word(step.result).to_owned(),
                seal: seal(step.seal.level),
                cached: step.cached,
            };
            plain(Says::Step(says), step.finished_on)
        }
        TestResults::TYPE => tests(typed(statement)?),
        TestCoverage::TYPE => coverage(typed(statement)?),
        Approval::TYPE => {
            let approval: Approval = typed(statement)?;
            let says = SaysApproval {
                role: approval.role.clone(),
                by: Vec::new(),
                reason: approval.reason.clone(),
                gate: approval.gate.clone(),
            };
            let time = Some(approval.given_on.clone());
            Ok(Content { says: Says::Approval(says), time, approval: Some(approval) })
        }
        Provenance::TYPE => provenance(typed(statement)?, statement, asked),
        Decision::TYPE => {
            let decision: Decision = typed(statement)?;
            plain(Says::Other(Decision::TYPE.to_owned()), decision.decided_on)
        }
        VerificationSummary::TYPE => {
            let summary: VerificationSummary = typed(statement)?;
            plain(Says::Other(VerificationSummary::TYPE.to_owned()), summary.time_verified)
        }
        other => Ok(Content { says: Says::Other(other.to_owned()), time: None, approval: None }),
    }
}

fn typed<P: Predicate>(statement: &Statement) -> Result<P, Refusal> {
    statement.predicate_as::<P>().map_err(|error| Refusal::Unreadable(error.to_string()))
}

fn scan(scan: Scan, asked: &Asked) -> Result<Content, Refusal> {
    if let (Some(head), Some(commit)) = (&scan.head_commit, &asked.commit)
        && head != commit
    {
        return Err(Refusal::WrongSubject(format!("a scan of the commit {}", super::subject::short(head))));
    }
    if asked.configuration.as_ref().is_some_and(|wanted| *wanted != scan.configuration) {
        return Err(Refusal::OtherConfiguration);
    }
    let counts = scan.findings;
    let findings = [counts.critical, counts.high, counts.medium, counts.low, counts.info];
    let says = SaysScan {
        tool: format!("{} {}", scan.tool, scan.tool_version),
        engines: scan.engines.into_iter().map(|engine| engine.name).collect(),
        complete: scan.coverage.complete && scan.coverage.gaps == 0,
        report: scan.report,
        findings: findings.into_iter().fold(0, u64::saturating_add),
    };
    Ok(Content { says: Says::Scan(says), time: Some(scan.finished_on), approval: None })
}

fn tests(results: TestResults) -> Result<Content, Refusal> {
    if !results.complete {
        return Err(Refusal::Partial);
    }
    let says = SaysTests {
        step: results.step.unwrap_or_default(),
        passed: results.passed,
        failed: results.failed.saturating_add(results.errors),
        skipped: results.skipped,
        failing: results.failing.into_iter().take(10).collect(),
    };
    Ok(Content { says: Says::Tests(says), time: Some(results.finished_on), approval: None })
}

fn coverage(coverage: TestCoverage) -> Result<Content, Refusal> {
    if !coverage.complete {
        return Err(Refusal::Partial);
    }
    let says = SaysCoverage {
        step: coverage.step.unwrap_or_default(),
        lines: figures(coverage.lines),
        changed_lines: coverage.changed_lines.map(figures),
    };
    Ok(Content { says: Says::Coverage(says), time: Some(coverage.finished_on), approval: None })
}

/// A provenance of artefacts must lead to the commit under judgement.
fn provenance(provenance: Provenance, statement: &Statement, asked: &Asked) -> Result<Content, Refusal> {
    let artefacts: Vec<String> =
        asked.artefacts.iter().filter(|digest| statement.is_about("sha256", digest)).cloned().collect();
    if let Some(commit) = &asked.commit {
        let sources = &provenance.build_definition.resolved_dependencies;
        let mut commits = sources.iter().filter_map(|source| source.digest.get("gitCommit")).peekable();
        let first = commits.peek().map(|commit| super::subject::short(commit).to_owned());
        if !artefacts.is_empty() && !commits.any(|source| source == commit) {
            let other =
                first.map_or("no commit that it names".to_owned(), |first| format!("the commit {first}"));
            return Err(Refusal::OtherSource(other));
        }
    }
    let time =
        provenance.run_details.metadata.and_then(|metadata| metadata.finished_on.or(metadata.started_on));
    let says = ArtefactProvenance { builder: provenance.run_details.builder.id, artefacts };
    Ok(Content { says: Says::Build(says), time: Some(time.ok_or(Refusal::NoTime)?), approval: None })
}

fn figures(covered: Covered) -> Figures {
    Figures { covered: covered.covered, total: covered.total }
}

fn seal(level: andon_attestation::predicate::SealLevel) -> SealLevel {
    use andon_attestation::predicate::SealLevel as Reached;
    match level {
        Reached::None => SealLevel::None,
        Reached::Restricted => SealLevel::Restricted,
        Reached::Full => SealLevel::Full,
    }
}

fn result_word(result: StepResult) -> &'static str {
    match result {
        StepResult::Passed => "passed",
        StepResult::Failed => "failed",
        StepResult::TimedOut => "timed-out",
        StepResult::Cancelled => "cancelled",
        StepResult::Skipped => "skipped",
    }
}
