//! Every commit of a repository.

use std::collections::HashMap;
use std::sync::PoisonError;

use andon_model::{Gap, GapKind, SkipReason};
use gix::ObjectId;
use gix::object::Kind;

use super::commits::{Commit, Commits};
use super::details::{Place, units};
use super::examine::{Known, Memories, too_large};
use super::forest::Forest;
use super::graph::{Graph, Names, Part, Reader};
use super::objects::{LooseError, ObjectNumber, Objects};
use super::sweep::{Reason, Sweep, Trouble, Visit};
use super::{HistoryError, HistoryOutcome, HistoryRequest, memo, walk};
use crate::scan::Phase;

/// Largest commit or tree that is read, in bytes.
const MAX_META: u64 = 64 << 20;

/// Examines all blobs that references reach.
///
/// # Errors
/// When the references cannot be read. Everything less is a gap of the outcome.
pub fn examine_history(request: &HistoryRequest<'_>) -> Result<HistoryOutcome, HistoryError> {
    /// How often to begin again when git moves objects into a pack meanwhile.
    const ATTEMPTS: usize = 3;
    let mut outcome = HistoryOutcome::default();
    for _ in 0..ATTEMPTS {
        let whole;
        (outcome, whole) = attempt(request)?;
        if whole || request.interrupted.load(std::sync::atomic::Ordering::Relaxed) {
            return Ok(outcome);
        }
    }
    outcome.gaps.push(Gap {
        kind: GapKind::Changed,
        subject: "objects".to_owned(),
        detail: "objects vanished while the history was read (git is repacking it?); scan again".to_owned(),
    });
    Ok(outcome)
}

/// The outcome, and whether all that was listed was still there when it was read.
fn attempt(request: &HistoryRequest<'_>) -> Result<(HistoryOutcome, bool), HistoryError> {
    let mut outcome = HistoryOutcome::default();
    let mut gaps = Vec::new();
    let objects = Objects::open(request.repository, &mut gaps);
    let mut tips = tips(request.repository)?;
    tips.miss(&objects);
    let shallow = shallow(request.repository, &mut gaps);
    let key = memo::key(request, &objects, &tips.all, tips.head, &shallow);
    if let Some(mut known) = memo::recall(request, &key) {
        known.gaps.extend(tips.gaps);
        return Ok((known, true));
    }
    let forests: Vec<Forest> = objects.packs.iter().map(Forest::of).collect();
    let known = examine_blobs(request, &objects, &forests, &mut outcome);
    request.progress.phase(Phase::Combining, None);
    let facts = Facts::collect(&objects, known, &mut outcome, &mut gaps);
    let graph = read_trees(request, &objects, &forests, &facts, &mut gaps);
    let commits = read_commits(request, &objects, &forests, &mut gaps);
    let order = commits.reachable(&objects, &tips.all, &|id| shallow.contains(&id.to_owned()), &mut gaps);
    outcome.commits = order.len() as u64;
    let mut missing: Vec<ObjectId> = order.iter().map(|commit| commit.tree).collect();
    missing.sort_unstable();
    missing.dedup();
    missing.retain(|tree| objects.number(tree).is_none());
    gaps.extend(missing_objects(&missing));
    let head = tips.head.and_then(|head| {
        let number = objects.number(&head)?;
        order.iter().find(|commit| commit.number == number).copied()
    });
    let found = walk::walk(&graph, &objects, &order, head);
    gaps.extend(found.limits());
    let place = Place { request, objects: &objects, graph: &graph, found: &found };
    outcome.units = units(&place, &facts, &mut outcome.skipped, &mut gaps);
    outcome.gaps = gaps;
    let whole = !objects.vanished();
    if whole {
        memo::keep(request, &key, &outcome);
    }
    outcome.gaps.extend(tips.gaps);
    Ok((outcome, whole))
}

/// Facts of blobs: per blob with facts, what each engine remembers of it.
pub(super) struct Facts {
    pub(super) by_blob: HashMap<ObjectNumber, Vec<(u32, Vec<u8>)>>,
    pub(super) ids: gix::hashtable::HashMap<ObjectId, ObjectNumber>,
}

