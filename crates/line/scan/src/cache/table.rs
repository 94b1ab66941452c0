use std::sync::atomic::{AtomicBool, Ordering};

use andon_system::Stamp;

use super::layout::{
    CHECKSUM, CONTENT_ROW, HEADER, Kind, Known, MAGIC, NOTHING, NameHash, STAT_ROW, decode_facts,
};

/// A table file in memory: looked up in place, never unpacked as a whole.
#[derive(Default)]
pub(crate) struct Table {
    bytes: Vec<u8>,
    generation: u32,
    stats: usize,
    contents: usize,
    stats_used: Vec<AtomicBool>,
    contents_used: Vec<AtomicBool>,
}

/// A stat row as it is stored.
pub(super) struct StatRow {
    pub(super) name: NameHash,
    pub(super) stat: Stamp,
    pub(super) content: usize,
    pub(super) last_used: u32,
}

/// A content row as it is stored.
pub(super) struct ContentRow {
    pub(super) digest: [u8; 32],
    pub(super) known: Known,
    pub(super) last_used: u32,
}

impl Table {
    /// Reads a table that was written for `key`. Anything else (another key, another layout, damage) is `None`.
    pub(crate) fn parse(bytes: Vec<u8>, key: &[u8; 32]) -> Option<Self> {
        let header = bytes.get(..HEADER)?;
        if header.get(..8)? != MAGIC || header.get(8..40)? != key {
            return None;
        }
        let checksum = blake3::hash(bytes.get(CHECKSUM.end..)?);
        if header.get(CHECKSUM)? != checksum.as_bytes() {
            return None;
        }
        let generation = u32::from_le_bytes(array(header, 72)?);
        let stats = usize::try_from(u64::from_le_bytes(array(header, 76)?)).ok()?;
        let contents = usize::try_from(u64::from_le_bytes(array(header, 84)?)).ok()?;
        let heap = usize::try_from(u64::from_le_bytes(array(header, 92)?)).ok()?;
        let rows = stats.checked_mul(STAT_ROW)?.checked_add(contents.checked_mul(CONTENT_ROW)?)?;
        if HEADER.checked_add(rows)?.checked_add(heap)? != bytes.len() {
            return None;
        }
        let unused = |count: usize| std::iter::repeat_with(AtomicBool::default).take(count).collect();
        Some(Self {
            bytes,
            generation,
            stats,
            contents,
            stats_used: unused(stats),
            contents_used: unused(contents),
        })
    }

    /// The digest of the content that `name` had when its stat was `stat`.
    pub(crate) fn digest_of(&self, name: NameHash, stat: Stamp) -> Option<[u8; 32]> {
        let position = search(self.stats, &name.0, |at| self.stat_bytes(at)?.get(..16))?;
        let row = self.stat_row(position)?;
        if row.stat != stat {
            return None;
        }
        mark(&self.stats_used, position);
        mark(&self.contents_used, row.content);
        array(self.content_bytes(row.content)?, 0)
    }

    /// What is known about the content with `digest`.
    pub(crate) fn known(&self, digest: &[u8; 32]) -> Option<Known> {
        let position = search(self.contents, digest, |at| self.content_bytes(at)?.get(..32))?;
        mark(&self.contents_used, position);
        Some(self.content_row(position)?.known)
    }

    pub(super) fn generation(&self) -> u32 {
        self.generation
    }

    pub(super) fn checksum(&self) -> &[u8] {
        self.bytes.get(CHECKSUM).unwrap_or_default()
    }

