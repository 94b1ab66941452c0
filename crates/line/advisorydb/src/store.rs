use std::path::{Path, PathBuf};

use andon_network::Validators;
use andon_system::{FileKind, OsSystem, System, WriteError, atomic};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use crate::source::encode;

/// The folder with all that is kept: the index, and what it is built from.
#[derive(Clone, Debug)]
pub(crate) struct Store {
    root: PathBuf,
}

/// What is kept of one ecosystem.
#[derive(Clone, Debug)]
pub(crate) struct Kept {
    folder: PathBuf,
}

/// Where a kept file came from and how fresh it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct State {
    /// The ecosystem, or the name of the feed.
    pub(crate) name: String,
    /// The source.
    pub(crate) origin: String,
    /// What the source knows the file by.
    pub(crate) etag: Option<String>,
    pub(crate) last_modified: Option<String>,
    /// When the whole file was last fetched, or found unchanged.
    pub(crate) whole: Timestamp,
    /// When it was last brought up to date.
    pub(crate) fetched: Timestamp,
    /// Changes up to this moment are known; `None` until the dump has been read.
    pub(crate) position: Option<Timestamp>,
}

impl State {
    pub(crate) fn validators(&self) -> Validators {
        Validators { etag: self.etag.clone(), last_modified: self.last_modified.clone() }
    }
}

impl Store {
    /// The store of a user; `None` when nothing says where data may be kept.
    pub(crate) fn of(system: &dyn System) -> Option<Self> {
        Some(Self { root: system.data_dir()?.join("advisories") })
    }

    pub(crate) fn lock(&self) -> PathBuf {
        self.root.join("lock")
    }

    pub(crate) fn index(&self) -> PathBuf {
        self.root.join("index")
    }

    /// The index that is being built.
    pub(crate) fn next_index(&self) -> PathBuf {
        self.root.join("index.next")
    }

    pub(crate) fn spool(&self) -> PathBuf {
        self.root.join("spool")
    }

    /// When the data of the index were last found up to date.
    pub(crate) fn checked(&self) -> PathBuf {
        self.root.join("checked.json")
    }

    /// Is there from the moment when the data change until the index says the same.
    fn stale(&self) -> PathBuf {
        self.root.join("stale")
    }

    /// Says that the index will not be what the data say, however this update ends.
    pub(crate) fn mark_stale(&self) -> Result<(), WriteError> {
        atomic::write_durable(&self.stale(), b"")
    }

    pub(crate) fn is_stale(&self) -> bool {
        OsSystem.metadata(&self.stale()).is_ok()
    }

    /// Says that the index is what the data say.
    pub(crate) fn unmark_stale(&self) -> Result<(), WriteError> {
        OsSystem.remove_file(&self.stale())
    }

    pub(crate) fn feed(&self, name: &str) -> PathBuf {
        self.root.join("feeds").join(name)
    }

    pub(crate) fn feed_state(&self, name: &str) -> PathBuf {
        self.root.join("feeds").join(format!("{name}.state"))
    }

    pub(crate) fn ecosystem(&self, name: &str) -> Kept {
        Kept { folder: self.root.join("ecosystems").join(encode(name)) }
    }

    /// The ecosystems of which there are data, sorted by name.
    pub(crate) fn ecosystems(&self) -> Vec<(State, Kept)> {
        let folder = self.root.join("ecosystems");
        let entries = OsSystem.list(&folder).unwrap_or_default();
        let folders = entries.into_iter().filter(|entry| entry.kind == FileKind::Folder);
        let kept = folders.map(|entry| Kept { folder: folder.join(entry.name) });
        let mut found: Vec<_> = kept.filter_map(|kept| Some((kept.state()?, kept))).collect();
        found.sort_by(|(one, _), (other, _)| one.name.cmp(&other.name));
        found
    }

    /// Makes the folders.
    pub(crate) fn create(&self) -> Result<(), WriteError> {
        OsSystem.create_folder(&self.root.join("ecosystems"))?;
        OsSystem.create_folder(&self.root.join("feeds"))
    }
}

impl Kept {
    pub(crate) fn create(&self) -> Result<(), WriteError> {
        OsSystem.create_folder(&self.delta())
    }

    pub(crate) fn dump(&self) -> PathBuf {
        self.folder.join("all.zip")
    }

    /// A dump that was fetched and not looked at yet.
    pub(crate) fn next_dump(&self) -> PathBuf {
        self.folder.join("all.zip.next")
    }

    /// Records that were fetched one by one, each in a file; they are newer than those of the dump.
    pub(crate) fn delta(&self) -> PathBuf {
        self.folder.join("changed")
    }

    pub(crate) fn record(&self, id: &str) -> PathBuf {
        self.delta().join(format!("{}.json", encode(id)))
    }

    /// The records of [`Kept::delta`], sorted.
    pub(crate) fn records(&self) -> Vec<PathBuf> {
        let mut names = self.all_records();
        names.retain(|path| path.extension().is_some_and(|end| end == "json"));
        names.sort();
        names
    }

    /// The files of [`Kept::delta`], what a killed update left included.
    pub(crate) fn all_records(&self) -> Vec<PathBuf> {
        let folder = self.delta();
        let entries = OsSystem.list(&folder).unwrap_or_default().into_iter();
        let files = entries.filter(|entry| entry.kind == FileKind::File);
        files.map(|entry| folder.join(entry.name)).collect()
    }

    /// What is known about the data; `None` when there are none.
    pub(crate) fn state(&self) -> Option<State> {
        OsSystem.metadata(&self.dump()).ok()?;
        read_state(&self.folder.join("state.json"))
    }

    pub(crate) fn set_state(&self, state: &State) -> Result<(), WriteError> {
        write_state(&self.folder.join("state.json"), state)
    }

    /// Says that there are no data.
    pub(crate) fn forget(&self) -> Result<(), WriteError> {
        OsSystem.remove_file(&self.folder.join("state.json"))
    }
}

pub(crate) fn read_state(path: &Path) -> Option<State> {
    const LIMIT: u64 = 1 << 20;
    serde_json::from_slice(&OsSystem.read_capped(path, LIMIT).ok()?.bytes).ok()
}

pub(crate) fn write_state(path: &Path, state: &State) -> Result<(), WriteError> {
    let text = serde_json::to_vec_pretty(state).map_err(|error| WriteError::of(path, error.into()))?;
    atomic::write_durable(path, &text)
}
