use std::collections::HashMap;
use std::hash::{BuildHasher, RandomState};

use andon_system::paths;
use gix::{ObjectId, Repository};

use super::blob::read_blob;
use super::staged::StagedEntry;

/// A file that HEAD has and the index has not.
pub(super) struct Deleted {
    /// As git spells it.
    pub(super) path: Vec<u8>,
    pub(super) id: ObjectId,
}

/// Gives new files the origin that they were renamed from: the same content first, of several the one with the same
/// name; then, among small numbers of files, the most similar content, if at least half is the same (git's
/// `diff.renames` at its default of 50 %).
pub(super) fn find_renames(repository: &Repository, entries: &mut [StagedEntry], mut deleted: Vec<Deleted>) {
    deleted.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    let mut added: Vec<&mut StagedEntry> =
        entries.iter_mut().filter(|entry| entry.old_blob.is_none()).collect();
    pair_equal(&mut added, &mut deleted);
    added.retain(|entry| entry.old_blob.is_none());
    pair_similar(repository, &mut added, deleted);
}

fn pair_equal(added: &mut [&mut StagedEntry], deleted: &mut Vec<Deleted>) {
    let mut by_id: HashMap<ObjectId, Vec<usize>> = HashMap::new();
    for (position, file) in deleted.iter().enumerate() {
        by_id.entry(file.id).or_default().push(position);
    }
    let mut used = vec![false; deleted.len()];
    for entry in added {
        let Some(candidates) = by_id.get_mut(&entry.new_blob) else { continue };
        let same_name = |position: &usize| {
            deleted
                .get(*position)
                .is_some_and(|file| name_of(&paths::from_bytes(&file.path)) == name_of(&entry.path))
        };
        let choice = candidates.iter().position(same_name).unwrap_or(0);
        if choice >= candidates.len() {
            continue;
        }
        let position = candidates.remove(choice);
        if let (Some(file), Some(used)) = (deleted.get(position), used.get_mut(position)) {
            rename(entry, file);
            *used = true;
        }
    }
    let mut used = used.into_iter();
    deleted.retain(|_| !used.next().unwrap_or(false));
}

fn pair_similar(repository: &Repository, added: &mut [&mut StagedEntry], deleted: Vec<Deleted>) {
    /// More pairs are not compared: git has such a limit too (`diff.renameLimit`).
    const MOST: usize = 400;
    if added.is_empty() || added.len().saturating_mul(deleted.len()) > MOST {
        return;
    }
    let keys = RandomState::new();
    let lines = |id| Lines::of(repository, id, &keys);
    let old: Vec<_> = deleted.into_iter().filter_map(|file| Some((lines(file.id)?, file))).collect();
    let mut pairs = Vec::new();
    for (new_position, entry) in added.iter().enumerate() {
        let Some(new) = lines(entry.new_blob) else { continue };
        let similar = old.iter().enumerate().map(|(position, (old, _))| (old.similarity(&new), position));
        pairs
            .extend(similar.filter(|(share, _)| *share >= 50).map(|(share, old)| (share, new_position, old)));
    }
    pairs.sort_unstable_by_key(|(share, new, old)| (std::cmp::Reverse(*share), *new, *old));
    let mut used = vec![false; old.len()];
    for (_, new, position) in pairs {
        let (Some(entry), Some((_, file)), Some(used)) =
            (added.get_mut(new), old.get(position), used.get_mut(position))
        else {
            continue;
        };
        if entry.old_blob.is_none() && !*used {
            rename(entry, file);
            *used = true;
        }
    }
}

fn rename(entry: &mut StagedEntry, from: &Deleted) {
    entry.old_blob = Some(from.id);
    entry.renamed_from = Some(paths::from_bytes(&from.path));
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

/// How many bytes each distinct line of a content accounts for.
struct Lines {
    bytes: HashMap<u64, usize>,
    total: usize,
}

impl Lines {
    fn of(repository: &Repository, id: ObjectId, keys: &RandomState) -> Option<Self> {
        const LARGEST: u64 = 256 * 1024;
        let content = read_blob(repository, id, LARGEST).ok().filter(|content| !content.is_empty())?;
        let mut bytes = HashMap::new();
        for line in content.split_inclusive(|byte| *byte == b'\n') {
            *bytes.entry(keys.hash_one(line)).or_default() += line.len();
        }
        Some(Self { bytes, total: content.len() })
    }

    /// Bytes in common, in per cent of the larger content.
    fn similarity(&self, other: &Self) -> usize {
        let common: usize = self
            .bytes
            .iter()
            .filter_map(|(line, bytes)| other.bytes.get(line).map(|others| others.min(bytes)))
            .sum();
        common.saturating_mul(100) / self.total.max(other.total).max(1)
    }
}
