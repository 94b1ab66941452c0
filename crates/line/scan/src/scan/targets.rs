use std::collections::BTreeSet;
use std::path::PathBuf;

use andon_containers::{Budget as ArchiveBudget, Choice, Platform};
use andon_model::{
    Coverage, Finding, Gap, GapKind, ProtectedChange, Renames, Snapshot, Target, TargetKind, View,
};
use andon_system::paths;
use gix::ObjectId;

use super::budget::Budget;
use super::commits::gather_history;
use super::engines::EVERY;
use super::examine::Examination;
use super::gathered::Gathered;
use super::git::{Handles, commit_of};
use super::image::Opened;
use super::judge::Reached;
use super::request::{Baseline, ScanError, ScanRequest, ScanTarget};
use super::snapshot::snapshot;
use super::source::{Item, Place, Sources};
use super::views::Trees;
use super::{Phase, Scan};
use crate::baseline::{renames_since, revision_items};
use crate::cache::Cache;
use crate::intake::{self, STDIN_PATH};
use crate::protected;

/// Everything that was gathered for a scan.
pub(crate) struct Targets<'a> {
    pub(crate) now: Gathered,
    pub(crate) before: Option<Before>,
    pub(crate) snapshot: Box<dyn Snapshot + 'a>,
    pub(crate) reach: Reached,
    pub(crate) protected: Vec<ProtectedChange>,
}

/// What the findings are compared with.
pub(crate) enum Before {
    Findings(Vec<Finding>),
    Gathered(Gathered),
    /// [`super::gathered::EngineGathered::baseline`] of the target itself.
    Within,
}

impl Before {
    pub(crate) fn findings(
        self,
        scan: &Scan<'_>,
        now: &Gathered,
        snapshot: &dyn Snapshot,
    ) -> (Vec<Finding>, Vec<Gap>) {
        match self {
            Self::Findings(findings) => (findings, Vec::new()),
            Self::Within => {
                let (findings, _, gaps) = scan.combine(now, true, snapshot);
                (findings, gaps)
            }
            Self::Gathered(before) => {
                let (findings, _, mut gaps) = scan.combine(&before, false, snapshot);
                // Too large there is too large here, or has shrunk; both are said by the target's own coverage.
                gaps.extend(before.coverage.gaps.into_iter().filter(|gap| gap.kind != GapKind::TooLarge));
                for gap in &mut gaps {
                    gap.detail = format!("in the baseline: {}", gap.detail);
                }
                (findings, gaps)
            }
        }
    }
}

/// Nanoseconds before the scan's start within which a file's times are too young to be trusted: two seconds, the
/// coarsest times that file systems keep.
const RACY: i64 = 2_000_000_000;

impl<'a> Targets<'a> {
    pub(crate) fn gather(scan: &Scan<'a>, started: jiff::Timestamp) -> Result<Self, ScanError> {
        let request = scan.request;
        scan.progress.phase(Phase::Listing, None);
        let mut listing = Coverage::default();
        let mut old_items: Option<Vec<Item>> = None;
        let mut renames = Renames::new();
        let mut image = None;
        let mut reach = Reached::Everything;
        let (items, history) = match &request.target {
            ScanTarget::Directory | ScanTarget::WorkingTree => (tree_items(scan, &mut listing)?, None),
            ScanTarget::Staged => {
                let staged = Staged::list(scan, &mut listing)?;
                let items = staged.new.iter().chain(&staged.old);
                reach = Reached::Paths(items.map(|item| item.path.clone()).collect());
                old_items = Some(staged.old);
                renames = staged.renames;
                (staged.new, None)
            }
            ScanTarget::Stdin(bytes) => {
                reach = Reached::Paths(BTreeSet::new());
                let place = Place::Memory(bytes.clone());
                (vec![Item { path: STDIN_PATH.to_owned(), size: None, place }], None)
            }
            ScanTarget::Image { reference, platform } => {
                image = Some(open_image(scan, reference.clone(), platform.as_deref())?);
                (Vec::new(), None)
            }
            ScanTarget::History { .. } | ScanTarget::Range { .. } => {
                let (gathered, touched) = gather_history(scan)?;
                if let Some(touched) = touched {
                    reach = Reached::Paths(touched);
                }
                (Vec::new(), Some(gathered))
            }
        };
        if let Some(Baseline::Revision(revision)) = &request.baseline {
            let repo = repository(request, "a baseline revision")?.to_thread_local();
            let prefix = prefix(scan);
            old_items = Some(below(&prefix, revision_items(&repo, revision)?));
            renames = renames_below(&prefix, renames_since(&repo, revision));
        }
        if matches!(request.baseline, Some(Baseline::Findings(_))) {
            old_items = None;
        }
        let trees = Trees::list(scan)?;
        let side = Side { items: &items, history, image: image.as_ref() };
        let (mut now, before) = examine(scan, started, side, old_items.as_deref(), trees)?;
        now.add_listing(listing);
        now.renames.extend(renames);
        let before = match &request.baseline {
            Some(Baseline::Findings(findings)) => Some(Before::Findings(findings.clone())),
            _ => before.map(Before::Gathered).or_else(|| now.has_baseline().then_some(Before::Within)),
        };
        let snapshot = snapshot(scan);
        let protected = protected_changes(scan).unwrap_or_else(|gap| {
            now.coverage.gaps.push(gap);
            Vec::new()
        });
        Ok(Self { now, before, snapshot, reach, protected })
    }
}

