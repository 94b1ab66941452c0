use andon_model::{
    Content, Engine, EngineInfo, Examined, Form, Gap, GapKind, Interest, Outcome, Snapshot, Unit, View,
};

use super::contain::contained;
use crate::cache::bit;

/// More engines have no place in a set of them.
pub(crate) const MOST: usize = 32;

/// Bytes of a content that tell whether it is worth a look although it is no text.
const HEAD: usize = 512;

/// Every engine.
pub(crate) const EVERY: u32 = u32::MAX;

/// The engines of a scan, each called so that a panic stays within.
pub(crate) struct Engines<'a> {
    engines: &'a [Box<dyn Engine>],
    pub(crate) infos: Vec<EngineInfo>,
}

/// What the engines want of a path.
#[derive(Debug, Default)]
pub(crate) struct Wanted {
    /// The set of engines that want the content as a text like any other.
    pub(crate) content: u32,
    /// Engines that want it as something special.
    pub(crate) formed: Vec<Formed>,
    /// The set of engines that may want it if it is no text.
    pub(crate) binary: u32,
    /// Whether the rules of some engine allow the path.
    pub(crate) allowed: bool,
    /// Facts from the path alone.
    pub(crate) path_facts: Vec<(u8, Vec<u8>)>,
    pub(crate) failures: Vec<Gap>,
}

/// What an engine takes a content for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Formed {
    pub(crate) engine: u8,
    pub(crate) form: Form,
    /// Whether it is missed if it is no text.
    pub(crate) expected: bool,
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

    /// What the engines in the set `among` want of a path.
    pub(crate) fn wanted(&self, path: &str, among: u32) -> Wanted {
        let mut wanted = Wanted::default();
        for (number, engine) in (0u8..).zip(self.engines).filter(|(number, _)| among & bit(*number) != 0) {
            let asked = contained(|| {
                let interest = engine.interest(path);
                let expected = matches!(interest, Interest::As(form) if engine.expects_text(form));
                (interest, expected, engine.examine_path(path))
            });
            match asked {
                Ok((interest, expected, facts)) => {
                    match interest {
                        Interest::Content => wanted.content |= bit(number),
                        Interest::As(form) => {
                            wanted.formed.push(Formed { engine: number, form, expected });
                        }
                        Interest::Binary => wanted.binary |= bit(number),
                        Interest::Allowed => wanted.allowed = true,
                        Interest::None => {}
                    }
                    let facts = facts.filter(|facts| !facts.is_empty());
                    wanted.path_facts.extend(facts.map(|facts| (number, facts)));
                }
                Err(place) => wanted.failures.push(self.failure(number, path, &place)),
            }
        }
        wanted
    }

    /// The set of engines that have to see the whole tree, or of those that see contents one by one.
    pub(crate) fn with_view(&self, view: View) -> u32 {
        let numbered = (0u8..).zip(&self.infos).filter(|(_, info)| info.view == view);
        numbered.fold(0, |set, (number, _)| set | bit(number))
    }

    /// The set of engines that want a content that is no text; one that panics does not.
    pub(crate) fn wanting_binary(&self, bytes: &[u8]) -> u32 {
        let head = bytes.get(..HEAD).unwrap_or(bytes);
        let wants = |engine: &dyn Engine| contained(|| engine.wants_binary(head)).unwrap_or(false);
        let numbered = (0u8..).zip(self.engines).filter(|(_, engine)| wants(engine.as_ref()));
        numbered.fold(0, |set, (number, _)| set | bit(number))
    }

    /// What engine `number` makes of a content; the error is the place of a panic.
    pub(crate) fn examine(&self, number: u8, content: &Content<'_>) -> Result<Examined, String> {
        let Some(engine) = self.engines.get(usize::from(number)) else { return Ok(Examined::default()) };
        contained(|| engine.examine(content))
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
                let gaps = outcome.diagnostics.iter().map(gap).chain(outcome.gaps.iter().cloned()).collect();
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
