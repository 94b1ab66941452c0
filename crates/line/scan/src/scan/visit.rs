use andon_model::{BINARY, Gap, SkipReason};

use super::contents::{Contents, Question, lock};
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
}

/// The item at hand while it is visited.
struct Visitor<'a> {
    item: &'a Item,
    wanted: &'a Wanted,
    contents: &'a Contents<'a>,
    visit: Visit,
    rare: Rare,
}

/// Bytes of the largest program that is read whole.
const LARGEST_BINARY: u64 = 256 << 20;

impl Examination<'_> {
    pub(super) fn visit(&self, item: &Item, contents: &Contents<'_>, stats: &NewStats) -> Visit {
        let mut wanted = self.engines.wanted(&item.path, self.among);
        let size = item.size.unwrap_or(0);
        let rare = Rare {
            path_facts: std::mem::take(&mut wanted.path_facts),
            gaps: std::mem::take(&mut wanted.failures),
            ..Rare::default()
        };
        let visit = Visit { size, ..Visit::default() };
        let mut visitor = Visitor { item, wanted: &wanted, contents, visit, rare };
        let outcome = if wanted.content != 0 || !wanted.formed.is_empty() {
            self.visit_content(&mut visitor, stats)
        } else if wanted.binary != 0 {
            self.visit_program(&mut visitor)
        } else {
            visitor.visit.skip = wanted.allowed.then_some(SkipReason::Allowed);
            Ok(())
        };
        visitor.rare.gaps.extend(outcome.err());
        visitor.finish()
    }

    fn visit_content(&self, visitor: &mut Visitor<'_>, stats: &NewStats) -> Result<(), Gap> {
        let item = visitor.item;
        let stamp = self.cache.and_then(|cache| Some((cache, self.sources.stamp(item)?)));
        visitor.visit.size = self.sources.size(item).unwrap_or(0);
        if visitor.visit.size > self.max_file_size {
            let program = visitor.wanted.binary != 0 && self.is_wanted_program(visitor)?;
            let size = visitor.visit.size;
            return if program {
                self.visit_program(visitor)
            } else {
                Err(too_large(&item.path, size, self.max_file_size))
            };
        }
        if let Some((cache, (name, stat))) = stamp
            && let Some(digest) = cache.digest_of(name, stat)
            && visitor.recall(&digest)
        {
            return Ok(());
        }
        let _share = self.budget.acquire(visitor.visit.size);
        let Read { bytes, unchanged } = self.sources.read(item, self.max_file_size)?;
        visitor.visit.size = u64::try_from(bytes.len()).unwrap_or(u64::MAX);
        let digest = *blake3::hash(&bytes).as_bytes();
        visitor.examine(self, &digest, &bytes);
        if let Some((_, (name, stat))) = stamp
            && unchanged
            && stat.modified < self.settled_before
            && stat.changed < self.settled_before
        {
            lock(stats).push((name, stat, digest));
        }
        Ok(())
    }

    /// A program that is wanted though no text would be, or though it is larger than texts may be.
    fn visit_program(&self, visitor: &mut Visitor<'_>) -> Result<(), Gap> {
        let item = visitor.item;
        visitor.visit.size = self.sources.size(item).unwrap_or(0);
        if !self.is_wanted_program(visitor)? {
            return Ok(());
        }
        let _share = self.budget.acquire(visitor.visit.size);
        let Read { bytes, .. } = self.sources.read(item, LARGEST_BINARY)?;
        let digest = *blake3::hash(&bytes).as_bytes();
        let engines = self.engines.wanting_binary(&bytes) & visitor.wanted.binary;
        visitor.ask(self, &digest, &bytes, Question { engines, form: BINARY });
        Ok(())
    }

    fn is_wanted_program(&self, visitor: &Visitor<'_>) -> Result<bool, Gap> {
        let head = self.sources.read_start(visitor.item, HEAD as u64)?;
        Ok(self.engines.wanting_binary(&head) & visitor.wanted.binary != 0)
    }
}

impl Visitor<'_> {
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

    fn examine(&mut self, examination: &Examination<'_>, digest: &[u8; 32], bytes: &[u8]) {
        let questions: Vec<Question> = self.questions().collect();
        for question in questions {
            let wants = self.ask(examination, digest, bytes, question) & self.wanted.binary;
            if wants != 0 {
                self.ask(examination, digest, bytes, Question { engines: wants, form: BINARY });
            }
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
        let failures =
            failed.map(|(engine, place)| examination.engines.failure(*engine, &self.item.path, place));
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
            Kind::Binary => self.visit.skip = Some(SkipReason::Binary),
            Kind::LfsPointer => self.visit.skip = Some(SkipReason::LfsPointer),
        }
    }

    fn finish(self) -> Visit {
        let rare = self.rare;
        let nothing = rare.keys.is_empty() && rare.path_facts.is_empty() && rare.gaps.is_empty();
        Visit { rare: (!nothing).then(|| Box::new(rare)), ..self.visit }
    }
}
