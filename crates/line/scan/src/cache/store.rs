use std::path::PathBuf;

use andon_system::{System, WriteError};

use super::{CachePlace, disk, housekeeping};

/// Files in the cache folder, found by kind and key, each with a checksum over kind, key and content.
///
/// ```
/// use andon_scan::cache::{CachePlace, OsDisk, Store};
/// let system = andon_system::MemorySystem::new();
/// let store = Store::new(&system, CachePlace { folder: "/cache".as_ref(), disk: &OsDisk });
/// store.put("packs", &[7; 32], b"what is known about a pack")?;
/// assert_eq!(store.get("packs", &[7; 32]).as_deref(), Some(b"what is known about a pack".as_slice()));
/// assert_eq!(store.get("packs", &[8; 32]), None);
/// # Ok::<(), andon_system::WriteError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Store<'a> {
    system: &'a dyn System,
    place: CachePlace<'a>,
}

const MAGIC: &[u8; 8] = b"ANDONS02";
const HEADER: usize = 8 + 32;
/// Larger files are neither written nor read.
const LARGEST: u64 = 256 << 20;

impl<'a> Store<'a> {
    /// A store in the cache folder.
    pub fn new(system: &'a dyn System, place: CachePlace<'a>) -> Self {
        Self { system, place }
    }

    /// What was put under `kind` and `key`; `None` when there is nothing, or it is damaged.
    pub fn get(&self, kind: &str, key: &[u8; 32]) -> Option<Vec<u8>> {
        let mut bytes = self.system.read_capped(&self.path(kind, key), LARGEST).ok()?.bytes;
        let content = bytes.get(HEADER..)?;
        if bytes.get(..8)? != MAGIC || bytes.get(8..HEADER)? != checksum(kind, key, content) {
            return None;
        }
        bytes.drain(..HEADER);
        Some(bytes)
    }

    /// Keeps `content` under `kind` (a plain word) and `key`, replacing what was there. A content of more than 256
    /// MiB is not kept.
    ///
    /// # Errors
    /// When the cache cannot be written to; worth a note, no reason to fail.
    pub fn put(&self, kind: &str, key: &[u8; 32], content: &[u8]) -> Result<(), WriteError> {
        let mut bytes = Vec::with_capacity(HEADER + content.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&checksum(kind, key, content));
        bytes.extend_from_slice(content);
        if u64::try_from(bytes.len()).is_ok_and(|size| size > LARGEST) {
            return Ok(());
        }
        let path = self.path(kind, key);
        disk::write_private(self.system, self.place, &folder(kind), &path, &bytes)?;
        housekeeping::bound(self.system, &self.place.folder.join(folder(kind)), &path);
        Ok(())
    }

    fn path(&self, kind: &str, key: &[u8; 32]) -> PathBuf {
        let name = blake3::Hash::from_bytes(*key).to_hex();
        self.place.folder.join(folder(kind)).join(name.as_str())
    }
}

/// The folder of a kind: only what is harmless in a file name, and apart from the tables.
fn folder(kind: &str) -> String {
    let plain = kind.bytes().filter(|byte| byte.is_ascii_alphanumeric() || *byte == b'-');
    format!("store-{}", plain.map(char::from).collect::<String>())
}

fn checksum(kind: &str, key: &[u8; 32], content: &[u8]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(&(kind.len() as u64).to_le_bytes()).update(kind.as_bytes()).update(key).update(content);
    *hasher.finalize().as_bytes()
}
