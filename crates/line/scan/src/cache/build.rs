use andon_system::Stamp;

use super::layout::{CHECKSUM, CONTENT_ROW, HEADER, Known, MAGIC, NOTHING, NameHash, encode_facts};
use super::table::Table;

/// What a scan learnt that its table did not know.
#[derive(Default)]
pub(crate) struct Additions {
    pub(crate) stats: Vec<(NameHash, Stamp, [u8; 32])>,
    pub(crate) contents: Vec<([u8; 32], Known)>,
}

impl Additions {
    pub(crate) fn is_empty(&self) -> bool {
        self.stats.is_empty() && self.contents.is_empty()
    }
}

/// How much a table may hold.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Rows of each sort.
    pub(crate) rows: usize,
    /// Bytes of facts.
    pub(crate) heap: usize,
    /// Generations after which a row that nobody used is dropped.
    pub(crate) generations: u32,
}

impl Limits {
    pub(crate) const DEFAULT: Self = Self { rows: 2_000_000, heap: 64 << 20, generations: 20 };
}

/// Writes a table that holds what `additions` bring, what `loaded` (the table this scan used) held, and what `disk`
/// (written by somebody else meanwhile) holds.
pub(crate) fn build(
    key: &[u8; 32],
    additions: Additions,
    loaded: &Table,
    disk: Option<&Table>,
    limits: Limits,
) -> Vec<u8> {
    let newest = loaded.generation().max(disk.map_or(0, Table::generation));
    let now = newest.saturating_add(1);
    let contents = content_rows(additions.contents, loaded, disk, now, limits);
    let mut heap = Vec::new();
    let mut rows = Vec::with_capacity(contents.len() * CONTENT_ROW);
    let digests: Vec<[u8; 32]> = contents
        .into_iter()
        .filter(|content| append_content(content, &mut rows, &mut heap, limits))
        .map(|content| content.digest)
        .collect();
    let mut stats = Vec::new();
    let mut stat_count = 0u64;
    for row in stat_rows(additions.stats, loaded, disk, now, limits) {
        let Ok(position) = digests.binary_search(&row.digest) else { continue };
        append_stat(&row, position, &mut stats);
        stat_count += 1;
    }
    assemble(key, now, (stat_count, &stats), (digests.len() as u64, &rows), &heap)
}

struct Content {
    digest: [u8; 32],
    known: Known,
    last_used: u32,
}

struct Stat {
    name: NameHash,
    stat: Stamp,
    digest: [u8; 32],
    last_used: u32,
}

fn content_rows(
    new: Vec<([u8; 32], Known)>,
    loaded: &Table,
    disk: Option<&Table>,
    now: u32,
    limits: Limits,
) -> Vec<Content> {
    let old = loaded.content_rows(now).chain(disk.into_iter().flat_map(|table| table.content_rows(now)));
    let mut rows: Vec<Content> =
        new.into_iter().map(|(digest, known)| Content { digest, known, last_used: now }).collect();
    rows.extend(
        old.map(|row| Content { digest: row.digest, known: row.known, last_used: row.last_used })
            .filter(|row| now.saturating_sub(row.last_used) <= limits.generations),
    );
    rows.sort_by_key(|row| row.digest);
    rows.dedup_by(|later, kept| {
        let same = later.digest == kept.digest;
        if same {
            kept.last_used = kept.last_used.max(later.last_used);
            let facts = std::mem::take(&mut later.known.facts);
            kept.known.absorb(Known { facts, ..later.known });
        }
        same
    });
    keep_latest(&mut rows, limits.rows, |row| row.last_used);
    rows
}

