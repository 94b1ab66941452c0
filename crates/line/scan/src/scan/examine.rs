use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use andon_containers::Budget as ArchiveBudget;
use andon_model::{Gap, GapKind, Occurrence};
use andon_system::Stamp;
use rayon::prelude::*;

use super::budget::Budget;
use super::contents::{Contents, Slot};
use super::engines::Engines;
use super::gather::Gathering;
use super::gathered::Gathered;
use super::progress::{Phase, Progress};
use super::source::{Item, Sources};
use super::visit::Visit;
use crate::cache::{Additions, Cache, Kind, NameHash};

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
    /// What all archives together may cost.
    pub(crate) archives: ArchiveBudget,
    /// For files. Who holds a share asks for no other one.
    pub(crate) budget: &'a Budget,
    /// For what is in archives and layers, asked for also while a share of `budget` is held.
    pub(crate) nested_budget: &'a Budget,
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
    pub(super) fn save(
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
        let mut gathering = Gathering::new(self.engines);
        let mut unvisited = 0u64;
        for (item, visit) in items.iter().zip(visits) {
            match visit {
                Some(visit) => gathering.add(&Occurrence::in_tree(item.path.as_str()), visit),
                None => unvisited += 1,
            }
        }
        let mut gathered = gathering.finish(slots);
        if unvisited > 0 {
            gathered.interrupted(unvisited, items.len() as u64);
        }
        gathered
    }
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
