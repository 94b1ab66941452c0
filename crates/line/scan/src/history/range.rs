//! What a range of commits adds.

use std::collections::{BTreeMap, HashMap, HashSet};

use andon_model::{CommitRef, Engine, Gap, GapKind, Occurrence, Origin, Renames, Unit};
use gix::ObjectId;
use gix::object::tree::diff::ChangeDetached as Change;

use super::details::{describe, report_path};
use super::examine::{Known, path_facts, too_large};
use super::{HistoryError, HistoryOutcome, HistoryRequest};
use crate::scan::Phase;
use crate::scan::git::tree_changes;

/// Examines what the commits that `head` reaches and `base` does not bring, and, for comparison, what `base` had at
/// the paths that they touch.
///
/// # Errors
/// When a revision is unknown or git's data cannot be read.
pub fn examine_range(
    request: &HistoryRequest<'_>,
    base: &str,
    head: &str,
) -> Result<HistoryOutcome, HistoryError> {
    let repository = request.repository;
    let (base, head) = (commit_id(repository, base)?, commit_id(repository, head)?);
    let commits = range_commits(repository, base, head)?;
    let mut range = Range { request, blobs: BTreeMap::new(), touched: HashSet::new(), gaps: Vec::new() };
    for id in &commits {
        range.add_commit(*id)?;
    }
    let old = merge_base(repository, base, head).unwrap_or(base);
    let mut outcome = HistoryOutcome { commits: commits.len() as u64, ..HistoryOutcome::default() };
    outcome.renames = renames(repository, old, head)?;
    request.progress.phase(Phase::Examining, Some(range.blobs.len() as u64));
    outcome.units = range.examine_new(head, &mut outcome);
    request.progress.phase(Phase::Baseline, Some(range.touched.len() as u64));
    let paths: Vec<_> = range
        .touched
        .iter()
        .cloned()
        .chain(outcome.renames.values().map(|p| p.clone().into_bytes()))
        .collect();
    outcome.baseline = range.examine_old(old, paths);
    outcome.touched = range.touched.iter().map(|path| report_path(path)).collect();
    outcome.touched.sort();
    outcome.gaps = range.gaps;
    Ok(outcome)
}

/// The commit that what `head` adds to `base` is compared with: their merge base, or `base` where there is none.
///
/// # Errors
/// When a revision is unknown.
pub fn range_base(repository: &gix::Repository, base: &str, head: &str) -> Result<ObjectId, HistoryError> {
    let (base, head) = (commit_id(repository, base)?, commit_id(repository, head)?);
    Ok(merge_base(repository, base, head).unwrap_or(base))
}

/// The commits that `head` reaches and `base` does not, oldest first.
///
/// # Errors
/// When git's data cannot be read.
pub fn range_commits(
    repository: &gix::Repository,
    base: ObjectId,
    head: ObjectId,
) -> Result<Vec<ObjectId>, HistoryError> {
    const DOING: &str = "walking the commits";
    let walk = repository.rev_walk([head]).with_hidden([base]);
    let walk = walk.all().map_err(|error| HistoryError::git(DOING)(&error))?;
    let mut commits = Vec::new();
    for info in walk {
        commits.push(info.map_err(|error| HistoryError::git(DOING)(&error))?.id);
    }
    commits.reverse();
    Ok(commits)
}

/// The commit that a revision names.
fn commit_id(repository: &gix::Repository, revision: &str) -> Result<ObjectId, HistoryError> {
    let unknown = || HistoryError::UnknownRevision(revision.to_owned());
    let id = repository.rev_parse_single(revision).map_err(|_| unknown())?;
    let object = id.object().map_err(|_| unknown())?;
    Ok(object.peel_to_commit().map_err(|_| unknown())?.id)
}

fn merge_base(repository: &gix::Repository, base: ObjectId, head: ObjectId) -> Option<ObjectId> {
    Some(repository.merge_base(base, head).ok()??.detach())
}

struct Range<'a> {
    request: &'a HistoryRequest<'a>,
    /// Blob -> where commits brought it.
    blobs: BTreeMap<ObjectId, Vec<(Vec<u8>, CommitRef)>>,
    touched: HashSet<Vec<u8>>,
    gaps: Vec<Gap>,
}

