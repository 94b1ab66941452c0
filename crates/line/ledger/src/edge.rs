//! The right edge of the log: what is needed to append to it, and what files that makes.

use crate::block::{self, Block, Key};
use crate::disk::{self, Disk};
use crate::record::{self, Record};
use crate::segment::{self, HEADER, PREFIX, Place};
use crate::tile::{self, HEIGHT, Tile, WIDTH};
use crate::tree::{Frontier, root_of};
use crate::{Hash, LedgerError};

/// Bytes of the largest bundle of entries, of the largest tile.
pub(crate) const LARGEST_BUNDLE: u64 = WIDTH * 512;
pub(crate) const LARGEST_TILE: u64 = WIDTH * 32;

/// An entry that is on its way into the log.
#[derive(Clone, Debug)]
pub(crate) struct Placed {
    pub(crate) record: Record,
    pub(crate) place: Place,
    pub(crate) keys: Vec<Key>,
}

/// The unfinished tiles, the unfinished bundle and its index.
#[derive(Clone, Debug)]
pub(crate) struct Edge {
    frontier: Frontier,
    levels: Vec<Vec<Hash>>,
    bundle: Vec<u8>,
    block: Block,
    /// Behind the content of the last entry.
    pub(crate) end: Place,
}

/// Takes a file that is finished: its path, its bytes, and the folder of what it replaces.
pub(crate) type Emit<'e> = dyn FnMut(&str, &[u8], &str) -> Result<(), LedgerError> + 'e;

