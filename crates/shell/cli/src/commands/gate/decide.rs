use std::path::PathBuf;

use andon_attestation::Statement;
use andon_gate::evidence::{Asked, Offered, SaysCoverage, SaysTests, collect};
use andon_gate::{
    Change, DecisionRecord, Evidence, Input, PolicySet, Program, Text, Trust, Unsigned, exit_code,
};
use andon_model::{Coverage, ScanReport, SuppressionKind};
use andon_scan::config_source::{ConfigSource, scan_digest};
use andon_scan::exceptions::{Exceptions, Reach};
use andon_system::System;
use jiff::Timestamp;

use super::change::Commits;
use super::offered::{self, Found};
use super::results::{self, Given};
use crate::line::Documents;
use crate::problem::Problem;
use crate::project::{Configuration, read_policies};

/// What is to be decided, and what there is to decide on.
pub(crate) struct Question<'a> {
    pub(crate) system: &'a dyn System,
    /// Where gates, keys and exceptions are read.
    pub(crate) source: &'a dyn ConfigSource,
    pub(crate) configuration: &'a Configuration,
    pub(crate) exceptions: &'a Exceptions,
    /// The commits under judgement; none outside of a repository.
    pub(crate) commits: Option<Commits<'a>>,
    /// SHA-256 of the artefacts under judgement.
    pub(crate) artefacts: Vec<String>,
    /// Whether the configuration is a file that the user named, which is of no base.
    pub(crate) is_named: bool,
    /// The only gate that decides.
    pub(crate) gate: Option<String>,
    pub(crate) reports: Vec<Given>,
    /// Files with signed statements, folders of them, and ledgers.
    pub(crate) evidence: Vec<PathBuf>,
    /// Signed statements that are at hand already: those of this machine's ledger.
    pub(crate) found: &'a dyn Fn(&Asked) -> anyhow::Result<Vec<Found>>,
    /// Names and figures of what says something of tests and has no signature.
    pub(crate) tests: (Vec<String>, Option<SaysTests>, Option<SaysCoverage>),
}

/// A decision with all that it was made from.
pub(crate) struct Decided {
    pub(crate) record: DecisionRecord,
    /// The record's identifier.
    pub(crate) id: String,
    /// What was decided on, to be shown.
    pub(crate) report: ScanReport,
    pub(crate) code: u8,
}

impl Decided {
    /// The statements about the decision.
    ///
    /// # Errors
    /// When neither a commit nor an artefact was judged.
    pub(crate) fn statements(&self) -> anyhow::Result<[Statement; 2]> {
        Ok(andon_gate::statements(&self.id, &self.record)?)
    }
}

