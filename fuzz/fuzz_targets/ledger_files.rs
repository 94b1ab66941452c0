//! The files of a log: paths of tiles, bundles of entries, and a log of which one file is anything.
#![no_main]

use std::sync::{Arc, OnceLock};

use andon_attestation::{KeyKind, SecretKey, Signer as _};
use andon_ledger::tile::Tile;
use andon_ledger::{Ledger, Trust, Writer, unbundle};
use libfuzzer_sys::fuzz_target;

const FILES: [&str; 6] =
    ["tile/0/000", "tile/entries/000", "index/000", "objects/000000", "checkpoint", "checkpoint.synced"];

fn log() -> &'static tempfile::TempDir {
    static LOG: OnceLock<tempfile::TempDir> = OnceLock::new();
    LOG.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        write(folder.path()).unwrap().append(&[b"one", b"two", b"three"]).unwrap();
        folder
    })
}

fn write(folder: &std::path::Path) -> Result<Writer, andon_ledger::LedgerError> {
    Writer::open(folder, "log.example/fuzz", Arc::new(SecretKey::generate(KeyKind::Ed25519, &[3; 32])), &[])
}

fuzz_target!(|bytes: &[u8]| {
    if let Some(tile) = std::str::from_utf8(bytes).ok().and_then(Tile::parse) {
        assert_eq!(tile.to_string().as_bytes(), bytes);
    }
    if let Some(records) = unbundle(bytes) {
        assert!(records.len() * 100 <= bytes.len());
    }
    let Some((which, content)) = bytes.split_first() else { return };
    let Some(file) = FILES.get(usize::from(*which)) else { return };
    let copy = tempfile::tempdir().unwrap();
    for name in FILES {
        let to = copy.path().join(name);
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        if std::fs::copy(log().path().join(name), &to).is_err() || name == *file {
            std::fs::write(to, content).unwrap();
        }
    }
    let key = SecretKey::generate(KeyKind::Ed25519, &[3; 32]).public().clone();
    let ledger = Ledger::open(copy.path(), Trust::new("log.example/fuzz", &[key]).unwrap());
    if let Ok(view) = ledger.view() {
        if let Ok(entry) = view.entry(1) {
            assert_eq!(entry.content, b"two");
        }
        let _ = (view.about("sha256", "x"), view.prove_entry(2), ledger.audit(&[]));
    }
    let Ok(writer) = write(copy.path()) else { return };
    if let Ok(indices) = writer.append(&[b"four"]) {
        assert_eq!(writer.view().unwrap().entry(indices[0]).unwrap().content, b"four");
    }
});
