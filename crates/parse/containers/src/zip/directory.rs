use std::io::{self, Read as _, SeekFrom};

use crate::EntryKind;
use crate::stream::{ReadSeek, Refusal, fill};

/// Bytes of an entry of the central directory without its name, extra field and comment.
const FIXED: usize = 46;
/// The longest target of a link that POSIX asks for (`_POSIX_SYMLINK_MAX`); what is longer is a file.
const LONGEST_TARGET: u64 = 255;
/// The longest possible entry, and as much again.
const CHUNK: usize = 512 << 10;

/// An entry of the central directory.
#[derive(Debug)]
pub(crate) struct Central {
    pub(crate) name: Vec<u8>,
    pub(crate) method: u16,
    pub(crate) encrypted: bool,
    pub(crate) crc: u32,
    pub(crate) compressed: u64,
    pub(crate) size: u64,
    pub(crate) kind: EntryKind,
    pub(crate) mode: u32,
    /// Where its local header is, from the start of the file.
    pub(crate) start: u64,
}

/// Reads the central directory entry by entry.
#[derive(Debug)]
pub(crate) struct Directory {
    /// Where the unread part starts and ends, from the start of the file.
    at: u64,
    end: u64,
    /// Where it starts.
    start: u64,
    /// What stands before the zip in the file.
    base: u64,
    buffer: Vec<u8>,
    used: usize,
    /// How many entries there should be, and how many there were.
    stated: u64,
    seen: u64,
}

impl Directory {
    /// Finds the directory from the end of the file.
    pub(crate) fn find(source: &mut dyn ReadSeek) -> io::Result<Self> {
        let length = source.seek(SeekFrom::End(0))?;
        let mut end = End::find(source, length)?;
        if end.wants_zip64() {
            end.read_zip64(source)?;
        }
        let (start, base) = end.place(source)?;
        let (stated, end) = (end.entries, start + end.size);
        Ok(Self { at: start, end, start, base, buffer: Vec::new(), used: 0, stated, seen: 0 })
    }

    /// Where the directory starts: entries end before it.
    pub(crate) fn start(&self) -> u64 {
        self.start
    }

    /// Whether as many entries were seen as it says; many writers count only the last 16 bits.
    pub(crate) fn is_complete(&self) -> bool {
        self.seen == self.stated || self.seen & 0xffff == self.stated
    }

    /// The next entry; moves the source.
    pub(crate) fn next(&mut self, source: &mut dyn ReadSeek) -> io::Result<Option<Central>> {
        let Some(fixed) = self.peek(source, FIXED)? else { return Ok(None) };
        if !fixed.starts_with(b"PK\x01\x02") {
            // A signature of the directory may follow its entries.
            return match fixed.starts_with(b"PK\x05\x05") {
                true => Ok(None),
                false => Err(corrupt("an entry of its directory is damaged")),
            };
        }
        let [name, extra, comment] = [28, 30, 32].map(|at| usize::from(short(fixed, at)));
        let whole = FIXED + name + extra + comment;
        let Some(bytes) = self.peek(source, whole)? else {
            return Err(corrupt("its directory is cut off"));
        };
        let central = Central::parse(bytes, name, extra);
        self.used += whole;
        let mut central = central.ok_or_else(|| corrupt("an entry of its directory is damaged"))?;
        central.start = central.start.saturating_add(self.base);
        self.seen += 1;
        Ok(Some(central))
    }

    /// The next `length` bytes, if there are as many.
    fn peek(&mut self, source: &mut dyn ReadSeek, length: usize) -> io::Result<Option<&[u8]>> {
        if self.buffer.len() - self.used < length {
            self.buffer.drain(..self.used);
            self.used = 0;
            let held = self.buffer.len();
            let more = usize::try_from(self.end - self.at).unwrap_or(CHUNK).min(CHUNK);
            self.buffer.resize(held + more, 0);
            source.seek(SeekFrom::Start(self.at))?;
            let (filled, read) = fill(source, self.buffer.get_mut(held..).unwrap_or_default());
            read?;
            self.buffer.truncate(held + filled);
            self.at = if filled < more { self.end } else { self.at + filled as u64 };
        }
        Ok(self.buffer.get(self.used..self.used + length))
    }
}

impl Central {
    fn parse(bytes: &[u8], name: usize, extra: usize) -> Option<Self> {
        let flags = short(bytes, 8);
        let method = short(bytes, 10);
        let name_end = FIXED + name;
        let mut sizes = [long(bytes, 24), long(bytes, 20), long(bytes, 42)].map(u64::from);
        widen(&mut sizes, bytes.get(name_end..name_end + extra)?)?;
        let [size, compressed, start] = sizes;
        let name = bytes.get(FIXED..name_end)?.to_vec();
        let made_by_unix = matches!(bytes.get(5), Some(3 | 19));
        let mode = if made_by_unix { long(bytes, 38) >> 16 } else { 0 };
        // Most readers (Java's, Python's) heed neither the mode nor, where there is content, the slash.
        let kind = match mode & 0o170_000 {
            0o120_000 if size <= LONGEST_TARGET => EntryKind::SymbolicLink,
            _ if size > 0 => EntryKind::Regular,
            _ if matches!(name.last(), Some(b'/' | b'\\')) => EntryKind::Directory,
            0o040_000 => EntryKind::Directory,
            0o100_000 | 0 => EntryKind::Regular,
            _ => EntryKind::Special,
        };
        // Bit 0: encrypted; bit 6: strongly; bit 13: the directory too. Method 99 is WinZip's.
        let encrypted = flags & 0x2041 != 0 || method == 99;
        let crc = long(bytes, 16);
        Some(Self { name, method, encrypted, crc, compressed, size, kind, mode: mode & 0o7777, start })
    }
}

