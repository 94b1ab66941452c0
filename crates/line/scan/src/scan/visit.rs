use std::io::Cursor;
use std::sync::Mutex;

use andon_containers::{ArchiveKind, Source, name_matters, walk};
use andon_model::{Gap, SkipReason};
use andon_system::files::ReadSeek;

use super::budget::Share;
use super::contents::{Contents, archive_kind, lock};
use super::deep::{Deep, Found, Nested};
use super::examine::{Examination, NewStats};
use super::source::{Item, Place, Read, too_large};
use super::subject::Subject;
use crate::text::{self, Text};

/// What came of one item.
#[derive(Default)]
pub(super) struct Visit {
    pub(super) size: u64,
    /// The engines that examined it, and those of them that had done so before.
    pub(super) examined: u32,
    pub(super) cached: u32,
    pub(super) skip: Option<SkipReason>,
    /// Absent for most items.
    pub(super) rare: Option<Box<Rare>>,
}

#[derive(Default)]
pub(super) struct Rare {
    /// The content, under each key by which engines have something to say about it, with the engines that do.
    pub(super) keys: Vec<([u8; 32], u32)>,
    pub(super) path_facts: Vec<(u8, Vec<u8>)>,
    pub(super) gaps: Vec<Gap>,
    /// What is in it, if it is an archive.
    pub(super) nested: Vec<Nested>,
}

/// Bytes of the largest program that is read whole, unless texts may be larger still.
pub(super) const LARGEST_BINARY: u64 = 256 << 20;

/// Of larger files the beginning is read first, in bytes: they may be nothing that anybody would examine.
const LARGE: u64 = 64 << 20;

/// Bytes that tell a text from a binary.
const START: usize = 8_000;

/// What the first bytes of an item tell.
enum Look {
    /// Opened.
    Archive,
    /// One that an engine wants.
    Program,
    /// Neither, and no text.
    Binary(SkipReason),
    Text,
}

/// An item in memory, within the budget.
struct Held<'a> {
    bytes: Vec<u8>,
    /// As in [`Read`].
    unchanged: bool,
    _share: Share<'a>,
}

