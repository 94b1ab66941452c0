//! What is in archives and in the layers of images.

use andon_containers::{ArchiveKind, Entry, EntryKind, Outcome, Place, Problem, Visitor, Want, kind_of};
use andon_model::{Gap, GapKind, Occurrence, SkipReason, View};

use super::contents::Contents;
use super::engines::Wanted;
use super::examine::Examination;
use super::visit::{LARGEST_BINARY, Rare, Subject, Visit};
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

/// Shows engines what is in an archive.
pub(super) struct Deep<'a> {
    examination: &'a Examination<'a>,
    contents: &'a Contents<'a>,
    /// The archive's own path.
    path: &'a str,
    /// What engines want of the entry at hand.
    at_hand: Option<(String, Wanted)>,
    nested: Vec<Nested>,
    gaps: Vec<Gap>,
}

impl<'a> Deep<'a> {
    pub(super) fn new(examination: &'a Examination<'a>, contents: &'a Contents<'a>, path: &'a str) -> Self {
        Self { examination, contents, path, at_hand: None, nested: Vec::new(), gaps: Vec::new() }
    }

    pub(super) fn finish(mut self, outcome: &Outcome) -> (Vec<Nested>, Vec<Gap>) {
        self.gaps.extend(untold(outcome, self.gaps.len(), self.path));
        if outcome.cancelled {
            let detail = "stopped before all of it was examined; scan again".to_owned();
            self.gaps.push(Gap { kind: GapKind::Interrupted, subject: self.path.to_owned(), detail });
        }
        (self.nested, self.gaps)
    }

    fn full_path(&self, parts: &[String]) -> String {
        let all = std::iter::once(self.path).chain(parts.iter().map(String::as_str));
        all.collect::<Vec<_>>().join(Occurrence::INSIDE)
    }
}

impl Visitor for Deep<'_> {
    fn wants(&mut self, entry: &Entry<'_>, head: &[u8]) -> Want {
        let path = self.full_path(&entry.location());
        let asked = ask(self.examination, entry, head, &path);
        if asked.want == Want::Skip {
            self.nested.extend(asked.visit.map(|visit| Nested { path, inside: true, layer: None, visit }));
        } else {
            self.at_hand = Some((path, asked.wanted));
        }
        asked.want
    }

    fn opens(&mut self, entry: &Entry<'_>, kind: ArchiveKind) -> bool {
        if !opens(self.examination, kind) {
            return false;
        }
        let path = self.full_path(&entry.location());
        let facts = self.examination.engines.wanted(&path, self.examination.among).path_facts;
        self.nested.extend(only_path_facts(facts).map(|visit| Nested {
            path,
            inside: true,
            layer: None,
            visit,
        }));
        true
    }

    fn file(&mut self, _entry: &Entry<'_>, bytes: Vec<u8>) {
        let Some((path, wanted)) = self.at_hand.take() else { return };
        let visit = examine(self.examination, self.contents, &path, wanted, &bytes);
        self.nested.push(Nested { path, inside: true, layer: None, visit });
    }

    fn problem(&mut self, problem: Problem) {
        let subject = self.full_path(&problem.nested);
        self.gaps.push(Gap { kind: problem.kind.gap(), subject, detail: problem.detail });
    }

    fn cancelled(&mut self) -> bool {
        self.examination.interrupted.load(std::sync::atomic::Ordering::Relaxed)
    }
}

/// The gap of the problems that were only counted, of which there may be many.
pub(super) fn untold(outcome: &Outcome, told: usize, subject: &str) -> Option<Gap> {
    let rest = outcome.problems.saturating_sub(told as u64);
    let detail = format!("{rest} further problems in it were counted and not told");
    (rest > 0).then(|| Gap { kind: GapKind::Limit, subject: subject.to_owned(), detail })
}

/// What the engines answer when they are asked about an entry.
pub(super) struct Asked {
    pub(super) want: Want,
    pub(super) wanted: Wanted,
    /// What there is to remember of an entry that is not read.
    pub(super) visit: Option<Visit>,
}

/// Asks the engines about an entry of an archive or a layer.
pub(super) fn ask(examination: &Examination<'_>, entry: &Entry<'_>, head: &[u8], path: &str) -> Asked {
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
pub(super) fn opens(examination: &Examination<'_>, kind: ArchiveKind) -> bool {
    kind == ArchiveKind::Zip
        || kind.is_opened() && examination.among & examination.engines.with_view(View::Contents) != 0
}

pub(super) fn examine(
    examination: &Examination<'_>,
    contents: &Contents<'_>,
    path: &str,
    mut wanted: Wanted,
    bytes: &[u8],
) -> Visit {
    let rare = Rare {
        path_facts: std::mem::take(&mut wanted.path_facts),
        gaps: std::mem::take(&mut wanted.failures),
        ..Rare::default()
    };
    let visit = Visit { size: bytes.len() as u64, ..Visit::default() };
    let mut subject = Subject { path, wanted: &wanted, contents, visit, rare };
    let digest = *blake3::hash(bytes).as_bytes();
    subject.examine(examination, &digest, bytes);
    subject.finish()
}

pub(super) fn only_path_facts(path_facts: Vec<(u8, Vec<u8>)>) -> Option<Visit> {
    let some = !path_facts.is_empty();
    some.then(|| Visit { rare: Some(Box::new(Rare { path_facts, ..Rare::default() })), ..Visit::default() })
}
