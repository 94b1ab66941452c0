use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use andon_model::{Coverage, Gap, GapKind, Occurrence, Unit};
use andon_system::Stamp;
use rayon::prelude::*;

use super::budget::Budget;
use super::contents::{Contents, Slot};
use super::engines::Engines;
use super::gathered::Gathered;
use super::progress::{Phase, Progress};
use super::source::{Item, Sources};
use super::visit::Visit;
use crate::cache::{Additions, Cache, Kind, Known, NameHash, bit};

/// Examines items: each read once, each content examined once, in parallel.
pub(crate) struct Examination<'a> {
    pub(crate) engines: &'a Engines<'a>,
    /// The set of those that are asked.
    pub(crate) among: u32,
    pub(crate) sources: Sources<'a>,
    pub(crate) cache: Option<&'a Cache<'a>>,
    /// Nanoseconds since 1970. A file that changed later could change again without its stamp telling.
    pub(crate) settled_before: i64,
    pub(crate) max_file_size: u64,
    pub(crate) budget: &'a Budget,
    pub(crate) interrupted: &'a AtomicBool,
    pub(crate) progress: &'a dyn Progress,
}

pub(super) type NewStats = Mutex<Vec<(NameHash, Stamp, [u8; 32])>>;

impl Examination<'_> {
    /// Examines groups of items, each sorted by path, and saves what was learnt; a content that several groups have
    /// is examined once. The answers do not depend on the order in which threads come to the items, nor on what the
    /// cache knew.
    pub(crate) fn run(&self, groups: &[(Phase, &[Item])]) -> Vec<Gathered> {
        let contents = Contents::new(self.engines, self.cache);
        let stats = NewStats::default();
        let mut visits = Vec::new();
        for (phase, items) in groups {
            self.progress.phase(*phase, u64::try_from(items.len()).ok());
            let visited: Vec<Option<Visit>> = items
                .par_iter()
                .map(|item| {
                    if self.interrupted.load(Ordering::Relaxed) {
                        return None;
                    }
                    let visit = self.visit(item, &contents, &stats);
                    self.progress.advance(1, visit.size);
                    Some(visit)
                })
                .collect();
            visits.push(visited);
        }
        let stats = stats.into_inner().unwrap_or_else(PoisonError::into_inner);
        let slots = self.save(contents, stats);
        groups.iter().zip(visits).map(|((_, items), visits)| self.gather(items, visits, &slots)).collect()
    }

    /// Hands what is new to the cache and keeps what engines have something to say about.
    fn save(
        &self,
        contents: Contents<'_>,
        stats: Vec<(NameHash, Stamp, [u8; 32])>,
    ) -> HashMap<[u8; 32], Slot> {
        let mut additions = Additions { stats, contents: Vec::new() };
        let mut slots = HashMap::new();
        for (digest, slot) in contents.into_slots() {
            let Some(known) = &slot.known else { continue };
            let news = known.examined & !slot.cached != 0 || (known.kind != Kind::Text && !slot.recalled);
            if self.cache.is_some() && news {
                additions.contents.push((digest, known.clone()));
            }
            if !known.facts.is_empty() {
                slots.insert(digest, slot);
            }
        }
        if let Some(note) = self.cache.and_then(|cache| cache.save(additions)) {
            self.progress.note(&note);
        }
        slots
    }

    fn gather(
        &self,
        items: &[Item],
        visits: Vec<Option<Visit>>,
        slots: &HashMap<[u8; 32], Slot>,
    ) -> Gathered {
        let mut gathered = Gathered::new(self.engines.len());
        let mut places: HashMap<[u8; 32], Vec<(usize, u32)>> = HashMap::new();
        let mut units: Vec<Vec<(String, [u8; 32], Unit)>> = vec![Vec::new(); self.engines.len()];
        let mut unvisited = 0u64;
        for (position, (item, visit)) in items.iter().zip(visits).enumerate() {
            let Some(visit) = visit else {
                unvisited += 1;
                continue;
            };
            gathered.count(self.engines, visit.examined, visit.cached, visit.size);
            if let Some(reason) = visit.skip {
                gathered.coverage.skip(reason, &item.path, visit.size);
            }
            let Some(rare) = visit.rare else { continue };
            gathered.coverage.gaps.extend(rare.gaps);
            for (key, engines) in rare.keys {
                places.entry(key).or_default().push((position, engines));
            }
            for (engine, facts) in rare.path_facts {
                if let Some(units) = units.get_mut(usize::from(engine)) {
                    let unit = Unit { facts, occurrences: vec![occurrence(item)] };
                    units.push((item.path.clone(), [0; 32], unit));
                }
            }
        }
        for (digest, places) in places {
            if let Some(known) = slots.get(&digest).and_then(|slot| slot.known.as_ref()) {
                self.content_units(items, digest, known, &places, &mut units, &mut gathered.coverage);
            }
        }
        for (engine, mut units) in gathered.engines.iter_mut().zip(units) {
            units.sort_by(|a, b| (&a.0, &a.1).cmp(&(&b.0, &b.1)));
            engine.units = units.into_iter().map(|(_, _, unit)| unit).collect();
        }
        gathered
            .coverage
            .gaps
            .sort_by(|a, b| (&a.subject, a.kind, &a.detail).cmp(&(&b.subject, b.kind, &b.detail)));
        if unvisited > 0 {
            gathered.interrupted(unvisited, items.len() as u64);
        }
        gathered
    }

    fn content_units(
        &self,
        items: &[Item],
        digest: [u8; 32],
        known: &Known,
        places: &[(usize, u32)],
        units: &mut [Vec<(String, [u8; 32], Unit)>],
        coverage: &mut Coverage,
    ) {
        for entry in &known.facts {
            let here = places.iter().filter(|(_, examined)| examined & bit(entry.engine) != 0);
            let occurrences: Vec<Occurrence> =
                here.filter_map(|(position, _)| items.get(*position)).map(occurrence).collect();
            let Some(first) = occurrences.first().map(|occurrence| occurrence.path.clone()) else { continue };
            coverage.gaps.extend(entry.diagnostics.iter().map(|diagnostic| Gap {
                kind: diagnostic.kind,
                subject: first.clone(),
                detail: format!("{}: {}", self.engines.name(entry.engine), diagnostic.detail),
            }));
            if let Some(units) = units.get_mut(usize::from(entry.engine))
                && !entry.facts.is_empty()
            {
                units.push((first, digest, Unit { facts: entry.facts.clone(), occurrences }));
            }
        }
    }
}

fn occurrence(item: &Item) -> Occurrence {
    Occurrence::in_tree(item.path.clone())
}

impl Gathered {
    fn interrupted(&mut self, unvisited: u64, items: u64) {
        self.coverage.gaps.push(Gap {
            kind: GapKind::Interrupted,
            subject: ".".to_owned(),
            detail: format!("stopped before {unvisited} of {items} files were examined; scan again"),
        });
    }
}
