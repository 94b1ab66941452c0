//! How an index is laid out: a header of fixed size, then sections one behind the other. All numbers little-endian.
//!
//! | at | bytes | what |
//! |---|---|---|
//! | 0 | 8 | `ANDONADV` |
//! | 8 | 4 | version of the layout |
//! | 12 | 4 | number of sections |
//! | 16 | 32 | BLAKE3 of the content, see [`content_digest`] |
//! | 48 | 32 | when it was built, RFC 3339, padded with zeros |
//! | 80 | 16 each | offset and length of each section in bytes |

use super::IndexError;

const MAGIC: &[u8; 8] = b"ANDONADV";
/// Grows with every change of the layout, and of what is stored in it.
const VERSION: u32 = 1;
const SECTIONS: usize = 8;
/// Bytes of the header.
pub(super) const HEADER: usize = 80 + 16 * SECTIONS;

/// Bytes of an entry of [`Section::Packages`]: hash, offset in the payload, length, record.
pub(super) const PACKAGE: usize = 24;
/// Bytes of an entry of [`Section::Records`]: offset in the payload, length, first of its alias group.
pub(super) const RECORD: usize = 16;
/// Bytes of an entry of [`Section::Ids`]: hash, record.
pub(super) const ID: usize = 12;
/// Bytes of an entry of [`Section::Groups`]: record, first of its group.
pub(super) const GROUP: usize = 8;
/// Bytes of an entry of [`Section::Exploited`]: CVE, day added, day due, ransomware.
pub(super) const EXPLOITED: usize = 20;
/// Bytes of an entry of [`Section::Probabilities`]: CVE, probability, percentile.
pub(super) const PROBABILITY: usize = 16;

/// The sections, in the order of the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Section {
    /// Records and packages, in order of arrival.
    Payload,
    /// What the index holds; [`super::Metadata`].
    Metadata,
    /// Where each record is.
    Records,
    /// Packages, sorted by the hash of ecosystem and name.
    Packages,
    /// Ids and aliases, sorted by hash.
    Ids,
    /// Records of the same vulnerability, side by side.
    Groups,
    /// CISA's catalogue, sorted by CVE.
    Exploited,
    /// EPSS, sorted by CVE.
    Probabilities,
}

/// A checked header.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    sections: [(usize, usize); SECTIONS],
    pub(super) digest: [u8; 32],
    pub(super) built: [u8; 32],
}

impl Layout {
    /// Reads the header and checks that every section lies within the file.
    pub(super) fn read(bytes: &[u8]) -> Result<Self, IndexError> {
        let header = bytes.get(..HEADER).ok_or(IndexError::NotAnIndex)?;
        if header.get(..8) != Some(MAGIC) {
            return Err(IndexError::NotAnIndex);
        }
        let (version, count) = (number32(header, 8), number32(header, 12));
        if version != Some(VERSION) || count != u32::try_from(SECTIONS).ok() {
            return Err(IndexError::Version { found: version.unwrap_or(0), known: VERSION });
        }
        let mut sections = [(0, 0); SECTIONS];
        let mut expected = HEADER;
        for (at, section) in sections.iter_mut().enumerate() {
            let field = 80 + 16 * at;
            let place = (size(header, field), size(header, field + 8));
            let (Some(offset), Some(length)) = place else { return Err(IndexError::corrupt("header")) };
            if offset != expected {
                return Err(IndexError::corrupt("header"));
            }
            expected = offset.checked_add(length).ok_or(IndexError::corrupt("header"))?;
            *section = (offset, length);
        }
        if expected != bytes.len() {
            return Err(IndexError::Truncated { bytes: bytes.len(), expected });
        }
        let field = |at: usize| header.get(at..at + 32).and_then(|field| field.try_into().ok());
        let (Some(digest), Some(built)) = (field(16), field(48)) else {
            return Err(IndexError::corrupt("header"));
        };
        Ok(Self { sections, digest, built })
    }

    /// The header for sections of these lengths.
    pub(super) fn write(lengths: [u64; SECTIONS], digest: &[u8; 32], built: &str) -> Vec<u8> {
        let mut header = Vec::with_capacity(HEADER);
        header.extend_from_slice(MAGIC);
        header.extend_from_slice(&VERSION.to_le_bytes());
        header.extend_from_slice(&u32::try_from(SECTIONS).unwrap_or_default().to_le_bytes());
        header.extend_from_slice(digest);
        let mut stamp = [0; 32];
        for (place, byte) in stamp.iter_mut().zip(built.bytes()) {
            *place = byte;
        }
        header.extend_from_slice(&stamp);
        let mut offset = HEADER as u64;
        for length in lengths {
            header.extend_from_slice(&offset.to_le_bytes());
            header.extend_from_slice(&length.to_le_bytes());
            offset = offset.saturating_add(length);
        }
        header
    }

    /// The bytes of a section of the file that this header was read from.
    pub(super) fn section<'a>(&self, bytes: &'a [u8], section: Section) -> &'a [u8] {
        let (offset, length) = self.sections.get(section as usize).copied().unwrap_or_default();
        bytes.get(offset..).and_then(|rest| rest.get(..length)).unwrap_or_default()
    }
}

/// The digest that names an index: BLAKE3 over the BLAKE3 of the payload and the other sections as they are, each
/// behind its length. So the payload is hashed while it is written, and the time of building does not count.
pub(super) fn content_digest(payload: &[u8; 32], others: &[&[u8]]) -> [u8; 32] {
    let mut hasher = blake3::Hasher::new();
    hasher.update(MAGIC).update(&VERSION.to_le_bytes()).update(payload);
    for section in others {
        hasher.update(&(section.len() as u64).to_le_bytes()).update(section);
    }
    *hasher.finalize().as_bytes()
}

pub(super) fn number32(bytes: &[u8], at: usize) -> Option<u32> {
    bytes.get(at..)?.first_chunk().map(|bytes| u32::from_le_bytes(*bytes))
}

pub(super) fn number64(bytes: &[u8], at: usize) -> Option<u64> {
    bytes.get(at..)?.first_chunk().map(|bytes| u64::from_le_bytes(*bytes))
}

fn size(bytes: &[u8], at: usize) -> Option<usize> {
    number64(bytes, at).and_then(|number| usize::try_from(number).ok())
}

/// A section of entries of `width` bytes that begin with a 64-bit key and are sorted by it.
#[derive(Clone, Copy)]
pub(super) struct Table<'a> {
    entries: &'a [u8],
    width: usize,
}

impl<'a> Table<'a> {
    pub(super) fn new(entries: &'a [u8], width: usize) -> Self {
        Self { entries, width }
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len().checked_div(self.width).unwrap_or(0)
    }

    pub(super) fn entry(&self, at: usize) -> Option<&'a [u8]> {
        self.entries.get(at.checked_mul(self.width)?..)?.get(..self.width)
    }

    /// The entries with this key.
    pub(super) fn equal(&self, key: u64) -> impl Iterator<Item = &'a [u8]> + use<'a> {
        let table = *self;
        let key_at = move |at: usize| table.entry(at).and_then(|entry| number64(entry, 0));
        let (mut low, mut high) = (0, table.len());
        while low < high {
            let middle = low.midpoint(high);
            if key_at(middle).is_some_and(|found| found < key) { low = middle + 1 } else { high = middle }
        }
        (low..table.len())
            .take_while(move |at| key_at(*at) == Some(key))
            .filter_map(move |at| table.entry(at))
    }
}
