use std::collections::{HashMap, HashSet};
use std::path::PathBuf;

use andon_system::{DirEntry, FileKind, files};

use super::{Cache, Entry, Found};

/// Successes, and sets of input files, that are kept.
const MOST_STEPS: usize = 20_000;
const MOST_SETS: usize = 500;
/// Nanoseconds for which nothing is removed that was just written: another run may be about to refer to it.
const YOUNG: i64 = 600 * 1_000_000_000;

impl Cache<'_> {
    /// Removes what was not used for longest until contents take no more than four fifths of what they may, and then
    /// contents that nothing refers to. No content goes below the limit.
    pub(crate) fn bound(&self) {
        self.trim("steps", MOST_STEPS);
        self.trim("sets", MOST_SETS);
        let blobs = self.blobs();
        let held: u64 = blobs.iter().map(|(_, entry)| entry.size).sum();
        if held <= self.limit {
            return;
        }
        let sizes: HashMap<&str, u64> = blobs
            .iter()
            .filter_map(|(path, entry)| Some((path.file_name()?.to_str()?, entry.size)))
            .collect();
        let room = self.limit - self.limit / 5;
        let mut taken = 0u64;
        let mut wanted: HashSet<String> = HashSet::new();
        for (key, entry) in self.by_use() {
            let mut new: Vec<&str> = entry.outputs.iter().map(|output| output.sha256.as_str()).collect();
            new.retain(|sha256| !wanted.contains(*sha256));
            new.sort_unstable();
            new.dedup();
            let cost: u64 = new.iter().filter_map(|sha256| sizes.get(sha256)).sum();
            if taken.saturating_add(cost) > room {
                self.forget(&key);
                continue;
            }
            taken += cost;
            wanted.extend(new.into_iter().map(str::to_owned));
        }
        let now = i64::try_from(self.system.now().as_nanosecond()).unwrap_or(i64::MAX);
        for (path, entry) in &blobs {
            let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
            let age = entry.stamp.map_or(i64::MAX, |stamp| now.saturating_sub(stamp.modified));
            if !wanted.contains(name) && (age > YOUNG || held > self.limit.saturating_mul(2)) {
                // What cannot be removed now will be tried again.
                let _ = files::remove_all(path);
            }
        }
    }

    /// Removes the oldest files of a folder that holds too many.
    fn trim(&self, folder: &str, most: usize) {
        let folder = self.folder.join(folder);
        let mut entries = self.system.list(&folder).unwrap_or_default();
        if entries.len() <= most {
            return;
        }
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.stamp.map_or(0, |stamp| stamp.modified)));
        for entry in entries.iter().skip(most) {
            // What cannot be removed now will be tried again.
            let _ = self.system.remove_file(&folder.join(&entry.name));
        }
    }

    fn blobs(&self) -> Vec<(PathBuf, DirEntry)> {
        let top = self.folder.join("blobs");
        let mut blobs = Vec::new();
        for folder in self.system.list(&top).unwrap_or_default() {
            let folder = top.join(folder.name);
            let entries = self.system.list(&folder).unwrap_or_default();
            let files = entries.into_iter().filter(|entry| entry.kind == FileKind::File);
            blobs.extend(files.map(|entry| (folder.join(&entry.name), entry)));
        }
        blobs
    }

    /// Successes, the last used first.
    fn by_use(&self) -> Vec<(String, Entry)> {
        let folder = self.folder.join("steps");
        let mut entries = self.system.list(&folder).unwrap_or_default();
        entries.retain(|entry| entry.kind == FileKind::File);
        entries.sort_by_key(|entry| std::cmp::Reverse(entry.stamp.map_or(0, |stamp| stamp.modified)));
        let read = |entry: DirEntry| {
            let key = entry.name.into_string().ok()?;
            match self.look_at(&key) {
                Found::Success(found) => Some((key, *found)),
                Found::Nothing | Found::Damaged(_) => None,
            }
        };
        entries.into_iter().filter_map(read).collect()
    }
}