impl Edge {
    /// That of an empty log.
    pub(crate) fn empty() -> Self {
        let end = Place { segment: 0, offset: HEADER };
        Self {
            frontier: Frontier::default(),
            levels: Vec::new(),
            bundle: Vec::new(),
            block: Block::default(),
            end,
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

    /// Appends an entry, and hands out the files that are full now.
    pub(crate) fn push(&mut self, entry: &Placed, emit: &mut Emit<'_>) -> Result<(), LedgerError> {
        let encoded = entry.record.encode();
        let leaf = Hash::leaf(encoded.as_bytes());
        let index = self.size();
        record::bundle(encoded.as_bytes(), &mut self.bundle);
        self.block.push(entry.place, &entry.keys);
        self.frontier.push(leaf);
        self.end = segment::behind(entry.place, &entry.record);
        if self.size().is_multiple_of(WIDTH) {
            let full = Tile { level: None, index: index / WIDTH, width: 256 };
            emit(&full.to_string(), &std::mem::take(&mut self.bundle), &full.partials())?;
            let block = std::mem::take(&mut self.block);
            emit(&block::path(full), &block.encode(), &block::partials(full))?;
        }
        self.carry(leaf, index, emit)
    }

    /// Puts a leaf into its tile, and the root of each full tile into the tile above.
    fn carry(&mut self, leaf: Hash, index: u64, emit: &mut Emit<'_>) -> Result<(), LedgerError> {
        let (mut hash, mut index) = (leaf, index);
        for level in 0.. {
            let at = usize::from(level);
            if self.levels.len() <= at {
                self.levels.push(Vec::new());
            }
            let Some(hashes) = self.levels.get_mut(at) else { break };
            hashes.push(hash);
            if hashes.len() < usize::try_from(WIDTH).unwrap_or(usize::MAX) {
                break;
            }
            let hashes = std::mem::take(hashes);
            let full = Tile { level: Some(level), index: index / WIDTH, width: 256 };
            emit(&full.to_string(), &bytes_of(&hashes), &full.partials())?;
            (hash, index) = (root_of(&hashes), index / WIDTH);
        }
        Ok(())
    }

    /// The files that are not full, with their paths.
    pub(crate) fn partials(&self) -> Vec<(String, Vec<u8>)> {
        let mut files = Vec::new();
        for tile in tile::right_edge(self.size()) {
            let level = usize::from(tile.level.unwrap_or(0));
            let hashes = self.levels.get(level).map(Vec::as_slice).unwrap_or_default();
            if level == 0 {
                files.push((Tile { level: None, ..tile }.to_string(), self.bundle.clone()));
                files.push((block::path(tile), self.block.encode()));
            }
            files.push((tile.to_string(), bytes_of(hashes)));
        }
        files
    }

    /// Reads the edge of a log of `size` entries; `None` when a file of it is missing or does not fit the others.
    pub(crate) fn load(disk: &dyn Disk, size: u64) -> Result<Option<Self>, LedgerError> {
        let mut edge = Self::empty();
        let (mut roots, mut levels) = (Vec::new(), Vec::new());
        for tile in tile::right_edge(size) {
            let level = usize::from(tile.level.unwrap_or(0));
            let Some(hashes) = read_hashes(disk, tile)? else { return Ok(None) };
            levels.resize(levels.len().max(level + 1), Vec::new());
            if let Some(slot) = levels.get_mut(level) {
                *slot = hashes;
            }
        }
        levels.iter().rev().for_each(|hashes| complete_roots(hashes, &mut roots));
        edge.levels = levels;
        let Some(frontier) = Frontier::new(size, roots) else { return Ok(None) };
        edge.frontier = frontier;
        let Some(last) = size.checked_sub(1) else { return Ok(Some(edge)) };
        let Some(tile) = tile::tile_in(None, last / WIDTH, size) else { return Ok(None) };
        let (Some(records), Some(block)) = (read_records(disk, tile)?, read_block(disk, tile)?) else {
            return Ok(None);
        };
        let place = block.place(usize::from(tile.width).saturating_sub(1));
        let (Some(record), Some(place)) = (records.last(), place) else { return Ok(None) };
        if !lies_at(disk, place, record)? {
            return Ok(None);
        }
        edge.end = segment::behind(place, record);
        if !tile.is_full() {
            let leaves: Vec<Hash> = records.iter().map(Record::leaf).collect();
            if edge.levels.first() != Some(&leaves) {
                return Ok(None);
            }
            records.iter().for_each(|record| record::bundle(record.encode().as_bytes(), &mut edge.bundle));
            edge.block = block;
        }
        Ok(Some(edge))
    }
}

/// The roots of the complete subtrees in a tile, largest first.
fn complete_roots(hashes: &[Hash], roots: &mut Vec<Hash>) {
    let mut rest = hashes;
    for height in (0..HEIGHT).rev() {
        if let Some((subtree, behind)) =
            rest.split_at_checked(1 << height).filter(|_| hashes.len() >> height & 1 == 1)
        {
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

/// The hashes of a tile, from the full tile where the partial one is gone; `None` when neither is there or whole.
pub(crate) fn read_hashes(disk: &dyn Disk, tile: Tile) -> Result<Option<Vec<Hash>>, LedgerError> {
    let width = usize::from(tile.width);
    let bytes = match disk::read(disk, &tile.to_string(), LARGEST_TILE)? {
        Some(bytes) => Some(bytes),
        None => disk::read(disk, &tile.full().to_string(), LARGEST_TILE)?,
    };
    let mut hashes = tile::hashes(&bytes.unwrap_or_default());
    hashes.truncate(width);
    Ok(Some(hashes).filter(|hashes| hashes.len() == width))
}

/// The records of a bundle; otherwise as [`read_hashes`].
pub(crate) fn read_records(disk: &dyn Disk, tile: Tile) -> Result<Option<Vec<Record>>, LedgerError> {
    let width = usize::from(tile.width);
    let tile = Tile { level: None, ..tile };
    let bytes = match disk::read(disk, &tile.to_string(), LARGEST_BUNDLE)? {
        Some(bytes) => Some(bytes),
        None => disk::read(disk, &tile.full().to_string(), LARGEST_BUNDLE)?,
    };
    let Some(mut records) = bytes.and_then(|bytes| record::unbundle(&bytes)) else { return Ok(None) };
    records.truncate(width);
    Ok(Some(records).filter(|records| records.len() == width))
}

/// The index of a bundle; otherwise as [`read_hashes`].
pub(crate) fn read_block(disk: &dyn Disk, tile: Tile) -> Result<Option<Block>, LedgerError> {
    let width = usize::from(tile.width);
    if let Some(bytes) = disk::read(disk, &block::path(tile), block::LARGEST)? {
        return Ok(Block::decode(&bytes, width, width));
    }
    let bytes = disk::read(disk, &block::path(tile.full()), block::LARGEST)?;
    Ok(bytes.and_then(|bytes| Block::decode(&bytes, 256, width)))
}

fn bytes_of(hashes: &[Hash]) -> Vec<u8> {
    hashes.iter().flat_map(|hash| *hash.bytes()).collect()
}
