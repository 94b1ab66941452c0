//! The scan itself: reads every file once, lets each engine that wants it examine it, puts the facts together and
//! says how far the answer reaches. It knows no engine by name and nothing of how results are shown or judged.
//!
//! The report is the same whatever the number of threads and whatever the cache knew, but for the time it took and
//! [`andon_model::EngineCoverage::cached`].

mod budget;
mod commits;
pub(crate) mod contain;
mod contents;
mod deep;
mod engines;
mod examine;
mod gather;
mod gathered;
pub(crate) mod git;
mod image;
mod judge;
mod progress;
mod request;
mod settle;
mod snapshot;
pub(crate) mod source;
mod subject;
mod targets;
mod views;
mod visit;

use std::sync::atomic::Ordering;

use andon_model::{Engine, Finding, Inventory, ScanReport, Snapshot, Tool};
use andon_system::System;

pub use image::is_image;
pub use progress::{Phase, Progress, Silent};
pub use request::{Baseline, ScanError, ScanRequest, ScanTarget};

use engines::Engines;
use gathered::Gathered;
use targets::{Targets, identify};

/// Scans a target. What cannot be examined is a gap in the report's coverage, not an error.
///
/// # Errors
/// When there is nothing to report on: the target, its history or the baseline cannot be read at all.
pub fn run(
    request: &ScanRequest<'_>,
    engines: &[Box<dyn Engine>],
    system: &dyn System,
    progress: &dyn Progress,
) -> Result<ScanReport, ScanError> {
    if engines.len() > engines::MOST {
        return Err(ScanError::TooManyEngines(engines.len()));
    }
    let started = system.now();
    let scan = Scan { request, engines: Engines::new(engines), system, progress };
    let threads = rayon::ThreadPoolBuilder::new()
        .num_threads(request.threads.unwrap_or(0))
        .stack_size(STACK)
        .build()
        .map_err(|error| ScanError::Threads(error.to_string()))?;
    let mut report = threads.install(|| scan.report(started))?;
    report.rules = settle::rules_of(&report.findings, engines);
    let took = system.now().duration_since(started).as_millis();
    report.duration_ms = u64::try_from(took).unwrap_or(0);
    Ok(report)
}

/// Bytes of stack for each thread: parsers recurse, and a stack overflow cannot be caught.
const STACK: usize = 8 << 20;

pub(crate) struct Scan<'a> {
    pub(crate) request: &'a ScanRequest<'a>,
    pub(crate) engines: Engines<'a>,
    pub(crate) system: &'a dyn System,
    pub(crate) progress: &'a dyn Progress,
}

impl Scan<'_> {
    fn report(&self, started: jiff::Timestamp) -> Result<ScanReport, ScanError> {
        let targets = Targets::gather(self, started)?;
        let Targets { mut now, before, snapshot, reach, protected, .. } = targets;
        self.progress.phase(Phase::Combining, None);
        let mut coverage = std::mem::take(&mut now.coverage);
        let (mut findings, inventory, gaps) = self.combine(&now, false, snapshot.as_ref());
        coverage.gaps.extend(gaps);
        let old = before.map(|before| {
            let (findings, gaps) = before.findings(self, &now, snapshot.as_ref());
            coverage.gaps.extend(gaps);
            findings
        });
        let judged = judge::Judged {
            request: self.request,
            engines: &self.engines,
            reach: &reach,
            gaps: &coverage.gaps,
            today: started.to_zoned(jiff::tz::TimeZone::UTC).date(),
        };
        let exception_issues = judged.settle(&mut findings, old, &now.renames);
        coverage.engines = now.engine_coverage(&self.engines);
        coverage.gaps.sort_by(|a, b| (&a.subject, a.kind, &a.detail).cmp(&(&b.subject, b.kind, &b.detail)));
        coverage.gaps.dedup();
        coverage.settle();
        Ok(ScanReport {
            schema: ScanReport::SCHEMA.to_owned(),
            tool: Tool { name: "andon".to_owned(), version: env!("CARGO_PKG_VERSION").to_owned() },
            target: identify(self.request, &now),
            started: started.to_string(),
            duration_ms: 0,
            findings,
            inventory,
            rules: Vec::new(),
            coverage,
            protected_changes: protected,
            exception_issues,
            gate: None,
        })
    }

    /// The findings of all engines, in a fixed order, what the target is made of, and what engines could not do.
    pub(crate) fn combine(
        &self,
        gathered: &Gathered,
        baseline: bool,
        snapshot: &dyn Snapshot,
    ) -> (Vec<Finding>, Option<Inventory>, Vec<andon_model::Gap>) {
        let (mut findings, mut inventory, mut gaps) = (Vec::new(), None, Vec::new());
        for (number, engine) in gathered.engines.iter().enumerate() {
            let units = if baseline { engine.baseline.as_deref().unwrap_or_default() } else { &engine.units };
            let (outcome, missed) = self.engines.combine(number, units, snapshot);
            findings.extend(outcome.findings);
            inventory = inventory.or(outcome.inventory);
            gaps.extend(missed);
        }
        settle::number_equal_findings(&mut findings);
        (findings, inventory, gaps)
    }

    pub(crate) fn is_interrupted(&self) -> bool {
        self.request.interrupted.load(Ordering::Relaxed)
    }
}
