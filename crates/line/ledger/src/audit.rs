use crate::checkpoint::Checkpoint;
use crate::disk::{self, Disk};
use crate::edge::{Edge, Piece};
use crate::recover::placed;
use crate::segment::{self, Scanner, Step};
use crate::{Hash, LedgerError};

/// What a look at the whole log found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audit {
    /// Entries that the checkpoint signs.
    pub size: u64,
    /// The root that it signs.
    pub root: Hash,
    /// What is wrong first, in the order of the entries; `None` when nothing is.
    pub fault: Option<Fault>,
}

/// Something wrong in a log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// The file, relative to the log's folder.
    pub place: String,
    /// The entry at which it shows, from 0; the files of a bundle show at its last entry.
    pub entry: u64,
    /// What is wrong.
    pub problem: String,
}

/// Reads all contents up to the checkpoint, makes every other file from them and compares.
pub(crate) fn run(
    disk: &dyn Disk,
    checkpoint: &Checkpoint,
    earlier: &[Checkpoint],
) -> Result<Audit, LedgerError> {
    let size = checkpoint.size;
    let mut edge = Edge::empty();
    let mut fault = check_earlier(earlier, &edge, checkpoint);
    let mut scanner = Scanner::new(disk, edge.end, 0);
    while fault.is_none() && edge.size() < size {
        let place = segment::path(scanner.place.segment);
        let offset = scanner.place.offset;
        let wrong = |problem| Some(Fault { place, entry: edge.size(), problem });
        match scanner.step() {
            Ok(Step::Entry(record, place, content)) => {
                let entry = edge.size();
                edge.push(&placed(record, place, &content), &mut |piece| {
                    if fault.is_none() {
                        fault = compare(disk, piece, entry)?;
                    }
                    Ok(())
                })?;
                fault = fault.or_else(|| check_earlier(earlier, &edge, checkpoint));
            }
            Ok(Step::End) => fault = wrong(format!("it ends here, but {size} entries are signed")),
            Ok(Step::Torn(problem)) => fault = wrong(format!("at byte {offset}: {problem}")),
            Err(LedgerError::Damaged { problem, .. }) => fault = wrong(problem),
            Err(error) => return Err(error),
        }
    }
    edge.flush(&mut |piece| {
        if fault.is_none() {
            fault = compare(disk, piece, size.saturating_sub(1))?;
        }
        Ok(())
    })?;
    Ok(Audit { size, root: checkpoint.root, fault })
}

/// Whether the log has the signed root at the sizes of all checkpoints, so far.
fn check_earlier(earlier: &[Checkpoint], edge: &Edge, last: &Checkpoint) -> Option<Fault> {
    let fault = |entry, problem| Some(Fault { place: "checkpoint".to_owned(), entry, problem });
    let entry = edge.size().saturating_sub(1);
    let longer = earlier.iter().find(|checkpoint| checkpoint.size > last.size);
    if let Some(longer) = longer.filter(|_| edge.size() == 0) {
        let problem = format!("an earlier checkpoint has {} entries, this one {}", longer.size, last.size);
        return fault(last.size, problem);
    }
    let mut marks = earlier.iter().chain([last]);
    let mark = marks.find(|mark| mark.size == edge.size() && mark.root != edge.root())?;
    let which = if std::ptr::eq(mark, last) { "the" } else { "an earlier" };
    fault(entry, format!("the first {} entries are not those that {which} checkpoint signs", mark.size))
}

/// Whether a file holds what the contents make it hold. Behind that, one that is not full may hold what is being
/// appended.
fn compare(disk: &dyn Disk, piece: &Piece<'_>, entry: u64) -> Result<Option<Fault>, LedgerError> {
    let length = u64::try_from(piece.bytes.len()).unwrap_or(u64::MAX);
    let wanted = if piece.full { length.saturating_add(1) } else { length };
    let problem = match disk::read_start(disk, &piece.path, wanted)? {
        Some(found) if found == piece.bytes => return Ok(None),
        Some(_) => "it is not what the contents of its entries make it",
        None => "it is missing",
    };
    Ok(Some(Fault { place: piece.path.clone(), entry, problem: problem.to_owned() }))
}
