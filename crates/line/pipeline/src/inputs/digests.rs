use std::collections::HashMap;
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, MutexGuard, PoisonError};

use andon_system::{ReadError, ReadProblem, Stamp, System, files};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::Failure;

/// Digests of files, remembered by what the disk says of a file without reading it.
///
/// As in git's index, a file that was changed at about the time of its reading is read again: its stamp may be the same
/// before and after a change.
pub(crate) struct Digests<'a> {
    system: &'a dyn System,
    path: PathBuf,
    table: Mutex<Table>,
}

/// The content of a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Content {
    pub(crate) sha256: [u8; 32],
    pub(crate) bytes: u64,
    pub(crate) executable: bool,
}

#[derive(Default)]
struct Table {
    known: HashMap<String, Known>,
    changed: bool,
}

#[derive(Clone, Copy, Serialize, Deserialize)]
struct Known {
    /// Size, time of modification, time of change, and number of the file.
    stamp: (u64, i64, i64, u64),
    /// When it was read, nanoseconds since 1970.
    read: i64,
    content: Content,
}

const MAGIC: &[u8; 8] = b"ANDOND01";
const HEADER: usize = 8 + 32;
const LARGEST_TABLE: u64 = 256 << 20;
const MOST_FILES: usize = 1_000_000;
/// Nanoseconds between the last change and the reading of a file whose stamp is believed. File systems count time in
/// steps of up to two seconds.
const SETTLED: i64 = 2_000_000_000;

impl<'a> Digests<'a> {
    /// The table in a file; an empty one when it is missing or damaged.
    pub(crate) fn open(system: &'a dyn System, path: PathBuf) -> Self {
        let known = read_table(system, &path).unwrap_or_default();
        Self { system, path, table: Mutex::new(Table { known, changed: false }) }
    }

    /// The content of a file of the workspace. `stamp` is what a listing said of it a moment ago.
    ///
    /// # Errors
    /// When it cannot be read, or changes while it is.
    pub(crate) fn content(
        &self,
        path: &str,
        absolute: &Path,
        stamp: Option<Stamp>,
    ) -> Result<Content, Failure> {
        if let Some(stamp) = stamp
            && let Some(known) = self.table().known.get(path)
            && known.stamp == plain(stamp)
            && known.read.saturating_sub(stamp.modified.max(stamp.changed)) > SETTLED
        {
            return Ok(known.content);
        }
        let read = i64::try_from(self.system.now().as_nanosecond()).unwrap_or(i64::MAX);
        let (content, stamp) = hash(self.system, absolute).map_err(|error| failure(path, &error))?;
        let mut table = self.table();
        match stamp {
            Some(stamp) if table.known.len() < MOST_FILES => {
                table.known.insert(path.to_owned(), Known { stamp: plain(stamp), read, content });
                table.changed = true;
            }
            _ => {}
        }
        Ok(content)
    }

    /// Writes what was learnt. Returns a note when that was not possible.
    pub(crate) fn save(&self) -> Option<String> {
        let mut table = self.table();
        if !std::mem::take(&mut table.changed) {
            return None;
        }
        let encoded = postcard::to_stdvec(&table.known).ok()?;
        let mut bytes = Vec::with_capacity(HEADER + encoded.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(blake3::hash(&encoded).as_bytes());
        bytes.extend_from_slice(&encoded);
        let error = self.system.write_atomic(&self.path, &bytes).err()?;
        Some(format!("digests of files were not remembered: {error}"))
    }

    fn table(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn read_table(system: &dyn System, path: &Path) -> Option<HashMap<String, Known>> {
    let bytes = system.read_capped(path, LARGEST_TABLE).ok()?.bytes;
    let encoded = bytes.get(HEADER..)?;
    let whole = bytes.starts_with(MAGIC) && bytes.get(8..HEADER)? == blake3::hash(encoded).as_bytes();
    if whole { postcard::from_bytes(encoded).ok() } else { None }
}

fn plain(stamp: Stamp) -> (u64, i64, i64, u64) {
    (stamp.size, stamp.modified, stamp.changed, stamp.inode)
}

/// Reads a file twice when something changes it meanwhile, and then gives up.
fn hash(system: &dyn System, path: &Path) -> Result<(Content, Option<Stamp>), ReadError> {
    for last in [false, true] {
        let opened = files::open_with_rights(path)?;
        let mut file = opened.file;
        let mut hasher = Sha256::new();
        let mut buffer = vec![0; 1 << 16];
        let mut bytes = 0u64;
        loop {
            let length = match file.read(&mut buffer) {
                Ok(0) => break,
                Ok(length) => length,
                Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(ReadError { path: path.to_owned(), problem: error.into() }),
            };
            hasher.update(buffer.get(..length).unwrap_or_default());
            bytes = bytes.saturating_add(length as u64);
        }
        let sha256 = hasher.finalize().into();
        let same = system.metadata(path)?.stamp == opened.stamp;
        if same {
            return Ok((Content { sha256, bytes, executable: opened.executable }, opened.stamp));
        }
        if last {
            break;
        }
    }
    Err(ReadError { path: path.to_owned(), problem: ReadProblem::Changed })
}

fn failure(path: &str, error: &ReadError) -> Failure {
    Failure(format!("cannot work out what `{path}` holds: {}", error.problem))
}