fn stat_rows(
    new: Vec<(NameHash, Stamp, [u8; 32])>,
    loaded: &Table,
    disk: Option<&Table>,
    now: u32,
    limits: Limits,
) -> Vec<Stat> {
    let old = disk.into_iter().flat_map(|table| table.stat_rows(now)).chain(loaded.stat_rows(now));
    let mut rows: Vec<Stat> =
        new.into_iter().map(|(name, stat, digest)| Stat { name, stat, digest, last_used: now }).collect();
    rows.extend(
        old.map(|(row, digest)| Stat { name: row.name, stat: row.stat, digest, last_used: row.last_used })
            .filter(|row| now.saturating_sub(row.last_used) <= limits.generations),
    );
    rows.sort_by_key(|row| row.name);
    rows.dedup_by(|later, kept| later.name == kept.name);
    keep_latest(&mut rows, limits.rows, |row| row.last_used);
    rows
}

/// Drops what was not used for longest, keeping the order.
fn keep_latest<T>(rows: &mut Vec<T>, most: usize, last_used: impl Fn(&T) -> u32) {
    if rows.len() <= most {
        return;
    }
    let mut ages: Vec<u32> = rows.iter().map(&last_used).collect();
    ages.sort_unstable_by(|a, b| b.cmp(a));
    let cutoff = ages.get(most).copied().unwrap_or(0);
    let mut room = most - ages.iter().take_while(|age| **age > cutoff).count();
    rows.retain(|row| {
        let age = last_used(row);
        let fills = age == cutoff && room > 0;
        room -= usize::from(fills);
        age > cutoff || fills
    });
}

/// False when there is no room for its facts: better unknown than half known.
fn append_content(content: &Content, rows: &mut Vec<u8>, heap: &mut Vec<u8>, limits: Limits) -> bool {
    let offset = if content.known.facts.is_empty() {
        NOTHING
    } else {
        let Some(facts) = encode_facts(&content.known.facts) else { return false };
        let Ok(length) = u32::try_from(facts.len()) else { return false };
        if heap.len().saturating_add(facts.len()) > limits.heap {
            return false;
        }
        let offset = heap.len() as u64;
        heap.extend_from_slice(&length.to_le_bytes());
        heap.extend_from_slice(&facts);
        offset
    };
    rows.extend_from_slice(&content.digest);
    rows.push(content.known.kind.to_byte());
    rows.extend_from_slice(&content.known.examined.to_le_bytes());
    rows.extend_from_slice(&content.last_used.to_le_bytes());
    rows.extend_from_slice(&offset.to_le_bytes());
    true
}

fn append_stat(row: &Stat, position: usize, out: &mut Vec<u8>) {
    out.extend_from_slice(&row.name.0);
    out.extend_from_slice(&row.stat.size.to_le_bytes());
    out.extend_from_slice(&row.stat.modified.to_le_bytes());
    out.extend_from_slice(&row.stat.changed.to_le_bytes());
    out.extend_from_slice(&row.stat.inode.to_le_bytes());
    out.extend_from_slice(&u32::try_from(position).unwrap_or(u32::MAX).to_le_bytes());
    out.extend_from_slice(&row.last_used.to_le_bytes());
}

fn assemble(
    key: &[u8; 32],
    generation: u32,
    stats: (u64, &[u8]),
    contents: (u64, &[u8]),
    heap: &[u8],
) -> Vec<u8> {
    let mut file = Vec::with_capacity(HEADER + stats.1.len() + contents.1.len() + heap.len());
    file.extend_from_slice(MAGIC);
    file.extend_from_slice(key);
    file.extend_from_slice(&[0; 32]);
    file.extend_from_slice(&generation.to_le_bytes());
    file.extend_from_slice(&stats.0.to_le_bytes());
    file.extend_from_slice(&contents.0.to_le_bytes());
    file.extend_from_slice(&(heap.len() as u64).to_le_bytes());
    file.extend_from_slice(stats.1);
    file.extend_from_slice(contents.1);
    file.extend_from_slice(heap);
    let checksum = blake3::hash(file.get(CHECKSUM.end..).unwrap_or_default());
    if let Some(place) = file.get_mut(CHECKSUM) {
        place.copy_from_slice(checksum.as_bytes());
    }
    file
}
