use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use crate::checkpoint::{Checkpoint, Trust, verify_growth};
use crate::disk::{Disk, OsDisk};
use crate::edge;
use crate::export::{EntryProof, GrowthProof};
use crate::nodes::TileNodes;
use crate::proof::{self, verify_inclusion};
use crate::record::{self, Record};
use crate::recover::{CHECKPOINT, read_checkpoint};
use crate::segment::{self, damaged};
use crate::tile::{self, Tile, WIDTH};
use crate::{Hash, LedgerError, audit, block, label};

/// A log that is read. Reading needs no lock and waits for nobody.
#[derive(Clone)]
pub struct Ledger {
    disk: Arc<dyn Disk>,
    trust: Trust,
}

/// The log at one checkpoint, whatever is appended meanwhile. Everything that it gives out has been verified: it is in
/// the tree under the signed checkpoint.
pub struct View {
    disk: Arc<dyn Disk>,
    checkpoint: Checkpoint,
    note: String,
    /// The records last verified, and which bundle they are.
    verified: Mutex<Option<(u64, Arc<Vec<Record>>)>>,
}

/// An entry of the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Which, from 0.
    pub index: u64,
    /// The SHA-256 of its content.
    pub digest: Hash,
    /// The content: an envelope, byte for byte.
    pub content: Vec<u8>,
}

impl Ledger {
    /// The log in a folder, as far as it is signed by one of the trusted keys. Nothing is read yet.
    pub fn open(folder: &Path, trust: Trust) -> Self {
        Self::on(Arc::new(OsDisk::new(folder)), trust)
    }

    pub(crate) fn on(disk: Arc<dyn Disk>, trust: Trust) -> Self {
        Self { disk, trust }
    }

    /// The log as it is published now.
    ///
    /// # Errors
    /// When there is no log, or its checkpoint is not signed by a trusted key or is of another log.
    pub fn view(&self) -> Result<View, LedgerError> {
        let (note, checkpoint) = self.read_checkpoint()?;
        let missing = || LedgerError::Missing { folder: self.disk.name("") };
        let checkpoint = checkpoint.ok_or_else(missing)?;
        let note = String::from_utf8_lossy(&note).into_owned();
        Ok(View { disk: Arc::clone(&self.disk), checkpoint, note, verified: Mutex::new(None) })
    }

    /// The checkpoint is replaced in place, so a reader may see a mixture for a moment.
    fn read_checkpoint(&self) -> Result<(Vec<u8>, Option<Checkpoint>), LedgerError> {
        const ATTEMPTS: u32 = 20;
        let mut attempt = 0;
        loop {
            match read_checkpoint(&*self.disk, CHECKPOINT, &self.trust) {
                Err(LedgerError::Checkpoint(_)) if attempt < ATTEMPTS => attempt += 1,
                other => return other,
            }
            std::thread::yield_now();
        }
    }

    /// Makes the whole log anew from its contents and compares it with what lies in the folder and with `earlier`
    /// checkpoints, which must have been verified. Says what is wrong first, in the order of the entries.
    ///
    /// # Errors
    /// When there is no log, its checkpoint is not believed, or a file cannot be read.
    pub fn audit(&self, earlier: &[Checkpoint]) -> Result<audit::Audit, LedgerError> {
        let view = self.view()?;
        audit::run(&*self.disk, &view.checkpoint, earlier)
    }
}

impl View {
    /// The checkpoint.
    pub fn checkpoint(&self) -> &Checkpoint {
        &self.checkpoint
    }

    /// The checkpoint with its signatures, as it is given to others.
    pub fn note(&self) -> &str {
        &self.note
    }

    /// Entries in the log.
    pub fn size(&self) -> u64 {
        self.checkpoint.size
    }