/// Examines the items of the target, unless that is a history, and those it is compared with.
fn examine(
    scan: &Scan<'_>,
    started: jiff::Timestamp,
    side: Side<'_>,
    old_items: Option<&[Item]>,
    trees: Option<Trees>,
) -> Result<(Gathered, Option<Gathered>), ScanError> {
    let request = scan.request;
    let root = scan.system.canonical(&request.root).unwrap_or_else(|_| request.root.clone());
    let cache = request.cache.map(|place| Cache::open(scan.system, place, &root, &scan.engines.infos));
    let handles = request.repository.clone().map(Handles::new);
    let whole = || Budget::new(request.bytes_in_flight);
    let (budget, nested_budget) = (whole(), whole());
    let contents = if trees.is_some() { scan.engines.with_view(View::Contents) } else { EVERY };
    let examination = Examination {
        engines: &scan.engines,
        among: contents,
        sources: Sources { system: scan.system, blobs: handles.as_ref() },
        cache: cache.as_ref(),
        settled_before: i64::try_from(started.as_nanosecond()).unwrap_or(0).saturating_sub(RACY),
        max_file_size: request.tree.max_file_size,
        archives: ArchiveBudget::default(),
        budget: &budget,
        nested_budget: &nested_budget,
        interrupted: request.interrupted,
        progress: scan.progress,
    };
    let mut groups = Vec::new();
    let listed = side.history.is_none() && side.image.is_none();
    if listed {
        groups.push((Phase::Examining, side.items));
    }
    groups.extend(old_items.map(|items| (Phase::Baseline, items)));
    let mut gathered = examination.run(&groups).into_iter();
    let image = side.image.map(|image| examination.run_image(image)).transpose();
    let image = image.map_err(|error| ScanError::Image { name: request.name.clone(), error })?;
    let digest = side.image.map(|image| image.digest().to_owned());
    let mut now = side.history.or(image).or_else(|| gathered.next()).unwrap_or_default();
    now.image = digest;
    let mut before = gathered.next();
    if let Some(trees) = trees {
        let examination = Examination { among: scan.engines.with_view(View::Tree), ..examination };
        trees.examine(&examination, &mut now, before.as_mut());
    }
    Ok((now, before))
}

/// What there is to examine.
struct Side<'a> {
    items: &'a [Item],
    /// Where that is a history.
    history: Option<Gathered>,
    /// Where that is an image.
    image: Option<&'a Opened<'a>>,
}

fn open_image<'a>(
    scan: &Scan<'a>,
    reference: Option<String>,
    platform: Option<&str>,
) -> Result<Opened<'a>, ScanError> {
    let parse = |text: &str| Platform::parse(text).ok_or_else(|| ScanError::Platform(text.to_owned()));
    let choice = Choice { reference, platform: platform.map(parse).transpose()? };
    Opened::new(scan, &choice).map_err(|error| ScanError::Image { name: scan.request.name.clone(), error })
}

fn tree_items(scan: &Scan<'_>, listing: &mut Coverage) -> Result<Vec<Item>, ScanError> {
    let files = intake::list_tree(scan.system, &scan.request.root, &scan.request.tree, listing)?;
    Ok(files
        .into_iter()
        .map(|file| Item {
            path: file.path,
            size: Some(file.size),
            place: Place::File(file.absolute, file.stamp),
        })
        .collect())
}

/// What the index has, and what HEAD has in the same places.
struct Staged {
    new: Vec<Item>,
    old: Vec<Item>,
    renames: Renames,
}

