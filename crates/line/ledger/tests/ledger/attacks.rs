//! Logs, checkpoints and proofs that somebody wants us to believe. Each is tried against a verifier who knows the log's
//! origin and key and keeps an earlier checkpoint; none may pass.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use andon_attestation::Signer as _;
use andon_ledger::note::NoteKey;
use andon_ledger::{
    Checkpoint, EntryProof, GrowthProof, Hash, Record, Writer, verify_checkpoint, verify_entry,
    verify_growth_file,
};

use crate::{ORIGIN, content, fill, key, ledger, naive, trust, writer};

/// Entries of the honest log, and of its checkpoint that the verifier keeps.
const SIZE: u64 = 600;
const EARLIER: u64 = 500;
/// The entry that the verifier asks for.
const WANTED: u64 = 7;

/// Everything a verifier looks at; `Err` says what it saw through.
fn believe(folder: &Path, earlier: &[u8]) -> Result<(), String> {
    let earlier = verify_checkpoint(earlier, &trust()).map_err(|error| error.to_string())?;
    let view = ledger(folder).view().map_err(|error| error.to_string())?;
    view.extends(&earlier).map_err(|error| error.to_string())?;
    if view.size() < SIZE {
        return Err("the log is shorter than it was".to_owned());
    }
    let entry = view.entry(WANTED).map_err(|error| error.to_string())?;
    if entry.content != content(WANTED) {
        return Err("another content".to_owned());
    }
    let found = view.entry_of(Record::of(&content(WANTED)).digest).map_err(|error| error.to_string())?;
    if found.is_none_or(|found| found.index != WANTED) {
        return Err("not found".to_owned());
    }
    let proof = view.prove_entry(WANTED).map_err(|error| error.to_string())?.to_text();
    verify_entry(&content(WANTED), proof.as_bytes(), &trust()).map_err(|error| error.to_string())?;
    match ledger(folder).audit(&[earlier]).map_err(|error| error.to_string())?.fault {
        None => Ok(()),
        Some(fault) => Err(format!("{}, entry {}: {}", fault.place, fault.entry, fault.problem)),
    }
}

/// A folder with the honest log.
fn honest(folder: &Path) -> Vec<u8> {
    let log = writer(folder);
    fill(&log, 0, EARLIER);
    let earlier = log.view().unwrap().note().as_bytes().to_vec();
    fill(&log, EARLIER, SIZE);
    earlier
}

/// A log of other entries, signed with this key under this origin.
fn dishonest(folder: &Path, size: u64, seed: u8, origin: &str, entry: impl Fn(u64) -> Vec<u8>) {
    fs::remove_dir_all(folder).unwrap();
    let log = Writer::open(folder, origin, Arc::new(key(seed)), &[]).unwrap();
    let contents: Vec<_> = (0..size).map(entry).collect();
    log.append(&contents.iter().map(Vec::as_slice).collect::<Vec<_>>()).unwrap();
}

fn edit(path: &Path, change: impl FnOnce(&mut Vec<u8>)) {
    let mut bytes = fs::read(path).unwrap();
    change(&mut bytes);
    fs::write(path, bytes).unwrap();
}

/// Where the frame of an entry begins, in a log of our contents.
fn frame(entry: u64) -> usize {
    (0..entry).fold(24, |at, number| at + 36 + content(number).len())
}

/// Where the piece of an entry begins in its index: each has one label.
fn piece(entry: u64) -> usize {
    usize::try_from(entry).unwrap() * 30
}

fn replace(bytes: &mut [u8], old: &[u8], new: &[u8]) {
    let at = bytes.windows(old.len()).position(|found| found == old).unwrap();
    bytes[at..at + new.len()].copy_from_slice(new);
}

const FORGED: &[u8] = b"entry 8";

/// Puts a forged content into the segment, with its digest.
fn forge_content(folder: &Path) {
    let at = frame(WANTED);
    edit(&folder.join("objects/000000"), |bytes| {
        bytes[at + 4..at + 36].copy_from_slice(Hash::of(FORGED).bytes());
        bytes[at + 36..at + 36 + FORGED.len()].copy_from_slice(FORGED);
    });
}

/// And its record into the bundle.
fn forge_bundle(folder: &Path) {
    forge_content(folder);
    let digest = |content: &[u8]| Hash::of(content).to_string().into_bytes();
    edit(&folder.join("tile/entries/000"), |bytes| {
        replace(bytes, &digest(&content(WANTED)), &digest(FORGED))
    });
}