    /// Every stat row, with the digest of its content; `last_used` is `now` for those used since the table was read.
    pub(super) fn stat_rows(&self, now: u32) -> impl Iterator<Item = (StatRow, [u8; 32])> + '_ {
        (0..self.stats).filter_map(move |position| {
            let mut row = self.stat_row(position)?;
            row.last_used = if is_marked(&self.stats_used, position) { now } else { row.last_used };
            let digest = array(self.content_bytes(row.content)?, 0)?;
            Some((row, digest))
        })
    }

    /// Every content row; `last_used` as in [`Table::stat_rows`].
    pub(super) fn content_rows(&self, now: u32) -> impl Iterator<Item = ContentRow> + '_ {
        (0..self.contents).filter_map(move |position| {
            let mut row = self.content_row(position)?;
            row.last_used = if is_marked(&self.contents_used, position) { now } else { row.last_used };
            Some(row)
        })
    }

    fn stat_bytes(&self, position: usize) -> Option<&[u8]> {
        let start = HEADER.checked_add(position.checked_mul(STAT_ROW)?)?;
        self.bytes.get(start..start.checked_add(STAT_ROW)?)
    }

    fn content_bytes(&self, position: usize) -> Option<&[u8]> {
        let start = HEADER + self.stats * STAT_ROW;
        let start = start.checked_add(position.checked_mul(CONTENT_ROW)?)?;
        if position >= self.contents {
            return None;
        }
        self.bytes.get(start..start.checked_add(CONTENT_ROW)?)
    }

    fn stat_row(&self, position: usize) -> Option<StatRow> {
        let bytes = self.stat_bytes(position)?;
        Some(StatRow {
            name: NameHash(array(bytes, 0)?),
            stat: Stamp {
                size: u64::from_le_bytes(array(bytes, 16)?),
                modified: i64::from_le_bytes(array(bytes, 24)?),
                changed: i64::from_le_bytes(array(bytes, 32)?),
                inode: u64::from_le_bytes(array(bytes, 40)?),
            },
            content: usize::try_from(u32::from_le_bytes(array(bytes, 48)?)).ok()?,
            last_used: u32::from_le_bytes(array(bytes, 52)?),
        })
    }

    fn content_row(&self, position: usize) -> Option<ContentRow> {
        let bytes = self.content_bytes(position)?;
        let offset = u64::from_le_bytes(array(bytes, 41)?);
        let facts = if offset == NOTHING { Vec::new() } else { decode_facts(self.heap_entry(offset)?)? };
        Some(ContentRow {
            digest: array(bytes, 0)?,
            known: Known {
                kind: Kind::from_byte(*bytes.get(32)?)?,
                examined: u32::from_le_bytes(array(bytes, 33)?),
                facts,
            },
            last_used: u32::from_le_bytes(array(bytes, 37)?),
        })
    }

    fn heap_entry(&self, offset: u64) -> Option<&[u8]> {
        let heap = HEADER + self.stats * STAT_ROW + self.contents * CONTENT_ROW;
        let start = heap.checked_add(usize::try_from(offset).ok()?)?;
        let length = usize::try_from(u32::from_le_bytes(array(&self.bytes, start)?)).ok()?;
        let start = start.checked_add(4)?;
        self.bytes.get(start..start.checked_add(length)?)
    }
}

/// Binary search over rows that are compared by their first bytes.
fn search<'a>(rows: usize, wanted: &[u8], key: impl Fn(usize) -> Option<&'a [u8]>) -> Option<usize> {
    let (mut low, mut high) = (0, rows);
    while low < high {
        let middle = low + (high - low) / 2;
        match key(middle)?.cmp(wanted) {
            std::cmp::Ordering::Less => low = middle + 1,
            std::cmp::Ordering::Equal => return Some(middle),
            std::cmp::Ordering::Greater => high = middle,
        }
    }
    None
}

fn array<const N: usize>(bytes: &[u8], start: usize) -> Option<[u8; N]> {
    bytes.get(start..start.checked_add(N)?)?.try_into().ok()
}

fn mark(used: &[AtomicBool], position: usize) {
    if let Some(flag) = used.get(position) {
        flag.store(true, Ordering::Relaxed);
    }
}

fn is_marked(used: &[AtomicBool], position: usize) -> bool {
    used.get(position).is_some_and(|flag| flag.load(Ordering::Relaxed))
}
