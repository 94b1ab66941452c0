//! The index: for each 256 entries, beside their bundle, where their contents lie and what they are about. It can be
//! made anew from the contents at any time, and what is found through it is checked before it is given out.
//!
//! A file holds the places (segment in 4 bytes, offset in 8), then the labels in order (the first 16 bytes of their
//! SHA-256, and which of the entries in 1 byte).

use crate::segment::Place;
use crate::tile::Tile;
use crate::{Hash, label};

/// Bytes of a place, of a label.
const PLACE: usize = 12;
const LABEL: usize = 17;

/// The beginning of the hash of a label.
pub(crate) type Key = [u8; 16];

/// Bytes of the largest file of the index.
pub(crate) const LARGEST: u64 = (256 * (PLACE + LABEL * (label::MOST + 1))) as u64;

/// The index of at most 256 entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Block {
    places: Vec<Place>,
    labels: Vec<(Key, u8)>,
}

impl Block {
    /// Adds an entry behind the others.
    pub(crate) fn push(&mut self, place: Place, keys: &[Key]) {
        let position = u8::try_from(self.places.len()).unwrap_or(u8::MAX);
        self.places.push(place);
        self.labels.extend(keys.iter().map(|key| (*key, position)));
    }

    /// Where an entry lies, counted from the first of the block.
    pub(crate) fn place(&self, position: usize) -> Option<Place> {
        self.places.get(position).copied()
    }

    /// The entries that may bear a label, in order, counted from the first of the block.
    pub(crate) fn find(&self, key: &Key) -> impl Iterator<Item = u8> {
        let from = self.labels.partition_point(|(label, _)| label < key);
        let found = self.labels.get(from..).unwrap_or_default();
        found.iter().take_while(move |(label, _)| label == key).map(|(_, position)| *position)
    }

    /// Its file.
    pub(crate) fn encode(&self) -> Vec<u8> {
        let mut labels = self.labels.clone();
        labels.sort_unstable();
        labels.dedup();
        let mut bytes = Vec::with_capacity(self.places.len() * PLACE + labels.len() * LABEL);
        for Place { segment, offset } in &self.places {
            bytes.extend_from_slice(&segment.to_be_bytes());
            bytes.extend_from_slice(&offset.to_be_bytes());
        }
        for (key, position) in labels {
            bytes.extend_from_slice(&key);
            bytes.push(position);
        }
        bytes
    }

    /// Reads the file of a block that has `stored` entries, and keeps the first `width` of them; `None` when it is
    /// not one.
    pub(crate) fn decode(bytes: &[u8], stored: usize, width: usize) -> Option<Self> {
        let (places, labels) = bytes.split_at_checked(stored.checked_mul(PLACE)?)?;
        if labels.len() % LABEL != 0 || width > stored {
            return None;
        }
        let place = |bytes: &[u8]| {
            let (segment, offset) = bytes.split_first_chunk()?;
            let offset = u64::from_be_bytes(offset.try_into().ok()?);
            Some(Place { segment: u32::from_be_bytes(*segment), offset })
        };
        let label = |bytes: &[u8]| {
            let (key, position) = bytes.split_first_chunk()?;
            Some((*key, *position.first()?))
        };
        let places = places.chunks_exact(PLACE).take(width).map(place).collect::<Option<Vec<_>>>()?;
        let mut labels = labels.chunks_exact(LABEL).map(label).collect::<Option<Vec<(Key, u8)>>>()?;
        if !labels.is_sorted() {
            return None;
        }
        labels.retain(|(_, position)| usize::from(*position) < width);
        Some(Self { places, labels })
    }
}

/// The path of the index beside a bundle.
pub(crate) fn path(tile: Tile) -> String {
    let bundle = Tile { level: None, ..tile }.to_string();
    format!("index/{}", bundle.strip_prefix("tile/entries/").unwrap_or(&bundle))
}

/// The folder of the partial versions of an index.
pub(crate) fn partials(tile: Tile) -> String {
    format!("{}.p", path(tile.full()))
}

/// The key of a label.
pub(crate) fn key(label: &str) -> Key {
    Hash::of(label.as_bytes()).bytes().first_chunk().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_block_reads_what_it_writes_and_finds_what_it_holds() {
        let mut block = Block::default();
        let place = |offset| Place { segment: 7, offset };
        block.push(place(24), &[key("a"), key("b"), key("a")]);
        block.push(place(99), &[]);
        block.push(place(u64::MAX), &[key("a")]);
        let bytes = block.encode();
        let read = Block::decode(&bytes, 3, 3).unwrap();
        assert_eq!(read.find(&key("a")).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(read.find(&key("b")).collect::<Vec<_>>(), [0]);
        assert_eq!(read.find(&key("c")).count(), 0);
        assert_eq!((read.place(1), read.place(3)), (Some(place(99)), None));
        assert_eq!(read.encode(), bytes);
        let first = Block::decode(&bytes, 3, 1).unwrap();
        assert_eq!(first.find(&key("a")).collect::<Vec<_>>(), [0]);
        assert_eq!(Block::decode(&bytes, 3, 4), None);
        assert_eq!(Block::decode(&bytes[..bytes.len() - 1], 3, 3), None);
        assert_eq!(Block::decode(&bytes[..20], 3, 3), None);
    }

    #[test]
    fn an_index_lies_beside_its_bundle() {
        let tile = Tile { level: Some(0), index: 1234, width: 5 };
        assert_eq!(path(tile), "index/x001/234.p/5");
        assert_eq!((path(tile.full()), partials(tile)), ("index/x001/234".into(), "index/x001/234.p".into()));
    }
}