impl Facts {
    fn collect(
        objects: &Objects,
        known: Vec<(ObjectNumber, Known)>,
        outcome: &mut HistoryOutcome,
        gaps: &mut Vec<Gap>,
    ) -> Self {
        let mut facts = Self { by_blob: HashMap::new(), ids: gix::hashtable::HashMap::default() };
        for (first, known) in known {
            outcome.files += known.files;
            outcome.bytes += known.bytes;
            for (reason, (files, bytes)) in known.skips() {
                if files > 0 {
                    outcome.skipped.push((reason, files, bytes, String::new()));
                }
            }
            for (position, kind, detail) in known.gaps {
                let subject =
                    objects.id(first + position).map_or_else(|| "pack".to_owned(), |id| id.to_string());
                gaps.push(Gap { kind, subject, detail });
            }
            for (position, engine, bytes) in known.facts {
                // An object in two packs has two numbers; its first one stands for it.
                let Some(id) = objects.id(first + position) else { continue };
                let Some(number) = objects.number(&id) else { continue };
                facts.ids.insert(id, number);
                let list = facts.by_blob.entry(number).or_default();
                if !list.iter().any(|(other, _)| *other == engine) {
                    list.push((engine, bytes));
                }
            }
        }
        facts
    }
}

fn examine_blobs(
    request: &HistoryRequest<'_>,
    objects: &Objects,
    forests: &[Forest],
    outcome: &mut HistoryOutcome,
) -> Vec<(ObjectNumber, Known)> {
    let total =
        forests.iter().map(|forest| forest.count(Kind::Blob)).sum::<u64>() + objects.loose.ids.len() as u64;
    request.progress.phase(Phase::Examining, Some(total));
    let mut all = Vec::new();
    for (pack, forest) in objects.packs.iter().zip(forests) {
        let key = pack_key(request, pack);
        let cached = request.store.as_ref().and_then(|store| store.get("pack", &key));
        if let Some(known) = cached.and_then(|bytes| postcard::from_bytes::<Known>(&bytes).ok()) {
            outcome.cached += known.files;
            request.progress.advance(forest.count(Kind::Blob), known.bytes);
            all.push((pack.first, known));
            continue;
        }
        let sweep = Sweep { pack, forest, limit: request.max_file_size, interrupted: request.interrupted };
        let (parts, troubles) = sweep.run(Kind::Blob, Known::default, |known, blob: Visit<'_, Memories>| {
            request.progress.advance(1, blob.content.len() as u64);
            let base = blob.base.map(|base| (base.memory, base.pieces));
            known.examine_delta(request.engines, blob.ordinal, blob.content, base, blob.is_base)
        });
        let mut known = parts.into_iter().fold(Known::default(), |mut all, part| {
            all.merge(part);
            all
        });
        known.gaps.extend(troubles.into_iter().map(|trouble| trouble_gap(trouble, request.max_file_size)));
        known.gaps.extend(forest.broken.iter().map(|ordinal| {
            (
                *ordinal,
                GapKind::Corrupt,
                "this object's entry in its pack is damaged; run `git fsck`".to_owned(),
            )
        }));
        known.settle();
        // The key would not see that a damaged pack was mended.
        let damaged = known.gaps.iter().any(|(_, kind, _)| *kind == GapKind::Corrupt);
        if !damaged && !request.interrupted.load(std::sync::atomic::Ordering::Relaxed) {
            remember(request, &key, &known);
        }
        all.push((pack.first, known));
    }
    all.push(examine_loose(request, objects));
    all
}

/// Identifies all that the facts of a pack depend on.
fn pack_key(request: &HistoryRequest<'_>, pack: &super::objects::Pack) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"andon pack facts v1");
    // A checksum is only what a pack says of itself; another repository's pack must not answer for this one.
    hasher.update(pack.data.path().as_os_str().as_encoded_bytes());
    hasher.update(pack.index.pack_checksum().as_bytes());
    hasher.update(&request.max_file_size.to_le_bytes());
    for engine in request.engines {
        let info = engine.info();
        hasher
            .update(&(info.name.len() as u64).to_le_bytes())
            .update(info.name.as_bytes())
            .update(&info.digest);
    }
    *hasher.finalize().as_bytes()
}

fn remember(request: &HistoryRequest<'_>, key: &[u8; 32], known: &Known) {
    let Some(store) = &request.store else { return };
    if let Ok(bytes) = postcard::to_stdvec(known)
        && let Err(error) = store.put("pack", key, &bytes)
    {
        request.progress.note(&format!("the cache was not written: {error}"));
    }
}

fn trouble_gap(trouble: Trouble, limit: u64) -> (u32, GapKind, String) {
    let (kind, detail) = match trouble.reason {
        Reason::TooLarge(size) => (GapKind::TooLarge, too_large(size, limit)),
        Reason::Damaged => {
            (GapKind::Corrupt, "this object is damaged in its pack; run `git fsck`".to_owned())
        }
        Reason::Base => {
            (GapKind::Corrupt, "this object builds on one that is damaged or over the size limit".to_owned())
        }
    };
    (trouble.ordinal, kind, detail)
}

