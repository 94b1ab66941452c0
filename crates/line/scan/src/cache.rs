//! What earlier scans learnt, so that an unchanged content is not examined again and an unchanged file is not even
//! read. A cache never changes an answer: whatever is damaged, foreign, too old or too large is as good as absent,
//! and a folder that cannot be written to is worth a note and nothing more.
//!
//! There is one table file per root and set of engines (name and digest), replaced by atomic rename; a run that
//! finds somebody else's newer table merges with it. Contents are keyed by their BLAKE3 digest, files by a hash of
//! their path with size, times and inode. Engines redact facts before they return them, so nothing here is secret;
//! files are private to the user all the same.
//!
//! [`Store`] keeps other things by key in the same folder.

mod build;
mod disk;
mod housekeeping;
mod layout;
mod store;
mod table;
#[cfg(test)]
mod tests;

use std::path::{Path, PathBuf};

use andon_model::EngineInfo;
use andon_system::{Stamp, System};

pub(crate) use build::Additions;
use build::{Limits, build};
pub use disk::{Disk, OsDisk};
pub(crate) use layout::{EngineFacts, Kind, Known, NameHash, bit};
pub use store::Store;
use table::Table;

/// Where the cache lives.
#[derive(Clone, Copy)]
pub struct CachePlace<'a> {
    /// Andon's cache folder; created when it is missing.
    pub folder: &'a Path,
    /// Makes files private.
    pub disk: &'a dyn Disk,
}

/// The table of one root and set of engines, as this scan found it.
pub(crate) struct Cache<'a> {
    system: &'a dyn System,
    place: CachePlace<'a>,
    path: PathBuf,
    key: [u8; 32],
    table: Table,
}

/// Counts the ways in which contents have been decoded and facts been stored; raising it forgets all tables.
const FORMAT: u32 = 1;
/// A larger file is not read.
const LARGEST_TABLE: u64 = 384 << 20;
const FOLDER: &str = "tables";

impl<'a> Cache<'a> {
    /// Reads the table for `root`, or begins an empty one.
    pub(crate) fn open(
        system: &'a dyn System,
        place: CachePlace<'a>,
        root: &Path,
        engines: &[EngineInfo],
    ) -> Self {
        let key = key(root, engines);
        let name = blake3::Hash::from_bytes(key).to_hex();
        let path = place.folder.join(FOLDER).join(format!("{}.table", name.get(..32).unwrap_or_default()));
        let table = read_table(system, &path, &key).unwrap_or_default();
        Self { system, place, path, key, table }
    }

    /// The digest of a file or blob that has not changed since it was last read.
    pub(crate) fn digest_of(&self, name: NameHash, stamp: Stamp) -> Option<[u8; 32]> {
        self.table.digest_of(name, stamp)
    }

    /// What is known about a content.
    pub(crate) fn known(&self, digest: &[u8; 32]) -> Option<Known> {
        self.table.known(digest)
    }

    /// Writes what was learnt; nothing when nothing was. Returns a note when that was not possible.
    pub(crate) fn save(&self, additions: Additions) -> Option<String> {
        if additions.is_empty() {
            return None;
        }
        let disk = read_table(self.system, &self.path, &self.key)
            .filter(|table| table.checksum() != self.table.checksum());
        let bytes = build(&self.key, additions, &self.table, disk.as_ref(), Limits::DEFAULT);
        let result = disk::write_private(self.system, self.place, FOLDER, &self.path, &bytes);
        housekeeping::bound(self.system, &self.place.folder.join(FOLDER), &self.path);
        result.err().map(|error| format!("the cache was not saved: {error}"))
    }
}

fn read_table(system: &dyn System, path: &Path, key: &[u8; 32]) -> Option<Table> {
    Table::parse(system.read_capped(path, LARGEST_TABLE).ok()?.bytes, key)
}

fn key(root: &Path, engines: &[EngineInfo]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    let mut part = |bytes: &[u8]| {
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(bytes);
    };
    part(&FORMAT.to_le_bytes());
    part(env!("CARGO_PKG_VERSION").as_bytes());
    part(root.as_os_str().as_encoded_bytes());
    for engine in engines {
        part(engine.name.as_bytes());
        part(&engine.digest);
    }
    *hasher.finalize().as_bytes()
}
