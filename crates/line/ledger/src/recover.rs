//! Opening a log to write to it: what a killed process or a power cut left behind is put right.

use crate::checkpoint::{Checkpoint, CheckpointError, Trust, verify_checkpoint};
use crate::disk::{self, Disk};
use crate::edge::{Edge, Piece, Placed};
use crate::note::LARGEST_NOTE;
use crate::segment::{self, Scanner, Step, damaged};
use crate::{LedgerError, block, label};

/// The log's own word, replaced at every append.
pub(crate) const CHECKPOINT: &str = "checkpoint";
/// A checkpoint that is on the disk for certain, replaced whenever a tile is full and when the log is opened.
pub(crate) const SYNCED: &str = "checkpoint.synced";

/// The last published state of the log.
pub(crate) struct Published {
    pub(crate) edge: Edge,
    /// The file `checkpoint`, as last seen or written; empty when it is to be written.
    pub(crate) note: Vec<u8>,
    /// Entries of the checkpoint that is on the disk for certain.
    pub(crate) synced: u64,
}

/// Reads the published state, or makes it from the contents where it is missing or does not fit; begins a log where
/// there is none. No other process may write meanwhile.
pub(crate) fn load(disk: &dyn Disk, trust: &Trust) -> Result<Published, LedgerError> {
    let (note, current) = read_checkpoint_of_the_dead(disk, trust)?;
    let (_, synced) = read_checkpoint(disk, SYNCED, trust)?;
    let marks: Vec<&Checkpoint> = [&current, &synced].into_iter().flatten().collect();
    let size = marks.iter().map(|mark| mark.size).max().unwrap_or(0);
    if segment::first_of(disk, 0)?.is_none() {
        if size > 0 {
            return Err(damaged(disk, &segment::path(0), "it is missing".to_owned()));
        }
        disk.replace(&segment::path(0), &segment::header(0))?;
    }
    let newest = marks.iter().find(|mark| mark.size == size);
    let loaded = Edge::load(disk, size)?.filter(|edge| newest.is_none_or(|mark| mark.root == edge.root()));
    let edge = match loaded {
        Some(edge) => edge,
        None => rebuild(disk, size, &marks)?,
    };
    let is_current = current.as_ref().is_some_and(|current| current.size == size);
    let synced = synced.map_or(0, |synced| synced.size);
    Ok(Published { edge, note: if is_current { note } else { Vec::new() }, synced })
}

/// A signed checkpoint of this log; none when there is no file, or an empty one as a power cut may leave it.
pub(crate) fn read_checkpoint(
    disk: &dyn Disk,
    path: &str,
    trust: &Trust,
) -> Result<(Vec<u8>, Option<Checkpoint>), LedgerError> {
    let limit = u64::try_from(LARGEST_NOTE).unwrap_or(u64::MAX);
    let note = disk::read(disk, path, limit)?.unwrap_or_default();
    let checkpoint = if note.is_empty() { None } else { Some(verify_checkpoint(&note, trust)?) };
    Ok((note, checkpoint))
}

/// The file `checkpoint`, as [`read_checkpoint`] reads it.
pub(crate) fn read_current(
    disk: &dyn Disk,
    trust: &Trust,
) -> Result<(Vec<u8>, Option<Checkpoint>), LedgerError> {
    read_checkpoint(disk, CHECKPOINT, trust)
}

/// As [`read_current`], but none too when the file is a mixture of two, as a power cut may leave it.
pub(crate) fn read_checkpoint_of_the_dead(
    disk: &dyn Disk,
    trust: &Trust,
) -> Result<(Vec<u8>, Option<Checkpoint>), LedgerError> {
    use crate::NoteError::{BadSignature, Malformed};
    match read_current(disk, trust) {
        Err(LedgerError::Checkpoint(
            CheckpointError::Note(Malformed(_) | BadSignature { .. }) | CheckpointError::Malformed(_),
        )) => Ok((Vec::new(), None)),
        other => other,
    }
}

/// Makes tiles, bundles and index anew from the contents of the first `size` entries, which must lead to the roots
/// that were signed.
fn rebuild(disk: &dyn Disk, size: u64, marks: &[&Checkpoint]) -> Result<Edge, LedgerError> {
    let mut edge = Edge::empty();
    let mut scanner = Scanner::new(disk, edge.end, 0);
    while edge.size() < size {
        let problem = match scanner.step()? {
            Step::Entry(record, place, content) => {
                let entry = placed(record, place, &content);
                edge.push(&entry, &mut |piece| write(disk, piece))?;
                if marks.iter().all(|mark| mark.size != edge.size() || mark.root == edge.root()) {
                    continue;
                }
                format!("its first {} entries are not those that were signed", edge.size())
            }
            Step::End => format!("it ends after entry {}, but {size} were signed", edge.size()),
            Step::Torn(problem) => {
                format!("at byte {}, entry {}: {problem}", scanner.place.offset, edge.size())
            }
        };
        return Err(damaged(disk, &segment::path(scanner.place.segment), problem));
    }
    edge.flush(&mut |piece| write(disk, piece))?;
    Ok(edge)
}

/// Puts bytes at the end of a file. One that is finished is waited for: nobody will look at it again for long.
pub(crate) fn write(disk: &dyn Disk, piece: &Piece<'_>) -> Result<(), LedgerError> {
    disk.write_at(&piece.path, piece.at, piece.bytes)?;
    if piece.full {
        disk.sync_named(&piece.path)?;
    }
    Ok(())
}

/// An entry with the keys by which it can be found.
pub(crate) fn placed(record: crate::Record, place: segment::Place, content: &[u8]) -> Placed {
    let keys = label::all(&record, content).iter().map(|label| block::key(label)).collect();
    Placed { record, place, keys }
}