fn examine_loose(request: &HistoryRequest<'_>, objects: &Objects) -> (ObjectNumber, Known) {
    let first = objects.loose_first();
    let mut known = Known::default();
    let mut buffer = Vec::new();
    for (position, id) in objects.loose.ids.iter().enumerate() {
        let position = position as u32;
        match objects.loose.kind(id) {
            Ok(Kind::Blob) => {}
            Ok(_) => continue,
            Err(error) => {
                known.gaps.push((position, GapKind::Corrupt, format!("{error}; run `git fsck`")));
                continue;
            }
        }
        match objects.loose.read(id, request.max_file_size, &mut buffer) {
            Ok(_) => known.examine(request.engines, position, &buffer),
            Err(LooseError::TooLarge(size)) => {
                known.gaps.push((position, GapKind::TooLarge, too_large(size, request.max_file_size)));
            }
            Err(error) => known.gaps.push((position, GapKind::Corrupt, format!("{error}; run `git fsck`"))),
        }
        request.progress.advance(1, buffer.len() as u64);
    }
    known.settle();
    (first, known)
}

fn read_trees(
    request: &HistoryRequest<'_>,
    objects: &Objects,
    forests: &[Forest],
    facts: &Facts,
    gaps: &mut Vec<Gap>,
) -> Graph {
    let hash = request.repository.object_hash();
    let matters = |name: &[u8]| {
        let name = String::from_utf8_lossy(name);
        request.engines.iter().any(|engine| engine.name_matters(&name))
    };
    let reader = Reader {
        objects,
        blobs: &facts.ids,
        name_matters: &matters,
        names: std::sync::Mutex::new(Names::default()),
    };
    let mut parts = Vec::new();
    for (pack, forest) in objects.packs.iter().zip(forests) {
        let sweep = Sweep { pack, forest, limit: MAX_META, interrupted: request.interrupted };
        let (read, troubles) = sweep.run(Kind::Tree, Part::default, |part, tree: Visit<'_, ()>| {
            reader.read(part, pack.first + tree.ordinal, tree.content, hash);
        });
        parts.extend(read);
        gaps.extend(troubles.iter().map(|trouble| damaged(objects, pack.first + trouble.ordinal, "folder")));
    }
    let mut part = Part::default();
    let damage = each_loose(objects, Kind::Tree, |number, content| {
        reader.read(&mut part, number, content, hash);
    });
    gaps.extend(damage.into_iter().map(|number| damaged(objects, number, "folder")));
    parts.push(part);
    let names = reader.names.into_inner().unwrap_or_else(PoisonError::into_inner);
    let graph = Graph::new(objects.len(), parts, names);
    gaps.extend(graph.broken.iter().map(|number| damaged(objects, *number, "folder")));
    gaps.extend(missing_objects(&graph.missing));
    graph
}

/// One gap for all missing objects, or a partial clone would drown everything else.
fn missing_objects(missing: &[ObjectId]) -> Option<Gap> {
    let first = missing.first()?;
    Some(Gap {
        kind: GapKind::MissingObject,
        subject: first.to_string(),
        detail: format!(
            "{} object{} that the history names {} not there (a partial clone?); run `git fetch --refetch`, or clone whole",
            missing.len(),
            if missing.len() == 1 { "" } else { "s" },
            if missing.len() == 1 { "is" } else { "are" },
        ),
    })
}

fn read_commits(
    request: &HistoryRequest<'_>,
    objects: &Objects,
    forests: &[Forest],
    gaps: &mut Vec<Gap>,
) -> Commits {
    let hash = request.repository.object_hash();
    let mut list: Vec<Commit> = Vec::new();
    let mut broken = Vec::new();
    for (pack, forest) in objects.packs.iter().zip(forests) {
        let sweep = Sweep { pack, forest, limit: MAX_META, interrupted: request.interrupted };
        let (read, troubles) = sweep.run(Kind::Commit, Vec::new, |part, commit: Visit<'_, ()>| {
            let number = pack.first + commit.ordinal;
            part.push(Commit::parse(number, commit.content, hash).ok_or(number));
        });
        for commit in read.into_iter().flatten() {
            match commit {
                Ok(commit) => list.push(commit),
                Err(number) => broken.push(number),
            }
        }
        broken.extend(troubles.iter().map(|trouble| pack.first + trouble.ordinal));
    }
    let damage =
        each_loose(objects, Kind::Commit, |number, content| match Commit::parse(number, content, hash) {
            Some(commit) => list.push(commit),
            None => broken.push(number),
        });
    broken.extend(damage);
    gaps.extend(broken.into_iter().map(|number| damaged(objects, number, "commit")));
    Commits::new(objects.len(), list)
}

