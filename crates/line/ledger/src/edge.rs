//! The right edge of the log: what is needed to append to it, and what that writes into which files.
//!
//! Tiles, bundles and index files grow in place under the name of the full file. A partial tile of the specification is
//! the beginning of such a file: giving each width a file of its own would make and remove several files for every
//! append, which file systems are slow at.

use crate::block::{self, Block, Key};
use crate::disk::{self, Disk};
use crate::record::{self, Record};
use crate::segment::{self, HEADER, PREFIX, Place};
use crate::tile::{self, HEIGHT, Tile, WIDTH};
use crate::tree::{Frontier, root_of};
use crate::{Hash, LedgerError};

/// Bytes of the largest bundle of entries.
pub(crate) const LARGEST_BUNDLE: u64 = WIDTH * 514;

/// An entry that is on its way into the log.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) record: Record,
    pub(crate) place: Place,
    pub(crate) keys: Vec<Key>,
}

/// Bytes for the end of a file.
pub(crate) struct Piece<'b> {
    pub(crate) path: String,
    pub(crate) at: u64,
    pub(crate) bytes: &'b [u8],
    /// Whether the file is finished with them.
    pub(crate) full: bool,
}

/// Takes bytes for the end of a file.
pub(crate) type Emit<'e> = dyn FnMut(&Piece<'_>) -> Result<(), LedgerError> + 'e;

/// The unfinished tiles, the unfinished bundle and its index.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    frontier: Frontier,
    levels: Vec<(Vec<Hash>, Growing)>,
    bundle: Growing,
    index: Growing,
    /// Behind the content of the last entry.
    pub(crate) end: Place,
}

/// A file that grows: the bytes that are in it, and those that are still to be written.
#[derive(Clone, Debug, Default)]
struct Growing {
    written: u64,
    rest: Vec<u8>,
}

impl Growing {
    fn holding(written: usize) -> Self {
        Self { written: u64::try_from(written).unwrap_or(u64::MAX), rest: Vec::new() }
    }

    fn flush(&mut self, path: String, full: bool, emit: &mut Emit<'_>) -> Result<(), LedgerError> {
        if !self.rest.is_empty() {
            emit(&Piece { path, at: self.written, bytes: &self.rest, full })?;
        }
        let length = u64::try_from(self.rest.len()).unwrap_or(u64::MAX);
        self.written = if full { 0 } else { self.written.saturating_add(length) };
        self.rest.clear();
        Ok(())
    }
}

impl Edge {
    /// That of an empty log.
    pub(crate) fn empty() -> Self {
        Self {
            frontier: Frontier::default(),
            levels: Vec::new(),
            bundle: Growing::default(),
            index: Growing::default(),
            end: Place { segment: 0, offset: HEADER },
        }
    }

    /// Entries.
    pub(crate) fn size(&self) -> u64 {
        self.frontier.size()
    }

    /// The root of the tree.
    pub(crate) fn root(&self) -> Hash {
        self.frontier.root()
    }

    /// Appends an entry, and hands out what finishes a file.
    pub(crate) fn push(&mut self, entry: &Placed, emit: &mut Emit<'_>) -> Result<(), LedgerError> {
        let encoded = entry.record.encode();
        let leaf = Hash::leaf(encoded.as_bytes());
        let index = self.size();
        record::bundle(encoded.as_bytes(), &mut self.bundle.rest);
        block::piece(entry.place, &entry.keys, &mut self.index.rest);
        self.frontier.push(leaf);
        self.end = segment::behind(entry.place, &entry.record);
        if self.size().is_multiple_of(WIDTH) {
            let full = Tile { level: None, index: index / WIDTH, width: 256 };
            self.bundle.flush(full.to_string(), true, emit)?;
            self.index.flush(block::path(full), true, emit)?;
        }
        self.carry(leaf, index, emit)
    }

    /// Puts a leaf into its tile, and the root of each full tile into the tile above.
    fn carry(&mut self, leaf: Hash, index: u64, emit: &mut Emit<'_>) -> Result<(), LedgerError> {
        let (mut hash, mut index) = (leaf, index);
        for level in 0.. {
            let at = usize::from(level);
            if self.levels.len() <= at {
                self.levels.push(Default::default());
            }
            let Some((hashes, growing)) = self.levels.get_mut(at) else { break };
            hashes.push(hash);
            growing.rest.extend_from_slice(hash.bytes());
            if hashes.len() < usize::try_from(WIDTH).unwrap_or(usize::MAX) {
                break;
            }
            let full = Tile { level: Some(level), index: index / WIDTH, width: 256 };
            growing.flush(full.to_string(), true, emit)?;
            (hash, index) = (root_of(hashes), index / WIDTH);
            hashes.clear();
        }
        Ok(())
    }

