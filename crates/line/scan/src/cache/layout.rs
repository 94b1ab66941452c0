use serde::{Deserialize, Serialize};

use andon_model::{Diagnostic, GapKind};

/// First bytes of a table file; the number counts versions of this layout.
pub(super) const MAGIC: &[u8; 8] = b"ANDONT02";
/// Magic, key, BLAKE3 of what follows, then: generation, number of stat rows, of content rows, bytes of the heap.
pub(super) const HEADER: usize = 8 + 32 + 32 + 4 + 8 + 8 + 8;
/// Where the checksum stands and what it covers.
pub(super) const CHECKSUM: std::ops::Range<usize> = 40..72;
/// Path hash, four stat numbers, index of the content row, last generation that used it.
pub(super) const STAT_ROW: usize = 16 + 32 + 4 + 4;
/// Digest, kind, engines that examined it, last generation that used it, offset in the heap.
pub(super) const CONTENT_ROW: usize = 32 + 1 + 4 + 4 + 8;
/// Offset of a content that has nothing in the heap.
pub(super) const NOTHING: u64 = u64::MAX;

/// What a content is, so far as a scan cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Text,
    Binary,
    LfsPointer,
    /// An archive that was opened; what is in it is known by its own digest.
    Archive,
}

impl Kind {
    pub(super) fn to_byte(self) -> u8 {
        match self {
            Self::Text => 0,
            Self::Binary => 1,
            Self::LfsPointer => 2,
            Self::Archive => 3,
        }
    }

    pub(super) fn from_byte(byte: u8) -> Option<Self> {
        [Self::Text, Self::Binary, Self::LfsPointer, Self::Archive]
            .into_iter()
            .find(|kind| kind.to_byte() == byte)
    }
}

/// Hash of a path, or of a git blob's id: what a stat row is found by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct NameHash(pub(crate) [u8; 16]);

impl NameHash {
    pub(crate) fn new(kind: &str, name: &[u8]) -> Self {
        let mut hasher = blake3::Hasher::new();
        hasher.update(kind.as_bytes()).update(&[0]).update(name);
        let mut short = [0; 16];
        hasher.finalize_xof().fill(&mut short);
        Self(short)
    }
}

/// What one engine made of a content, when that is not nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct EngineFacts {
    /// Position of the engine in the scan, below 32.
    pub(crate) engine: u8,
    pub(crate) facts: Vec<u8>,
    pub(crate) diagnostics: Vec<Diagnostic>,
}

/// All that is known about a content.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Known {
    pub(crate) kind: Kind,
    /// Bit n is set when engine n has examined it.
    pub(crate) examined: u32,
    pub(crate) facts: Vec<EngineFacts>,
}

impl Known {
    /// Adds what `other` knows and this does not.
    pub(super) fn absorb(&mut self, other: Self) {
        let before = self.examined;
        self.facts.extend(other.facts.into_iter().filter(|facts| before & bit(facts.engine) == 0));
        self.examined |= other.examined;
    }
}

/// The bit of an engine in a set of engines.
pub(crate) fn bit(engine: u8) -> u32 {
    1u32.checked_shl(engine.into()).unwrap_or(0)
}

/// Engine, facts, diagnostics.
type StoredFacts = (u8, Vec<u8>, Vec<(GapKind, String)>);

#[derive(Serialize, Deserialize)]
struct Stored(Vec<StoredFacts>);

pub(super) fn encode_facts(facts: &[EngineFacts]) -> Option<Vec<u8>> {
    let diagnostics = |entry: &EngineFacts| {
        entry.diagnostics.iter().map(|diagnostic| (diagnostic.kind, diagnostic.detail.clone())).collect()
    };
    let stored =
        Stored(facts.iter().map(|entry| (entry.engine, entry.facts.clone(), diagnostics(entry))).collect());
    postcard::to_allocvec(&stored).ok()
}

pub(super) fn decode_facts(bytes: &[u8]) -> Option<Vec<EngineFacts>> {
    let stored: Stored = postcard::from_bytes(bytes).ok()?;
    let diagnostics = |list: Vec<(GapKind, String)>| {
        list.into_iter().map(|(kind, detail)| Diagnostic { kind, detail }).collect()
    };
    Some(
        stored
            .0
            .into_iter()
            .map(|(engine, facts, list)| EngineFacts { engine, facts, diagnostics: diagnostics(list) })
            .collect(),
    )
}
