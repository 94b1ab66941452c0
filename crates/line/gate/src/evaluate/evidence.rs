use andon_config::{CommitsWanted, EvidenceWanted, Gate, SealLevel, StatementKind};
use andon_model::{Reason, Verdict};

use super::approvals;
use crate::evidence::{Accepted, Evidence, Says, SaysStep, Subject};
use crate::{Change, Input, PolicySet};

mod figures;
pub(super) mod fresh;

use fresh::Fresh;

/// The `source` of reasons from evidence that is missing or says no.
pub const EVIDENCE: &str = "evidence";

/// What a gate that asks for evidence has to say about it.
pub(super) fn reasons(gate: &Gate, input: &Input, policies: &PolicySet) -> Vec<Reason> {
    let Some(wanted) = &gate.evidence else { return Vec::new() };
    let Some(evidence) = &input.evidence else {
        let message = "asks for signed evidence, which `andon gate` judges and this command does not";
        return vec![reason(gate, Verdict::Warn, message)];
    };
    let mut judge = Judge { gate, wanted, evidence, change: &input.change, reasons: Vec::new() };
    judge.base(policies);
    judge.scans();
    judge.steps();
    judge.tests();
    judge.coverage();
    judge.commits();
    judge.approvals();
    judge.provenance();
    judge.unsigned(input);
    judge.reasons
}

struct Judge<'a> {
    gate: &'a Gate,
    wanted: &'a EvidenceWanted,
    evidence: &'a Evidence,
    change: &'a Change,
    reasons: Vec<Reason>,
}

impl<'a> Judge<'a> {
    fn stop(&mut self, message: impl AsRef<str>) {
        self.reasons.push(reason(self.gate, Verdict::Stop, message.as_ref()));
    }

    /// What judges must not come from the change itself.
    fn base(&mut self, policies: &PolicySet) {
        let head = self.change.head.as_deref();
        if head.is_none() && self.evidence.asked.artefacts.is_empty() {
            self.stop("there is neither a commit nor an artefact that evidence could be about");
        }
        match &policies.origin().revision {
            Some(revision) if Some(revision.as_str()) != head => {}
            Some(_) => self.stop(
                "gates, keys and roles are read from the commit under judgement itself; name an earlier base with --since",
            ),
            None => self.stop(
                "gates, keys and roles are not read from a base, so a change could excuse itself; name one with --since",
            ),
        }
    }

    /// Accepted statements about the commit; about artefacts where there is no commit.
    fn about_head(&self) -> impl Iterator<Item = &'a Accepted> + use<'a> {
        let has_commit = self.evidence.asked.commit.is_some();
        self.evidence.accepted.iter().filter(move |accepted| match accepted.about {
            Subject::Commit(_) => true,
            Subject::Artefact(_) => !has_commit,
            Subject::Base(_) => false,
        })
    }

