//! Engines that have to see whole trees, where the target is a change or a history.

use andon_model::{Gap, GapKind, View};
use andon_system::paths;
use gix::ObjectId;

use super::examine::Examination;
use super::gathered::Gathered;
use super::request::{Baseline, ScanError, ScanTarget};
use super::source::{Item, Place};
use super::targets::repository;
use super::{Phase, Scan};
use crate::baseline::revision_items;
use crate::history;

/// The trees on both sides of a change.
pub(crate) struct Trees {
    now: Vec<Item>,
    /// Absent for a history, and where the caller brings findings to compare with.
    before: Option<Vec<Item>>,
    /// Trees that cannot be listed.
    gaps: Vec<Gap>,
}

impl Trees {
    /// The trees that engines have to see beside what the target itself lists; `None` when no engine of the scan has
    /// to, or the target is a tree anyway.
    pub(crate) fn list(scan: &Scan<'_>) -> Result<Option<Self>, ScanError> {
        let request = scan.request;
        if scan.engines.with_view(View::Tree) == 0 {
            return Ok(None);
        }
        let mut gaps = Vec::new();
        let mut listed = |repo: &gix::Repository, revision: &str| {
            revision_items(repo, revision).unwrap_or_else(|error| {
                let detail = format!("engines that need the whole tree saw nothing of it: {error}");
                gaps.push(Gap { kind: GapKind::Corrupt, subject: revision.to_owned(), detail });
                Vec::new()
            })
        };
        let (now, before) = match &request.target {
            ScanTarget::Directory
            | ScanTarget::WorkingTree
            | ScanTarget::Stdin(_)
            | ScanTarget::Image { .. } => return Ok(None),
            ScanTarget::Staged => {
                let repo = repository(request, "--staged")?.to_thread_local();
                let before = repo.head_id().map_or_else(|_| Vec::new(), |_| listed(&repo, "HEAD"));
                (index_items(&repo), Some(before))
            }
            ScanTarget::Range { since } => {
                let repo = repository(request, "--since")?.to_thread_local();
                let base = history::range_base(&repo, since, "HEAD")?.to_string();
                (listed(&repo, "HEAD"), Some(listed(&repo, &base)))
            }
            ScanTarget::History { .. } => {
                let repo = repository(request, "the history")?.to_thread_local();
                (repo.head_id().map_or_else(|_| Vec::new(), |_| listed(&repo, "HEAD")), None)
            }
        };
        let before = before.filter(|_| !matches!(request.baseline, Some(Baseline::Findings(_))));
        Ok(Some(Self { now, before, gaps }))
    }

    /// Shows the trees to the engines that have to see them, and puts what they say to what the others said.
    pub(crate) fn examine(
        self,
        examination: &Examination<'_>,
        now: &mut Gathered,
        before: Option<&mut Gathered>,
    ) {
        let mut groups = vec![(Phase::Examining, self.now.as_slice())];
        groups.extend(self.before.as_deref().map(|items| (Phase::Baseline, items)));
        let mut gathered = examination.run(&groups).into_iter();
        now.coverage.gaps.extend(self.gaps.iter().cloned());
        if let Some(trees) = gathered.next() {
            now.add_engines(trees);
        }
        let Some(old) = gathered.next() else { return };
        match before {
            Some(before) => before.add_engines(old),
            None => now.add_baseline(old),
        }
    }
}

/// The regular files of the index; where it is in conflict, our side.
fn index_items(repo: &gix::Repository) -> Vec<Item> {
    let Ok(index) = repo.index_or_empty() else { return Vec::new() };
    let regular =
        |mode: gix::index::entry::Mode| mode.contains(gix::index::entry::Mode::FILE) && !mode.is_submodule();
    let entries = index.entries().iter().filter(|entry| regular(entry.mode));
    let mut items: Vec<Item> =
        entries.map(|entry| item(paths::from_bytes(entry.path(&index)), entry.id)).collect();
    items.sort_by(|a, b| a.path.cmp(&b.path));
    items.dedup_by(|later, kept| later.path == kept.path);
    items
}

fn item(path: String, id: ObjectId) -> Item {
    Item { path, size: None, place: Place::Blob(id) }
}

impl Gathered {
    /// Adds what other engines made of the same target.
    fn add_engines(&mut self, other: Self) {
        for (mine, theirs) in self.engines.iter_mut().zip(other.engines) {
            mine.units.extend(theirs.units);
            mine.files += theirs.files;
            mine.bytes += theirs.bytes;
            mine.cached += theirs.cached;
        }
        self.coverage.gaps.extend(other.coverage.gaps);
    }

    /// Adds what engines made of what the target is compared with.
    fn add_baseline(&mut self, old: Self) {
        for (mine, theirs) in self.engines.iter_mut().zip(old.engines) {
            mine.baseline.get_or_insert_default().extend(theirs.units);
        }
        // Too large there is too large here, or has shrunk; both are said by the target's own coverage.
        let gaps = old.coverage.gaps.into_iter().filter(|gap| gap.kind != GapKind::TooLarge);
        self.coverage.gaps.extend(gaps.map(|mut gap| {
            gap.detail = format!("in the baseline: {}", gap.detail);
            gap
        }));
    }
}
