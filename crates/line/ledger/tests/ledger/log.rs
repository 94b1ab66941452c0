//! The log from front to back, through its public functions.

use std::collections::BTreeSet;
use std::sync::Arc;

use andon_attestation::{KeyKind, Resource, SecretKey, Signer as _, Statement};
use andon_ledger::{
    EntryProof, GrowthProof, Hash, Ledger, LedgerError, Record, Trust, Writer, unbundle, verify_checkpoint,
    verify_entry, verify_growth_file,
};

use crate::{ORIGIN, content, fill, key, ledger, naive, trust, writer};

#[test]
fn every_entry_is_read_and_proved_at_every_kind_of_size() {
    let folder = tempfile::tempdir().unwrap();
    let (mut size, mut earlier) = (0, Vec::<Vec<u8>>::new());
    for next in [1, 2, 255, 256, 257, 300, 511, 512, 700] {
        // Opened anew each time: what is read from the disk must be what was in memory.
        fill(&writer(folder.path()), size, next);
        size = next;
        let view = ledger(folder.path()).view().unwrap();
        let leaves: Vec<Hash> = (0..size).map(|number| Record::of(&content(number)).leaf()).collect();
        assert_eq!((view.size(), view.checkpoint().root), (size, naive::root(&leaves)));
        for index in [0, 1, 254, 255, 256, size / 2, size - 1].into_iter().filter(|index| *index < size) {
            let entry = view.entry(index).unwrap();
            assert_eq!(entry.content, content(index));
            assert_eq!(view.entry_of(entry.digest).unwrap().unwrap().index, index);
            let proof = view.prove_entry(index).unwrap();
            assert_eq!(EntryProof::parse(proof.to_text().as_bytes()).unwrap(), proof);
            assert_eq!(proof.hashes, naive::path(usize::try_from(index).unwrap(), &leaves));
            let verified = verify_entry(&content(index), proof.to_text().as_bytes(), &trust()).unwrap();
            assert_eq!((verified.index, verified.checkpoint.size), (index, size));
        }
        assert!(matches!(view.entry(size), Err(LedgerError::NoEntry { .. })));
        assert_eq!(view.entry_of(Hash::of(b"none")).unwrap(), None);
        for note in &earlier {
            let before = verify_checkpoint(note, &trust()).unwrap();
            let proof = view.prove_growth(&before).unwrap();
            assert_eq!(GrowthProof::parse(proof.to_text().as_bytes()).unwrap(), proof);
            assert_eq!(
                verify_growth_file(note, proof.to_text().as_bytes(), &trust()).unwrap(),
                *view.checkpoint()
            );
        }
        earlier.push(view.note().as_bytes().to_vec());
        let marks: Vec<_> = earlier.iter().map(|note| verify_checkpoint(note, &trust()).unwrap()).collect();
        assert_eq!(ledger(folder.path()).audit(&marks).unwrap().fault, None);
    }
    let view = ledger(folder.path()).view().unwrap();
    let all: Vec<_> = view.entries(0).map(|entry| entry.unwrap().content).collect();
    assert_eq!(all, (0..size).map(content).collect::<Vec<_>>());
}

#[test]
fn the_files_are_those_of_the_specification() {
    let folder = tempfile::tempdir().unwrap();
    let log = writer(folder.path());
    fill(&log, 0, 600);
    let view = log.view().unwrap();
    fill(&log, 600, 610);
    let read = |path: &str| view.served(path).unwrap().unwrap();
    let leaves: Vec<Hash> = (0..600).map(|number| Record::of(&content(number)).leaf()).collect();
    let tile = |hashes: &[Hash]| hashes.iter().flat_map(|hash| *hash.bytes()).collect::<Vec<u8>>();
    assert_eq!(read("tile/0/000"), tile(&leaves[..256]));
    assert_eq!(read("tile/0/001"), tile(&leaves[256..512]));
    assert_eq!(read("tile/0/002.p/88"), tile(&leaves[512..]));
    assert_eq!(read("tile/1/000.p/2"), tile(&[naive::root(&leaves[..256]), naive::root(&leaves[256..512])]));
    let records = unbundle(&read("tile/entries/002.p/88")).unwrap();
    assert_eq!(records, (512..600).map(|number| Record::of(&content(number))).collect::<Vec<_>>());
    assert_eq!(unbundle(&read("tile/entries/000")).unwrap().len(), 256);
    assert_eq!(read("checkpoint"), view.note().as_bytes());
    for full in ["tile/0/000", "tile/0/001", "tile/entries/000"] {
        assert_eq!(
            std::fs::read(folder.path().join(full)).unwrap(),
            read(full),
            "{full} lies as it is served"
        );
    }
    for none in
        ["tile/0/002", "tile/0/002.p/89", "tile/1/000", "tile/2/000.p/1", "objects/000000", "../x", ""]
    {
        assert_eq!(view.served(none).unwrap(), None, "{none}");
    }
}