impl Range<'_> {
    /// A merge brings only what none of its parents has.
    fn add_commit(&mut self, id: ObjectId) -> Result<(), HistoryError> {
        let repository = self.request.repository;
        let parents: Vec<ObjectId> = match repository.find_commit(id) {
            Ok(commit) => commit.parent_ids().map(|id| id.detach()).collect(),
            Err(error) => return Err(HistoryError::git("reading a commit")(&error)),
        };
        let described = describe(repository, id);
        let mut brought: Option<HashMap<Vec<u8>, Option<ObjectId>>> = None;
        for parent in if parents.is_empty() { vec![None] } else { parents.into_iter().map(Some).collect() } {
            let against: HashMap<_, _> = changes(repository, parent, id, false)?.into_iter().collect();
            brought = Some(match brought {
                None => against,
                Some(before) => {
                    before.into_iter().filter(|(path, blob)| against.get(path) == Some(blob)).collect()
                }
            });
        }
        for (path, blob) in brought.unwrap_or_default() {
            if let Some(blob) = blob {
                self.blobs.entry(blob).or_default().push((path.clone(), described.clone()));
            }
            self.touched.insert(path);
        }
        Ok(())
    }

    fn examine_new(&mut self, head: ObjectId, outcome: &mut HistoryOutcome) -> Vec<Vec<Unit>> {
        let engines = self.request.engines;
        let mut units: Vec<Vec<Unit>> = engines.iter().map(|_| Vec::new()).collect();
        let mut known = Known::default();
        let blobs: Vec<_> = self.blobs.iter().collect();
        let mut gaps = Vec::new();
        for (position, (id, _)) in blobs.iter().enumerate() {
            read_and_examine(self.request, &mut known, position as u32, **id, &mut gaps);
        }
        known.settle();
        outcome.files = known.files;
        outcome.bytes = known.bytes;
        for (reason, (files, bytes)) in known.skips() {
            if files > 0 {
                outcome.skipped.push((reason, files, bytes, String::new()));
            }
        }
        let present = Tree::of(self.request.repository, head);
        let occurrences: Vec<Vec<Occurrence>> = blobs
            .iter()
            .map(|(id, places)| {
                places.iter().map(|(path, commit)| occurrence(&present, **id, path, commit)).collect()
            })
            .collect();
        for (position, engine, facts) in known.facts {
            let occurrences = occurrences[position as usize].clone();
            units[engine as usize].push(Unit { facts, occurrences });
        }
        gaps.extend(known.gaps.into_iter().map(|(position, kind, detail)| {
            let subject = occurrences[position as usize].first().map_or_else(String::new, |o| o.path.clone());
            Gap { kind, subject, detail }
        }));
        for places in &occurrences {
            add_paths(engines, &mut units, places, &mut gaps);
        }
        self.gaps.extend(gaps);
        for list in &mut units {
            list.sort_by(|a, b| (&a.occurrences[0].path, &a.facts).cmp(&(&b.occurrences[0].path, &b.facts)));
        }
        units
    }

    /// The other side: what was at the touched paths. Gaps there are no gaps of the change.
    fn examine_old(&self, base: ObjectId, mut paths: Vec<Vec<u8>>) -> Vec<Vec<Unit>> {
        let engines = self.request.engines;
        let mut units: Vec<Vec<Unit>> = engines.iter().map(|_| Vec::new()).collect();
        let tree = Tree::of(self.request.repository, base);
        paths.sort();
        paths.dedup();
        for path in paths {
            let Some(id) = tree.blob(&path) else { continue };
            let mut known = Known::default();
            read_and_examine(self.request, &mut known, 0, id, &mut Vec::new());
            let place = Occurrence::in_tree(report_path(&path));
            for (_, engine, facts) in known.facts {
                units[engine as usize].push(Unit { facts, occurrences: vec![place.clone()] });
            }
            add_paths(engines, &mut units, &[place], &mut Vec::new());
        }
        units
    }
}

fn add_paths(engines: &[&dyn Engine], units: &mut [Vec<Unit>], places: &[Occurrence], gaps: &mut Vec<Gap>) {
    for (engine, list) in engines.iter().zip(units) {
        for place in places {
            let facts = path_facts(*engine, &place.path, gaps);
            list.extend(facts.map(|facts| Unit { facts, occurrences: vec![place.clone()] }));
        }
    }
}

