use andon_containers::{ArchiveKind, Source, name_matters, walk};
use andon_model::{BINARY, Gap, SkipReason};
use andon_system::files::ReadSeek;

use super::contents::{Contents, Question, archive_kind, lock};
use super::deep::{Deep, Nested};
use super::engines::{HEAD, Wanted};
use super::examine::{Examination, NewStats};
use super::source::{Item, Read, too_large};
use crate::cache::{Kind, Known, bit};

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

/// A file while it is visited, wherever it is.
pub(super) struct Subject<'a> {
    pub(super) path: &'a str,
    pub(super) wanted: &'a Wanted,
    pub(super) contents: &'a Contents<'a>,
    pub(super) visit: Visit,
    pub(super) rare: Rare,
}

/// Bytes of the largest program that is read whole.
pub(super) const LARGEST_BINARY: u64 = 256 << 20;

impl Examination<'_> {
    pub(super) fn visit(&self, item: &Item, contents: &Contents<'_>, stats: &NewStats) -> Visit {
        let mut wanted = self.engines.wanted(&item.path, self.among);
        let rare = Rare {
            path_facts: std::mem::take(&mut wanted.path_facts),
            gaps: std::mem::take(&mut wanted.failures),
            ..Rare::default()
        };
        let visit = Visit { size: item.size.unwrap_or(0), ..Visit::default() };
        let mut subject = Subject { path: &item.path, wanted: &wanted, contents, visit, rare };
        let outcome = if wanted.content != 0 || !wanted.formed.is_empty() {
            self.visit_content(item, &mut subject, stats)
        } else if wanted.binary != 0 || is_archive_name(&item.path) {
            self.visit_by_head(item, &mut subject).map(|_| ())
        } else {
            subject.visit.skip = wanted.allowed.then_some(SkipReason::Allowed);
            Ok(())
        };
        subject.rare.gaps.extend(outcome.err());
        subject.finish()
    }

    fn visit_content(&self, item: &Item, subject: &mut Subject<'_>, stats: &NewStats) -> Result<(), Gap> {
        let stamp = self.cache.and_then(|cache| Some((cache, self.sources.stamp(item)?)));
        subject.visit.size = self.sources.size(item).unwrap_or(0);
        if subject.visit.size > self.max_file_size {
            let size = subject.visit.size;
            let looked_into = self.visit_by_head(item, subject)?;
            return if looked_into { Ok(()) } else { Err(too_large(&item.path, size, self.max_file_size)) };
        }
        if let Some((cache, (name, stat))) = stamp
            && !name_matters(&item.path)
            && let Some(digest) = cache.digest_of(name, stat)
            && subject.recall(&digest)
        {
            return Ok(());
        }
        let _share = self.budget.acquire(subject.visit.size);
        let Read { bytes, unchanged } = self.sources.read(item, self.max_file_size)?;
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
                self.open_archive(subject, &mut std::io::Cursor::new(bytes));
            }
            Some(_) if no_text => subject.visit.skip = Some(SkipReason::Unopened),
            _ => {}
        }
        Ok(())
    }

    /// Looks into an archive or a program of which no engine wants the text, or which is larger than texts may be.
    /// False when it is neither.
    fn visit_by_head(&self, item: &Item, subject: &mut Subject<'_>) -> Result<bool, Gap> {
        subject.visit.size = self.sources.size(item).unwrap_or(0);
        let head = self.sources.read_start(item, HEAD as u64)?;
        if archive_kind(&item.path, &head).is_some_and(ArchiveKind::is_opened) {
            let mut file = self.sources.open(item)?;
            self.open_archive(subject, &mut *file);
            return Ok(true);
        }
        if self.engines.wanting_binary(&head) & subject.wanted.binary == 0 {
            return Ok(false);
        }
        let _share = self.budget.acquire(subject.visit.size);
        let Read { bytes, .. } = self.sources.read(item, LARGEST_BINARY)?;
        let digest = *blake3::hash(&bytes).as_bytes();
        subject.ask_about_program(self, &digest, &bytes);
        Ok(true)
    }

    fn open_archive(&self, subject: &mut Subject<'_>, source: &mut dyn ReadSeek) {
        subject.visit.skip = None;
        let name = subject.path.rsplit('/').next().unwrap_or_default();
        let mut source = source;
        let mut deep = Deep::new(self, subject.contents, subject.path);
        let outcome = walk(Source::Seekable(&mut source), name, &self.archives, &mut deep);
        let (nested, gaps) = deep.finish(&outcome);
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

impl Subject<'_> {
    /// The questions that texts are asked.
    fn questions(&self) -> impl Iterator<Item = Question> + use<'_> {
        let text = Question { engines: self.wanted.content, form: 0 };
        let formed = self.wanted.formed.iter();
        let formed = formed.map(|(engine, form)| Question { engines: bit(*engine), form: *form });
        Some(text).filter(|text| text.engines != 0).into_iter().chain(formed)
    }

    /// True when everything that is wanted of a content is known.
    fn recall(&mut self, digest: &[u8; 32]) -> bool {
        let mut answers: Vec<(Question, Known)> = Vec::new();
        for question in self.questions() {
            let Some(known) = self.contents.recall(digest, question) else { return false };
            if known.kind == Kind::Archive {
                return false;
            }
            let engines = known.examined & self.wanted.binary;
            let program =
                (known.kind == Kind::Binary && engines != 0).then_some(Question { engines, form: BINARY });
            answers.push((question, known));
            if let Some(question) = program {
                let Some(known) = self.contents.recall(digest, question) else { return false };
                answers.push((question, known));
            }
        }
        for (question, known) in answers {
            self.conclude(&known, question, u32::MAX, digest);
        }
        true
    }

    /// Lets every engine that wants a content examine it.
    pub(super) fn examine(&mut self, examination: &Examination<'_>, digest: &[u8; 32], bytes: &[u8]) {
        let questions: Vec<Question> = self.questions().collect();
        for question in questions {
            let wants = self.ask(examination, digest, bytes, question) & self.wanted.binary;
            if wants != 0 {
                self.ask(examination, digest, bytes, Question { engines: wants, form: BINARY });
            }
        }
        if self.wanted.content == 0 && self.wanted.formed.is_empty() {
            self.ask_about_program(examination, digest, bytes);
        }
    }

    fn ask_about_program(&mut self, examination: &Examination<'_>, digest: &[u8; 32], bytes: &[u8]) {
        let engines = examination.engines.wanting_binary(bytes) & self.wanted.binary;
        if engines != 0 {
            self.ask(examination, digest, bytes, Question { engines, form: BINARY });
        }
    }

    /// Asks engines, and returns the set of those that want the content because it is no text.
    fn ask(
        &mut self,
        examination: &Examination<'_>,
        digest: &[u8; 32],
        bytes: &[u8],
        question: Question,
    ) -> u32 {
        let slot = self.contents.examine(digest, bytes, question);
        let slot = lock(&slot);
        let failed = slot.failed.iter().filter(|(engine, _)| question.engines & bit(*engine) != 0);
        let failures = failed.map(|(engine, place)| examination.engines.failure(*engine, self.path, place));
        self.rare.gaps.extend(failures);
        let Some(known) = &slot.known else { return 0 };
        self.conclude(known, question, slot.cached, digest);
        if known.kind == Kind::Binary { known.examined } else { 0 }
    }

    fn conclude(&mut self, known: &Known, question: Question, cached: u32, digest: &[u8; 32]) {
        match known.kind {
            Kind::Text => {
                let examined = question.engines & known.examined;
                self.visit.examined |= examined;
                self.visit.cached |= examined & cached;
                self.visit.skip = None;
                if !known.facts.is_empty() {
                    self.rare.keys.push((question.key(digest), examined));
                }
            }
            Kind::Binary | Kind::Archive => self.visit.skip = Some(SkipReason::Binary),
            Kind::LfsPointer => self.visit.skip = Some(SkipReason::LfsPointer),
        }
    }

    pub(super) fn finish(self) -> Visit {
        let rare = self.rare;
        let nothing = rare.keys.is_empty()
            && rare.path_facts.is_empty()
            && rare.gaps.is_empty()
            && rare.nested.is_empty();
        Visit { rare: (!nothing).then(|| Box::new(rare)), ..self.visit }
    }
}