    /// An entry.
    ///
    /// # Errors
    /// When there is none with this index, or what lies in the folder is not what is signed.
    pub fn entry(&self, index: u64) -> Result<Entry, LedgerError> {
        let record = self.record(index)?;
        let place = self.index_of(self.bundle(index)?)?.place(position(index));
        let Some(place) = place else { return Err(self.unfit(index, "its index has no place for it")) };
        let content = segment::read_content(&*self.disk, place, &record)?;
        Ok(Entry { index, digest: record.digest, content })
    }

    /// The first entry with this content; `None` when the index knows none.
    ///
    /// # Errors
    /// When the log cannot be read, or what lies in the folder is not what is signed.
    pub fn entry_of(&self, digest: Hash) -> Result<Option<Entry>, LedgerError> {
        let label = label::of_record(&Record { digest, length: 0 });
        for index in self.candidates(&label)? {
            if self.record(index)?.digest == digest {
                return self.entry(index).map(Some);
            }
        }
        Ok(None)
    }

    /// All entries whose statement is about a subject with this digest, such as `("gitCommit", "…")`, in order. What
    /// the statements say is not verified: that is for who knows the keys. The index may have been tampered with so
    /// that entries are left out, which [`Ledger::audit`] finds: never conclude anything from an entry's absence.
    ///
    /// # Errors
    /// When the log cannot be read, or what lies in the folder is not what is signed.
    pub fn about(&self, algorithm: &str, digest: &str) -> Result<Vec<Entry>, LedgerError> {
        let label = label::of_digest(algorithm, digest);
        let mut found = Vec::new();
        for index in self.candidates(&label)? {
            let entry = self.entry(index)?;
            let record = Record::of(&entry.content);
            if label::all(&record, &entry.content).contains(&label) {
                found.push(entry);
            }
        }
        Ok(found)
    }