/// Takes those of size, compressed size and offset that do not fit 32 bits from the zip64 extra field.
fn widen(sizes: &mut [u64; 3], mut extra: &[u8]) -> Option<()> {
    let wide = u64::from(u32::MAX);
    while sizes.contains(&wide) && extra.len() >= 4 {
        let (kind, length) = (short(extra, 0), usize::from(short(extra, 2)));
        let mut field = extra.get(4..4 + length)?;
        if kind == 1 {
            for size in sizes.iter_mut().filter(|size| **size == wide) {
                let (number, rest) = field.split_first_chunk::<8>()?;
                *size = u64::from_le_bytes(*number);
                field = rest;
            }
            return Some(());
        }
        extra = extra.get(4 + length..)?;
    }
    Some(())
}

/// The end of central directory record.
struct End {
    /// Where it is; with zip64, where that record is.
    at: u64,
    entries: u64,
    size: u64,
    offset: u64,
}

impl End {
    const FIXED: usize = 22;

    /// Looks for it in the last 64 KiB: a comment of at most that length may follow.
    fn find(source: &mut dyn ReadSeek, length: u64) -> io::Result<Self> {
        let window = length.min((Self::FIXED + usize::from(u16::MAX)) as u64);
        source.seek(SeekFrom::Start(length - window))?;
        let mut tail = Vec::new();
        source.take(window).read_to_end(&mut tail)?;
        let last = tail.len().checked_sub(Self::FIXED);
        let found = last.and_then(|last| (0..=last).rev().find(|at| is_end(&tail, *at)));
        let Some(record) = found.and_then(|at| tail.get(at..).map(|record| (at, record))) else {
            return Err(corrupt("it has no central directory: it is cut off, or not a zip"));
        };
        let (at, record) = record;
        Ok(Self {
            at: length - window + at as u64,
            entries: u64::from(short(record, 10)),
            size: u64::from(long(record, 12)),
            offset: u64::from(long(record, 16)),
        })
    }

    fn wants_zip64(&self) -> bool {
        self.entries == u64::from(u16::MAX)
            || self.size == u64::from(u32::MAX)
            || self.offset == u64::from(u32::MAX)
    }

    /// Takes the numbers from the zip64 record, if the locator in front of this record leads to one.
    fn read_zip64(&mut self, source: &mut dyn ReadSeek) -> io::Result<()> {
        let Some(locator) = self.at.checked_sub(20) else { return Ok(()) };
        source.seek(SeekFrom::Start(locator))?;
        let mut bytes = [0; 20];
        source.read_exact(&mut bytes)?;
        if !bytes.starts_with(b"PK\x06\x07") {
            return Ok(());
        }
        // The stated place is wrong when something stands before the zip; it normally ends where the locator starts.
        for at in [locator.checked_sub(56), Some(wide(&bytes, 8))].into_iter().flatten() {
            if at >= self.at {
                continue;
            }
            source.seek(SeekFrom::Start(at))?;
            let mut record = [0; 56];
            let (filled, read) = fill(source, &mut record);
            read?;
            if filled == record.len() && record.starts_with(b"PK\x06\x06") {
                *self = Self {
                    at,
                    entries: wide(&record, 32),
                    size: wide(&record, 40),
                    offset: wide(&record, 48),
                };
                return Ok(());
            }
        }
        Err(corrupt("its zip64 directory is not where it should be"))
    }

    /// Where the directory starts, and how much stands before the zip: nothing, if the stated offset leads to a
    /// directory; otherwise what makes it end where this record starts.
    fn place(&self, source: &mut dyn ReadSeek) -> io::Result<(u64, u64)> {
        let stated =
            self.offset.checked_add(self.size).filter(|end| *end <= self.at).map(|_| (self.offset, 0));
        let by_end = self.at.checked_sub(self.size);
        let moved = by_end.and_then(|start| Some((start, start.checked_sub(self.offset)?)));
        for (start, base) in [stated, moved].into_iter().flatten() {
            if self.size == 0 {
                return Ok((start, base));
            }
            source.seek(SeekFrom::Start(start))?;
            let mut signature = [0; 4];
            let (_, read) = fill(source, &mut signature);
            read?;
            if &signature == b"PK\x01\x02" {
                return Ok((start, base));
            }
        }
        Err(corrupt("its central directory is not where it should be"))
    }
}

/// Whether the end record is here: its comment must reach to the end of the file, or not beyond.
fn is_end(tail: &[u8], at: usize) -> bool {
    tail.get(at..).is_some_and(|record| {
        record.starts_with(b"PK\x05\x06") && usize::from(short(record, 20)) + End::FIXED <= record.len()
    })
}

fn corrupt(what: &str) -> io::Error {
    Refusal::Corrupt(what.to_owned()).into()
}

pub(super) fn short(bytes: &[u8], at: usize) -> u16 {
    bytes.get(at..).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u16::from_le_bytes(*bytes))
}

fn long(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u32::from_le_bytes(*bytes))
}

fn wide(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..).and_then(|bytes| bytes.first_chunk()).map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
