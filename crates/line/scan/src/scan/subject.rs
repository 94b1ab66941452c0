use andon_model::{BINARY, Gap, GapKind, SkipReason};

use super::contents::{Contents, Question, lock};
use super::engines::Wanted;
use super::examine::Examination;
use super::visit::{Rare, Visit};
use crate::cache::{Kind, Known, bit};

/// A file while it is visited, wherever it is.
pub(super) struct Subject<'a> {
    pub(super) path: &'a str,
    pub(super) wanted: &'a Wanted,
    pub(super) contents: &'a Contents<'a>,
    pub(super) visit: Visit,
    pub(super) rare: Rare,
}

impl<'a> Subject<'a> {
    pub(super) fn new(path: &'a str, wanted: &'a Wanted, contents: &'a Contents<'a>) -> Self {
        let (path_facts, gaps) = (wanted.path_facts.clone(), wanted.failures.clone());
        let rare = Rare { path_facts, gaps, ..Rare::default() };
        Self { path, wanted, contents, visit: Visit::default(), rare }
    }

    /// The questions that texts are asked.
    fn questions(&self) -> impl Iterator<Item = Question> + use<'_> {
        let text = Question { engines: self.wanted.content, form: 0 };
        let formed = self.wanted.formed.iter();
        let formed = formed.map(|formed| Question { engines: bit(formed.engine), form: formed.form });
        Some(text).filter(|text| text.engines != 0).into_iter().chain(formed)
    }

    /// True when everything that is wanted of a content is known.
    pub(super) fn recall(&mut self, digest: &[u8; 32]) -> bool {
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

    /// Lets the engines that want a program examine it.
    pub(super) fn examine_program(&mut self, examination: &Examination<'_>, bytes: &[u8]) {
        self.visit.size = bytes.len() as u64;
        self.ask_about_program(examination, blake3::hash(bytes).as_bytes(), bytes);
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
            Kind::Binary | Kind::Archive => self.leave(SkipReason::Binary),
            Kind::LfsPointer => self.leave(SkipReason::LfsPointer),
        }
    }

    /// Leaves out what is no text; a gap where an engine knows by the name that it should be one.
    pub(super) fn leave(&mut self, reason: SkipReason) {
        self.visit.skip = Some(reason);
        self.miss_text(reason);
    }

    /// Looks into an archive instead of examining it.
    pub(super) fn leave_archive(&mut self) {
        self.visit.skip = None;
        self.miss_text(SkipReason::Binary);
    }

    /// Leaves out a text; `gap` when any engine misses something by that.
    pub(super) fn leave_text(&self, gap: Gap) -> Result<(), Gap> {
        if self.wanted.content != 0 || self.expects_text() { Err(gap) } else { Ok(()) }
    }

    fn expects_text(&self) -> bool {
        self.wanted.formed.iter().any(|formed| formed.expected)
    }

    fn miss_text(&mut self, reason: SkipReason) {
        if !self.expects_text() || self.rare.gaps.iter().any(|gap| gap.kind == GapKind::Unparsable) {
            return;
        }
        let detail = if reason == SkipReason::LfsPointer {
            "it is a Git LFS pointer, and what it stands for is elsewhere; `git lfs pull` brings it"
        } else {
            "it is no text, as a file of this name should be, so nothing in it was understood; restore or exclude it"
        };
        let subject = self.path.to_owned();
        self.rare.gaps.push(Gap { kind: GapKind::Unparsable, subject, detail: detail.to_owned() });
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
