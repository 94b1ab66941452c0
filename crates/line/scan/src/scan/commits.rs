use std::collections::BTreeSet;

use andon_model::{
    Content, Engine, EngineInfo, Examined, Gap, GapKind, Interest, Outcome, RuleDescription, Snapshot, Unit,
    View,
};

use super::Scan;
use super::gathered::Gathered;
use super::request::{ScanError, ScanTarget};
use super::targets::repository;
use crate::cache::Store;
use crate::history::{self, HistoryRequest};

/// What the commits have; for a range also the paths it touches.
pub(crate) fn gather_history(scan: &Scan<'_>) -> Result<(Gathered, Option<BTreeSet<String>>), ScanError> {
    let request = scan.request;
    let repo = repository(request, "the history")?.to_thread_local();
    let quiet: Vec<Deaf<'_>> = scan.engines.all().map(Deaf).collect();
    let engines: Vec<&dyn Engine> = scan
        .engines
        .all()
        .zip(&scan.engines.infos)
        .zip(&quiet)
        .map(|((engine, info), quiet)| if info.view == View::Tree { quiet as &dyn Engine } else { engine })
        .collect();
    let history = HistoryRequest {
        repository: &repo,
        engines: &engines,
        max_file_size: request.tree.max_file_size,
        unreachable: matches!(request.target, ScanTarget::History { unreachable: true }),
        store: request.cache.map(|place| Store::new(scan.system, place)),
        interrupted: request.interrupted,
        progress: scan.progress,
    };
    let outcome = match &request.target {
        ScanTarget::Range { since } => history::examine_range(&history, since, "HEAD")?,
        _ => history::examine_history(&history)?,
    };
    let mut gathered = Gathered::new(engines.len());
    gathered.commits = Some(outcome.commits);
    gathered.renames = outcome.renames;
    gathered.coverage.gaps = outcome.gaps;
    for (reason, files, bytes, example) in outcome.skipped {
        gathered.coverage.skipped.push(andon_model::Skip {
            reason,
            files,
            bytes,
            examples: Vec::from_iter(Some(example).filter(|example| !example.is_empty())),
        });
    }
    let is_range = matches!(request.target, ScanTarget::Range { .. });
    let mut baseline = outcome.baseline.into_iter();
    for ((engine, units), info) in gathered.engines.iter_mut().zip(outcome.units).zip(&scan.engines.infos) {
        let before = baseline.next();
        if info.view == View::Tree {
            continue;
        }
        engine.units = units;
        engine.baseline = is_range.then(|| before.unwrap_or_default());
        (engine.files, engine.bytes, engine.cached) = (outcome.files, outcome.bytes, outcome.cached);
    }
    if scan.is_interrupted() && !gathered.coverage.gaps.iter().any(|gap| gap.kind == GapKind::Interrupted) {
        let detail = "stopped before all commits were examined; scan again".to_owned();
        gathered.coverage.gaps.push(Gap { kind: GapKind::Interrupted, subject: ".".to_owned(), detail });
    }
    let touched = is_range.then(|| {
        let old: Vec<String> = gathered.renames.values().cloned().collect();
        outcome.touched.into_iter().chain(old).collect()
    });
    Ok((gathered, touched))
}

/// An engine that wants nothing of single commits.
struct Deaf<'a>(&'a dyn Engine);

impl Engine for Deaf<'_> {
    fn info(&self) -> EngineInfo {
        self.0.info()
    }

    fn interest(&self, _path: &str) -> Interest {
        Interest::None
    }

    fn examine(&self, _content: &Content<'_>) -> Examined {
        Examined::default()
    }

    fn combine(&self, _units: &[Unit], _snapshot: &dyn Snapshot) -> Outcome {
        Outcome::default()
    }

    fn rules(&self) -> Vec<RuleDescription> {
        Vec::new()
    }
}
