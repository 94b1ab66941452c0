/// Why a key was refused.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeyError {
    /// There is no PEM block.
    #[error(
        "there is no PEM block; a key starts with a line `{begin}PUBLIC KEY-----` or its like",
        begin = "-----BEGIN "
    )]
    NoPem,
    /// There is more than one PEM block.
    #[error("there is more than one PEM block\nhint: keep one key per file")]
    SeveralPem,
    /// It is larger than any key.
    #[error("it is larger than {} bytes, which no key is", crate::pem::MAX_BYTES)]
    TooLarge,
    /// The PEM block has no end, or is not base64.
    #[error("the PEM block `{0}` is damaged")]
    DamagedPem(String),
    /// A public key was wanted and this is something else.
    #[error("this is {found}, not a public key\nhint: {remedy}")]
    NotPublic {
        /// What it is.
        found: String,
        /// How to get a public key.
        remedy: &'static str,
    },
    /// A public key was wanted and this is a private one.
    #[error(
        "this is a private key, not a public key\n\
         hint: keep it to yourself and give its public half: andon key public --key FILE"
    )]
    Private,
    /// A private key was wanted and this is something else.
    #[error("this is {found}, not a private key in PKCS#8\nhint: {remedy}")]
    NotPrivate {
        /// What it is.
        found: String,
        /// How to get a private key.
        remedy: &'static str,
    },
    /// The bytes are no key.
    #[error("the key is damaged: {0}")]
    Damaged(String),
    /// A key of a kind that is not supported.
    #[error(
        "this is a key for {0}; Andon knows Ed25519 and ECDSA on P-256\nhint: make one with `andon key generate`"
    )]
    Kind(String),
    /// A key with which some signatures verify that nobody made.
    #[error("this is a weak Ed25519 key (a point of small order), which anybody can sign for")]
    Weak,
}

/// Why a signature was refused. There is nothing more to say without helping a forger.
#[derive(Clone, Copy, Debug, thiserror::Error, PartialEq, Eq)]
#[error("the signature does not verify")]
pub struct VerifyError;
