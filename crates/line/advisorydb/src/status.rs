use std::collections::BTreeMap;
use std::path::PathBuf;

use andon_advisories::{Index, IndexError, Metadata};
use andon_mapped::Mapped;
use andon_system::{OsSystem, System, WriteError, atomic};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::error::OpenError;
use crate::store::Store;

/// The index of this machine, mapped into memory.
#[derive(Debug)]
pub struct Opened {
    map: Mapped,
    metadata: Metadata,
    built: String,
    digest: String,
}

/// What is there.
#[derive(Clone, Debug)]
pub struct Status {
    /// The index, whether it is there or not; `None` when nothing says where data may be kept.
    pub path: Option<PathBuf>,
    /// The index, if there is one that can be used.
    pub index: Option<Summary>,
    /// Why the index that is there cannot be used.
    pub problem: Option<String>,
}

/// An index, in short.
#[derive(Clone, Debug)]
pub struct Summary {
    /// When it was built, RFC 3339.
    pub built: String,
    /// Seconds since the ecosystem that is longest out of date was brought up to date; `None` when none says when.
    pub age: Option<u64>,
    /// Bytes.
    pub bytes: u64,
    /// BLAKE3 of the content, hexadecimal.
    pub digest: String,
    /// What it holds: records, and per ecosystem the newest change and when it was last brought up to date.
    pub metadata: Metadata,
    /// Where each ecosystem came from.
    pub origins: BTreeMap<String, String>,
}

/// Opens the index for a scan; `None` when there is none.
///
/// # Errors
/// When it cannot be read, is of another version, or damaged.
pub fn open(system: &dyn System) -> Result<Option<Opened>, OpenError> {
    let Some(store) = Store::of(system) else { return Ok(None) };
    let path = store.index();
    if OsSystem.metadata(&path).is_err() {
        return Ok(None);
    }
    let map = Mapped::open(&path)?;
    let index = Index::open(&map)?;
    let (mut metadata, built, digest) = (index.metadata().clone(), index.built().to_owned(), index.digest());
    let checked = checked(&store, &digest);
    for each in &mut metadata.ecosystems {
        if let Some(time) = checked.get(&each.name) {
            each.fetched = time.to_string();
        }
    }
    Ok(Some(Opened { map, metadata, built, digest }))
}

/// Says what is there, without an error for what is not.
pub fn status(system: &dyn System) -> Status {
    let Some(store) = Store::of(system) else { return Status { path: None, index: None, problem: None } };
    let path = Some(store.index());
    match open(system) {
        Ok(opened) => {
            let index = opened.map(|opened| opened.summary(&store, system.now()));
            Status { path, index, problem: None }
        }
        Err(error) => Status { path, index: None, problem: Some(error.to_string()) },
    }
}

impl AsRef<[u8]> for Opened {
    fn as_ref(&self) -> &[u8] {
        &self.map
    }
}

impl Opened {
    /// The index, to ask.
    ///
    /// # Errors
    /// Not after [`open`] succeeded, as long as nobody writes into the file.
    pub fn index(&self) -> Result<Index<'_>, IndexError> {
        Index::open(&self.map)
    }

    /// What it holds. Unlike the index's own, the times of the ecosystems say when they were last found up to date,
    /// also when there was nothing new to put into the index.
    pub fn metadata(&self) -> &Metadata {
        &self.metadata
    }

    /// When it was built, RFC 3339.
    pub fn built(&self) -> &str {
        &self.built
    }

    /// BLAKE3 of the content, hexadecimal: names the data that an answer rests on.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Seconds from the moment when the ecosystem that is longest out of date was brought up to date until `now`;
    /// `None` when none says when.
    pub fn age(&self, now: Timestamp) -> Option<u64> {
        let times = self.metadata.ecosystems.iter().map(|each| each.fetched.parse::<Timestamp>().ok());
        let oldest = times.min().flatten()?;
        Some(u64::try_from(now.duration_since(oldest).as_secs()).unwrap_or(0))
    }

    fn summary(&self, store: &Store, now: Timestamp) -> Summary {
        let origins = store.ecosystems().into_iter().map(|(state, _)| (state.name, state.origin)).collect();
        Summary {
            built: self.built.clone(),
            age: self.age(now),
            bytes: u64::try_from(self.map.len()).unwrap_or(u64::MAX),
            digest: self.digest.clone(),
            metadata: self.metadata.clone(),
            origins,
        }
    }
}

/// When the data of one index were last found up to date.
#[derive(Serialize, Deserialize)]
struct Checked {
    digest: String,
    fetched: BTreeMap<String, Timestamp>,
}

fn checked(store: &Store, digest: &str) -> BTreeMap<String, Timestamp> {
    const LIMIT: u64 = 1 << 20;
    let read = || {
        let file = OsSystem.read_capped(&store.checked(), LIMIT).ok()?;
        serde_json::from_slice::<Checked>(&file.bytes).ok().filter(|checked| checked.digest == digest)
    };
    read().map(|checked| checked.fetched).unwrap_or_default()
}

/// Notes that the index says what the store says, as of the times of the store.
pub(crate) fn note_checked(system: &dyn System, store: &Store) -> Result<(), WriteError> {
    let Ok(Some(opened)) = open(system) else { return Ok(()) };
    let fetched = store.ecosystems().into_iter().map(|(state, _)| (state.name, state.fetched)).collect();
    let path = store.checked();
    let checked = Checked { digest: opened.digest, fetched };
    let text = serde_json::to_vec_pretty(&checked).map_err(|error| WriteError::of(&path, error.into()))?;
    atomic::write(&path, &text)
}
