//! Zip, as PKWARE's APPNOTE has it (zip64 included). The central directory counts: names and sizes in local headers are
//! not believed, and files that it does not name are not there. It is read in pieces, never held whole.

mod content;
mod directory;

use std::collections::BTreeMap;
use std::io::{self, SeekFrom};

pub(crate) use content::{Content, Inflater};
pub(crate) use directory::{Central, Directory};

use crate::stream::{ReadSeek, Refusal};

/// Which bytes of the file its entries take, so that no two share any: overlapping entries are how a small file claims
/// to hold petabytes.
#[derive(Default)]
pub(crate) struct Taken {
    ends: BTreeMap<u64, u64>,
}

impl Taken {
    /// Takes `start..end`; false when some of it is taken.
    pub(crate) fn take(&mut self, start: u64, end: u64) -> bool {
        let free_before = self.ends.range(..=start).next_back().is_none_or(|(_, taken)| *taken <= start);
        let free_after = self.ends.range(start..).next().is_none_or(|(taken, _)| *taken >= end);
        if free_before && free_after {
            self.ends.insert(start, end);
        }
        free_before && free_after
    }
}

/// Where the data of an entry starts, by its local header.
pub(crate) fn data_start(source: &mut dyn ReadSeek, central: &Central) -> io::Result<u64> {
    const HEADER: usize = 30;
    source.seek(SeekFrom::Start(central.start))?;
    let mut header = [0; HEADER];
    source.read_exact(&mut header)?;
    if !header.starts_with(b"PK\x03\x04") {
        return Err(Refusal::Corrupt("its local header is not where the directory says".to_owned()).into());
    }
    let extra = u64::from(directory::short(&header, 26)) + u64::from(directory::short(&header, 28));
    Ok(central.start + HEADER as u64 + extra)
}
