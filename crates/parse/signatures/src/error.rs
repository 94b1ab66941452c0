/// Why a file of trusted or revoked keys cannot be used. Every message says what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum TrustError {
    /// More bytes than are taken.
    #[error("the {what} holds more than {limit} bytes; keep only the keys that are needed")]
    TooLarge {
        /// Which file.
        what: &'static str,
        /// The limit in bytes.
        limit: usize,
    },
    /// A revocation list in OpenSSH's binary format.
    #[error(
        "the SSH revocation file is a binary revocation list (KRL), which is not read; list the revoked public keys in \
         a text file, one a line"
    )]
    BinaryRevocations,
    /// A line of a revocation file that cannot be read. What it revokes would stay trusted, so this is an error.
    #[error("line {line} of the SSH revocation file: {reason}; repair or remove the line")]
    Revocation {
        /// 1-based.
        line: usize,
        /// What is wrong.
        reason: String,
    },
    /// A keyring that is no series of OpenPGP keys.
    #[error("reading the OpenPGP keyring: {reason}; write it with `gpg --export --armor KEY…`")]
    Keyring {
        /// What is wrong.
        reason: String,
    },
}

/// Something in a file of trusted keys that is passed over: it trusts nobody.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrustProblem {
    /// 1-based line (allowed signers) or ordinal of the key (keyring).
    pub at: usize,
    /// What is wrong and what to do.
    pub reason: String,
}