/// And all hashes up to the root.
fn forge_tiles(folder: &Path) {
    forge_bundle(folder);
    let tile = folder.join("tile/0/000");
    let root =
        |bytes: &[u8]| naive::root(&bytes.chunks_exact(32).filter_map(Hash::from_slice).collect::<Vec<_>>());
    let old = root(&fs::read(&tile).unwrap());
    edit(&tile, |bytes| {
        replace(bytes, Record::of(&content(WANTED)).leaf().bytes(), Record::of(FORGED).leaf().bytes());
    });
    let new = root(&fs::read(&tile).unwrap());
    edit(&folder.join("tile/1/000"), |bytes| replace(bytes, old.bytes(), new.bytes()));
}

/// And a checkpoint with that root, under the old signature or a new one.
fn forge_checkpoint(folder: &Path, signature: Option<u8>) {
    forge_tiles(folder);
    let leaves = (0..SIZE).map(|number| if number == WANTED { FORGED.to_vec() } else { content(number) });
    let root = naive::root(&leaves.map(|content| Record::of(&content).leaf()).collect::<Vec<_>>());
    let note = fs::read_to_string(folder.join("checkpoint")).unwrap();
    let forged = Checkpoint { origin: ORIGIN.to_owned(), size: SIZE, root, extensions: Vec::new() };
    let note = match signature {
        Some(seed) => forged.sign(&key(seed)).unwrap(),
        None => format!("{forged}\n{}", note.split_once("\n\n").unwrap().1),
    };
    fs::write(folder.join("checkpoint"), note).unwrap();
}

