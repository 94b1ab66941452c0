//! Keys in memory: Ed25519 and ECDSA on P-256.

mod der;
mod error;
pub mod pem;
mod public;
mod secret;

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

pub use error::{KeyError, VerifyError};
pub use public::{MessageVerifier, PublicKey};
pub use secret::SecretKey;

/// What signs. A key in memory does, and so may something that keeps its key to itself.
pub trait Signer: Send + Sync {
    /// The key that verifies the signatures.
    fn public(&self) -> &PublicKey;

    /// The signature over a message: 64 bytes for Ed25519 (RFC 8032, pure), ASN.1 DER for ECDSA over the message's
    /// SHA-256. The same message gives the same signature (RFC 8032, RFC 6979).
    fn sign(&self, message: &[u8]) -> Vec<u8>;

    /// The signature over a message of which only the SHA-256 is known; `None` for keys that need the message itself,
    /// as Ed25519's do.
    fn sign_sha256(&self, _digest: &[u8; 32]) -> Option<Vec<u8>> {
        None
    }
}

/// Kinds of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum KeyKind {
    /// EdDSA on edwards25519 (RFC 8032).
    Ed25519,
    /// ECDSA on NIST P-256 with SHA-256 (FIPS 186-5).
    EcdsaP256,
}

impl KeyKind {
    /// The word used in files and output.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Ed25519 => "ed25519",
            Self::EcdsaP256 => "ecdsa-p256",
        }
    }
}

impl fmt::Display for KeyKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A public key's name: the SHA-256 of its DER form (SubjectPublicKeyInfo), 64 digits of lower-case hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct KeyId(String);

impl KeyId {
    pub(crate) fn of_der(der: &[u8]) -> Self {
        use sha2::Digest;
        Self(crate::hex(&sha2::Sha256::digest(der)))
    }

    /// The same digest as Sigstore's bundles write it: in base64.
    pub fn hint(&self) -> String {
        let half = |digit: u8| if digit.is_ascii_digit() { digit - b'0' } else { digit - b'a' + 10 };
        let (pairs, _) = self.0.as_bytes().as_chunks::<2>();
        let bytes: Vec<u8> = pairs.iter().map(|[high, low]| half(*high) << 4 | half(*low)).collect();
        crate::base64_encode(&bytes)
    }

    /// The digits.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for KeyId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

impl FromStr for KeyId {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Self::try_from(text.to_owned())
    }
}

impl TryFrom<String> for KeyId {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        if text.len() == 64 && crate::encoding::is_hex(&text) {
            return Ok(Self(text));
        }
        Err("a key's id is the 64 digits of lower-case hexadecimal that `andon key show` prints".to_owned())
    }
}

impl From<KeyId> for String {
    fn from(id: KeyId) -> Self {
        id.0
    }
}

#[cfg(test)]
mod tests;