/// Visits the loose objects of a kind; returns those that cannot be read.
fn each_loose(
    objects: &Objects,
    kind: Kind,
    mut visit: impl FnMut(ObjectNumber, &[u8]),
) -> Vec<ObjectNumber> {
    let mut damage = Vec::new();
    let mut buffer = Vec::new();
    for (position, id) in objects.loose.ids.iter().enumerate() {
        // An object whose very kind cannot be told was reported where the contents were examined.
        if objects.loose.kind(id).is_ok_and(|found| found == kind) {
            let number = objects.loose_first() + position as ObjectNumber;
            match objects.loose.read(id, MAX_META, &mut buffer) {
                Ok(_) => visit(number, &buffer),
                Err(_) => damage.push(number),
            }
        }
    }
    damage
}

fn damaged(objects: &Objects, number: ObjectNumber, what: &str) -> Gap {
    Gap {
        kind: GapKind::Corrupt,
        subject: objects.id(number).map_or_else(|| "pack".to_owned(), |id| id.to_string()),
        detail: format!("this {what} is damaged, and what only it leads to has no place; run `git fsck`"),
    }
}

struct Tips {
    all: Vec<ObjectId>,
    head: Option<ObjectId>,
    /// References that lead nowhere.
    gaps: Vec<Gap>,
}

impl Tips {
    /// Notes the tips that are not there.
    fn miss(&mut self, objects: &Objects) {
        let missing = self.all.iter().filter(|tip| objects.number(tip).is_none());
        self.gaps.extend(missing.map(|tip| unreadable(tip.to_string(), &"the object is not there")));
    }
}

fn tips(repository: &gix::Repository) -> Result<Tips, HistoryError> {
    const DOING: &str = "listing the references";
    let mut gaps = Vec::new();
    let head = match repository.head() {
        Ok(head) => head.id().map(gix::Id::detach),
        Err(error) => {
            gaps.push(unreadable("HEAD".to_owned(), &error));
            None
        }
    };
    let mut all: Vec<ObjectId> = head.into_iter().collect();
    let platform = repository.references().map_err(|error| HistoryError::git(DOING)(&error))?;
    let references = platform.all().map_err(|error| HistoryError::git(DOING)(&error))?;
    for reference in references {
        let mut reference = match reference {
            Ok(reference) => reference,
            Err(error) => {
                gaps.push(unreadable("refs".to_owned(), &error));
                continue;
            }
        };
        match reference.peel_to_id() {
            Ok(id) => all.push(id.detach()),
            Err(_) if is_dangling(repository, &reference) => {}
            Err(error) => gaps.push(unreadable(reference.name().as_bstr().to_string(), &error)),
        }
    }
    all.sort_unstable();
    all.dedup();
    Ok(Tips { all, head, gaps })
}

/// Whether it only names a reference that does not exist, as `origin/HEAD` often does.
fn is_dangling(repository: &gix::Repository, reference: &gix::Reference<'_>) -> bool {
    let target = reference.target();
    target.try_name().is_some_and(|name| matches!(repository.try_find_reference(name), Ok(None)))
}

fn unreadable(subject: String, reason: &dyn std::fmt::Display) -> Gap {
    let detail = format!(
        "a reference cannot be followed ({reason}), and what only it leads to was not examined; run `git fsck`"
    );
    Gap { kind: GapKind::MissingObject, subject, detail }
}

fn shallow(repository: &gix::Repository, gaps: &mut Vec<Gap>) -> Vec<ObjectId> {
    let Ok(Some(commits)) = repository.shallow_commits() else { return Vec::new() };
    let ids: Vec<ObjectId> = commits.iter().copied().collect();
    if let Some(first) = ids.first() {
        gaps.push(Gap {
            kind: GapKind::Shallow,
            subject: first.to_string(),
            detail: "the clone is shallow: what came before was not examined; run `git fetch --unshallow`"
                .to_owned(),
        });
    }
    ids
}

/// Blobs that no reference reaches, for the coverage.
pub(super) fn unreachable_skip(count: u64) -> Option<(SkipReason, u64, u64, String)> {
    (count > 0).then(|| (SkipReason::Unreachable, count, 0, String::new()))
}