impl Question<'_> {
    /// Whether signed statements are asked for.
    pub(crate) fn wants_evidence(&self) -> bool {
        let gates = self.configuration.config.gates.iter();
        let mut deciding = gates.filter(|gate| self.gate.as_ref().is_none_or(|only| *only == gate.name));
        deciding.any(|gate| gate.evidence.is_some()) || !self.evidence.is_empty()
    }

    /// Decides. With signed statements the record and every statement that was looked at are kept.
    ///
    /// # Errors
    /// When something that is named cannot be read.
    pub(crate) fn decide(mut self) -> anyhow::Result<Decided> {
        let now = self.system.now();
        let mut report = results::merged(self.reports.iter().map(|given| given.report.clone()).collect());
        let (mut change, gap) = self.change(&mut report);
        let wants = self.wants_evidence();
        let collected = if wants { Some(self.collect(&mut change, now)?) } else { None };
        let (trust, evidence, found) = match collected {
            Some((trust, evidence, found)) => (trust, Some(evidence), found),
            None => (Trust::default(), None, Vec::new()),
        };
        let (signed, unsigned) = self.split(evidence.as_ref(), now)?;
        report.findings = signed.findings.iter().chain(&unsigned.findings).cloned().collect();
        self.issues(&mut report, wants, now);
        let mut input = Input { change, evidence, now: now.to_string(), ..Input::default() };
        if let Some(evidence) = &mut input.evidence {
            evidence.reports = signed.reports;
            input.findings = signed.findings;
            input.coverage = signed.coverage;
            input.unsigned = unsigned;
            input.coverage.gaps.extend(gap);
        } else {
            report.coverage.gaps.extend(gap);
            super::settle(&mut report.coverage);
            (input.findings, input.coverage) = (report.findings.clone(), report.coverage.clone());
        }
        let record = self.record(input, &trust)?;
        let (id, bytes) = record.to_bytes()?;
        if wants {
            let documents = Documents::open(self.system)?;
            documents.put(&bytes)?;
            found.iter().try_for_each(|one| documents.put(&one.bytes).map(drop))?;
        }
        let code = exit_code(&record.decision);
        report.gate = Some(record.decision.clone());
        Ok(Decided { record, id, report, code })
    }

    fn change(&self, report: &mut ScanReport) -> (Change, Option<andon_model::Gap>) {
        if let Some(commits) = &self.commits {
            report.target.base = self.source.revision().filter(|_| commits.base.is_some());
            return commits.change(report);
        }
        let change = Change {
            base: report.target.base.clone(),
            head: report.target.head.clone(),
            protected_changes: report.protected_changes.clone(),
            ..Change::default()
        };
        (change, None)
    }

    fn collect(&self, change: &mut Change, now: Timestamp) -> anyhow::Result<(Trust, Evidence, Vec<Found>)> {
        let config = &self.configuration.config;
        let mut read = |path: &str| self.source.read(path).map_err(|error| error.to_string());
        let trust = Trust::load(&config.trust.clone().unwrap_or_default(), &mut read)?;
        let signatures = match &self.commits {
            Some(commits) => commits.people(change, config, self.source, now)?,
            None => Vec::new(),
        };
        let asked = Asked {
            commit: change.head.clone(),
            base: change.base.clone(),
            artefacts: self.artefacts.clone(),
            project: config.project.id.clone(),
            configuration: Some(scan_digest(self.source, &config.scan.rules)?),
            people: change.people.clone(),
            now: now.to_string(),
        };
        let keys: Vec<_> = trust.keys().iter().map(|key| key.key().clone()).collect();
        let mut found = (self.found)(&asked)?;
        found.extend(offered::read(self.system, &self.evidence, &asked, &keys)?);
        let offered: Vec<Offered<'_>> = found
            .iter()
            .map(|one| Offered { origin: &one.origin, index: one.index, bytes: &one.bytes })
            .collect();
        let mut evidence = collect(&offered, &trust, &asked);
        evidence.commits = signatures;
        Ok((trust, evidence, found))
    }

    /// What accepted statements vouch for, and what nobody does.
    fn split(&mut self, evidence: Option<&Evidence>, now: Timestamp) -> anyhow::Result<(Signed, Unsigned)> {
        self.find_reports(evidence)?;
        let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let mut signed =
            Signed { coverage: Coverage { complete: true, ..Coverage::default() }, ..Signed::default() };
        let (sources, tests, test_coverage) = std::mem::take(&mut self.tests);
        let mut unsigned = Unsigned { sources, tests, test_coverage, ..Unsigned::default() };
        let mut others = Vec::new();
        for mut given in std::mem::take(&mut self.reports) {
            let engines = evidence.map(|evidence| vouched(evidence, &given.digest)).unwrap_or_default();
            if engines.is_empty() {
                self.exceptions.apply(&mut given.report.findings, today, Reach::Part);
                unsigned.sources.push(given.name);
                others.push(given.report);
                continue;
            }
            let mut findings = given.report.findings;
            findings.retain(|finding| engines.contains(&finding.engine));
            // Only the exceptions of the base count, as of today.
            let own = |kind: SuppressionKind| kind == SuppressionKind::Exception;
            findings
                .iter_mut()
                .filter(|finding| {
                    finding.suppression.as_ref().is_some_and(|suppression| own(suppression.kind))
                })
                .for_each(|finding| finding.suppression = None);
            self.exceptions.apply(&mut findings, today, Reach::Part);
            signed.add(given.digest, findings, given.report.coverage);
        }
        signed.coverage.complete &= evidence.is_some_and(all_scans_complete);
        let others = results::merged(others);
        (unsigned.findings, unsigned.coverage) = (others.findings, others.coverage);
        Ok((signed, unsigned))
    }

    /// Adds the reports that this machine keeps and that an accepted statement speaks of.
    fn find_reports(&mut self, evidence: Option<&Evidence>) -> anyhow::Result<()> {
        let Some(evidence) = evidence else { return Ok(()) };
        let documents = Documents::open(self.system)?;
        for digest in reports(evidence) {
            if self.reports.iter().any(|given| given.digest == digest) {
                continue;
            }
            if let Ok(bytes) = documents.get(&digest)
                && let Ok(report) = results::own(&digest, &bytes)
            {
                self.reports.push(Given { name: digest.clone(), digest, report });
            }
        }
        Ok(())
    }

    fn issues(&self, report: &mut ScanReport, wants: bool, now: Timestamp) {
        let today = now.to_zoned(jiff::tz::TimeZone::UTC).date();
        let mut issues = self.exceptions.apply(&mut [], today, Reach::Part);
        if wants {
            issues.extend(self.exceptions.unapproved(today));
        }
        for issue in issues {
            if !report.exception_issues.contains(&issue) {
                report.exception_issues.push(issue);
            }
        }
    }

    fn record(&self, input: Input, trust: &Trust) -> anyhow::Result<DecisionRecord> {
        let policies: PolicySet = read_policies(self.source, self.configuration)?;
        let text = |(name, text): &(String, String)| Text { name: name.clone(), text: text.clone() };
        let is_loose = self.is_named && input.evidence.is_some();
        let decision = andon_model::Decision {
            verdict: andon_model::Verdict::Stop,
            reasons: Vec::new(),
            policy: policies.origin().clone(),
            at: input.now.clone(),
        };
        let record = DecisionRecord {
            schema: String::new(),
            program: Program::this(),
            gate: self.gate.clone(),
            config: self.configuration.file.as_ref().map(text),
            revision: policies.origin().revision.clone().filter(|_| !is_loose),
            policies: policies.files().iter().map(text).collect(),
            trust: trust.resolved().clone(),
            input,
            decision,
        };
        DecisionRecord::decide(record).map_err(|error| Problem::new(error.to_string()).into())
    }
}

