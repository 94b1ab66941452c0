use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard};

use andon_attestation::{PublicKey, Signer};

use crate::LedgerError;
use crate::checkpoint::{Checkpoint, Trust};
use crate::disk::{self, Disk, OsDisk};
use crate::edge::{Edge, Piece};
use crate::note::{LARGEST_NOTE, NoteKey};
use crate::recover::{self, CHECKPOINT, Published, SYNCED};
use crate::segment::{self, damaged};
use crate::tail::{APPEND_LOCK, Fate, Pending, Prepared, Tail, Ticket, settle};
use crate::view::{Ledger, View};

/// Held while entries are published.
const COMMIT_LOCK: &str = "lock/commit";
/// How often an append is tried anew after another process gave up what was not published.
const ATTEMPTS: u32 = 8;

/// A log that is appended to. It may be shared among threads, and any number of processes may append to the same log at
/// once: whoever publishes does so for all, so that they share the waiting for the disk.
pub struct Writer {
    disk: Arc<dyn Disk>,
    trust: Trust,
    signer: Arc<dyn Signer>,
    /// Locked before `tail`, never after it.
    published: Mutex<Option<Published>>,
    tail: Mutex<Option<Tail>>,
}

impl Writer {
    /// Opens the log in a folder, or begins one. What a process that was killed had appended is published now, what it
    /// left unfinished is removed; tiles and index that do not fit are made anew from the contents.
    ///
    /// `origin` names the log, best as a URL without scheme; it must have no spaces and no `+`. `signer` signs its
    /// checkpoints, `accepted` are the keys that may have signed the last one besides.
    ///
    /// # Errors
    /// When the folder cannot be written to, the log is of another origin, its checkpoint is signed by none of the keys,
    /// or its contents are not those that were signed.
    pub fn open(
        folder: &Path,
        origin: &str,
        signer: Arc<dyn Signer>,
        accepted: &[PublicKey],
    ) -> Result<Self, LedgerError> {
        Self::on(Arc::new(OsDisk::new(folder)), origin, signer, accepted)
    }

    pub(crate) fn on(
        disk: Arc<dyn Disk>,
        origin: &str,
        signer: Arc<dyn Signer>,
        accepted: &[PublicKey],
    ) -> Result<Self, LedgerError> {
        let mut trust = Trust::new(origin, accepted)?;
        trust.keys.push(NoteKey::new(origin, signer.public())?);
        let writer = Self { disk, trust, signer, published: Mutex::new(None), tail: Mutex::new(None) };
        let mut published = lock(&writer.published)?;
        let held = writer.disk.lock(COMMIT_LOCK)?;
        writer.load(&mut published)?;
        writer.publish_all(&mut published)?;
        if let Some(published) =
            published.as_mut().filter(|published| published.synced < published.edge.size())
        {
            writer.sync_checkpoint(published)?;
        }
        drop(held);
        drop(published);
        Ok(writer)
    }

    /// Appends entries in order, and returns their indices. They are on the disk, in the tree and under a signed
    /// checkpoint when it returns. Each must have 1 byte to 256 MiB. An append that did not return (the process was
    /// killed) may be in the log wholly, in part or not at all.
    ///
    /// # Errors
    /// When the disk is full or fails: then none of the entries is acknowledged, and the log is as before.
    pub fn append(&self, contents: &[&[u8]]) -> Result<Vec<u64>, LedgerError> {
        if contents.is_empty() {
            return Ok(Vec::new());
        }
        let mut prepared = Prepared::new(contents)?;
        let ticket = Arc::new(Ticket::default());
        for _ in 0..ATTEMPTS {
            match self.write(prepared, &ticket)? {
                Ok(first) => {
                    self.publish(&ticket)?;
                    let count = u64::try_from(contents.len()).unwrap_or(u64::MAX);
                    return Ok((first..first.saturating_add(count)).collect());
                }
                Err(again) => prepared = again,
            }
            self.reload()?;
        }
        Err(LedgerError::Abandoned)
    }

    /// The log as it is published now.
    ///
    /// # Errors
    /// When its checkpoint cannot be read or is not believed.
    pub fn view(&self) -> Result<View, LedgerError> {
        self.ledger().view()
    }