fn occurrence(present: &Tree<'_>, id: ObjectId, path: &[u8], commit: &CommitRef) -> Occurrence {
    let at_head = present.blob(path) == Some(id);
    Occurrence {
        path: report_path(path),
        nested: false,
        origin: Origin::Commit { commit: commit.clone(), at_head },
    }
}

fn read_and_examine(
    request: &HistoryRequest<'_>,
    known: &mut Known,
    position: u32,
    id: ObjectId,
    gaps: &mut Vec<Gap>,
) {
    let mut gap = |kind, detail| gaps.push(Gap { kind, subject: id.to_string(), detail });
    match request.repository.find_header(id) {
        Ok(header) if header.size() > request.max_file_size => {
            let (size, limit) = (header.size(), request.max_file_size);
            return gap(GapKind::TooLarge, too_large(size, limit));
        }
        Ok(_) => {}
        Err(_) => {
            return gap(
                GapKind::MissingObject,
                "this object is not there; run `git fetch --refetch`".to_owned(),
            );
        }
    }
    match request.repository.find_object(id) {
        Ok(object) => known.examine(request.engines, position, &object.data),
        Err(_) => gap(GapKind::Corrupt, "this object cannot be read; run `git fsck`".to_owned()),
    }
    request.progress.advance(1, 0);
}

/// A path and the blob that is there now, if any.
type ChangedBlob = (Vec<u8>, Option<ObjectId>);

/// Paths that differ between two commits' trees and the blob that is there now.
fn changes(
    repository: &gix::Repository,
    old: Option<ObjectId>,
    new: ObjectId,
    rewrites: bool,
) -> Result<Vec<ChangedBlob>, HistoryError> {
    Ok(diff(repository, old, new, rewrites)?.into_iter().filter_map(changed_blob).collect())
}

fn changed_blob(change: Change) -> Option<ChangedBlob> {
    match change {
        Change::Addition { location, entry_mode, id, .. }
        | Change::Modification { location, entry_mode, id, .. } => {
            entry_mode.is_blob().then(|| (location.into(), Some(id)))
        }
        Change::Deletion { location, entry_mode, .. } => {
            entry_mode.is_blob().then(|| (location.into(), None))
        }
        Change::Rewrite { location, entry_mode, id, .. } => {
            entry_mode.is_blob().then(|| (location.into(), Some(id)))
        }
    }
}

fn renames(repository: &gix::Repository, old: ObjectId, new: ObjectId) -> Result<Renames, HistoryError> {
    let changes = diff(repository, Some(old), new, true)?;
    let pairs = changes.into_iter().filter_map(|change| match change {
        Change::Rewrite { source_location, location, .. } => {
            Some((report_path(&location), report_path(&source_location)))
        }
        _ => None,
    });
    Ok(pairs.collect())
}

fn diff(
    repository: &gix::Repository,
    old: Option<ObjectId>,
    new: ObjectId,
    rewrites: bool,
) -> Result<Vec<Change>, HistoryError> {
    let wrong = |error: &dyn std::fmt::Display| HistoryError::git("comparing two commits")(error);
    let tree = |id| -> Result<_, HistoryError> {
        let commit = repository.find_commit(id).map_err(|error| wrong(&error))?;
        commit.tree().map_err(|error| wrong(&error))
    };
    let old = old.map(tree).transpose()?;
    let new = tree(new)?;
    tree_changes(repository, old.as_ref(), &new, rewrites).map_err(|error| wrong(&error))
}

struct Tree<'a>(Option<gix::Tree<'a>>);

impl<'a> Tree<'a> {
    fn of(repository: &'a gix::Repository, commit: ObjectId) -> Self {
        Self(repository.find_commit(commit).ok().and_then(|commit| commit.tree().ok()))
    }

    fn blob(&self, path: &[u8]) -> Option<ObjectId> {
        let components = path.split(|byte| *byte == b'/');
        let entry = self.0.as_ref()?.lookup_entry(components).ok()??;
        entry.mode().is_blob().then(|| entry.object_id())
    }
}
