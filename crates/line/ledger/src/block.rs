//! The index: for each 256 entries, beside their bundle, where their contents lie and what they are about. It can be
//! made anew from the contents at any time, and what is found through it is checked before it is given out.
//!
//! A file grows by one piece for each entry: the segment in 4 bytes, the offset in 8, the number of labels in 2, then
//! for each label the first 16 bytes of its SHA-256.

use crate::segment::Place;
use crate::tile::Tile;
use crate::{Hash, label};

/// Bytes of a piece without its labels, of a label.
const PIECE: usize = 14;
const LABEL: usize = 16;

/// The beginning of the hash of a label.
pub(crate) type Key = [u8; LABEL];

/// Bytes of the largest file of the index.
pub(crate) const LARGEST: u64 = (256 * (PIECE + LABEL * (label::MOST + 1))) as u64;

/// The index of at most 256 entries.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Block {
    entries: Vec<(Place, Vec<Key>)>,
}

impl Block {
    /// Where an entry lies, counted from the first of the block.
    pub(crate) fn place(&self, position: usize) -> Option<Place> {
        self.entries.get(position).map(|(place, _)| *place)
    }

    /// The entries that may bear a label, in order, counted from the first of the block.
    pub(crate) fn find(&self, key: &Key) -> impl Iterator<Item = usize> {
        let bears =
            move |(position, (_, keys)): (usize, &(Place, Vec<Key>))| keys.contains(key).then_some(position);
        self.entries.iter().enumerate().filter_map(bears)
    }

    /// Reads the first `width` entries of a file, and how many bytes they take; `None` when it has fewer.
    pub(crate) fn decode(bytes: &[u8], width: usize) -> Option<(Self, usize)> {
        let (mut entries, mut rest) = (Vec::new(), bytes);
        while entries.len() < width {
            let (segment, behind) = rest.split_first_chunk()?;
            let (offset, behind) = behind.split_first_chunk()?;
            let (count, behind) = behind.split_first_chunk()?;
            let (keys, behind) = behind.split_at_checked(usize::from(u16::from_be_bytes(*count)) * LABEL)?;
            let place = Place { segment: u32::from_be_bytes(*segment), offset: u64::from_be_bytes(*offset) };
            entries.push((place, keys.as_chunks().0.to_vec()));
            rest = behind;
        }
        Some((Self { entries }, bytes.len() - rest.len()))
    }
}

/// Appends the piece of an entry.
pub(crate) fn piece(place: Place, keys: &[Key], bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&place.segment.to_be_bytes());
    bytes.extend_from_slice(&place.offset.to_be_bytes());
    bytes.extend_from_slice(&u16::try_from(keys.len()).unwrap_or(u16::MAX).to_be_bytes());
    keys.iter().for_each(|key| bytes.extend_from_slice(key));
}

/// The path of the index beside a bundle.
pub(crate) fn path(tile: Tile) -> String {
    let bundle = Tile { level: None, ..tile.full() }.to_string();
    format!("index/{}", bundle.strip_prefix("tile/entries/").unwrap_or(&bundle))
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
        let place = |offset| Place { segment: 7, offset };
        let mut bytes = Vec::new();
        piece(place(24), &[key("a"), key("b")], &mut bytes);
        piece(place(99), &[], &mut bytes);
        piece(place(u64::MAX), &[key("a")], &mut bytes);
        let (block, length) = Block::decode(&bytes, 3).unwrap();
        assert_eq!(length, bytes.len());
        assert_eq!(block.find(&key("a")).collect::<Vec<_>>(), [0, 2]);
        assert_eq!(block.find(&key("b")).collect::<Vec<_>>(), [0]);
        assert_eq!(block.find(&key("c")).count(), 0);
        assert_eq!((block.place(1), block.place(3)), (Some(place(99)), None));
        let (first, length) = Block::decode(&bytes, 1).unwrap();
        assert_eq!((first.find(&key("a")).count(), length), (1, 46));
        assert_eq!(Block::decode(&bytes, 4), None);
        assert_eq!(Block::decode(&bytes[..bytes.len() - 1], 3), None);
    }

    #[test]
    fn an_index_lies_beside_its_bundle() {
        let tile = Tile { level: Some(0), index: 1234, width: 5 };
        assert_eq!(path(tile), "index/x001/234");
    }
}