    /// Hands out what is not handed out yet.
    pub(crate) fn flush(&mut self, emit: &mut Emit<'_>) -> Result<(), LedgerError> {
        let size = self.size();
        let bundle = Tile { level: None, index: size / WIDTH, width: 256 };
        self.bundle.flush(bundle.to_string(), false, emit)?;
        self.index.flush(block::path(bundle), false, emit)?;
        for (level, (_, growing)) in (0..).zip(&mut self.levels) {
            let tile = Tile { level: Some(level), index: tile::hashes_at(level, size) / WIDTH, width: 256 };
            growing.flush(tile.to_string(), false, emit)?;
        }
        Ok(())
    }

    /// Reads the edge of a log of `size` entries; `None` when a file of it is missing or does not fit the others.
    pub(crate) fn load(disk: &dyn Disk, size: u64) -> Result<Option<Self>, LedgerError> {
        let mut edge = Self::empty();
        let Some(last) = size.checked_sub(1) else { return Ok(Some(edge)) };
        for tile in tile::right_edge(size) {
            let level = usize::from(tile.level.unwrap_or(0));
            let Some(hashes) = read_hashes(disk, tile)? else { return Ok(None) };
            edge.levels.resize(edge.levels.len().max(level + 1), Default::default());
            if let Some(slot) = edge.levels.get_mut(level) {
                let growing = Growing::holding(hashes.len() * Hash::LENGTH);
                *slot = (hashes, growing);
            }
        }
        let mut roots = Vec::new();
        edge.levels.iter().rev().for_each(|(hashes, _)| complete_roots(hashes, &mut roots));
        let Some(frontier) = Frontier::new(size, roots) else { return Ok(None) };
        edge.frontier = frontier;
        let Some(tile) = tile::tile_in(None, last / WIDTH, size) else { return Ok(None) };
        let (Some((records, bundled)), Some((block, indexed))) =
            (read_records(disk, tile)?, read_block(disk, tile)?)
        else {
            return Ok(None);
        };
        let place = block.place(usize::from(tile.width).saturating_sub(1));
        let (Some(record), Some(place)) = (records.last(), place) else { return Ok(None) };
        if !lies_at(disk, place, record)? {
            return Ok(None);
        }
        edge.end = segment::behind(place, record);
        if !tile.is_full() {
            let leaves = edge.levels.first().map(|(hashes, _)| hashes.as_slice()).unwrap_or_default();
            if !records.iter().map(Record::leaf).eq(leaves.iter().copied()) {
                return Ok(None);
            }
            (edge.bundle, edge.index) = (Growing::holding(bundled), Growing::holding(indexed));
        }
        Ok(Some(edge))
    }
}

/// The roots of the complete subtrees in a tile, largest first.
fn complete_roots(hashes: &[Hash], roots: &mut Vec<Hash>) {
    let mut rest = hashes;
    for height in (0..HEIGHT).rev() {
        let complete = hashes.len() >> height & 1 == 1;
        if let Some((subtree, behind)) = rest.split_at_checked(1 << height).filter(|_| complete) {
            roots.push(root_of(subtree));
            rest = behind;
        }
    }
}

/// Whether the frame at a place is of this record, as far as its first bytes tell.
fn lies_at(disk: &dyn Disk, place: Place, record: &Record) -> Result<bool, LedgerError> {
    let path = segment::path(place.segment);
    let Some(length) = disk.length(&path)? else { return Ok(false) };
    if segment::behind(place, record).offset > length {
        return Ok(false);
    }
    Ok(segment::read_prefix(&disk.read_at(&path, place.offset, PREFIX)?).as_ref() == Some(record))
}

/// The hashes of a tile; `None` when it is missing or has fewer.
pub(crate) fn read_hashes(disk: &dyn Disk, tile: Tile) -> Result<Option<Vec<Hash>>, LedgerError> {
    let bytes = start_of(disk, &tile.full().to_string(), u64::from(tile.width) * 32)?;
    let hashes = tile::hashes(&bytes);
    Ok(Some(hashes).filter(|hashes| hashes.len() == usize::from(tile.width)))
}

/// The records of a bundle and the bytes that they take; otherwise as [`read_hashes`].
pub(crate) fn read_records(disk: &dyn Disk, tile: Tile) -> Result<Option<(Vec<Record>, usize)>, LedgerError> {
    let width = usize::from(tile.width);
    let bytes = start_of(disk, &Tile { level: None, ..tile.full() }.to_string(), LARGEST_BUNDLE)?;
    Ok(record::first_of(&bytes, width).filter(|(records, _)| records.len() == width))
}

/// The index of a bundle; otherwise as [`read_records`].
pub(crate) fn read_block(disk: &dyn Disk, tile: Tile) -> Result<Option<(Block, usize)>, LedgerError> {
    let bytes = start_of(disk, &block::path(tile), block::LARGEST)?;
    Ok(Block::decode(&bytes, usize::from(tile.width)))
}

/// The first bytes of a file, none when there is no file.
fn start_of(disk: &dyn Disk, path: &str, length: u64) -> Result<Vec<u8>, LedgerError> {
    let whole = disk::read_start(disk, path, length)?;
    Ok(whole.unwrap_or_default())
}