    /// All entries from `first` on, in order.
    pub fn entries(&self, first: u64) -> impl Iterator<Item = Result<Entry, LedgerError>> + '_ {
        (first..self.size()).map(|index| self.entry(index))
    }

    /// The proof that an entry is in this log, to be verified offline by [`crate::verify_entry`].
    ///
    /// # Errors
    /// When there is no such entry, or what lies in the folder is not what is signed.
    pub fn prove_entry(&self, index: u64) -> Result<EntryProof, LedgerError> {
        self.record(index)?;
        let hashes = proof::inclusion(&self.nodes(), index, self.size())?;
        Ok(EntryProof { index, hashes, checkpoint: self.note.clone() })
    }

    /// The proof that this log goes on from an earlier checkpoint, to be verified offline by
    /// [`crate::verify_growth_file`].
    ///
    /// # Errors
    /// When it does not go on from there: it was truncated, forked or rewritten since.
    pub fn prove_growth(&self, earlier: &Checkpoint) -> Result<GrowthProof, LedgerError> {
        let hashes = proof::consistency(&self.nodes(), earlier.size, self.size())?;
        verify_growth(earlier, &self.checkpoint, &hashes)?;
        Ok(GrowthProof { earlier: earlier.size, hashes, checkpoint: self.note.clone() })
    }

    /// Whether this log goes on from an earlier checkpoint, which must have been verified.
    ///
    /// # Errors
    /// As [`View::prove_growth`].
    pub fn extends(&self, earlier: &Checkpoint) -> Result<(), LedgerError> {
        self.prove_growth(earlier).map(drop)
    }

    /// What the log serves under a path of C2SP tlog-tiles: `checkpoint`, `tile/<L>/<N>`, `tile/entries/<N>`, with
    /// `.p/<W>` for partial ones. `None` for any other path, and for what this log does not have yet.
    ///
    /// # Errors
    /// When a file cannot be read or is damaged.
    pub fn served(&self, path: &str) -> Result<Option<Vec<u8>>, LedgerError> {
        if path == CHECKPOINT {
            return Ok(Some(self.note.clone().into_bytes()));
        }
        let Some(tile) = Tile::parse(path) else { return Ok(None) };
        let there = tile::tile_in(tile.level, tile.index, self.size());
        if there.is_none_or(|there| there.width < tile.width) {
            return Ok(None);
        }
        let missing = || damaged(&*self.disk, path, "it is missing or cut off".to_owned());
        if tile.level.is_some() {
            let hashes = edge::read_hashes(&*self.disk, tile)?.ok_or_else(missing)?;
            return Ok(Some(hashes.iter().flat_map(|hash| *hash.bytes()).collect()));
        }
        let (records, _) = edge::read_records(&*self.disk, tile)?.ok_or_else(missing)?;
        let mut bytes = Vec::new();
        records.iter().for_each(|record| record::bundle(record.encode().as_bytes(), &mut bytes));
        Ok(Some(bytes))
    }

    fn nodes(&self) -> TileNodes<'_> {
        TileNodes::new(&*self.disk, self.size())
    }

    /// The bundle that an entry is in.
    fn bundle(&self, index: u64) -> Result<Tile, LedgerError> {
        let size = self.size();
        let tile = if index < size { tile::tile_in(None, index / WIDTH, size) } else { None };
        tile.ok_or(LedgerError::NoEntry { index, size })
    }

    /// The record of an entry, verified.
    fn record(&self, index: u64) -> Result<Record, LedgerError> {
        let tile = self.bundle(index)?;
        let records = self.records(tile)?;
        records.get(position(index)).copied().ok_or_else(|| self.unfit(index, "its bundle is too short"))
    }

    /// The records of a bundle, verified: a proof of any of its entries is made from all hashes of its tile.
    fn records(&self, tile: Tile) -> Result<Arc<Vec<Record>>, LedgerError> {
        let mut verified = self.verified.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, records)) = verified.as_ref().filter(|(index, _)| *index == tile.index) {
            return Ok(Arc::clone(records));
        }
        let first = tile.index.saturating_mul(WIDTH);
        let nodes = self.nodes();
        let leaves = nodes.hashes(Tile { level: Some(0), ..tile })?;
        let records = edge::read_records(&*self.disk, tile)?
            .map(|(records, _)| records)
            .filter(|records| records.iter().map(Record::leaf).eq(leaves.iter().copied()))
            .ok_or_else(|| self.unfit(first, "its bundle is missing or is not what its tile says"))?;
        let Some(leaf) = leaves.first() else { return Err(self.unfit(first, "its tile is empty")) };
        let hashes = proof::inclusion(&nodes, first, self.size())?;
        verify_inclusion(*leaf, first, self.size(), self.checkpoint.root, &hashes)
            .map_err(|_| self.unfit(first, "its tiles do not lead to the signed root"))?;
        let records = Arc::new(records);
        *verified = Some((tile.index, Arc::clone(&records)));
        Ok(records)
    }

    fn index_of(&self, tile: Tile) -> Result<block::Block, LedgerError> {
        let read = edge::read_block(&*self.disk, tile)?.map(|(block, _)| block);
        read.ok_or_else(|| damaged(&*self.disk, &block::path(tile), "it is missing or cut off".to_owned()))
    }

    /// Entries that bear a label, as the index says.
    fn candidates(&self, label: &str) -> Result<Vec<u64>, LedgerError> {
        let key = block::key(label);
        let mut found = Vec::new();
        for index in 0..self.size().div_ceil(WIDTH) {
            let Some(tile) = tile::tile_in(None, index, self.size()) else { break };
            let block = self.index_of(tile)?;
            let first = index.saturating_mul(WIDTH);
            found.extend(block.find(&key).map(|position| first + u64::try_from(position).unwrap_or(WIDTH)));
        }
        Ok(found)
    }

    fn unfit(&self, index: u64, problem: &str) -> LedgerError {
        let tile = tile::tile_in(None, index / WIDTH, self.size());
        let path = tile.map(|tile| tile.to_string()).unwrap_or_default();
        damaged(&*self.disk, &path, format!("entry {index}: {problem}"))
    }
}

/// Which of its bundle an entry is.
fn position(index: u64) -> usize {
    usize::try_from(index % WIDTH).unwrap_or(usize::MAX)
}
