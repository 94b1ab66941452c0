//! What the log promises, seen from outside: the vectors of others, a naive tree, processes that are killed, and those
//! who would have us believe something else.
#![cfg(test)]
#![expect(clippy::disallowed_methods, reason = "the tests look past the door, and start processes")]

mod attacks;
mod kill;
mod log;
mod naive;
mod proofs;
mod vectors;

use std::path::Path;
use std::sync::Arc;

use andon_attestation::{KeyKind, SecretKey, Signer as _};
use andon_ledger::{Ledger, Trust, Writer};

const ORIGIN: &str = "log.example/one";

fn key(seed: u8) -> SecretKey {
    SecretKey::generate(KeyKind::Ed25519, &[seed; 32])
}

fn trust() -> Trust {
    Trust::new(ORIGIN, &[key(1).public().clone()]).unwrap()
}

fn writer(folder: &Path) -> Writer {
    Writer::open(folder, ORIGIN, Arc::new(key(1)), &[]).unwrap_or_else(|error| panic!("{error}"))
}

fn ledger(folder: &Path) -> Ledger {
    Ledger::open(folder, trust())
}

fn content(number: u64) -> Vec<u8> {
    format!("entry {number}").into_bytes()
}

/// Appends entries `from` to `to` at once.
fn fill(writer: &Writer, from: u64, to: u64) {
    let contents: Vec<_> = (from..to).map(content).collect();
    let borrowed: Vec<&[u8]> = contents.iter().map(Vec::as_slice).collect();
    assert_eq!(writer.append(&borrowed).unwrap(), (from..to).collect::<Vec<_>>());
}
