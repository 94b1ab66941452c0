//! What is in archives and in the layers of images.

use std::sync::Mutex;

use andon_containers::{ArchiveKind, Entry, EntryKind, Outcome, Place, Problem, Visitor, Want, kind_of};
use andon_model::{Gap, GapKind, Occurrence, SkipReason, View};
use rayon::Scope;

use super::budget::Share;
use super::contents::{Contents, lock};
use super::engines::Wanted;
use super::examine::Examination;
use super::subject::Subject;
use super::visit::{LARGEST_BINARY, Rare, Visit};
use crate::text::{self, Text};

/// A file in an archive or in a layer, and what came of it.
pub(super) struct Nested {
    /// Full path.
    pub(super) path: String,
    /// Whether it is in an archive.
    pub(super) inside: bool,
    pub(super) layer: Option<Place>,
    pub(super) visit: Visit,
}

/// What was found in an archive or in the layers of an image.
#[derive(Default)]
pub(super) struct Found {
    pub(super) nested: Vec<Nested>,
    pub(super) gaps: Vec<Gap>,
}

impl Found {
    /// Adds the gaps that the walk as a whole leaves.
    pub(super) fn settle(found: &Mutex<Self>, outcome: &Outcome, subject: &str) -> Self {
        let mut found = std::mem::take(&mut *lock(found));
        let untold = outcome.problems.saturating_sub(found.gaps.len() as u64);
        if untold > 0 {
            let detail = format!("{untold} further problems in it were counted and not told");
            found.gaps.push(Gap { kind: GapKind::Limit, subject: subject.to_owned(), detail });
        }
        if outcome.cancelled {
            let detail = "stopped before all of it was examined; scan again".to_owned();
            found.gaps.push(Gap { kind: GapKind::Interrupted, subject: subject.to_owned(), detail });
        }
        found
    }
}

/// Shows engines what is in an archive or in the layers of an image.
pub(super) struct Deep<'v, 's, 'e> {
    pub(super) examination: &'v Examination<'e>,
    pub(super) contents: &'v Contents<'e>,
    pub(super) found: &'v Mutex<Found>,
    /// The archive's own path, unless it is an image.
    pub(super) archive: Option<&'v str>,
    /// Other threads examine what is found, if there are any, while this one goes on decompressing.
    pub(super) scope: Option<&'s Scope<'v>>,
    pub(super) at_hand: Option<AtHand<'v>>,
}

/// The entry that is being read.
pub(super) struct AtHand<'v> {
    path: String,
    wanted: Wanted,
    share: Share<'v>,
}

impl<'v> Deep<'v, '_, '_> {
    fn full_path(&self, parts: &[String]) -> String {
        let all = self.archive.into_iter().chain(parts.iter().map(String::as_str));
        all.collect::<Vec<_>>().join(Occurrence::INSIDE)
    }

    fn nested(&self, entry: &Entry<'_>, path: String, visit: Visit) -> Nested {
        let inside = self.archive.is_some() || !entry.nested.is_empty();
        Nested { path, inside, layer: entry.layer, visit }
    }

    fn keep(&self, nested: Nested) {
        lock(self.found).nested.push(nested);
    }
}