impl Examination<'_> {
    pub(super) fn visit(&self, item: &Item, contents: &Contents<'_>, stats: &NewStats) -> Visit {
        let wanted = self.engines.wanted(&item.path, self.among);
        let mut subject = Subject::new(&item.path, &wanted, contents);
        subject.visit.size = item.size.unwrap_or(0);
        let outcome = if wanted.content != 0 || !wanted.formed.is_empty() {
            self.visit_content(item, &mut subject, stats)
        } else if wanted.binary != 0 || is_archive_name(&item.path) {
            self.look(item, &mut subject).map(|_| ())
        } else {
            subject.visit.skip = wanted.allowed.then_some(SkipReason::Allowed);
            Ok(())
        };
        subject.rare.gaps.extend(outcome.err());
        subject.finish()
    }

    fn visit_content(&self, item: &Item, subject: &mut Subject<'_>, stats: &NewStats) -> Result<(), Gap> {
        subject.visit.size = self.sources.size(item).unwrap_or(0);
        let (size, limit) = (subject.visit.size, self.max_file_size);
        let stamp = self.cache.and_then(|cache| Some((cache, self.sources.stamp(item)?)));
        if let Some((cache, (name, stat))) = stamp
            && size <= limit
            && !name_matters(&item.path)
            && let Some(digest) = cache.digest_of(name, stat)
            && subject.recall(&digest)
        {
            return Ok(());
        }
        if size > limit.min(LARGE) {
            match self.look(item, subject)? {
                Look::Archive | Look::Program => return Ok(()),
                Look::Binary(reason) => {
                    subject.leave(reason);
                    return Ok(());
                }
                Look::Text if size > limit => return subject.leave_text(too_large(&item.path, size, limit)),
                Look::Text => {}
            }
        }
        let Held { bytes, unchanged, _share } = self.hold(item, size, limit)?;
        subject.visit.size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let digest = *blake3::hash(&bytes).as_bytes();
        subject.examine(self, &digest, &bytes);
        if let Some((_, (name, stat))) = stamp
            && unchanged
            && stat.modified < self.settled_before
            && stat.changed < self.settled_before
        {
            lock(stats).push((name, stat, digest));
        }
        let no_text = subject.visit.skip == Some(SkipReason::Binary);
        match archive_kind(&item.path, &bytes) {
            Some(kind) if kind.is_opened() && (no_text || name_matters(&item.path)) => {
                self.open_archive(subject, &mut Cursor::new(bytes));
            }
            Some(_) if no_text => subject.visit.skip = Some(SkipReason::Unopened),
            _ => {}
        }
        Ok(())
    }

    /// Looks at the first bytes of an item of which no engine wants the text, or which is larger than texts may be.
    /// Archives are streamed and programs are read, both at any size; a blob is not to be had in part.
    fn look(&self, item: &Item, subject: &mut Subject<'_>) -> Result<Look, Gap> {
        subject.visit.size = self.sources.size(item).unwrap_or(0);
        let (size, most) = (subject.visit.size, self.max_file_size.max(LARGEST_BINARY));
        let Place::File(path, _) = &item.place else {
            let held = self.hold(item, size, most)?;
            let look = self.judge(subject, &held.bytes);
            match look {
                Look::Archive => self.open_archive(subject, &mut Cursor::new(&held.bytes)),
                Look::Program => subject.examine_program(self, &held.bytes),
                Look::Binary(_) | Look::Text => {}
            }
            return Ok(look);
        };
        let failed = |error: andon_system::ReadError| error.gap(&item.path);
        let look = self.judge(subject, &self.sources.system.read_start(path, START as u64).map_err(failed)?);
        match look {
            Look::Archive => {
                let mut file = self.sources.system.open_file(path).map_err(failed)?;
                self.open_archive(subject, &mut *file);
            }
            Look::Program => subject.examine_program(self, &self.hold(item, size, most)?.bytes),
            Look::Binary(_) | Look::Text => {}
        }
        Ok(look)
    }

    fn judge(&self, subject: &Subject<'_>, bytes: &[u8]) -> Look {
        let start = bytes.get(..START).unwrap_or(bytes);
        let kind = archive_kind(subject.path, start);
        if kind.is_some_and(ArchiveKind::is_opened) {
            Look::Archive
        } else if text::decode(start) != Text::Binary {
            Look::Text
        } else if self.engines.wanting_binary(start) & subject.wanted.binary != 0 {
            Look::Program
        } else {
            Look::Binary(if kind.is_some() { SkipReason::Unopened } else { SkipReason::Binary })
        }
    }

    fn hold(&self, item: &Item, size: u64, most: u64) -> Result<Held<'_>, Gap> {
        let share = self.budget.acquire(size);
        let Read { bytes, unchanged } = self.sources.read(item, most)?;
        Ok(Held { bytes, unchanged, _share: share })
    }

    fn open_archive(&self, subject: &mut Subject<'_>, source: &mut dyn ReadSeek) {
        subject.leave_archive();
        let name = subject.path.rsplit('/').next().unwrap_or_default();
        let mut source = source;
        let found = Mutex::new(Found::default());
        let archive = Some(subject.path);
        let mut deep = Deep {
            examination: self,
            contents: subject.contents,
            found: &found,
            archive,
            scope: None,
            at_hand: None,
        };
        let outcome = walk(Source::Seekable(&mut source), name, &self.archives, &mut deep);
        let Found { nested, gaps } = Found::settle(&found, &outcome, subject.path);
        subject.rare.nested = nested;
        subject.rare.gaps.extend(gaps);
    }
}

/// Whether a name is one of an archive, for engines that do not look at every file.
fn is_archive_name(path: &str) -> bool {
    const ENDINGS: &[&str] = &[
        "zip", "jar", "war", "ear", "whl", "egg", "nupkg", "tar", "tgz", "gz", "zst", "tzst", "apk", "aar",
        "vsix", "pyz", "pex",
    ];
    let ending = path.rsplit_once('.').map(|(_, ending)| ending.to_ascii_lowercase());
    ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str()))
}
