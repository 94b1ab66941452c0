//! Signed notes, verifier keys, checkpoints and proofs: what is read is written back the same, and nothing that is made
//! up verifies.
#![no_main]

use andon_ledger::note::{self, NoteKey};
use andon_ledger::{Checkpoint, EntryProof, GrowthProof, Hash, Trust, verify_checkpoint, verify_entry};
use libfuzzer_sys::fuzz_target;

const KEY: &str = "PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW";
/// The root of the only checkpoint text that the key could sign without us is of no use to a fuzzer.
const ORIGIN: &str = "PeterNeumann";

fuzz_target!(|bytes: &[u8]| {
    let Ok(key) = NoteKey::from_verifier_key(KEY) else { return };
    let trust = Trust { origin: ORIGIN.to_owned(), keys: vec![key] };
    let _ = note::open(bytes, &trust.keys);
    assert!(verify_checkpoint(bytes, &trust).is_err());
    assert!(verify_entry(b"content", bytes, &trust).is_err());
    if let Ok(proof) = EntryProof::parse(bytes) {
        assert_eq!(EntryProof::parse(proof.to_text().as_bytes()).ok(), Some(proof));
    }
    if let Ok(proof) = GrowthProof::parse(bytes) {
        assert_eq!(proof.to_text().as_bytes(), bytes);
    }
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    if let Ok(checkpoint) = Checkpoint::parse(text) {
        assert_eq!(checkpoint.to_string(), text);
    }
    if let Ok(key) = NoteKey::from_verifier_key(text) {
        assert_eq!(key.to_verifier_key(), text);
    }
    if let Some(hash) = Hash::from_base64(text) {
        assert_eq!(hash.to_base64(), text);
    }
});
