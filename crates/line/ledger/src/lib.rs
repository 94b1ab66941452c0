//! The append-only log of evidence: a Merkle tree (RFC 6962) over envelopes, on disk in the layout that C2SP tlog-tiles
//! describes, under checkpoints that the log's key signs. Whoever keeps a checkpoint can tell later whether anything
//! before it was altered, removed or put in between; a proof of an entry is verified offline with the entry, the proof
//! and the log's key.
//!
//! It knows nothing of what the envelopes say, but for the digests of their subjects, by which they are found. What
//! they are worth is for the gates, which know whose keys to believe. How the files lie in the folder, and in which
//! order they are written, is described in `docs/book/ledger.md`.
//!
//! ```
//! use std::sync::Arc;
//! use andon_attestation::{KeyKind, SecretKey, Signer};
//! use andon_ledger::{Trust, Writer, verify_entry};
//! # let folder = tempfile::tempdir()?;
//! let key = SecretKey::generate(KeyKind::Ed25519, &[7; 32]);
//! let trust = Trust::new("example.com/log", &[key.public().clone()])?;
//! let log = Writer::open(folder.path(), "example.com/log", Arc::new(key), &[])?;
//! assert_eq!(log.append(&[b"one", b"two"])?, [0, 1]);
//! let proof = log.view()?.prove_entry(1)?.to_text();
//! assert_eq!(verify_entry(b"two", proof.as_bytes(), &trust)?.index, 1);
//! assert!(verify_entry(b"three", proof.as_bytes(), &trust).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod audit;
mod block;
mod checkpoint;
mod disk;
mod edge;
mod error;
mod export;
mod hash;
mod label;
mod nodes;
pub mod note;
pub mod proof;
mod record;
mod recover;
mod segment;
mod tail;
#[cfg(test)]
mod tests;
pub mod tile;
mod tree;
mod view;
mod writer;

pub use audit::{Audit, Fault};
pub use checkpoint::{Checkpoint, CheckpointError, Trust, verify_checkpoint, verify_growth};
pub use error::LedgerError;
pub use export::{EntryProof, GrowthProof, VerifiedEntry, VerifyError, verify_entry, verify_growth_file};
pub use hash::Hash;
pub use note::{NoteError, NoteKey};
pub use proof::{ProofError, verify_consistency, verify_inclusion};
pub use record::{Record, unbundle};
pub use view::{Entry, Ledger, View};
pub use writer::Writer;