    /// The log, for reading.
    pub fn ledger(&self) -> Ledger {
        Ledger::on(Arc::clone(&self.disk), self.trust.clone())
    }

    /// Writes contents behind the others, or gives them back when the tail must be loaded first.
    fn write(&self, prepared: Prepared, ticket: &Arc<Ticket>) -> Result<Result<u64, Prepared>, LedgerError> {
        let mut slot = lock(&self.tail)?;
        let Some(tail) = slot.as_mut() else { return Ok(Err(prepared)) };
        let _held = self.disk.lock(APPEND_LOCK)?;
        if !tail.catch_up(&*self.disk)? {
            forget(&mut slot);
            return Ok(Err(prepared));
        }
        tail.write(&*self.disk, prepared, ticket).map(Ok)
    }

    /// Waits until the entries of a ticket are published, by another or by this thread.
    fn publish(&self, ticket: &Ticket) -> Result<(), LedgerError> {
        let mut published = lock(&self.published)?;
        if ticket.fate() == Fate::Waiting {
            let _held = self.disk.lock(COMMIT_LOCK)?;
            self.publish_all(&mut published)?;
        }
        match ticket.fate() {
            Fate::Published => Ok(()),
            Fate::Waiting | Fate::GivenUp => Err(LedgerError::Abandoned),
        }
    }

    /// Publishes all that was appended by any process. The commit lock must be held.
    fn publish_all(&self, slot: &mut Option<Published>) -> Result<(), LedgerError> {
        if slot.is_none() {
            self.load(slot)?;
        }
        let Some(mut pending) = self.collect()? else {
            // Another process gave up what was not published; those who wait know it already.
            *slot = None;
            return self.load(slot);
        };
        // While it is changed there is none: after a failure it is read anew.
        let Some(mut published) = slot.take() else { return Err(LedgerError::Broken) };
        if let Err(error) = self.absorb(&mut published, &mut pending) {
            // What others published is not known, so nothing may be removed.
            settle(&pending, Fate::GivenUp);
            forget(&mut *lock(&self.tail)?);
            return Err(error);
        }
        let end = published.edge.end;
        match self.advance(published, &pending) {
            Ok(published) => {
                settle(&pending, Fate::Published);
                *slot = Some(published);
                Ok(())
            }
            Err(error) => {
                settle(&pending, Fate::GivenUp);
                // The first error is the one to report. What cannot be removed will be published by the next.
                let _ = self.give_up(end);
                Err(error)
            }
        }
    }

    /// All entries that are appended and, as far as this process knows, not published; `None` when its knowledge of the
    /// tail is no longer true.
    fn collect(&self) -> Result<Option<Vec<Pending>>, LedgerError> {
        let mut slot = lock(&self.tail)?;
        let Some(tail) = slot.as_mut() else { return Ok(None) };
        let _held = self.disk.lock(APPEND_LOCK)?;
        if !tail.catch_up(&*self.disk)? {
            forget(&mut slot);
            return Ok(None);
        }
        Ok(Some(tail.pending.drain(..).collect()))
    }

    /// Takes over what another process published, and removes it from what is to be published.
    fn absorb(&self, published: &mut Published, pending: &mut Vec<Pending>) -> Result<(), LedgerError> {
        let limit = u64::try_from(LARGEST_NOTE).unwrap_or(u64::MAX);
        if disk::read(&*self.disk, CHECKPOINT, limit)?.is_some_and(|note| note == published.note) {
            return Ok(());
        }
        let is_new = published.note.is_empty();
        let read = if is_new { recover::read_checkpoint_of_the_dead } else { recover::read_current };
        let (note, Some(checkpoint)) = read(&*self.disk, &self.trust)? else { return Ok(()) };
        if is_new && checkpoint.size < published.edge.size() {
            // A power cut brought an older checkpoint back than the one that is on the disk for certain.
            return Ok(());
        }
        let known =
            checkpoint.size.checked_sub(published.edge.size()).and_then(|new| usize::try_from(new).ok());
        let Some(known) = known.filter(|known| *known <= pending.len()) else {
            let problem =
                format!("it is of {} entries, which does not go on from what is here", checkpoint.size);
            return Err(damaged(&*self.disk, CHECKPOINT, problem));
        };
        let others: Vec<Pending> = pending.drain(..known).collect();
        for other in &others {
            published.edge.push(&other.entry, &mut |_| Ok(()))?;
        }
        published.edge.flush(&mut |_| Ok(()))?;
        if published.edge.root() != checkpoint.root {
            let problem = "another process signed other contents than those that lie here".to_owned();
            return Err(damaged(&*self.disk, CHECKPOINT, problem));
        }
        settle(&others, Fate::Published);
        published.note = note;
        Ok(())
    }