#[test]
fn entries_are_found_by_what_they_are_about() {
    let folder = tempfile::tempdir().unwrap();
    let (log, signer) = (writer(folder.path()), key(9));
    let commit = |number: u64| format!("{number:040x}");
    for number in 0..300 {
        let mut subject = Resource::default();
        subject.digest.insert("gitCommit".to_owned(), commit(number / 10));
        let statement = Statement::new(vec![subject], "https://example.com/x/v1", serde_json::Map::new());
        let envelope = statement.unwrap().sign(&signer).to_json();
        log.append(&[&envelope]).unwrap();
    }
    log.append(&[b"no envelope", commit(3).as_bytes()]).unwrap();
    let view = log.view().unwrap();
    let found = |number| {
        let entries = view.about("gitCommit", &commit(number)).unwrap();
        entries.into_iter().map(|entry| entry.index).collect::<Vec<_>>()
    };
    assert_eq!(found(3), (30..40).collect::<Vec<_>>());
    assert_eq!(found(25), (250..260).collect::<Vec<_>>());
    assert_eq!(found(30), Vec::<u64>::new());
    assert_eq!(view.about("sha1", &commit(3)).unwrap(), []);
}

#[test]
fn large_and_small_entries_lie_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let large = vec![b'x'; 3 << 20];
    let log = writer(folder.path());
    assert_eq!(log.append(&[b"1", &large, b"3"]).unwrap(), [0, 1, 2]);
    let view = log.view().unwrap();
    assert_eq!((view.entry(1).unwrap().content, view.entry(2).unwrap().content), (large, b"3".to_vec()));
    assert!(matches!(log.append(&[b"4", b""]), Err(LedgerError::Length { length: 0, .. })));
    assert_eq!(log.append(&[]).unwrap(), Vec::<u64>::new());
    assert_eq!(log.view().unwrap().size(), 3);
}

#[test]
fn threads_and_writers_append_side_by_side() {
    let folder = tempfile::tempdir().unwrap();
    let writers = [writer(folder.path()), writer(folder.path())];
    let mut all = BTreeSet::new();
    std::thread::scope(|scope| {
        let threads: Vec<_> = (0..8_u64)
            .map(|thread| {
                let log = &writers[usize::try_from(thread % 2).unwrap()];
                scope.spawn(move || {
                    let append = |number| {
                        let content = content(thread * 1000 + number);
                        let index = log.append(&[&content]).unwrap()[0];
                        let view = log.view().unwrap();
                        assert_eq!(
                            view.entry(index).unwrap().content,
                            content,
                            "what is acknowledged can be read"
                        );
                        index
                    };
                    (0..40).map(append).collect::<Vec<u64>>()
                })
            })
            .collect();
        for thread in threads {
            let indices = thread.join().unwrap();
            assert!(indices.is_sorted(), "each thread's entries are in its order");
            all.extend(indices);
        }
    });
    assert_eq!(all, (0..320).collect());
    assert_eq!(ledger(folder.path()).audit(&[]).unwrap().fault, None);
}

#[test]
fn a_key_can_be_exchanged() {
    let folder = tempfile::tempdir().unwrap();
    fill(&writer(folder.path()), 0, 3);
    let new = SecretKey::generate(KeyKind::EcdsaP256, &[5; 32]);
    let (old_key, new_key) = (key(1).public().clone(), new.public().clone());
    let new = Arc::new(new);
    assert!(Writer::open(folder.path(), ORIGIN, new.clone(), &[]).is_err(), "the old key is not accepted");
    let log = Writer::open(folder.path(), ORIGIN, new, std::slice::from_ref(&old_key)).unwrap();
    fill(&log, 3, 5);
    let view = |keys: &[_]| Ledger::open(folder.path(), Trust::new(ORIGIN, keys).unwrap()).view();
    assert!(view(&[old_key]).is_err());
    let view = view(&[new_key]).unwrap();
    assert_eq!((view.size(), view.entry(0).unwrap().content), (5, content(0)));
}

#[test]
fn there_is_no_log_where_none_was_begun() {
    let folder = tempfile::tempdir().unwrap();
    assert!(matches!(ledger(folder.path()).view(), Err(LedgerError::Missing { .. })));
    let inside = folder.path().join("a/b");
    assert!(Writer::open(&inside, "no spaces", Arc::new(key(1)), &[]).is_err());
    assert!(!inside.exists());
    let log = writer(&inside);
    let view = log.view().unwrap();
    assert_eq!((view.size(), view.checkpoint().root), (0, Hash::empty()));
    assert_eq!(ledger(&inside).audit(&[]).unwrap().fault, None);
    assert!(view.prove_entry(0).is_err());
    assert_eq!(view.about("sha256", "x").unwrap(), []);
}
