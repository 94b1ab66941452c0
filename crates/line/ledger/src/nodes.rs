use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

use crate::disk::Disk;
use crate::edge;
use crate::proof::Nodes;
use crate::segment::damaged;
use crate::tile::{self, HEIGHT, Tile, WIDTH};
use crate::tree::root_of;
use crate::{Hash, LedgerError};

/// The hashes of a tree of a given size, from its tiles. A tile is read once. They are as true as the files: what is
/// made from them must be verified.
pub(crate) struct TileNodes<'d> {
    disk: &'d dyn Disk,
    size: u64,
    read: RefCell<HashMap<Tile, Arc<Vec<Hash>>>>,
}

impl<'d> TileNodes<'d> {
    pub(crate) fn new(disk: &'d dyn Disk, size: u64) -> Self {
        Self { disk, size, read: RefCell::default() }
    }

    /// The hashes of a tile.
    pub(crate) fn hashes(&self, tile: Tile) -> Result<Arc<Vec<Hash>>, LedgerError> {
        if let Some(hashes) = self.read.borrow().get(&tile) {
            return Ok(Arc::clone(hashes));
        }
        let hashes = edge::read_hashes(self.disk, tile)?
            .ok_or_else(|| damaged(self.disk, &tile.to_string(), "it is missing or cut off".to_owned()))?;
        let hashes = Arc::new(hashes);
        self.read.borrow_mut().insert(tile, Arc::clone(&hashes));
        Ok(hashes)
    }
}

impl Nodes for TileNodes<'_> {
    type Error = LedgerError;

    fn node(&self, level: u32, index: u64) -> Result<Hash, LedgerError> {
        let beyond = || damaged(self.disk, "tile", format!("the tree has no node {index} at level {level}"));
        let (tile_level, within) = (level / HEIGHT, level % HEIGHT);
        let start = index.checked_shl(within).ok_or_else(beyond)?;
        let tile_level = u8::try_from(tile_level).map_err(|_| beyond())?;
        let tile = tile::tile_in(Some(tile_level), start / WIDTH, self.size).ok_or_else(beyond)?;
        let hashes = self.hashes(tile)?;
        let from = usize::try_from(start % WIDTH).unwrap_or(usize::MAX);
        let subtree = hashes.get(from..).and_then(|rest| rest.get(..1 << within)).ok_or_else(beyond)?;
        Ok(root_of(subtree))
    }
}
