//! The contents themselves: files `objects/000000`, `objects/000001` and so on, in which they lie one behind the other
//! in the order of the log. These files are the truth; all else can be made from them.
//!
//! A file begins with a header (a line of 16 bytes, and the index of its first entry in 8 bytes). Each content follows
//! as a frame: its length in 4 bytes, its SHA-256, itself. Numbers have their most significant byte first.

use crate::disk::Disk;
use crate::record::Record;
use crate::{Hash, LedgerError};

/// Bytes of a segment beyond which a new one is begun. Small in this crate's own tests, which so see many.
pub(crate) const SEGMENT: u64 = if cfg!(test) { 16 << 10 } else { 64 << 20 };
/// Bytes of the largest content.
pub(crate) const LARGEST: u64 = 256 << 20;
/// Bytes of a segment's header.
pub(crate) const HEADER: u64 = 24;
/// Bytes before a content.
pub(crate) const PREFIX: u64 = 4 + 32;

const MAGIC: &[u8; 16] = b"andon-objects-1\n";
/// Bytes that are read at once when a segment is read from front to back.
const READ: u64 = 1 << 20;

/// Where a frame begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) segment: u32,
    pub(crate) offset: u64,
}

/// The path of a segment.
pub(crate) fn path(segment: u32) -> String {
    format!("objects/{segment:06}")
}

/// The header of a segment whose first entry is `first`.
pub(crate) fn header(first: u64) -> Vec<u8> {
    [MAGIC.as_slice(), &first.to_be_bytes()].concat()
}

/// The index of the first entry of a segment; `None` when there is no such segment.
pub(crate) fn first_of(disk: &dyn Disk, segment: u32) -> Result<Option<u64>, LedgerError> {
    let path = path(segment);
    if disk.length(&path)?.is_none() {
        return Ok(None);
    }
    let bytes = disk.read_at(&path, 0, HEADER)?;
    let first = bytes.strip_prefix(MAGIC).and_then(|rest| rest.try_into().ok()).map(u64::from_be_bytes);
    match first {
        Some(first) => Ok(Some(first)),
        None => Err(damaged(disk, &path, "it does not begin as a file of contents does".to_owned())),
    }
}

/// Appends the frame of a content.
pub(crate) fn frame(record: &Record, content: &[u8], bytes: &mut Vec<u8>) {
    bytes.extend_from_slice(&u32::try_from(record.length).unwrap_or(u32::MAX).to_be_bytes());
    bytes.extend_from_slice(record.digest.bytes());
    bytes.extend_from_slice(content);
}

/// The place behind a frame.
pub(crate) fn behind(place: Place, record: &Record) -> Place {
    let offset = place.offset.saturating_add(PREFIX).saturating_add(record.length);
    Place { segment: place.segment, offset }
}

/// What a frame says of its content.
pub(crate) fn read_prefix(bytes: &[u8]) -> Option<Record> {
    let (length, rest) = bytes.split_first_chunk()?;
    let digest = Hash::from_slice(rest.get(..Hash::LENGTH)?)?;
    Some(Record { digest, length: u64::from(u32::from_be_bytes(*length)) })
}

/// The content at a place, which must be what the record says.
pub(crate) fn read_content(disk: &dyn Disk, place: Place, record: &Record) -> Result<Vec<u8>, LedgerError> {
    let path = path(place.segment);
    let wrong = |problem: &str| Err(damaged(disk, &path, format!("at byte {}: {problem}", place.offset)));
    if record.length > LARGEST {
        return wrong("no content is so large");
    }
    if disk.length(&path)?.is_none() {
        return wrong("the file is missing");
    }
    let mut bytes = disk.read_at(&path, place.offset, PREFIX.saturating_add(record.length))?;
    if read_prefix(&bytes) != Some(*record) {
        return wrong("another content than the log's lies here");
    }
    let content = bytes.split_off(usize::try_from(PREFIX).unwrap_or(usize::MAX).min(bytes.len()));
    if Record::of(&content) != *record {
        return wrong("the content was altered or cut off");
    }
    Ok(content)
}

/// Reads contents from a place on, in order.
pub(crate) struct Scanner<'d> {
    disk: &'d dyn Disk,
    /// Behind the last frame that was whole.
    pub(crate) place: Place,
    /// The index of the next entry.
    pub(crate) index: u64,
    buffer: Vec<u8>,
    /// Where in the segment the buffer begins.
    start: u64,
}

/// What comes next.
pub(crate) enum Step {
    /// An entry, where it lies, and its content.
    Entry(Record, Place, Vec<u8>),
    /// The end.
    End,
    /// Something that is not a whole entry.
    Torn(String),
}

impl<'d> Scanner<'d> {
    pub(crate) fn new(disk: &'d dyn Disk, place: Place, index: u64) -> Self {
        Self { disk, place, index, buffer: Vec::new(), start: 0 }
    }

    /// The next entry whose content has the digest that its frame says.
    pub(crate) fn step(&mut self) -> Result<Step, LedgerError> {
        let length = self.disk.length(&path(self.place.segment))?.unwrap_or(0);
        if length == self.place.offset {
            return if self.enter_next()? { self.step_here() } else { Ok(Step::End) };
        }
        self.step_here()
    }

    /// Goes on to the next segment; false when there is none.
    fn enter_next(&mut self) -> Result<bool, LedgerError> {
        let next = self.place.segment.saturating_add(1);
        let Some(first) = first_of(self.disk, next)? else { return Ok(false) };
        if first != self.index {
            let problem = format!("it begins with entry {first}, where entry {} was to follow", self.index);
            return Err(damaged(self.disk, &path(next), problem));
        }
        self.place = Place { segment: next, offset: HEADER };
        self.buffer.clear();
        Ok(true)
    }

    fn step_here(&mut self) -> Result<Step, LedgerError> {
        let torn = |problem: &str| Ok(Step::Torn(problem.to_owned()));
        let prefix = self.take(self.place.offset, PREFIX)?;
        if prefix.is_empty() {
            return Ok(Step::End);
        }
        let Some(record) = read_prefix(prefix) else { return torn("the file ends within an entry") };
        if record.length == 0 || record.length > LARGEST {
            return torn("no entry begins here");
        }
        let place = self.place;
        let content = self.take(place.offset.saturating_add(PREFIX), record.length)?.to_vec();
        if Record::of(&content) != record {
            return torn("an entry is cut off, or its content does not have its digest");
        }
        self.place = behind(place, &record);
        self.index = self.index.saturating_add(1);
        Ok(Step::Entry(record, place, content))
    }

    /// Bytes of the segment, fewer where it ends.
    fn take(&mut self, offset: u64, length: u64) -> Result<&[u8], LedgerError> {
        let end = self.start.saturating_add(u64::try_from(self.buffer.len()).unwrap_or(u64::MAX));
        if offset < self.start || offset.saturating_add(length) > end {
            self.buffer = self.disk.read_at(&path(self.place.segment), offset, length.max(READ))?;
            self.start = offset;
        }
        let from = usize::try_from(offset - self.start).unwrap_or(usize::MAX).min(self.buffer.len());
        let rest = self.buffer.get(from..).unwrap_or_default();
        let length = usize::try_from(length).unwrap_or(usize::MAX).min(rest.len());
        Ok(rest.get(..length).unwrap_or_default())
    }
}

pub(crate) fn damaged(disk: &dyn Disk, path: &str, problem: String) -> LedgerError {
    LedgerError::Damaged { path: disk.name(path), problem }
}
