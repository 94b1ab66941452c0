use andon_model::{Coverage, EngineCoverage, Renames, Unit};

use super::engines::Engines;
use crate::cache::bit;

/// What was gathered of a target before any engine combines it.
#[derive(Debug, Default)]
pub(crate) struct Gathered {
    /// In the order of the engines.
    pub(crate) engines: Vec<EngineGathered>,
    /// Skips and gaps; the engines' part is filled in from [`Gathered::engines`].
    pub(crate) coverage: Coverage,
    /// New path -> old path between the baseline and the target.
    pub(crate) renames: Renames,
    /// Digest of the image, for an image.
    pub(crate) image: Option<String>,
    /// Commits walked, for a history.
    pub(crate) commits: Option<u64>,
}

/// What one engine made of a target.
#[derive(Debug, Default)]
pub(crate) struct EngineGathered {
    /// Sorted by first path, then digest of the content.
    pub(crate) units: Vec<Unit>,
    /// The units of the other side, where gathering the target gathers its baseline as well.
    pub(crate) baseline: Option<Vec<Unit>>,
    pub(crate) files: u64,
    pub(crate) bytes: u64,
    pub(crate) cached: u64,
}

impl Gathered {
    pub(crate) fn new(engines: usize) -> Self {
        let engines = std::iter::repeat_with(EngineGathered::default).take(engines).collect();
        Self { engines, ..Self::default() }
    }

    /// Whether gathering the target gathered its baseline as well.
    pub(crate) fn has_baseline(&self) -> bool {
        self.engines.iter().any(|engine| engine.baseline.is_some())
    }

    /// Counts a file that the engines in `examined` examined, those in `cached` by means of the cache.
    pub(crate) fn count(&mut self, engines: &Engines<'_>, examined: u32, cached: u32, bytes: u64) {
        for number in engines.numbers(examined) {
            if let Some(engine) = self.engines.get_mut(usize::from(number)) {
                engine.files += 1;
                engine.bytes += bytes;
                engine.cached += u64::from(cached & bit(number) != 0);
            }
        }
    }

    /// Adds what the listing skipped or could not see.
    pub(crate) fn add_listing(&mut self, listing: Coverage) {
        let examined = std::mem::replace(&mut self.coverage, listing);
        self.coverage.gaps.extend(examined.gaps);
        for skip in examined.skipped {
            match self.coverage.skipped.iter_mut().find(|other| other.reason == skip.reason) {
                Some(other) => {
                    other.files += skip.files;
                    other.bytes += skip.bytes;
                    other.examples.extend(skip.examples);
                    other.examples.truncate(3);
                }
                None => self.coverage.skipped.push(skip),
            }
        }
        self.coverage.skipped.sort_by_key(|skip| skip.reason);
    }

    /// The engines' part of the coverage.
    pub(crate) fn engine_coverage(&self, engines: &Engines<'_>) -> Vec<EngineCoverage> {
        let lines = engines.infos.iter().zip(&self.engines).map(|(info, gathered)| EngineCoverage {
            engine: info.name.to_owned(),
            files: gathered.files,
            bytes: gathered.bytes,
            cached: gathered.cached,
            rules_loaded: info.rules_loaded,
            rules_rejected: info.rules_rejected.clone(),
            packs: info.packs.clone(),
        });
        lines.collect()
    }
}