impl Staged {
    fn list(scan: &Scan<'_>, listing: &mut Coverage) -> Result<Self, ScanError> {
        let repo = repository(scan.request, "--staged")?.to_thread_local();
        let item = |path: String, id: ObjectId| Item { path, size: None, place: Place::Blob(id) };
        let mut staged = Self { new: Vec::new(), old: Vec::new(), renames: Renames::new() };
        for entry in intake::staged(&repo, listing)? {
            let before = entry.renamed_from.clone().unwrap_or_else(|| entry.path.clone());
            staged.old.extend(entry.old_blob.map(|id| item(before, id)));
            staged.renames.extend(entry.renamed_from.map(|old| (entry.path.clone(), old)));
            staged.new.push(item(entry.path, entry.new_blob));
        }
        staged.old.sort_by(|a, b| a.path.cmp(&b.path));
        Ok(staged)
    }
}

pub(crate) fn repository<'a>(
    request: &'a ScanRequest<'_>,
    needed_by: &'static str,
) -> Result<&'a gix::ThreadSafeRepository, ScanError> {
    request.repository.as_ref().ok_or_else(|| ScanError::NoRepository(request.name.clone(), needed_by))
}

/// Where the root lies in the repository's working tree: a report path that ends in `/`, or empty.
fn prefix(scan: &Scan<'_>) -> String {
    let relative = || -> Option<PathBuf> {
        let repo = scan.request.repository.as_ref()?.to_thread_local();
        let top = scan.system.canonical(repo.workdir()?).ok()?;
        let root = scan.system.canonical(&scan.request.root).ok()?;
        root.strip_prefix(top).ok().map(PathBuf::from)
    };
    match relative().map(|path| paths::from_path(&path)) {
        Some(path) if !path.is_empty() => format!("{path}/"),
        _ => String::new(),
    }
}

fn below(prefix: &str, items: Vec<Item>) -> Vec<Item> {
    if prefix.is_empty() {
        return items;
    }
    let inside = |item: Item| {
        let path = item.path.strip_prefix(prefix)?.to_owned();
        Some(Item { path, ..item })
    };
    items.into_iter().filter_map(inside).collect()
}

fn renames_below(prefix: &str, renames: Renames) -> Renames {
    let strip = |path: &str| path.strip_prefix(prefix).map(str::to_owned);
    renames.into_iter().filter_map(|(new, old)| Some((strip(&new)?, strip(&old)?))).collect()
}

/// Changes to what judges, where the target is a change.
fn protected_changes(scan: &Scan<'_>) -> Result<Vec<ProtectedChange>, Gap> {
    let request = scan.request;
    let Some(repository) = &request.repository else { return Ok(Vec::new()) };
    let repo = repository.to_thread_local();
    let (base, head) = match (&request.target, &request.baseline) {
        (ScanTarget::Staged, _) => ("HEAD", protected::Head::Index),
        (ScanTarget::Range { since }, _) => (since.as_str(), protected::Head::Revision("HEAD")),
        (ScanTarget::WorkingTree, Some(Baseline::Revision(revision))) => {
            (revision.as_str(), protected::Head::WorkingTree(scan.system))
        }
        _ => return Ok(Vec::new()),
    };
    protected::changes(&repo, base, head)
}

/// What was scanned, as the report says it.
pub(crate) fn identify(request: &ScanRequest<'_>, now: &Gathered) -> Target {
    let repo = request.repository.as_ref().map(gix::ThreadSafeRepository::to_thread_local);
    let commit =
        |revision: &str| repo.as_ref().and_then(|repo| Some(commit_of(repo, revision).ok()?.id.to_string()));
    let (kind, base) = match &request.target {
        ScanTarget::Directory => (TargetKind::Directory, None),
        ScanTarget::WorkingTree => (TargetKind::WorkingTree, None),
        ScanTarget::Staged => (TargetKind::Staged, Some("HEAD")),
        ScanTarget::Stdin(_) => (TargetKind::Stdin, None),
        ScanTarget::Image { .. } => (TargetKind::Image, None),
        ScanTarget::History { .. } => (TargetKind::History, None),
        ScanTarget::Range { since } => (TargetKind::Range, Some(since.as_str())),
    };
    let base = match &request.baseline {
        Some(Baseline::Revision(revision)) => Some(revision.as_str()),
        _ => base,
    };
    let branch = repo.as_ref().and_then(|repo| repo.head_name().ok().flatten());
    Target {
        kind,
        name: request.name.clone(),
        base: base.map(|base| commit(base).unwrap_or_else(|| base.to_owned())),
        head: commit("HEAD"),
        branch: branch.map(|name| name.shorten().to_string()),
        commits: now.commits,
        image: now.image.clone(),
    }
}
