//! Faults of the disk: at every call that changes something, a write that fails, a process that is killed, a power cut
//! that loses what was not synced. What was acknowledged must be there afterwards, and the log must be whole.

mod disk;

use std::sync::Arc;

use andon_attestation::{KeyKind, SecretKey, Signer};

use crate::note::NoteKey;
use crate::{Checkpoint, Ledger, LedgerError, Trust, Writer};

use disk::{Fault, MemoryDisk};

const ORIGIN: &str = "log.example/one";

fn signer() -> Arc<dyn Signer> {
    Arc::new(SecretKey::generate(KeyKind::Ed25519, &[7; 32]))
}

fn trust() -> Trust {
    let key = NoteKey::new(ORIGIN, signer().public()).unwrap();
    Trust { origin: ORIGIN.to_owned(), keys: vec![key] }
}

fn open(disk: &MemoryDisk) -> Result<Writer, LedgerError> {
    Writer::on(Arc::new(disk.clone()), ORIGIN, signer(), &[])
}

/// What was acknowledged.
#[derive(Clone, Default)]
struct Acknowledged {
    entries: Vec<(u64, Vec<u8>)>,
    checkpoints: Vec<Checkpoint>,
}

impl Acknowledged {
    /// Appends, and takes note of it if it is acknowledged.
    fn append(&mut self, writer: &Writer, contents: &[Vec<u8>]) -> Result<(), LedgerError> {
        let borrowed: Vec<&[u8]> = contents.iter().map(Vec::as_slice).collect();
        let indices = writer.append(&borrowed)?;
        self.entries.extend(indices.into_iter().zip(contents.iter().cloned()));
        if let Ok(view) = writer.view() {
            self.checkpoints.push(view.checkpoint().clone());
        }
        Ok(())
    }

    /// Whether all of it is in the log, and the log is whole.
    #[track_caller]
    fn check(&self, disk: &MemoryDisk, what: &str) {
        let ledger = Ledger::on(Arc::new(disk.clone()), trust());
        let view = ledger.view().unwrap_or_else(|error| panic!("{what}: {error}"));
        for (index, content) in &self.entries {
            let entry = view.entry(*index).unwrap_or_else(|error| panic!("{what}: entry {index}: {error}"));
            assert!(entry.content == *content, "{what}: entry {index} is another");
        }
        let audit = ledger.audit(&self.checkpoints).unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(audit.fault, None, "{what}");
    }
}

fn content(number: usize) -> Vec<u8> {
    format!("entry {number} {}", "x".repeat(number % 97)).into_bytes()
}

/// A log of a few entries less than a full tile.
fn base() -> (MemoryDisk, Acknowledged) {
    let disk = MemoryDisk::default();
    let mut acknowledged = Acknowledged::default();
    let writer = open(&disk).unwrap();
    acknowledged.append(&writer, &(0..254).map(content).collect::<Vec<_>>()).unwrap();
    (disk, acknowledged)
}

/// Appends that fill a tile and begin a segment, until one fails.
fn script(writer: &Writer, acknowledged: &mut Acknowledged) -> Result<(), LedgerError> {
    let mut next = 254..;
    for count in [1, 1, 3, 1, 2] {
        let contents: Vec<_> = next.by_ref().take(count).map(content).collect();
        acknowledged.append(writer, &contents)?;
    }
    Ok(())
}

/// Runs the script with a fault at every call in turn; `after` sees what each leaves behind.
fn with_every_fault(
    fault: Fault,
    mut after: impl FnMut(&str, &MemoryDisk, Acknowledged, Writer, bool),
) -> u64 {
    let (disk, acknowledged) = base();
    for call in 0.. {
        let (disk, mut acknowledged) = (disk.copy(), acknowledged.clone());
        let writer = open(&disk).unwrap();
        disk.fail_at(call, fault);
        let done = script(&writer, &mut acknowledged).is_ok();
        let met = disk.met();
        disk.heal();
        after(&format!("{fault:?} at call {call}"), &disk, acknowledged, writer, done);
        if !met {
            return call;
        }
    }
    unreachable!("the script ends")
}