/// What accepted statements vouch for.
#[derive(Default)]
struct Signed {
    reports: Vec<String>,
    findings: Vec<andon_model::Finding>,
    coverage: Coverage,
}

impl Signed {
    fn add(&mut self, report: String, findings: Vec<andon_model::Finding>, coverage: Coverage) {
        self.reports.push(report);
        self.findings.extend(findings);
        self.coverage.complete &= coverage.complete;
        self.coverage.engines.extend(coverage.engines);
        self.coverage.gaps.extend(coverage.gaps);
        self.coverage.skipped.extend(coverage.skipped);
    }
}

/// The engines whose accepted, newest scan has this report.
fn vouched(evidence: &Evidence, digest: &str) -> Vec<String> {
    let scans = evidence.accepted.iter().filter_map(|accepted| match &accepted.says {
        andon_gate::evidence::Says::Scan(scan) if scan.report == digest => Some(&scan.engines),
        _ => None,
    });
    scans.flatten().cloned().collect()
}

/// Whether there is a scan that counts, and none that missed something.
fn all_scans_complete(evidence: &Evidence) -> bool {
    let mut scans = evidence.accepted.iter().filter_map(|accepted| match &accepted.says {
        andon_gate::evidence::Says::Scan(scan) => Some(scan.complete),
        _ => None,
    });
    scans.next().is_some_and(|first| first && scans.all(|complete| complete))
}

fn reports(evidence: &Evidence) -> Vec<String> {
    let scans = evidence.accepted.iter().filter_map(|accepted| match &accepted.says {
        andon_gate::evidence::Says::Scan(scan) => Some(scan.report.clone()),
        _ => None,
    });
    let mut reports: Vec<String> = scans.collect();
    reports.sort();
    reports.dedup();
    reports
}
