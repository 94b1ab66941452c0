//! Which records speak of the same vulnerability: those that share an id or an alias, directly or through others.

use super::builder::Place;
use super::layout::{self, GROUP, ID, RECORD};

/// The tables that lead from a record to the others of its group.
pub(super) struct Grouped {
    /// For each record where it lies, and where its group begins.
    pub(super) records: Vec<[u8; RECORD]>,
    /// The records, group by group.
    pub(super) groups: Vec<[u8; GROUP]>,
}

/// Groups the records that have an id in common. `ids` is sorted by key. A withdrawn record stands alone: what it said
/// no longer holds.
pub(super) fn group(records: &[Place], ids: &[[u8; ID]]) -> Grouped {
    let mut sets = Sets { parents: (0..).take(records.len()).collect() };
    let withdrawn = |record: u32| records.get(record as usize).is_none_or(|place| place.withdrawn);
    let mut last: Option<(u64, u32)> = None;
    for entry in ids {
        let (Some(key), Some(record)) = (layout::number64(entry, 0), layout::number32(entry, 8)) else {
            continue;
        };
        if withdrawn(record) {
            continue;
        }
        if let Some((_, other)) = last.filter(|(before, _)| *before == key) {
            sets.join(other, record);
        }
        last = Some((key, record));
    }
    let mut order: Vec<(u32, u32)> =
        (0..).take(records.len()).map(|record| (sets.root(record), record)).collect();
    order.sort_unstable();
    let mut starts = vec![0_u32; records.len()];
    let mut groups = Vec::with_capacity(order.len());
    let mut start = 0_u32;
    let mut root = None;
    for (at, (set, record)) in (0_u32..).zip(&order) {
        if root != Some(set) {
            (root, start) = (Some(set), at);
        }
        if let Some(place) = starts.get_mut(*record as usize) {
            *place = start;
        }
        groups.push(join(&[record.to_le_bytes(), start.to_le_bytes()]));
    }
    let row = |(place, start): (&Place, u32)| {
        let [a, b] = halves(place.offset);
        join(&[a, b, place.length.to_le_bytes(), start.to_le_bytes()])
    };
    Grouped { records: records.iter().zip(starts).map(row).collect(), groups }
}

struct Sets {
    parents: Vec<u32>,
}

impl Sets {
    fn root(&mut self, mut record: u32) -> u32 {
        while let Some(parent) = self.parents.get(record as usize).copied().filter(|parent| *parent != record)
        {
            let above = self.parents.get(parent as usize).copied().unwrap_or(parent);
            if let Some(place) = self.parents.get_mut(record as usize) {
                *place = above;
            }
            record = above;
        }
        record
    }

    fn join(&mut self, one: u32, other: u32) {
        let (one, other) = (self.root(one), self.root(other));
        let (low, high) = (one.min(other), one.max(other));
        if let Some(place) = self.parents.get_mut(high as usize) {
            *place = low;
        }
    }
}

fn halves(number: u64) -> [[u8; 4]; 2] {
    let [a, b, c, d, e, f, g, h] = number.to_le_bytes();
    [[a, b, c, d], [e, f, g, h]]
}

fn join<const N: usize>(parts: &[[u8; 4]]) -> [u8; N] {
    let mut entry = [0; N];
    entry.iter_mut().zip(parts.as_flattened()).for_each(|(place, byte)| *place = *byte);
    entry
}
