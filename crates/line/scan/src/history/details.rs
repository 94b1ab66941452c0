//! From numbers to what people read: paths, commits, authors, dates.

use std::collections::HashMap;

use andon_model::{CommitRef, Gap, Occurrence, Origin, SkipReason, Unit};
use gix::bstr::ByteSlice;

use super::HistoryRequest;
use super::examine::path_facts;
use super::graph::Graph;
use super::objects::{ObjectNumber, Objects};
use super::walk::{First, Occurrences};
use super::whole::{Facts, unreachable_skip};

/// Everything that turns numbers into words.
pub(super) struct Place<'a> {
    pub(super) request: &'a HistoryRequest<'a>,
    pub(super) objects: &'a Objects,
    pub(super) graph: &'a Graph,
    pub(super) found: &'a Occurrences,
}

/// Per engine, the contents with facts and where they occur, in a fixed order.
pub(super) fn units(
    place: &Place<'_>,
    facts: &Facts,
    skipped: &mut Vec<(SkipReason, u64, u64, String)>,
    gaps: &mut Vec<Gap>,
) -> Vec<Vec<Unit>> {
    let mut commits = HashMap::new();
    let mut units: Vec<Vec<Unit>> = place.request.engines.iter().map(|_| Vec::new()).collect();
    let mut lost = 0;
    let mut blobs: Vec<_> = facts.by_blob.iter().collect();
    blobs.sort_by_key(|(number, _)| **number);
    for (number, list) in blobs {
        let occurrences = match place.found.blobs.get(number) {
            Some(firsts) => firsts.iter().map(|first| place.occurrence(first, &mut commits)).collect(),
            None if place.request.unreachable => vec![place.nowhere(*number)],
            None => {
                lost += 1;
                continue;
            }
        };
        for (engine, facts) in list {
            let unit = Unit { facts: facts.clone(), occurrences: Vec::clone(&occurrences) };
            units.get_mut(*engine as usize).into_iter().for_each(|list| list.push(unit.clone()));
        }
    }
    skipped.extend(unreachable_skip(lost));
    for first in &place.found.names {
        let occurrence = place.occurrence(first, &mut commits);
        for (engine, list) in place.request.engines.iter().zip(&mut units) {
            let facts = path_facts(*engine, &occurrence.path, gaps);
            list.extend(facts.map(|facts| Unit { facts, occurrences: vec![occurrence.clone()] }));
        }
    }
    for list in &mut units {
        list.sort_by(|a, b| order(a).cmp(&order(b)));
    }
    units
}

fn order(unit: &Unit) -> (Option<&str>, &[u8]) {
    (unit.occurrences.first().map(|occurrence| occurrence.path.as_str()), &unit.facts)
}

impl Place<'_> {
    fn occurrence(&self, first: &First, commits: &mut HashMap<ObjectNumber, CommitRef>) -> Occurrence {
        let path = self.found.paths.bytes(self.graph, first.path);
        let commit = commits.entry(first.commit).or_insert_with(|| {
            let id = self.objects.id(first.commit);
            id.map_or_else(CommitRef::default, |id| describe(self.request.repository, id))
        });
        Occurrence {
            nested: false,
            path: report_path(&path),
            origin: Origin::Commit { commit: commit.clone(), at_head: first.at_head },
        }
    }

    /// A blob that no reference reaches has no path.
    fn nowhere(&self, number: ObjectNumber) -> Occurrence {
        let id = self.objects.id(number).map_or_else(String::new, |id| id.to_string());
        let commit = CommitRef { summary: "reachable from no reference".to_owned(), ..CommitRef::default() };
        Occurrence {
            path: format!("unreachable/{id}"),
            nested: false,
            origin: Origin::Commit { commit, at_head: false },
        }
    }
}

/// The path as reports write it.
pub(super) fn report_path(path: &[u8]) -> String {
    andon_system::paths::from_bytes(path)
}

/// What people read of a commit.
pub(super) fn describe(repository: &gix::Repository, id: gix::ObjectId) -> CommitRef {
    let mut described = CommitRef { id: id.to_string(), ..CommitRef::default() };
    let Ok(commit) = repository.find_commit(id) else { return described };
    if let Ok(author) = commit.author() {
        described.author = author.name.to_str_lossy().into_owned();
        described.email = author.email.to_str_lossy().into_owned();
        let second = jiff::Timestamp::from_second(author.seconds()).ok();
        described.date = second.map(|time| time.to_string()).unwrap_or_default();
    }
    if let Ok(message) = commit.message() {
        described.summary = message.summary().to_str_lossy().into_owned();
    }
    described
}
