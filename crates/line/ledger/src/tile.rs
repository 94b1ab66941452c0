//! Tiles (C2SP tlog-tiles): 256 consecutive hashes of one level of the tree in one file, and bundles of the 256
//! entries below them.

use std::fmt;

use crate::Hash;

/// Hashes of a full tile, entries of a full bundle.
pub const WIDTH: u64 = 256;
/// Levels of the tree in one tile.
pub(crate) const HEIGHT: u32 = 8;
/// The highest level of a tile that a tree of 2^64 entries has.
const LEVELS: u8 = 8;

/// The place of a tile or of a bundle of entries. Written, it is its path in the log's folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Tile {
    /// Level of the tile; `None` for a bundle of entries.
    pub level: Option<u8>,
    /// Which of its level, from 0.
    pub index: u64,
    /// Hashes or entries in it, 1 to 256.
    pub width: u16,
}

impl Tile {
    /// Reads a path such as `tile/0/x001/234.p/5` or `tile/entries/000`; `None` when it is written in any other way
    /// than the specification's.
    pub fn parse(path: &str) -> Option<Self> {
        let rest = path.strip_prefix("tile/")?;
        let (level, rest) = rest.split_once('/')?;
        let level = if level == "entries" { None } else { Some(level.parse().ok()?) };
        let (number, width) = match rest.split_once(".p/") {
            Some((number, width)) => (number, width.parse().ok().filter(|width| u64::from(*width) < WIDTH)?),
            None => (rest, 256),
        };
        let mut index = 0_u64;
        for part in number.split('/') {
            let digits = part.strip_prefix('x').unwrap_or(part);
            index = index.checked_mul(1000)?.checked_add(digits.parse().ok()?)?;
        }
        // Whatever is written otherwise (signs, zeros in front, a missing x) does not come back the same.
        let tile = Self { level, index, width };
        (level.is_none_or(|level| level < 64) && width > 0 && tile.to_string() == path).then_some(tile)
    }

    /// Whether it has all its 256 hashes or entries.
    pub fn is_full(&self) -> bool {
        u64::from(self.width) >= WIDTH
    }

    /// The full tile in the same place.
    #[must_use]
    pub fn full(self) -> Self {
        Self { width: 256, ..self }
    }
}

impl fmt::Display for Tile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.level {
            Some(level) => write!(f, "tile/{level}/")?,
            None => f.write_str("tile/entries/")?,
        }
        write_number(f, self.index)?;
        if self.is_full() { Ok(()) } else { write!(f, ".p/{}", self.width) }
    }
}

/// A number in groups of three digits, an `x` before all but the last: 1234067 is `x001/x234/067`.
fn write_number(f: &mut fmt::Formatter<'_>, number: u64) -> fmt::Result {
    let mut divisor = 1_u64;
    while number / divisor >= 1000 {
        divisor = divisor.saturating_mul(1000);
    }
    while divisor > 1 {
        write!(f, "x{:03}/", number / divisor % 1000)?;
        divisor /= 1000;
    }
    write!(f, "{:03}", number % 1000)
}

/// The number of hashes of level `level` tiles in a tree of `size` leaves: complete subtrees of 256^level leaves.
pub(crate) fn hashes_at(level: u8, size: u64) -> u64 {
    size.checked_shr(u32::from(level) * HEIGHT).unwrap_or(0)
}

/// The tiles of a tree of `size` leaves that are its right edge: the last one of each level that is not full.
pub(crate) fn right_edge(size: u64) -> impl Iterator<Item = Tile> {
    (0..LEVELS).filter_map(move |level| {
        let hashes = hashes_at(level, size);
        let width = u16::try_from(hashes % WIDTH).ok().filter(|width| *width > 0)?;
        Some(Tile { level: Some(level), index: hashes / WIDTH, width })
    })
}

/// The tile that a tree of `size` leaves has in a place: full, partial, or `None` when there is none yet.
pub(crate) fn tile_in(level: Option<u8>, index: u64, size: u64) -> Option<Tile> {
    let hashes = hashes_at(level.unwrap_or(0), size);
    let rest = hashes.saturating_sub(index.checked_mul(WIDTH)?).min(WIDTH);
    let width = u16::try_from(rest).ok().filter(|width| *width > 0)?;
    Some(Tile { level, index, width })
}

/// The hashes in the bytes of a tile; a rest of less than a hash is left out.
pub(crate) fn hashes(bytes: &[u8]) -> Vec<Hash> {
    bytes.chunks_exact(Hash::LENGTH).filter_map(Hash::from_slice).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, level: Option<u8>, index: u64, width: u16) {
        let tile = Tile { level, index, width };
        assert_eq!((tile.to_string().as_str(), Tile::parse(path)), (path, Some(tile)));
    }

    #[test]
    fn paths_are_those_of_the_specification() {
        check("tile/0/001", Some(0), 1, 256);
        check("tile/0/001.p/5", Some(0), 1, 5);
        check("tile/5/x123/x456/078", Some(5), 123_456_078, 256);
        check("tile/5/x123/x456/078.p/2", Some(5), 123_456_078, 2);
        check("tile/entries/x003/x057/500", None, 3_057_500, 256);
        check("tile/0/x001/x234/067", Some(0), 1_234_067, 256);
        check("tile/0/x018/x446/x744/x073/x709/x551/615", Some(0), u64::MAX, 256);
        check("tile/63/000.p/255", Some(63), 0, 255);
    }

    #[test]
    fn anything_else_is_no_path() {
        for wrong in [
            "tile/5/123/456/078",
            "tile/-1/123/456/078",
            "tile/64/000",
            "tile/00/000",
            "tile/0/0",
            "tile/0/0000",
            "tile/0/x000/001",
            "tile/0/001.p/0",
            "tile/0/001.p/256",
            "tile/0/001.p/05",
            "tile/0/+01",
            "tile/data/001",
            "tile/0/../001",
            "tile/0/x018/x446/x744/x073/x709/x551/616",
            "tile/0/",
            "tile/",
            "",
        ] {
            assert_eq!(Tile::parse(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_size_has_the_tiles_of_the_specification() {
        let edge = |size| right_edge(size).map(|tile| tile.to_string()).collect::<Vec<_>>();
        assert_eq!(edge(70_000), ["tile/0/273.p/112", "tile/1/001.p/17", "tile/2/000.p/1"]);
        assert_eq!(edge(256), ["tile/1/000.p/1"]);
        assert_eq!(edge(0), Vec::<String>::new());
        assert_eq!(edge(u64::MAX).len(), 8);
        assert_eq!(tile_in(Some(0), 0, 256).map(|tile| tile.is_full()), Some(true));
        assert_eq!(tile_in(None, 1, 300).map(|tile| tile.width), Some(44));
        assert_eq!(tile_in(Some(0), 1, 256), None);
    }
}
