use std::path::Path;

use andon_system::{FileKind, System};

/// Bytes that a folder of the cache may hold.
const MOST_BYTES: u64 = 1 << 30;
/// Nanoseconds after which a file that nobody rewrote is removed: 90 days.
const LONGEST_IDLE: i64 = 90 * 24 * 3600 * 1_000_000_000;
/// Nanoseconds after which a temporary file belongs to a killed process: a day.
const ABANDONED: i64 = 24 * 3600 * 1_000_000_000;

/// Removes what has been idle for long or is too much, oldest first, except `keep`.
pub(super) fn bound(system: &dyn System, folder: &Path, keep: &Path) {
    let now = i64::try_from(system.now().as_nanosecond()).unwrap_or(i64::MAX);
    let mut files = Vec::new();
    let mut held = 0u64;
    for entry in system.list(folder).unwrap_or_default() {
        let path = folder.join(&entry.name);
        if path == keep {
            held = entry.size;
        } else if let (FileKind::File, Some(stamp)) = (entry.kind, entry.stamp) {
            files.push((stamp.modified, stamp.size, path));
        }
    }
    files.sort_by(|a, b| b.cmp(a));
    for (modified, size, path) in files {
        held = held.saturating_add(size);
        let age = now.saturating_sub(modified);
        if held > MOST_BYTES || age > LONGEST_IDLE || (is_temporary(&path) && age > ABANDONED) {
            // What cannot be removed now will be tried again.
            let _ = system.remove_file(&path);
        }
    }
}

fn is_temporary(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "tmp")
}
