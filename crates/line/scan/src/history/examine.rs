//! One blob through all engines.

use andon_model::{Content, Engine, SkipReason};
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
    pub(super) gaps: Vec<(u32, andon_model::GapKind, String)>,
}

impl Known {
    /// Examines a blob.
    pub(super) fn examine(&mut self, engines: &[&dyn Engine], position: u32, content: &[u8]) {
        let size = content.len() as u64;
        let text = match text::decode(content) {
            Text::Utf8(text) => text,
            Text::Binary => return count(&mut self.binary, size),
            Text::LfsPointer => return count(&mut self.pointers, size),
        };
        self.files += 1;
        self.bytes += size;
        for (number, engine) in engines.iter().enumerate() {
            match contained(|| engine.examine(&Content { bytes: &text })) {
                Ok(examined) => {
                    if !examined.facts.is_empty() {
                        self.facts.push((position, number as u32, examined.facts));
                    }
                    let said = examined.diagnostics.into_iter();
                    self.gaps.extend(said.map(|diagnostic| (position, diagnostic.kind, diagnostic.detail)));
                }
                Err(place) => {
                    let detail = format!("the engine `{}` failed at {place}; please report it", engine.info().name);
                    self.gaps.push((position, andon_model::GapKind::EngineFailure, detail));
                }
            }
        }
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
        self.facts.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)));
        self.gaps.sort_by(|a, b| (a.0, &a.2).cmp(&(b.0, &b.2)));
    }

    /// What was left out on purpose.
    pub(super) fn skips(&self) -> [(SkipReason, (u64, u64)); 2] {
        [(SkipReason::Binary, self.binary), (SkipReason::LfsPointer, self.pointers)]
    }
}

fn count(counter: &mut (u64, u64), bytes: u64) {
    counter.0 += 1;
    counter.1 += bytes;
}