#[test]
fn a_failed_write_leaves_the_log_as_it_was_and_the_writer_usable() {
    for fault in [Fault::Once, Fault::Forever] {
        let calls = with_every_fault(fault, |what, disk, mut acknowledged, writer, _| {
            acknowledged.check(disk, what);
            acknowledged.append(&writer, &[b"afterwards".to_vec()]).unwrap();
            acknowledged.check(disk, what);
        });
        assert!(calls > 30, "the script makes {calls} calls only");
    }
}

#[test]
fn a_full_disk_is_named_as_the_reason() {
    let (disk, acknowledged) = base();
    let writer = open(&disk).unwrap();
    disk.fail_at(0, Fault::Forever);
    let error = writer.append(&[b"x"]).unwrap_err().to_string();
    assert!(error.contains("nothing was appended") && error.contains("the disk is full"), "{error}");
    disk.heal();
    acknowledged.check(&disk, "full");
    assert_eq!(writer.view().unwrap().size(), 254);
}

#[test]
fn a_killed_process_loses_nothing_that_was_acknowledged() {
    with_every_fault(Fault::Kill, |what, disk, mut acknowledged, writer, _| {
        drop(writer);
        let writer = open(disk).unwrap_or_else(|error| panic!("{what}: {error}"));
        acknowledged.check(disk, what);
        acknowledged.append(&writer, &[b"afterwards".to_vec()]).unwrap();
        acknowledged.check(disk, what);
    });
}

#[test]
fn a_power_cut_loses_nothing_that_was_acknowledged() {
    for seed in 0..3 {
        with_every_fault(Fault::Kill, |what, disk, mut acknowledged, writer, _| {
            drop(writer);
            let what = format!("{what}, power cut {seed}");
            disk.cut_power(seed);
            let writer = open(disk).unwrap_or_else(|error| panic!("{what}: {error}"));
            acknowledged.append(&writer, &[b"afterwards".to_vec()]).unwrap();
            acknowledged.check(disk, &what);
        });
    }
}

#[test]
fn writers_that_meet_faults_at_the_same_time_keep_their_word() {
    let start = base().0;
    for round in 0..60 {
        let disk = start.copy();
        let writers = [open(&disk).unwrap(), open(&disk).unwrap()];
        let fault = if round % 3 == 0 { Fault::Forever } else { Fault::Once };
        disk.fail_at(round, fault);
        let mut all = Acknowledged::default();
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..4)
                .map(|thread| {
                    let (writer, disk) = (&writers[thread % 2], &disk);
                    scope.spawn(move || {
                        let mut acknowledged = Acknowledged::default();
                        for number in 0..6 {
                            let contents =
                                vec![format!("{round} {thread} {number}").into_bytes(); 1 + number % 2];
                            if acknowledged.append(writer, &contents).is_err() && number == 3 {
                                disk.heal();
                            }
                        }
                        acknowledged
                    })
                })
                .collect();
            for thread in threads {
                let acknowledged = thread.join().unwrap();
                all.entries.extend(acknowledged.entries);
                all.checkpoints.extend(acknowledged.checkpoints);
            }
        });
        disk.heal();
        all.check(&disk, &format!("round {round}"));
        drop(open(&disk).unwrap());
        all.check(&disk, &format!("round {round}, opened again"));
    }
}

#[test]
fn files_that_are_gone_are_made_anew() {
    for gone in ["tile/", "index/", "checkpoint", "checkpoint.synced", "tile/0/001", "index/001", "lock/"] {
        let (disk, mut acknowledged) = base();
        script(&open(&disk).unwrap(), &mut acknowledged).unwrap();
        disk.remove_all(gone);
        drop(open(&disk).unwrap_or_else(|error| panic!("without {gone}: {error}")));
        acknowledged.check(&disk, gone);
    }
}

#[test]
fn contents_that_are_gone_are_not_made_up() {
    for (path, length) in [("objects/000000", 24), ("objects/000000", 400), ("objects/000001", 30)] {
        let (disk, mut acknowledged) = base();
        script(&open(&disk).unwrap(), &mut acknowledged).unwrap();
        disk.shorten(path, length);
        disk.remove_all("tile/0/001");
        let error = open(&disk).err().map(|error| error.to_string()).unwrap_or_default();
        assert!(error.contains("damaged"), "{path} {length}: {error:?}");
    }
}
