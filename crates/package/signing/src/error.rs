use andon_attestation::bundle::BundleError;
use andon_attestation::{EnvelopeError, KeyError, StatementError};
use andon_system::ReadError;
use andon_system::private::PrivateError;

use crate::encrypted::EncryptedError;
use crate::passphrase::PassphraseError;

/// Why something was not signed or not verified.
#[derive(Debug, thiserror::Error)]
pub enum SigningError {
    /// A file or stream cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// A private key's file cannot be read, or others may read it.
    #[error(transparent)]
    Private(#[from] PrivateError),
    /// An environment variable does not hold a key.
    #[error("the environment variable {0} is not set, is empty, or is no text")]
    Environment(String),
    /// A key's name has a form that is not known.
    #[error("cannot read keys from `{0}`\nhint: name a file, or an environment variable as env://NAME")]
    Source(String),
    /// The key was refused.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The encrypted key was refused.
    #[error(transparent)]
    Encrypted(#[from] EncryptedError),
    /// There is no passphrase.
    #[error(transparent)]
    Passphrase(#[from] PassphraseError),
    /// The content stopped being readable.
    #[error("cannot read the file to its end: {0}")]
    Content(#[from] std::io::Error),
    /// Ed25519 needs the whole file at once.
    #[error(
        "the file has more than {} bytes, too many for an Ed25519 key, which needs them all in memory\n\
         hint: sign it with a P-256 key: andon key generate --kind ecdsa-p256",
        crate::LARGEST_ED25519
    )]
    TooLarge,
    /// The bundle was refused.
    #[error(transparent)]
    Bundle(#[from] BundleError),
    /// The envelope was refused.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// The statement was refused.
    #[error(transparent)]
    Statement(#[from] StatementError),
    /// No signature is there.
    #[error("the signature is empty, or larger than any signature")]
    NoSignature,
    /// None of the keys made the signature over this file.
    #[error(
        "the signature over the file does not verify with the accepted key\n\
         hint: the file was altered, or signed with another key"
    )]
    NotVerified,
    /// The bundle names another file.
    #[error(
        "the bundle is for another file: it names the digest sha256:{named}, the file has sha256:{found}"
    )]
    OtherFile {
        /// The digest in the bundle.
        named: String,
        /// The file's.
        found: String,
    },
    /// The statement is about other things.
    #[error("the statement verifies, but is not about this file (sha256:{0})")]
    OtherSubject(String),
}
