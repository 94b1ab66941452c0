//! The end of the contents, where processes and threads append in turn before one of them publishes for all.

use std::collections::VecDeque;
use std::sync::Arc;
use std::sync::atomic::{AtomicU8, Ordering};

use crate::disk::{self, Disk};
use crate::edge::Placed;
use crate::recover::{CHECKPOINT, SYNCED, placed};
use crate::segment::{self, HEADER, Place, SEGMENT, Scanner, Step, damaged};
use crate::{LedgerError, Record};

/// Held while contents are appended.
pub(crate) const APPEND_LOCK: &str = "lock/append";
/// Changes when contents that were not published are given up.
const GENERATION: &str = "lock/generation";
/// Bytes of a checkpoint that are read to see its size.
const SMALL: u64 = 128 << 10;

/// What this process knows of the end.
#[derive(Debug)]
pub(crate) struct Tail {
    /// Behind the last content that is whole.
    pub(crate) place: Place,
    /// The index of the next entry.
    pub(crate) index: u64,
    /// Entries that are not published yet, as far as this process knows.
    pub(crate) pending: VecDeque<Pending>,
    generation: u64,
}

/// An entry that waits to be published, and who waits for it.
#[derive(Debug)]
pub(crate) struct Pending {
    pub(crate) entry: Placed,
    pub(crate) ticket: Option<Arc<Ticket>>,
}

/// What became of an append.
#[derive(Debug, Default)]
pub(crate) struct Ticket(AtomicU8);

/// What became of an append.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Waiting,
    Published,
    GivenUp,
}

impl Ticket {
    pub(crate) fn fate(&self) -> Fate {
        match self.0.load(Ordering::Acquire) {
            0 => Fate::Waiting,
            1 => Fate::Published,
            _ => Fate::GivenUp,
        }
    }

    fn settle(&self, fate: Fate) {
        self.0.store(fate as u8, Ordering::Release);
    }
}

/// Tells those who wait what became of their entries.
pub(crate) fn settle<'p>(pending: impl IntoIterator<Item = &'p Pending>, fate: Fate) {
    pending
        .into_iter()
        .filter_map(|pending| pending.ticket.as_deref())
        .for_each(|ticket| ticket.settle(fate));
}

/// Contents that are ready to be appended, as they will lie in the segment.
pub(crate) struct Prepared {
    pub(crate) bytes: Vec<u8>,
    /// Each entry; its place counts from the beginning of `bytes`.
    pub(crate) entries: Vec<Placed>,
}

impl Prepared {
    pub(crate) fn new(contents: &[&[u8]]) -> Result<Self, LedgerError> {
        let mut prepared = Self { bytes: Vec::new(), entries: Vec::with_capacity(contents.len()) };
        for content in contents {
            let record = Record::of(content);
            if record.length == 0 || record.length > segment::LARGEST {
                return Err(LedgerError::Length { length: record.length, limit: segment::LARGEST });
            }
            let place = Place { segment: 0, offset: length(&prepared.bytes) };
            prepared.entries.push(placed(record, place, content));
            segment::frame(&record, content, &mut prepared.bytes);
        }
        Ok(prepared)
    }
}

impl Tail {
    /// The tail behind the last published entry.
    pub(crate) fn new(disk: &dyn Disk, place: Place, index: u64) -> Result<Self, LedgerError> {
        Ok(Self { place, index, pending: VecDeque::new(), generation: generation(disk)? })
    }

    /// Takes note of what other processes appended, and cuts off what a killed one left unfinished; false when another
    /// gave up what was not published, so that this tail is no longer true. The append lock must be held.
    pub(crate) fn catch_up(&mut self, disk: &dyn Disk) -> Result<bool, LedgerError> {
        if generation(disk)? != self.generation {
            return Ok(false);
        }
        let path = segment::path(self.place.segment);
        if disk.length(&path)?.unwrap_or(0) < self.place.offset {
            let problem =
                format!("it ends before byte {}, where entry {} ends", self.place.offset, self.index);
            return Err(damaged(disk, &path, problem));
        }
        let mut scanner = Scanner::new(disk, self.place, self.index);
        loop {
            match scanner.step()? {
                Step::Entry(record, place, content) => {
                    self.pending.push_back(Pending { entry: placed(record, place, &content), ticket: None });
                }
                Step::End => break,
                Step::Torn(problem) => {
                    cut_off(disk, &scanner, &problem)?;
                    break;
                }
            }
        }
        (self.place, self.index) = (scanner.place, scanner.index);
        Ok(true)
    }