type Attack = (&'static str, fn(&Path));

const ATTACKS: &[Attack] = &[
    ("a content is altered", |log| {
        let at = frame(WANTED);
        edit(&log.join("objects/000000"), |bytes| bytes[at + 40] ^= 1);
    }),
    ("a content and its digest are altered", forge_content),
    ("a content and its record are altered", forge_bundle),
    ("a content and all hashes are altered", forge_tiles),
    ("the checkpoint is altered to fit", |log| forge_checkpoint(log, None)),
    ("the checkpoint is signed with another key", |log| forge_checkpoint(log, Some(2))),
    ("the checkpoint is signed with the right key, history rewritten", |log| forge_checkpoint(log, Some(1))),
    ("a hash is altered", |log| edit(&log.join("tile/0/000"), |bytes| bytes[40] ^= 1)),
    ("a hash of another bundle is altered", |log| edit(&log.join("tile/0/001"), |bytes| bytes[40] ^= 1)),
    ("a hash above is altered", |log| edit(&log.join("tile/1/000"), |bytes| bytes[40] ^= 1)),
    ("a tile is cut off", |log| edit(&log.join("tile/0/000"), |bytes| bytes.truncate(4096))),
    ("a tile is missing", |log| fs::remove_file(log.join("tile/0/001")).unwrap()),
    ("a full tile is longer", |log| edit(&log.join("tile/0/001"), |bytes| bytes.extend([0; 32]))),
    ("a bundle is cut off", |log| edit(&log.join("tile/entries/000"), |bytes| bytes.truncate(1000))),
    ("a bundle is missing", |log| fs::remove_file(log.join("tile/entries/002")).unwrap()),
    ("the contents are cut off", |log| edit(&log.join("objects/000000"), |bytes| bytes.truncate(frame(599)))),
    ("the contents are cut off before the entry", |log| {
        edit(&log.join("objects/000000"), |bytes| bytes.truncate(frame(WANTED)));
    }),
    ("two contents are exchanged", |log| {
        edit(&log.join("objects/000000"), |bytes| {
            let (first, second, third) = (frame(WANTED), frame(WANTED + 1), frame(WANTED + 2));
            bytes[first..third].rotate_left(second - first);
        });
    }),
    ("two entries are exchanged everywhere", |log| {
        dishonest(log, SIZE, 1, ORIGIN, |number| content(if number < 2 { 1 - number } else { number }));
    }),
    ("an older log is put back", |log| dishonest(log, EARLIER - 1, 1, ORIGIN, content)),
    ("an older checkpoint is put back", |log| {
        let old = tempfile::tempdir().unwrap();
        fill(&writer(old.path()), 0, EARLIER);
        fs::copy(old.path().join("checkpoint"), log.join("checkpoint")).unwrap();
    }),
    ("the log is forked at the same size", |log| {
        dishonest(log, SIZE, 1, ORIGIN, |number| content(if number == 450 { 9999 } else { number }));
    }),
    ("the log is forked and longer", |log| {
        dishonest(log, SIZE + 100, 1, ORIGIN, |number| content(if number == 450 { 9999 } else { number }));
    }),
    ("an entry is left out", |log| {
        dishonest(log, SIZE, 1, ORIGIN, |number| content(if number < 450 { number } else { number + 1 }));
    }),
    ("an entry is put in", |log| {
        dishonest(log, SIZE, 1, ORIGIN, |number| content(if number < 450 { number } else { number - 1 }));
    }),
    ("the log is of another origin", |log| dishonest(log, SIZE, 1, "log.example/two", content)),
    ("the log is another's", |log| dishonest(log, SIZE, 2, ORIGIN, content)),
    ("the checkpoint bears no signature", |log| {
        let note = fs::read_to_string(log.join("checkpoint")).unwrap();
        fs::write(log.join("checkpoint"), note.split_once("\n\n").unwrap().0).unwrap();
    }),
    ("the checkpoint is empty", |log| fs::write(log.join("checkpoint"), "").unwrap()),
    ("the checkpoint is larger than any", |log| {
        fs::write(log.join("checkpoint"), vec![b'x'; 1 << 20]).unwrap()
    }),
    ("the index names another place", |log| {
        edit(&log.join("index/000"), |bytes| {
            let (from, to) = (piece(WANTED), piece(WANTED + 1));
            let other = bytes[to..to + 12].to_vec();
            bytes[from..from + 12].copy_from_slice(&other);
        });
    }),
    ("the index names a place beyond all", |log| {
        edit(&log.join("index/000"), |bytes| bytes[piece(WANTED)..][..12].fill(255));
    }),
    ("the index leaves a label out", |log| {
        edit(&log.join("index/000"), |bytes| bytes[piece(WANTED) + 14..][..16].fill(0));
    }),
    ("the index is cut off", |log| edit(&log.join("index/000"), |bytes| bytes.truncate(piece(100)))),
    ("the index of other entries is altered", |log| {
        edit(&log.join("index/002"), |bytes| *bytes.last_mut().unwrap() ^= 1);
    }),
    ("a file is a folder", |log| {
        fs::remove_file(log.join("tile/0/000")).unwrap();
        fs::create_dir(log.join("tile/0/000")).unwrap();
    }),
];

#[test]
fn no_altered_log_is_believed() {
    let original = tempfile::tempdir().unwrap();
    let earlier = honest(original.path());
    assert_eq!(believe(original.path(), &earlier), Ok(()), "the honest log is");
    let mut accepted = Vec::new();
    for (what, attack) in ATTACKS {
        let folder = tempfile::tempdir().unwrap();
        let log = folder.path().join("log");
        copy(original.path(), &log);
        attack(&log);
        match believe(&log, &earlier) {
            Ok(()) => accepted.push(*what),
            Err(seen) => println!("{what}: {seen}"),
        }
    }
    assert_eq!(accepted, Vec::<&str>::new(), "of {} attacks", ATTACKS.len());
}

#[test]
fn no_writer_goes_on_from_contents_that_were_not_signed() {
    for attack in [forge_content, forge_bundle, forge_tiles, |log: &Path| forge_checkpoint(log, None)] {
        let folder = tempfile::tempdir().unwrap();
        honest(folder.path());
        attack(folder.path());
        // The edge of the log shows nothing of it; what is made anew from the contents does.
        fs::remove_dir_all(folder.path().join("tile")).unwrap();
        let opened = Writer::open(folder.path(), ORIGIN, Arc::new(key(1)), &[]);
        assert!(opened.is_err(), "what is forged would be signed");
    }
}

#[test]
fn no_altered_proof_of_an_entry_is_believed() {
    let folder = tempfile::tempdir().unwrap();
    honest(folder.path());
    let view = ledger(folder.path()).view().unwrap();
    let proof = view.prove_entry(WANTED).unwrap();
    let text = proof.to_text();
    let believed = |content: &[u8], text: &str| verify_entry(content, text.as_bytes(), &trust()).is_ok();
    assert!(believed(&content(WANTED), &text));
    let with = |change: &dyn Fn(&mut EntryProof)| {
        let mut altered = proof.clone();
        change(&mut altered);
        altered.to_text()
    };
    let smaller = tempfile::tempdir().unwrap();
    fill(&writer(smaller.path()), 0, EARLIER);
    let older = writer(smaller.path()).view().unwrap().note().to_owned();
    let foreign = |seed, origin: &str| {
        let checkpoint = Checkpoint { origin: origin.to_owned(), ..view.checkpoint().clone() };
        checkpoint.sign(&key(seed)).unwrap()
    };
    let signature = text.rsplit_once("\n\n").unwrap().1.to_owned();
    // The last letters of base64 but one: the signature is of the right length, and wrong.
    let at = signature.len() - 8;
    let other = if &signature[at..=at] == "A" { "B" } else { "A" };
    let bad = format!("{}{other}{}", &signature[..at], &signature[at + 1..]);
    let mut altered = vec![
        ("another index", with(&|proof| proof.index += 1)),
        ("an index beyond the log", with(&|proof| proof.index = u64::MAX)),
        ("the proof of another entry", view.prove_entry(WANTED + 1).unwrap().to_text()),
        ("the checkpoint of another size", with(&|proof| proof.checkpoint.clone_from(&older))),
        ("a checkpoint of another key", with(&|proof| proof.checkpoint = foreign(2, ORIGIN))),
        ("a checkpoint of another origin", with(&|proof| proof.checkpoint = foreign(1, "log.example/two"))),
        ("an altered size", text.replace("\n600\n", "\n601\n")),
        ("no signature", text.replace(&signature, "")),
        ("a good and a bad signature", format!("{text}{bad}")),
        ("another first line", text.replace("@v1", "@v2")),
        ("an index with a zero in front", text.replace("index 7", "index 07")),
        ("a line too many", text.replacen("\n\n", "\nAAAA\n\n", 1)),
        ("nothing", String::new()),
    ];
    for at in 0..proof.hashes.len() {
        altered.push(("a hash altered", with(&|proof| proof.hashes[at] = Hash::of(b"x"))));
        altered.push((
            "a hash left out",
            with(&|proof| {
                proof.hashes.remove(at);
            }),
        ));
        altered.push(("a hash put in", with(&|proof| proof.hashes.insert(at, Hash::of(b"x")))));
        altered.push(("a hash repeated", with(&|proof| proof.hashes.insert(at, proof.hashes[at]))));
    }
    altered.retain(|(_, other)| *other != text);
    let accepted: Vec<_> = altered.iter().filter(|(_, text)| believed(&content(WANTED), text)).collect();
    assert!(accepted.is_empty() && altered.len() > 40, "{accepted:?} of {}", altered.len());
    let record = Record::of(&content(WANTED)).encode();
    for other in [content(8), b"".to_vec(), record.into_bytes(), [content(7), b"\n".to_vec()].concat()] {
        assert!(!believed(&other, &text), "{other:?}");
    }
}

#[test]
fn no_altered_proof_of_growth_is_believed() {
    let folder = tempfile::tempdir().unwrap();
    let earlier = honest(folder.path());
    let view = ledger(folder.path()).view().unwrap();
    let proof = view.prove_growth(&verify_checkpoint(&earlier, &trust()).unwrap()).unwrap();
    let believed =
        |earlier: &[u8], text: &str| verify_growth_file(earlier, text.as_bytes(), &trust()).is_ok();
    assert!(believed(&earlier, &proof.to_text()));
    let sign = |size, root, seed: u8, origin: &str| {
        let checkpoint = Checkpoint { origin: origin.to_owned(), size, root, extensions: Vec::new() };
        checkpoint.sign(&key(seed)).unwrap().into_bytes()
    };
    let root = verify_checkpoint(&earlier, &trust()).unwrap().root;
    for (what, other) in [
        ("a fork", sign(EARLIER, Hash::of(b"x"), 1, ORIGIN)),
        ("another size", sign(EARLIER + 1, root, 1, ORIGIN)),
        ("a longer log", sign(SIZE + 1, root, 1, ORIGIN)),
        ("another key", sign(EARLIER, root, 2, ORIGIN)),
        ("another origin", sign(EARLIER, root, 1, "log.example/two")),
        ("an empty log", sign(0, Hash::empty(), 1, ORIGIN)),
    ] {
        assert!(!believed(&other, &proof.to_text()), "{what}");
    }
    for at in 0..proof.hashes.len() {
        for change in [
            |hashes: &mut Vec<Hash>, at| hashes[at] = Hash::of(b"x"),
            |hashes: &mut Vec<Hash>, at| hashes.truncate(at),
            |hashes: &mut Vec<Hash>, at| hashes.insert(at, Hash::of(b"x")),
        ] {
            let mut hashes = proof.hashes.clone();
            change(&mut hashes, at);
            let altered = GrowthProof { hashes, ..proof.clone() };
            assert!(!believed(&earlier, &altered.to_text()), "hash {at}");
        }
    }
}

#[test]
fn a_name_that_is_none_is_refused() {
    for name in ["", "two words", "a+b", "tab\tbed", "no\u{a0}break", "line\nbreak"] {
        assert!(NoteKey::new(name, key(1).public()).is_err(), "{name:?}");
    }
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let target = to.join(entry.file_name());
        if entry.file_type().unwrap().is_dir() {
            copy(&entry.path(), &target);
        } else {
            fs::copy(entry.path(), target).unwrap();
        }
    }
}
