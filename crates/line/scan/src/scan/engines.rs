use andon_model::{Engine, EngineInfo, Examined, Gap, GapKind, Interest, Outcome, Snapshot, Unit};

use super::contain::contained;
use crate::cache::bit;

/// More engines have no place in a set of them.
pub(crate) const MOST: usize = 32;

/// The engines of a scan, each called so that a panic stays within.
pub(crate) struct Engines<'a> {
    engines: &'a [Box<dyn Engine>],
    pub(crate) infos: Vec<EngineInfo>,
}

/// What the engines want of a path.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    /// The set of engines that want the content.
    pub(crate) content: u32,
    /// Whether the rules of some engine allow the path.
    pub(crate) allowed: bool,
    /// Facts from the path alone.
    pub(crate) path_facts: Vec<(u8, Vec<u8>)>,
    pub(crate) failures: Vec<Gap>,
}

impl<'a> Engines<'a> {
    pub(crate) fn new(engines: &'a [Box<dyn Engine>]) -> Self {
        let infos = engines.iter().map(|engine| engine.info()).collect();
        Self { engines, infos }
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &'a dyn Engine> {
        self.engines.iter().map(AsRef::as_ref)
    }

    pub(crate) fn len(&self) -> usize {
        self.engines.len()
    }

    /// The engines in a set of them.
    pub(crate) fn numbers(&self, set: u32) -> impl Iterator<Item = u8> + use<> {
        (0..u8::try_from(MOST).unwrap_or(0)).filter(move |number| set & bit(*number) != 0)
    }

    pub(crate) fn name(&self, number: u8) -> &'static str {
        self.infos.get(usize::from(number)).map_or("", |info| info.name)
    }

    pub(crate) fn wanted(&self, path: &str) -> Wanted {
        let mut wanted = Wanted::default();
        for (number, engine) in (0u8..).zip(self.engines) {
            let asked = contained(|| (engine.interest(path), engine.examine_path(path)));
            match asked {
                Ok((interest, facts)) => {
                    wanted.content |= if interest == Interest::Content { bit(number) } else { 0 };
                    wanted.allowed |= interest == Interest::Allowed;
                    let facts = facts.filter(|facts| !facts.is_empty());
                    wanted.path_facts.extend(facts.map(|facts| (number, facts)));
                }
                Err(place) => wanted.failures.push(self.failure(number, path, &place)),
            }
        }
        wanted
    }

    /// What engine `number` makes of a text; the error is the place of a panic.
    pub(crate) fn examine(&self, number: u8, text: &[u8]) -> Result<Examined, String> {
        let Some(engine) = self.engines.get(usize::from(number)) else { return Ok(Examined::default()) };
        contained(|| engine.examine(&andon_model::Content { bytes: text }))
    }

    /// Findings of engine `number`, with what it could not do.
    pub(crate) fn combine(
        &self,
        number: usize,
        units: &[Unit],
        snapshot: &dyn Snapshot,
    ) -> (Outcome, Vec<Gap>) {
        let Some(engine) = self.engines.get(number) else { return Default::default() };
        let name = self.infos.get(number).map_or("", |info| info.name);
        match contained(|| engine.combine(units, snapshot)) {
            Ok(outcome) => {
                let gap = |diagnostic: &andon_model::Diagnostic| Gap {
                    kind: diagnostic.kind,
                    subject: name.to_owned(),
                    detail: diagnostic.detail.clone(),
                };
                let gaps = outcome.diagnostics.iter().map(gap).collect();
                (outcome, gaps)
            }
            Err(place) => {
                let detail = format!(
                    "the engine `{name}` failed while it put its facts together (at {place}); all its findings are \
                     missing; please report this"
                );
                let gap = Gap { kind: GapKind::EngineFailure, subject: name.to_owned(), detail };
                (Outcome::default(), vec![gap])
            }
        }
    }

    pub(crate) fn failure(&self, number: u8, path: &str, place: &str) -> Gap {
        let detail = format!(
            "the engine `{}` failed on it (at {place}), so its findings here are missing; please report this",
            self.name(number)
        );
        Gap { kind: GapKind::EngineFailure, subject: path.to_owned(), detail }
    }
}