    /// Writes contents behind the others. The append lock must be held and the tail have caught up. Returns the index
    /// of the first.
    pub(crate) fn write(
        &mut self,
        disk: &dyn Disk,
        prepared: Prepared,
        ticket: &Arc<Ticket>,
    ) -> Result<u64, LedgerError> {
        let end = self.place.offset.saturating_add(length(&prepared.bytes));
        if self.place.offset > HEADER && end > SEGMENT {
            self.begin_segment(disk)?;
        }
        let Place { segment, offset } = self.place;
        disk.write_at(&segment::path(segment), offset, &prepared.bytes)?;
        let first = self.index;
        for mut entry in prepared.entries {
            entry.place = Place { segment, offset: offset.saturating_add(entry.place.offset) };
            self.place = segment::behind(entry.place, &entry.record);
            self.index = self.index.saturating_add(1);
            self.pending.push_back(Pending { entry, ticket: Some(Arc::clone(ticket)) });
        }
        Ok(first)
    }

    /// Goes on in a new file, once the old one is on the disk.
    fn begin_segment(&mut self, disk: &dyn Disk) -> Result<(), LedgerError> {
        disk.sync(&segment::path(self.place.segment))?;
        let segment = self.place.segment.saturating_add(1);
        disk.replace(&segment::path(segment), &segment::header(self.index))?;
        self.place = Place { segment, offset: HEADER };
        Ok(())
    }

    /// Removes the contents behind `end`, which were not published and cannot be, and tells every process so. The
    /// append lock must be held.
    pub(crate) fn give_up(&mut self, disk: &dyn Disk, end: Place) -> Result<(), LedgerError> {
        settle(&self.pending, Fate::GivenUp);
        self.pending.clear();
        // The others must learn of it before the contents are gone.
        let next = generation(disk)?.wrapping_add(1);
        disk.replace(GENERATION, next.to_string().as_bytes())?;
        let mut last = end.segment;
        while disk.length(&segment::path(last.saturating_add(1)))?.is_some() {
            last = last.saturating_add(1);
        }
        for segment in (end.segment.saturating_add(1)..=last).rev() {
            disk.remove_file(&segment::path(segment))?;
        }
        Ok(disk.truncate(&segment::path(end.segment), end.offset)?)
    }
}

/// Removes what a killed process left unfinished. What the log has acknowledged is never that.
fn cut_off(disk: &dyn Disk, scanner: &Scanner<'_>, problem: &str) -> Result<(), LedgerError> {
    let Place { segment, offset } = scanner.place;
    let path = segment::path(segment);
    for checkpoint in [CHECKPOINT, SYNCED] {
        let note = disk::read(disk, checkpoint, SMALL)?.unwrap_or_default();
        let size = std::str::from_utf8(&note).ok().and_then(|text| text.lines().nth(1)?.parse::<u64>().ok());
        if size.is_some_and(|size| scanner.index < size) {
            return Err(damaged(
                disk,
                &path,
                format!("at byte {offset}, entry {}: {problem}", scanner.index),
            ));
        }
    }
    Ok(disk.truncate(&path, offset)?)
}

/// How often contents that were not published were given up.
fn generation(disk: &dyn Disk) -> Result<u64, LedgerError> {
    let bytes = disk::read(disk, GENERATION, 32)?.unwrap_or_default();
    Ok(std::str::from_utf8(&bytes).ok().and_then(|text| text.parse().ok()).unwrap_or(0))
}

fn length(bytes: &[u8]) -> u64 {
    u64::try_from(bytes.len()).unwrap_or(u64::MAX)
}