    fn fresh(&self) -> Fresh<'a> {
        Fresh::new(self.wanted.max_age, &self.evidence.asked.now)
    }

    /// The statements that are fresh; a reason for each other one.
    fn only_fresh(&mut self, what: &str, statements: Vec<&'a Accepted>) -> Vec<&'a Accepted> {
        let fresh = self.fresh();
        let (good, old): (Vec<_>, Vec<_>) =
            statements.into_iter().partition(|accepted| fresh.too_old(accepted).is_none());
        for accepted in old {
            if let Some(why) = fresh.too_old(accepted) {
                self.stop(format!("{what}: {} {why}", accepted.origin));
            }
        }
        good
    }

    fn scans(&mut self) {
        for engine in &self.wanted.scans {
            let of_engine = |accepted: &&Accepted| match &accepted.says {
                Says::Scan(scan) => scan.engines.contains(engine),
                _ => false,
            };
            let found: Vec<_> = self.about_head().filter(of_engine).collect();
            if found.is_empty() {
                self.missing(&format!("no scan by `{engine}`"), StatementKind::Scan);
                continue;
            }
            for accepted in self.only_fresh(&format!("scan by `{engine}`"), found) {
                let Says::Scan(scan) = &accepted.says else { continue };
                if !scan.complete {
                    self.stop(format!("the scan by `{engine}` ({}) is not complete", accepted.origin));
                }
                if scan.findings > 0 && !self.evidence.reports.contains(&scan.report) {
                    self.stop(format!(
                        "the scan by `{engine}` ({}) has findings, and its report (sha256:{}) is not at hand; name it \
                         with --report",
                        accepted.origin, scan.report
                    ));
                }
            }
        }
    }

    fn steps(&mut self) {
        let step = |accepted: &&'a Accepted| match &accepted.says {
            Says::Step(step) => Some(step),
            _ => None,
        };
        for name in &self.wanted.steps {
            let found: Vec<_> = self
                .about_head()
                .filter(|accepted| step(accepted).is_some_and(|step| step.name == *name))
                .collect();
            if found.is_empty() {
                self.missing(&format!("nothing about the step `{name}`"), StatementKind::Step);
                continue;
            }
            for accepted in self.only_fresh(&format!("step `{name}`"), found) {
                let result = step(&accepted).map_or("", |step| step.result.as_str());
                if result != "passed" {
                    self.stop(format!("the step `{name}` has not succeeded: {result} ({})", accepted.origin));
                }
            }
        }
        if let Some(least) = self.wanted.seal {
            let steps: Vec<(&Accepted, &SaysStep)> = self
                .about_head()
                .filter_map(|accepted| Some((accepted, step(&accepted)?)))
                .filter(|(_, step)| self.wanted.steps.is_empty() || self.wanted.steps.contains(&step.name))
                .collect();
            self.seal(least, &steps);
        }
    }

    fn seal(&mut self, least: SealLevel, steps: &[(&Accepted, &SaysStep)]) {
        if steps.is_empty() && self.wanted.steps.is_empty() {
            self.missing("no step, so that nothing is known of its seal", StatementKind::Step);
        }
        for (accepted, step) in steps {
            if step.seal < least {
                let (name, reached, least) = (&step.name, step.seal.as_str(), least.as_str());
                let origin = &accepted.origin;
                self.stop(format!(
                    "the step `{name}` ran with seal `{reached}`, `{least}` is the least ({origin})"
                ));
            }
        }
    }

    fn commits(&mut self) {
        if self.wanted.commits != Some(CommitsWanted::Signed) {
            return;
        }
        const SHOWN: usize = 5;
        if self.change.commits.is_empty() {
            self.stop("it is not known which commits the change has, so their signatures are not either");
        }
        let mut bad = Vec::new();
        for commit in &self.change.commits {
            let told = self.evidence.commits.iter().find(|told| told.commit == *commit);
            match told {
                Some(told) if told.verdict == "good" => {}
                Some(told) if told.reason.is_empty() => bad.push((commit, told.verdict.clone())),
                Some(told) => bad.push((commit, format!("{}, {}", told.verdict, told.reason))),
                None => bad.push((commit, "not examined".to_owned())),
            }
        }
        for (commit, why) in bad.iter().take(SHOWN) {
            self.stop(format!("the commit {commit} carries no signature that counts: {why}"));
        }
        let more = bad.len().saturating_sub(SHOWN);
        if more > 0 {
            self.stop(format!("{more} more commits carry no signature that counts"));
        }
    }

    fn approvals(&mut self) {
        for wanted in &self.wanted.approvals {
            let given = approvals::of_gate(self.gate, self.evidence);
            let people =
                approvals::people(given.iter().filter(|approval| approval.role == wanted.role).copied());
            if (people.len() as u64) < u64::from(wanted.count) {
                let (role, count, has) = (&wanted.role, wanted.count, people.len());
                let missing = match (count, has) {
                    (1, _) => format!("needs approval by {role}"),
                    _ => format!("needs approval by {count} people as {role}, has {has}"),
                };
                let message = format!("{missing}{}", self.refusals(StatementKind::Approval));
                let role = Some(wanted.role.clone());
                self.reasons.push(Reason { role, ..reason(self.gate, Verdict::NeedsApproval, &message) });
            }
        }
    }

    fn provenance(&mut self) {
        if !self.wanted.provenance {
            return;
        }
        if self.evidence.asked.artefacts.is_empty() {
            self.stop("a provenance is asked for, and no artefact is named; name them with --artifact");
        }
        for artefact in &self.evidence.asked.artefacts {
            let builds = self.evidence.accepted.iter().filter(|accepted| match &accepted.says {
                Says::Build(build) => build.artefacts.contains(artefact),
                _ => false,
            });
            let found: Vec<_> = builds.collect();
            if found.is_empty() {
                self.missing(&format!("no provenance of sha256:{artefact}"), StatementKind::Build);
                continue;
            }
            let fresh = self.fresh();
            if found.iter().all(|accepted| fresh.too_old(accepted).is_some()) {
                self.only_fresh("provenance", found);
            }
        }
    }

    /// Names what was handed in without a signature.
    fn unsigned(&mut self, input: &Input) {
        for name in &input.unsigned.sources {
            let message = format!("{name} is not vouched for by an accepted key and does not count");
            self.reasons.push(reason(self.gate, Verdict::Warn, &message));
        }
    }

    fn missing(&mut self, what: &str, kind: StatementKind) {
        let refusals = self.refusals(kind);
        self.stop(format!("{what} is known by an accepted key{refusals}"));
    }

    /// Why what was there does not count.
    fn refusals(&self, kind: StatementKind) -> String {
        const SHOWN: usize = 3;
        let of_kind: Vec<_> = self
            .evidence
            .refused
            .iter()
            .filter(|refused| refused.kind.is_none_or(|own| own == kind))
            .collect();
        let shown: Vec<String> = of_kind
            .iter()
            .take(SHOWN)
            .map(|refused| format!("{} does not count: {}", refused.origin, refused.why))
            .collect();
        let more = of_kind.len().saturating_sub(SHOWN);
        let more = if more > 0 { format!("; {more} more do not count") } else { String::new() };
        if shown.is_empty() { String::new() } else { format!("; {}{more}", shown.join("; ")) }
    }
}

pub(super) fn reason(gate: &Gate, verdict: Verdict, message: &str) -> Reason {
    Reason {
        verdict,
        source: EVIDENCE.to_owned(),
        message: format!("{message} (gate `{}`)", gate.name),
        role: None,
        findings: Vec::new(),
    }
}