impl Visitor for Deep<'_, '_, '_> {
    fn wants(&mut self, entry: &Entry<'_>, head: &[u8]) -> Want {
        // One that could not be read gives its share back.
        self.at_hand = None;
        let path = self.full_path(&entry.location());
        let asked = ask(self.examination, entry, head, &path);
        match (asked.want, asked.visit) {
            (Want::Content { limit }, _) => {
                let share = self.examination.nested_budget.acquire(entry.size.unwrap_or(limit).min(limit));
                self.at_hand = Some(AtHand { path, wanted: asked.wanted, share });
            }
            (Want::Skip, Some(visit)) => self.keep(self.nested(entry, path, visit)),
            (Want::Skip, None) => {}
        }
        asked.want
    }

    fn opens(&mut self, entry: &Entry<'_>, kind: ArchiveKind) -> bool {
        if !opens(self.examination, kind) {
            return false;
        }
        let path = self.full_path(&entry.location());
        let wanted = self.examination.engines.wanted(&path, self.examination.among);
        let mut subject = Subject::new(&path, &wanted, self.contents);
        subject.leave_archive();
        let visit = subject.finish();
        if visit.rare.is_some() {
            self.keep(self.nested(entry, path, visit));
        }
        true
    }

    fn file(&mut self, entry: &Entry<'_>, bytes: Vec<u8>) {
        let Some(AtHand { path, wanted, share }) = self.at_hand.take() else { return };
        let (examination, contents, found) = (self.examination, self.contents, self.found);
        let mut nested = self.nested(entry, path, Visit::default());
        let of_image = self.archive.is_none();
        let work = move || {
            let (_share, bytes) = (share, bytes);
            nested.visit = examine(examination, contents, &nested.path, &wanted, &bytes);
            if of_image {
                examination.progress.advance(1, bytes.len() as u64);
            }
            lock(found).nested.push(nested);
        };
        match self.scope {
            Some(scope) => scope.spawn(move |_| work()),
            None => work(),
        }
    }

    fn problem(&mut self, problem: Problem) {
        let path = self.full_path(&problem.nested);
        let layer = problem.layer.map(|layer| format!("layer {layer}")).unwrap_or_default();
        let subject = if path.is_empty() { layer } else { path };
        lock(self.found).gaps.push(Gap { kind: problem.kind.gap(), subject, detail: problem.detail });
    }

    fn cancelled(&mut self) -> bool {
        self.examination.interrupted.load(std::sync::atomic::Ordering::Relaxed)
    }
}

/// What the engines answer when they are asked about an entry.
struct Asked {
    want: Want,
    wanted: Wanted,
    /// What there is to remember of an entry that is not read.
    visit: Option<Visit>,
}

/// Asks the engines about an entry of an archive or a layer.
fn ask(examination: &Examination<'_>, entry: &Entry<'_>, head: &[u8], path: &str) -> Asked {
    let nothing = || Asked { want: Want::Skip, wanted: Wanted::default(), visit: None };
    if entry.kind != EntryKind::Regular {
        return nothing();
    }
    let mut wanted = examination.engines.wanted(path, examination.among);
    let binary = text::decode(head) == Text::Binary;
    let program = binary && examination.engines.wanting_binary(head) & wanted.binary != 0;
    let limit = examination.max_file_size;
    if program {
        return Asked { want: Want::Content { limit: LARGEST_BINARY }, wanted, visit: None };
    }
    if !wanted.formed.is_empty() || (wanted.content != 0 && !binary) {
        return Asked { want: Want::Content { limit }, wanted, visit: None };
    }
    let mut visit = only_path_facts(std::mem::take(&mut wanted.path_facts));
    if wanted.content != 0 {
        let unopened = kind_of(entry.path, head).is_some_and(|kind| !kind.is_opened());
        let skipped = visit.get_or_insert_default();
        skipped.skip = Some(if unopened { SkipReason::Unopened } else { SkipReason::Binary });
        skipped.size = entry.size.unwrap_or(0);
    }
    Asked { visit, ..nothing() }
}

/// Archives that can hold packages are opened for every engine, others only where some engine reads all text.
fn opens(examination: &Examination<'_>, kind: ArchiveKind) -> bool {
    kind == ArchiveKind::Zip
        || kind.is_opened() && examination.among & examination.engines.with_view(View::Contents) != 0
}

fn examine(
    examination: &Examination<'_>,
    contents: &Contents<'_>,
    path: &str,
    wanted: &Wanted,
    bytes: &[u8],
) -> Visit {
    let mut subject = Subject::new(path, wanted, contents);
    subject.visit.size = bytes.len() as u64;
    subject.examine(examination, blake3::hash(bytes).as_bytes(), bytes);
    subject.finish()
}

fn only_path_facts(path_facts: Vec<(u8, Vec<u8>)>) -> Option<Visit> {
    let some = !path_facts.is_empty();
    some.then(|| Visit { rare: Some(Box::new(Rare { path_facts, ..Rare::default() })), ..Visit::default() })
}
