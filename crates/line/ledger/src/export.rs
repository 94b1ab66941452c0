//! Proofs as files: of one entry (C2SP tlog-proof), and that a log goes on from an earlier checkpoint (the body of an
//! `add-checkpoint` request, C2SP tlog-witness).

use thiserror::Error;

use crate::Hash;
use crate::checkpoint::{Checkpoint, CheckpointError, Trust, decimal, verify_checkpoint, verify_growth};
use crate::note::LARGEST_NOTE;
use crate::proof::{ProofError, verify_inclusion};
use crate::record::Record;

/// The first line of a proof of an entry.
const FIRST_LINE: &str = "c2sp.org/tlog-proof@v1";
/// A proof in a tree of at most 2^64 entries has no more hashes.
const MOST_HASHES: usize = 64;
/// Bytes of a proof that are read at most; more than half of them may be data that we do not look at.
const LARGEST_PROOF: usize = 2 * LARGEST_NOTE;

/// That an entry is in a log, to be verified with nothing but the entry and the log's key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryProof {
    /// Which entry, from 0.
    pub index: u64,
    /// The hashes from the leaf's sibling up to the root's child.
    pub hashes: Vec<Hash>,
    /// The signed checkpoint that they lead to.
    pub checkpoint: String,
}

/// That a log goes on from an earlier size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GrowthProof {
    /// The earlier size, in entries.
    pub earlier: u64,
    /// The proof of consistency (RFC 6962, section 2.1.2).
    pub hashes: Vec<Hash>,
    /// The signed later checkpoint.
    pub checkpoint: String,
}

/// Why a file does not prove what it should.
#[derive(Debug, Error)]
pub enum VerifyError {
    /// It is not a proof.
    #[error("this is not a proof: {0}")]
    Malformed(&'static str),
    /// Its checkpoint, or the earlier one, is not to be believed.
    #[error(transparent)]
    Checkpoint(#[from] CheckpointError),
    /// The entry is not in the log of that checkpoint.
    #[error("entry {index} of the log is not this content: {problem}")]
    NotIncluded {
        /// Which entry the proof is about.
        index: u64,
        /// What does not fit.
        #[source]
        problem: ProofError,
    },
}

/// What a proof of an entry proved.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedEntry {
    /// Which entry, from 0.
    pub index: u64,
    /// The checkpoint of the log that it is in.
    pub checkpoint: Checkpoint,
}

/// Verifies, offline, that `content` (an envelope, byte for byte) is in the log.
///
/// # Errors
/// When the file is no proof, its checkpoint is not signed by an accepted key or is of another log, or the content is
/// not that entry of that log.
pub fn verify_entry(content: &[u8], proof: &[u8], trust: &Trust) -> Result<VerifiedEntry, VerifyError> {
    let proof = EntryProof::parse(proof)?;
    let checkpoint = verify_checkpoint(proof.checkpoint.as_bytes(), trust)?;
    verify_inclusion(
        Record::of(content).leaf(),
        proof.index,
        checkpoint.size,
        checkpoint.root,
        &proof.hashes,
    )
    .map_err(|problem| VerifyError::NotIncluded { index: proof.index, problem })?;
    Ok(VerifiedEntry { index: proof.index, checkpoint })
}

/// Verifies, offline, that the log goes on from an earlier signed checkpoint; returns the later one.
///
/// # Errors
/// When the file is no proof, either checkpoint is not signed by an accepted key or is of another log, or the later
/// log does not begin with the earlier one.
pub fn verify_growth_file(earlier: &[u8], proof: &[u8], trust: &Trust) -> Result<Checkpoint, VerifyError> {
    let earlier = verify_checkpoint(earlier, trust)?;
    let proof = GrowthProof::parse(proof)?;
    let later = verify_checkpoint(proof.checkpoint.as_bytes(), trust)?;
    if proof.earlier != earlier.size {
        let problem = ProofError::Beyond { asked: proof.earlier, size: earlier.size };
        return Err(CheckpointError::Inconsistent { earlier: earlier.size, size: later.size, problem }.into());
    }
    verify_growth(&earlier, &later, &proof.hashes)?;
    Ok(later)
}

impl EntryProof {
    /// Reads a proof. Data in an `extra` line are left out of account.
    ///
    /// # Errors
    /// When it is written in any other way than the specification's.
    pub fn parse(bytes: &[u8]) -> Result<Self, VerifyError> {
        let (mut lines, checkpoint) = split(bytes)?;
        if lines.next() != Some(FIRST_LINE) {
            return Err(VerifyError::Malformed("its first line is not c2sp.org/tlog-proof@v1"));
        }
        let mut line = lines.next();
        if line.is_some_and(|line| line.starts_with("extra ")) {
            line = lines.next();
        }
        let index = line.and_then(|line| line.strip_prefix("index ")).and_then(decimal);
        let index = index.ok_or(VerifyError::Malformed("no line `index` with a number"))?;
        Ok(Self { index, hashes: read_hashes(lines)?, checkpoint })
    }

    /// As [`EntryProof::parse`] reads it.
    pub fn to_text(&self) -> String {
        let hashes = write_hashes(&self.hashes);
        format!("{FIRST_LINE}\nindex {}\n{hashes}\n{}", self.index, self.checkpoint)
    }
}

impl GrowthProof {
    /// Reads a proof.
    ///
    /// # Errors
    /// When it is written in any other way than the specification's.
    pub fn parse(bytes: &[u8]) -> Result<Self, VerifyError> {
        let (mut lines, checkpoint) = split(bytes)?;
        let earlier = lines.next().and_then(|line| line.strip_prefix("old ")).and_then(decimal);
        let earlier = earlier.ok_or(VerifyError::Malformed("its first line is not `old` with a size"))?;
        Ok(Self { earlier, hashes: read_hashes(lines)?, checkpoint })
    }

    /// As [`GrowthProof::parse`] reads it.
    pub fn to_text(&self) -> String {
        format!("old {}\n{}\n{}", self.earlier, write_hashes(&self.hashes), self.checkpoint)
    }
}

/// The lines before the first empty line, and what follows it.
fn split(bytes: &[u8]) -> Result<(std::str::Split<'_, char>, String), VerifyError> {
    if bytes.len() > LARGEST_PROOF {
        return Err(VerifyError::Malformed("it is too large"));
    }
    let text = std::str::from_utf8(bytes).map_err(|_| VerifyError::Malformed("it is not UTF-8"))?;
    let (head, checkpoint) =
        text.split_once("\n\n").ok_or(VerifyError::Malformed("no empty line before its checkpoint"))?;
    Ok((head.split('\n'), checkpoint.to_owned()))
}

fn read_hashes<'a>(lines: impl Iterator<Item = &'a str>) -> Result<Vec<Hash>, VerifyError> {
    let hashes = lines.take(MOST_HASHES + 1).map(Hash::from_base64).collect::<Option<Vec<_>>>();
    match hashes {
        None => Err(VerifyError::Malformed("a line is no SHA-256 hash")),
        Some(hashes) if hashes.len() > MOST_HASHES => Err(VerifyError::Malformed("it has too many hashes")),
        Some(hashes) => Ok(hashes),
    }
}

fn write_hashes(hashes: &[Hash]) -> String {
    hashes.iter().map(|hash| format!("{}\n", hash.to_base64())).collect()
}
