//! One blob through all engines.

use std::borrow::Cow;

use andon_model::{Base, Content, Engine, Examined, Gap, GapKind, Memory, Piece, SkipReason};
use serde::{Deserialize, Serialize};

use crate::scan::contain::contained;
use crate::text::{self, Text};

/// What is known of the blobs of a pack: enough to answer without reading the pack again.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Known {
    /// Facts, by position of the blob in its pack and of the engine in its list.
    pub(super) facts: Vec<(u32, u32, Vec<u8>)>,
    pub(super) files: u64,
    pub(super) bytes: u64,
    /// Blobs and bytes that are no text.
    pub(super) binary: (u64, u64),
    /// Git LFS pointers.
    pub(super) pointers: (u64, u64),
    /// What could not be examined: position, what happened.
    pub(super) gaps: Vec<(u32, GapKind, String)>,
}

/// Per engine, what it keeps of a blob.
pub(super) type Memories = Vec<Option<Memory>>;

impl Known {
    /// Examines a blob.
    pub(super) fn examine(&mut self, engines: &[&dyn Engine], position: u32, content: &[u8]) {
        self.examine_delta(engines, position, content, None, false);
    }

    /// Examines a blob of which pieces stand in another one, its base. Returns what the engines keep of it when `keep`
    /// asks for it.
    pub(super) fn examine_delta(
        &mut self,
        engines: &[&dyn Engine],
        position: u32,
        content: &[u8],
        base: Option<(&Memories, &[Piece])>,
        keep: bool,
    ) -> Memories {
        let size = content.len() as u64;
        let text = match text::decode(content) {
            Text::Utf8(text) => text,
            Text::Binary => {
                count(&mut self.binary, size);
                return Memories::new();
            }
            Text::LfsPointer => {
                count(&mut self.pointers, size);
                return Memories::new();
            }
        };
        self.files += 1;
        self.bytes += size;
        // Pieces are known of what git stores; a text that had to be transcoded has others.
        let is_plain = matches!(&text, Cow::Borrowed(text) if text.len() == content.len());
        let mut memories = Memories::new();
        for (number, engine) in engines.iter().enumerate() {
            let known = base.filter(|_| is_plain).and_then(|(memories, pieces)| {
                Some(Base { memory: memories.get(number)?.as_ref()?, pieces })
            });
            let work = || engine.examine_delta(&Content::text(&text), known, keep && is_plain);
            memories.push(match contained(work) {
                Ok((examined, memory)) => {
                    self.remember(position, number, examined);
                    memory
                }
                Err(place) => {
                    let detail =
                        format!("the engine `{}` failed at {place}; please report it", engine.info().name);
                    self.gaps.push((position, GapKind::EngineFailure, detail));
                    None
                }
            });
        }
        memories
    }

    fn remember(&mut self, position: u32, engine: usize, examined: Examined) {
        if !examined.facts.is_empty() {
            self.facts.push((position, engine as u32, examined.facts));
        }
        let said = examined.diagnostics.into_iter();
        self.gaps.extend(said.map(|diagnostic| (position, diagnostic.kind, diagnostic.detail)));
    }

    /// Adds what another thread knows.
    pub(super) fn merge(&mut self, other: Self) {
        self.facts.extend(other.facts);
        self.gaps.extend(other.gaps);
        self.files += other.files;
        self.bytes += other.bytes;
        for (mine, theirs) in [(&mut self.binary, other.binary), (&mut self.pointers, other.pointers)] {
            mine.0 += theirs.0;
            mine.1 += theirs.1;
        }
    }

    /// Puts everything into the order of positions.
    pub(super) fn settle(&mut self) {
        self.facts.sort_by_key(|(position, engine, _)| (*position, *engine));
        self.gaps.sort_by(|a, b| (a.0, &a.2).cmp(&(b.0, &b.2)));
    }

    /// What was left out on purpose.
    pub(super) fn skips(&self) -> [(SkipReason, (u64, u64)); 2] {
        [(SkipReason::Binary, self.binary), (SkipReason::LfsPointer, self.pointers)]
    }
}

/// Facts that follow from a path alone; an engine that fails on it leaves a gap.
pub(super) fn path_facts(engine: &dyn Engine, path: &str, gaps: &mut Vec<Gap>) -> Option<Vec<u8>> {
    contained(|| engine.examine_path(path)).unwrap_or_else(|place| {
        let detail = format!("the engine `{}` failed at {place}; please report it", engine.info().name);
        gaps.push(Gap { kind: GapKind::EngineFailure, subject: path.to_owned(), detail });
        None
    })
}

/// What is said of a blob over the limit; both in bytes.
pub(super) fn too_large(size: u64, limit: u64) -> String {
    format!("{size} bytes, over the limit of {limit}; raise it with `--max-file-size`")
}

fn count(counter: &mut (u64, u64), bytes: u64) {
    counter.0 += 1;
    counter.1 += bytes;
}
