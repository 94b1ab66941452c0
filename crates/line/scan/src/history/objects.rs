//! Every object of a repository under a small number: the packs' objects first, then the loose ones.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};

use andon_model::{Gap, GapKind};
use gix::ObjectId;
use gix::odb::pack::{data, index};

/// The number of an object: dense, from 0.
pub(super) type ObjectNumber = u32;

/// All packs and loose objects, alternates included.
pub(super) struct Objects {
    pub(super) packs: Vec<Pack>,
    pub(super) loose: Loose,
}

/// A pack and its index.
pub(super) struct Pack {
    pub(super) index: index::File,
    pub(super) data: data::File,
    /// Number of its first object.
    pub(super) first: ObjectNumber,
}

/// The loose objects, sorted.
pub(super) struct Loose {
    pub(super) ids: Vec<ObjectId>,
    stores: Vec<gix::odb::loose::Store>,
    first: ObjectNumber,
    /// Set when something that was listed is gone: somebody repacks.
    vanished: AtomicBool,
}

impl Objects {
    /// Opens what there is; what cannot be opened becomes a gap.
    pub(super) fn open(repository: &gix::Repository, gaps: &mut Vec<Gap>) -> Self {
        let hash = repository.object_hash();
        let folders = folders(repository, gaps);
        // Before the packs: an object that moves into a pack meanwhile is in the pack when that is listed.
        let stores: Vec<_> =
            folders.iter().map(|folder| gix::odb::loose::Store::at(folder.clone(), hash)).collect();
        let mut ids: Vec<ObjectId> =
            stores.iter().flat_map(|store| store.iter().filter_map(Result::ok)).collect();
        ids.sort_unstable();
        ids.dedup();
        let mut vanished = false;
        let mut packs = Vec::new();
        let mut next: ObjectNumber = 0;
        for path in folders.iter().flat_map(|folder| pack_indices(folder)) {
            match open_pack(&path, hash, next) {
                Ok(pack) => {
                    next = next.saturating_add(pack.index.num_objects());
                    packs.push(pack);
                }
                Err(_) if !path.exists() => vanished = true,
                Err(error) => gaps.push(Gap {
                    kind: GapKind::Corrupt,
                    subject: path.file_name().unwrap_or_default().to_string_lossy().into_owned(),
                    detail: format!("this pack cannot be opened ({error}); run `git fsck`, or clone again"),
                }),
            }
        }
        Self { packs, loose: Loose { ids, stores, first: next, vanished: vanished.into() } }
    }

    /// How many objects there are. An object in two packs counts twice.
    pub(super) fn len(&self) -> usize {
        self.loose.first as usize + self.loose.ids.len()
    }

    /// The number of an object, the same for every copy of it.
    pub(super) fn number(&self, id: &gix::oid) -> Option<ObjectNumber> {
        let packed = self.packs.iter().find_map(|pack| Some(pack.first + pack.index.lookup(id)?));
        packed.or_else(|| {
            let position = self.loose.ids.binary_search_by(|other| other.as_ref().cmp(id)).ok()?;
            Some(self.loose.first + position as ObjectNumber)
        })
    }

    /// The object with a number.
    pub(super) fn id(&self, number: ObjectNumber) -> Option<ObjectId> {
        if number >= self.loose.first {
            return self.loose.ids.get((number - self.loose.first) as usize).copied();
        }
        let pack = self.packs.iter().rev().find(|pack| pack.first <= number)?;
        Some(pack.index.oid_at_index(number - pack.first).to_owned())
    }
}

impl Objects {
    /// Whether an object or pack that was listed was gone when it was to be read.
    pub(super) fn vanished(&self) -> bool {
        self.loose.vanished.load(Ordering::Relaxed)
    }

    /// Number of the first loose object.
    pub(super) fn loose_first(&self) -> ObjectNumber {
        self.loose.first
    }
}

impl Loose {
    /// Reads a loose object into `buffer`: its kind and its content.
    ///
    /// # Errors
    /// When it is gone, over `limit` bytes, or damaged.
    pub(super) fn read(
        &self,
        id: &gix::oid,
        limit: u64,
        buffer: &mut Vec<u8>,
    ) -> Result<gix::object::Kind, LooseError> {
        for store in &self.stores {
            match store.try_header(id) {
                Ok(Some((size, _))) if size > limit => return Err(LooseError::TooLarge(size)),
                Ok(Some(_)) => {
                    let found =
                        store.try_find(id, buffer).map_err(|error| LooseError::Damaged(error.to_string()))?;
                    if let Some(object) = found {
                        return Ok(object.kind);
                    }
                }
                Ok(None) => {}
                Err(error) => return Err(LooseError::Damaged(error.to_string())),
            }
        }
        self.vanished.store(true, Ordering::Relaxed);
        Err(LooseError::Missing)
    }

    /// The kind of a loose object, without reading all of it.
    pub(super) fn kind(&self, id: &gix::oid) -> Result<gix::object::Kind, LooseError> {
        for store in &self.stores {
            match store.try_header(id) {
                Ok(Some((_, kind))) => return Ok(kind),
                Ok(None) => {}
                Err(error) => return Err(LooseError::Damaged(error.to_string())),
            }
        }
        self.vanished.store(true, Ordering::Relaxed);
        Err(LooseError::Missing)
    }
}

/// What can be wrong with a loose object.
#[derive(Debug, thiserror::Error)]
pub(super) enum LooseError {
    #[error("it is gone")]
    Missing,
    #[error("it holds {0} bytes, more than the limit")]
    TooLarge(u64),
    #[error("it is damaged ({0})")]
    Damaged(String),
}

/// The object folder and its alternates.
fn folders(repository: &gix::Repository, gaps: &mut Vec<Gap>) -> Vec<PathBuf> {
    let own = repository.objects.store_ref().path().to_owned();
    let mut folders = vec![own.clone()];
    match repository.objects.store_ref().alternate_db_paths() {
        Ok(alternates) => folders.extend(alternates),
        Err(error) => gaps.push(Gap {
            kind: GapKind::MissingObject,
            subject: own.join("info/alternates").to_string_lossy().into_owned(),
            detail: format!("objects borrowed from other repositories cannot be found ({error})"),
        }),
    }
    folders
}

#[expect(clippy::disallowed_methods, reason = "git's own object folder, not a target file")]
fn pack_indices(folder: &std::path::Path) -> Vec<PathBuf> {
    let Ok(entries) = std::fs::read_dir(folder.join("pack")) else { return Vec::new() };
    let paths = entries.filter_map(|entry| Some(entry.ok()?.path()));
    let mut indices: Vec<_> =
        paths.filter(|path| path.extension().is_some_and(|ending| ending == "idx")).collect();
    indices.sort();
    indices
}

fn open_pack(path: &std::path::Path, hash: gix::hash::Kind, first: ObjectNumber) -> Result<Pack, String> {
    let index = index::File::at(path, hash).map_err(|error| error.to_string())?;
    let data = data::File::at(path.with_extension("pack"), hash).map_err(|error| error.to_string())?;
    if data.num_objects() != index.num_objects() {
        return Err("pack and index do not belong together".to_owned());
    }
    Ok(Pack { index, data, first })
}
