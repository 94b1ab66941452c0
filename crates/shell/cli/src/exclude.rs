//! `scan.exclude` of `andon.yaml`, for every kind of target: an engine does not see what is left out on purpose.

use andon_model::{
    Base, Content, Engine, EngineInfo, Examined, Interest, Memory, Outcome, RuleDescription, Snapshot, Unit,
};
use globset::{GlobBuilder, GlobSet, GlobSetBuilder};

use crate::project::Project;

/// An engine that is not shown some paths.
pub(crate) struct Excluding {
    engine: Box<dyn Engine>,
    globs: GlobSet,
}

impl Excluding {
    /// Hides what `globs` (over paths from the project's root) match; a folder stands for all that is in it.
    ///
    /// # Errors
    /// When a glob is none.
    pub(crate) fn wrap(
        engines: Vec<Box<dyn Engine>>,
        project: &Project,
        globs: &[String],
    ) -> anyhow::Result<Vec<Box<dyn Engine>>> {
        if globs.is_empty() {
            return Ok(engines);
        }
        let mut set = GlobSetBuilder::new();
        for glob in globs.iter().filter_map(|glob| project.below_target(glob)) {
            let glob = glob.trim_end_matches('/');
            for glob in [glob.to_owned(), format!("{glob}/**")] {
                set.add(GlobBuilder::new(&glob).literal_separator(true).build()?);
            }
        }
        let globs = set.build()?;
        let wrap = |engine| Box::new(Self { engine, globs: globs.clone() }) as Box<dyn Engine>;
        Ok(engines.into_iter().map(wrap).collect())
    }
}

impl Engine for Excluding {
    fn info(&self) -> EngineInfo {
        self.engine.info()
    }

    fn interest(&self, path: &str) -> Interest {
        if self.globs.is_match(path) { Interest::Allowed } else { self.engine.interest(path) }
    }

    fn wants_binary(&self, head: &[u8]) -> bool {
        self.engine.wants_binary(head)
    }

    fn examine(&self, content: &Content<'_>) -> Examined {
        self.engine.examine(content)
    }

    fn examine_delta(
        &self,
        content: &Content<'_>,
        base: Option<Base<'_>>,
        keep: bool,
    ) -> (Examined, Option<Memory>) {
        self.engine.examine_delta(content, base, keep)
    }

    fn examine_path(&self, path: &str) -> Option<Vec<u8>> {
        self.engine.examine_path(path).filter(|_| !self.globs.is_match(path))
    }

    fn name_matters(&self, name: &str) -> bool {
        self.engine.name_matters(name)
    }

    fn combine(&self, units: &[Unit], snapshot: &dyn Snapshot) -> Outcome {
        let visible = |unit: &Unit| {
            let kept = unit.occurrences.iter().filter(|occurrence| !self.globs.is_match(&occurrence.path));
            Unit { facts: unit.facts.clone(), occurrences: kept.cloned().collect() }
        };
        let units: Vec<Unit> =
            units.iter().map(visible).filter(|unit| !unit.occurrences.is_empty()).collect();
        self.engine.combine(&units, snapshot)
    }

    fn rules(&self) -> Vec<RuleDescription> {
        self.engine.rules()
    }
}