    /// Puts entries into the tree: their contents to the disk first, then bundles, index and tiles, the checkpoint last.
    fn advance(&self, mut published: Published, pending: &[Pending]) -> Result<Published, LedgerError> {
        let disk = &*self.disk;
        if pending.is_empty() && !published.note.is_empty() {
            return Ok(published);
        }
        if let Some(last) = pending.last() {
            disk.sync(&segment::path(last.entry.place.segment))?;
        }
        let mut full = false;
        let mut write = |piece: &Piece<'_>| {
            full |= piece.full;
            recover::write(disk, piece)
        };
        for Pending { entry, .. } in pending {
            published.edge.push(entry, &mut write)?;
        }
        published.edge.flush(&mut write)?;
        let note = self.sign(&published.edge)?;
        if let Err(error) = disk.overwrite(CHECKPOINT, &note) {
            // Nobody may see a mixture. Where this fails too, the next that opens the log puts it right.
            let _ = disk.overwrite(CHECKPOINT, &published.note);
            return Err(error.into());
        }
        published.note = note;
        // It is public now, and cannot be given up: an older one on the disk for certain serves as well.
        if full {
            let _ = self.sync_checkpoint(&mut published);
        }
        Ok(published)
    }

    /// Puts the checkpoint where no power cut can spoil it.
    fn sync_checkpoint(&self, published: &mut Published) -> Result<(), LedgerError> {
        self.disk.replace(SYNCED, &published.note)?;
        published.synced = published.edge.size();
        Ok(())
    }

    fn sign(&self, edge: &Edge) -> Result<Vec<u8>, LedgerError> {
        let origin = self.trust.origin.clone();
        let checkpoint = Checkpoint { origin, size: edge.size(), root: edge.root(), extensions: Vec::new() };
        Ok(checkpoint.sign(&*self.signer)?.into_bytes())
    }

    /// Removes what could not be published, from `end` on.
    fn give_up(&self, end: segment::Place) -> Result<(), LedgerError> {
        let mut slot = lock(&self.tail)?;
        let _held = self.disk.lock(APPEND_LOCK)?;
        let given_up = slot.as_mut().map_or(Ok(()), |tail| tail.give_up(&*self.disk, end));
        *slot = None;
        given_up
    }

    fn reload(&self) -> Result<(), LedgerError> {
        let mut published = lock(&self.published)?;
        let _held = self.disk.lock(COMMIT_LOCK)?;
        if lock(&self.tail)?.is_some() {
            return Ok(());
        }
        self.load(&mut published)
    }

    /// Reads the published state and the tail. The commit lock must be held.
    fn load(&self, published: &mut Option<Published>) -> Result<(), LedgerError> {
        let mut slot = lock(&self.tail)?;
        let _held = self.disk.lock(APPEND_LOCK)?;
        let loaded = recover::load(&*self.disk, &self.trust)?;
        forget(&mut slot);
        *slot = Some(Tail::new(&*self.disk, loaded.edge.end, loaded.edge.size())?);
        *published = Some(loaded);
        Ok(())
    }
}

/// Those who wait for entries of a tail that is no longer true do not know whether they are in the log.
fn forget(slot: &mut Option<Tail>) {
    if let Some(tail) = slot.take() {
        settle(&tail.pending, Fate::GivenUp);
    }
}

fn lock<T>(mutex: &Mutex<T>) -> Result<MutexGuard<'_, T>, LedgerError> {
    mutex.lock().map_err(|_| LedgerError::Broken)
}
