use std::fmt;

use andon_attestation::Signer;
use thiserror::Error;

use crate::Hash;
use crate::note::{self, NoteError, NoteKey};
use crate::proof::{self, ProofError};

/// What a log says of itself at one moment (C2SP tlog-checkpoint).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Checkpoint {
    /// Which log.
    pub origin: String,
    /// Entries.
    pub size: u64,
    /// The root of the tree over them.
    pub root: Hash,
    /// Further lines, whose meaning is the log's own. Ours writes none.
    pub extensions: Vec<String>,
}

/// Why a checkpoint is not believed.
#[derive(Debug, Error)]
pub enum CheckpointError {
    /// The note around it is not to be believed.
    #[error(transparent)]
    Note(#[from] NoteError),
    /// It is not a checkpoint.
    #[error("this is not a checkpoint: {0}")]
    Malformed(&'static str),
    /// It is of another log.
    #[error("this is a checkpoint of the log {found:?}, not of {wanted:?}")]
    Origin {
        /// The origin in the checkpoint.
        found: String,
        /// The origin that was asked for.
        wanted: String,
    },
    /// The later log does not begin with the earlier one.
    #[error(
        "the checkpoint of {size} entries does not go on from the earlier one of {earlier} entries: {problem}"
    )]
    Inconsistent {
        /// Entries of the earlier checkpoint.
        earlier: u64,
        /// Entries of the later one.
        size: u64,
        /// What does not fit.
        #[source]
        problem: ProofError,
    },
}

/// The log that is asked for and the keys it may be signed with. Each key must have the log's origin as its name; see
/// [`NoteKey::new`].
#[derive(Clone, Debug)]
pub struct Trust {
    /// The origin of the log.
    pub origin: String,
    /// Keys that may sign its checkpoints.
    pub keys: Vec<NoteKey>,
}

impl Trust {
    /// Trust in a log whose checkpoints are signed with one of these keys.
    ///
    /// # Errors
    /// When the origin cannot be the name of a key.
    pub fn new(origin: &str, keys: &[andon_attestation::PublicKey]) -> Result<Self, NoteError> {
        let keys = keys.iter().map(|key| NoteKey::new(origin, key)).collect::<Result<_, _>>()?;
        Ok(Self { origin: origin.to_owned(), keys })
    }
}

impl Checkpoint {
    /// Reads the text of a checkpoint, without signatures.
    ///
    /// # Errors
    /// When it is written in any other way than the specification's.
    pub fn parse(text: &str) -> Result<Self, CheckpointError> {
        let malformed = |why| Err(CheckpointError::Malformed(why));
        let Some(body) = text.strip_suffix('\n') else { return malformed("it does not end in a newline") };
        let mut lines = body.split('\n');
        let (Some(origin), Some(size), Some(root)) = (lines.next(), lines.next(), lines.next()) else {
            return malformed("it has fewer than three lines");
        };
        let extensions: Vec<String> = lines.map(str::to_owned).collect();
        if origin.is_empty() || extensions.iter().any(String::is_empty) {
            return malformed("it has an empty line");
        }
        let Some(size) = decimal(size) else { return malformed("its second line is no size") };
        let Some(root) = Hash::from_base64(root) else {
            return malformed("its third line is no SHA-256 hash");
        };
        if size == 0 && root != Hash::empty() {
            return malformed("an empty log has another root");
        }
        Ok(Self { origin: origin.to_owned(), size, root, extensions })
    }

    /// Signs it with the log's key.
    ///
    /// # Errors
    /// When the origin cannot be the name of a key.
    pub fn sign(&self, signer: &dyn Signer) -> Result<String, NoteError> {
        note::sign(&self.to_string(), &self.origin, signer)
    }
}

impl fmt::Display for Checkpoint {
    /// The text of the note, without signatures.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{}\n{}\n{}", self.origin, self.size, self.root.to_base64())?;
        self.extensions.iter().try_for_each(|line| writeln!(f, "{line}"))
    }
}

/// Reads a signed checkpoint of the log that is asked for.
///
/// # Errors
/// When no accepted key signed it, when it is of another log, when it is malformed.
pub fn verify_checkpoint(note: &[u8], trust: &Trust) -> Result<Checkpoint, CheckpointError> {
    let checkpoint = Checkpoint::parse(note::open(note, &trust.keys)?)?;
    if checkpoint.origin != trust.origin {
        return Err(CheckpointError::Origin { found: checkpoint.origin, wanted: trust.origin.clone() });
    }
    Ok(checkpoint)
}

/// Whether a log of `later` begins with that of `earlier`.
///
/// # Errors
/// When the proof does not prove it: the log was truncated, forked or rewritten, or the proof is of something else.
pub fn verify_growth(
    earlier: &Checkpoint,
    later: &Checkpoint,
    proof: &[Hash],
) -> Result<(), CheckpointError> {
    if earlier.origin != later.origin {
        let (found, wanted) = (later.origin.clone(), earlier.origin.clone());
        return Err(CheckpointError::Origin { found, wanted });
    }
    proof::verify_consistency(earlier.size, earlier.root, later.size, later.root, proof)
        .map_err(|problem| CheckpointError::Inconsistent { earlier: earlier.size, size: later.size, problem })
}

/// A number without zeros in front or a sign.
pub(crate) fn decimal(text: &str) -> Option<u64> {
    text.parse::<u64>().ok().filter(|number| number.to_string() == text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_checkpoint_reads_what_it_writes() {
        let text = "example.com/behind-the-sofa\n20852163\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=\n";
        let checkpoint = Checkpoint::parse(text).unwrap();
        assert_eq!((checkpoint.size, checkpoint.to_string().as_str()), (20_852_163, text));
        let extended = format!("{text}more\n");
        assert_eq!(Checkpoint::parse(&extended).unwrap().to_string(), extended);
    }

    #[test]
    fn anything_else_is_no_checkpoint() {
        let root = "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=";
        for wrong in [
            String::new(),
            format!("origin\n1\n{root}"),
            format!("\n1\n{root}\n"),
            format!("origin\n01\n{root}\n"),
            format!("origin\n+1\n{root}\n"),
            format!("origin\n-1\n{root}\n"),
            format!("origin\n18446744073709551616\n{root}\n"),
            format!("origin\n0\n{root}\n"),
            format!("origin\n1\n{}\n", root.trim_end_matches('=')),
            "origin\n1\nAAAA\n".to_owned(),
            format!("origin\n1\n{root}\n\n"),
            format!("origin\n1\n{root}\n\nmore\n"),
        ] {
            assert!(Checkpoint::parse(&wrong).is_err(), "{wrong:?}");
        }
    }
}
