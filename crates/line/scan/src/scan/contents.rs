use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use andon_containers::{ArchiveKind, HEAD_BYTES, kind_of};
use andon_model::{BINARY, Content, Form};

use super::engines::Engines;
use crate::cache::{Cache, EngineFacts, Kind, Known, bit};
use crate::text::{self, Text};

/// The contents met in one scan, each examined once by each engine that wants it, wherever it occurs.
pub(crate) struct Contents<'a> {
    engines: &'a Engines<'a>,
    cache: Option<&'a Cache<'a>>,
    shards: Vec<Mutex<Shard>>,
}

/// Engines, and what they take a content for.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Question {
    /// The set of them.
    pub(crate) engines: u32,
    pub(crate) form: Form,
}

impl Question {
    /// What is known of a content under this form is kept apart from what is known under another.
    pub(crate) fn key(self, digest: &[u8; 32]) -> [u8; 32] {
        if self.form == 0 {
            return *digest;
        }
        let mut hasher = blake3::Hasher::new();
        hasher.update(b"form").update(&self.form.to_le_bytes()).update(digest);
        *hasher.finalize().as_bytes()
    }
}

/// Part of the contents, by digest.
type Shard = HashMap<[u8; 32], Arc<Mutex<Slot>>>;

/// What is known of a content by now.
#[derive(Default)]
pub(crate) struct Slot {
    pub(crate) known: Option<Known>,
    /// The engines whose facts came from the cache.
    pub(crate) cached: u32,
    /// Whether the cache knew it at all.
    pub(crate) recalled: bool,
    /// The engines that failed, and where.
    pub(crate) failed: Vec<(u8, String)>,
}

const SHARDS: usize = 64;

impl<'a> Contents<'a> {
    pub(crate) fn new(engines: &'a Engines<'a>, cache: Option<&'a Cache<'a>>) -> Self {
        let shards = std::iter::repeat_with(Mutex::default).take(SHARDS).collect();
        Self { engines, cache, shards }
    }

    /// What is known already, from this scan or an earlier one, if that is all that the question needs.
    pub(crate) fn recall(&self, digest: &[u8; 32], question: Question) -> Option<Known> {
        let digest = &question.key(digest);
        let known = self.cache?.known(digest)?;
        let enough = known.kind != Kind::Text || known.examined & question.engines == question.engines;
        if !enough {
            return None;
        }
        if !known.facts.is_empty() {
            let slot = self.slot(digest);
            let mut slot = lock(&slot);
            if slot.known.is_none() {
                slot.cached = known.examined;
                slot.recalled = true;
                slot.known = Some(known.clone());
            }
        }
        Some(known)
    }

    /// Lets engines examine a content, as far as nobody did. Returns its slot.
    pub(crate) fn examine(&self, digest: &[u8; 32], raw: &[u8], question: Question) -> Arc<Mutex<Slot>> {
        let digest = &question.key(digest);
        let shared = self.slot(digest);
        let mut slot = lock(&shared);
        if slot.known.is_none() {
            slot.known = self.cache.and_then(|cache| cache.known(digest));
            slot.recalled = slot.known.is_some();
            slot.cached = slot.known.as_ref().map_or(0, |known| known.examined);
        }
        let failed = slot.failed.iter().fold(0, |set, (engine, _)| set | bit(*engine));
        let done = slot
            .known
            .as_ref()
            .map_or(0, |known| if known.kind == Kind::Text { known.examined } else { u32::MAX });
        let missing = question.engines & !done & !failed;
        if missing != 0 || slot.known.is_none() {
            self.examine_missing(&mut slot, raw, Question { engines: missing, ..question });
        }
        drop(slot);
        shared
    }

    /// Every content that has facts or diagnostics, or was examined anew.
    pub(crate) fn into_slots(self) -> impl Iterator<Item = ([u8; 32], Slot)> {
        self.shards.into_iter().flat_map(|shard| {
            let shard = shard.into_inner().unwrap_or_else(PoisonError::into_inner);
            shard.into_iter().map(|(digest, slot)| {
                let slot = std::mem::take(&mut *lock(&slot));
                (digest, slot)
            })
        })
    }

    fn examine_missing(&self, slot: &mut Slot, raw: &[u8], question: Question) {
        let decoded = if question.form == BINARY { Text::Utf8(raw.into()) } else { text::decode(raw) };
        let (kind, bytes) = match &decoded {
            decoded if question.form != BINARY && is_archive(raw, decoded) => (Kind::Archive, [].as_slice()),
            Text::Utf8(bytes) => (Kind::Text, bytes.as_ref()),
            Text::Binary => (Kind::Binary, [].as_slice()),
            Text::LfsPointer => (Kind::LfsPointer, [].as_slice()),
        };
        let known = slot.known.get_or_insert_with(|| Known { kind, examined: 0, facts: Vec::new() });
        if kind != Kind::Text {
            known.examined = if kind == Kind::Binary { self.engines.wanting_binary(raw) } else { 0 };
            return;
        }
        let content = Content { bytes, form: question.form };
        for engine in self.engines.numbers(question.engines) {
            match self.engines.examine(engine, &content) {
                Ok(examined) => {
                    known.examined |= bit(engine);
                    if !examined.facts.is_empty() || !examined.diagnostics.is_empty() {
                        let (facts, diagnostics) = (examined.facts, examined.diagnostics);
                        known.facts.push(EngineFacts { engine, facts, diagnostics });
                    }
                }
                Err(place) => slot.failed.push((engine, place)),
            }
        }
    }

    fn slot(&self, digest: &[u8; 32]) -> Arc<Mutex<Slot>> {
        let shard = usize::from(digest.first().copied().unwrap_or(0)) % SHARDS;
        match self.shards.get(shard) {
            Some(shard) => Arc::clone(lock(shard).entry(*digest).or_default()),
            None => Arc::default(),
        }
    }
}

/// Whether a content is an archive, whatever its name. One that begins like a text is one all the same; only a tar
/// has next to nothing of its own to be known by.
fn is_archive(bytes: &[u8], decoded: &Text<'_>) -> bool {
    archive_kind("", bytes)
        .is_some_and(|kind| *decoded == Text::Binary || (kind.is_opened() && kind != ArchiveKind::Tar))
}

/// What kind of archive a file is, told by its first bytes and by its name.
pub(crate) fn archive_kind(name: &str, bytes: &[u8]) -> Option<ArchiveKind> {
    kind_of(name, bytes.get(..HEAD_BYTES).unwrap_or(bytes))
}

/// Nothing panics while such a lock is held: engines run contained.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
