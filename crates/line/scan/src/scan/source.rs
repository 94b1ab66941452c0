use std::path::PathBuf;

use andon_model::{Gap, GapKind};
use andon_system::{Stamp, System};
use gix::ObjectId;

use super::git::Handles;
use crate::cache::NameHash;
use crate::intake::read_blob;

/// Something to examine.
#[derive(Clone, Debug)]
pub(crate) struct Item {
    /// Report path.
    pub(crate) path: String,
    /// Bytes, where the listing told.
    pub(crate) size: Option<u64>,
    pub(crate) place: Place,
}

/// Where the content of an item is.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// With its stamp when it was listed.
    File(PathBuf, Option<Stamp>),
    Blob(ObjectId),
    Memory(Vec<u8>),
}

/// An item that was read.
pub(crate) struct Read {
    pub(crate) bytes: Vec<u8>,
    /// Whether it still is what it was when it was listed.
    pub(crate) unchanged: bool,
}

/// Reads items, wherever they are.
pub(crate) struct Sources<'a> {
    pub(crate) system: &'a dyn System,
    pub(crate) blobs: Option<&'a Handles>,
}

impl Sources<'_> {
    /// What would be different if the item's content were; `None` when that cannot be told without reading.
    pub(crate) fn stamp(&self, item: &Item) -> Option<(NameHash, Stamp)> {
        match &item.place {
            Place::File(path, stamp) => {
                Some((NameHash::new("file", path.as_os_str().as_encoded_bytes()), (*stamp)?))
            }
            Place::Blob(id) => Some((NameHash::new("blob", id.as_bytes()), Stamp::default())),
            Place::Memory(_) => None,
        }
    }

    /// The size of an item, as far as that can be told without reading it.
    pub(crate) fn size(&self, item: &Item) -> Option<u64> {
        match &item.place {
            Place::Blob(id) if item.size.is_none() => {
                self.blobs?.with(|repo| repo.try_find_header(*id).ok().flatten().map(|header| header.size()))
            }
            Place::Memory(bytes) => u64::try_from(bytes.len()).ok(),
            _ => item.size,
        }
    }

    pub(crate) fn read(&self, item: &Item, limit: u64) -> Result<Read, Gap> {
        match &item.place {
            Place::File(path, listed) => self
                .system
                .read_capped(path, limit)
                .map(|capped| Read { unchanged: capped.stamp == *listed, bytes: capped.bytes })
                .map_err(|error| error.gap(&item.path)),
            Place::Blob(id) => match self.blobs {
                Some(handles) => handles
                    .with(|repo| read_blob(repo, *id, limit))
                    .map(|bytes| Read { bytes, unchanged: true })
                    .map_err(|error| error.gap(&item.path)),
                None => Err(Gap {
                    kind: GapKind::MissingObject,
                    subject: item.path.clone(),
                    detail: format!("git object {id} cannot be read without its repository"),
                }),
            },
            Place::Memory(bytes) => match u64::try_from(bytes.len()) {
                Ok(size) if size <= limit => Ok(Read { bytes: bytes.clone(), unchanged: true }),
                _ => Err(too_large(&item.path, bytes.len() as u64, limit)),
            },
        }
    }
}

pub(crate) fn too_large(path: &str, size: u64, limit: u64) -> Gap {
    let detail = format!("{size} bytes are more than the limit of {limit}; raise the limit or exclude it");
    Gap { kind: GapKind::TooLarge, subject: path.to_owned(), detail }
}
