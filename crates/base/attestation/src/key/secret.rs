use std::fmt;

use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::signature::hazmat::PrehashSigner;
use pkcs8::PrivateKeyInfoRef;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::der::{self, algorithm_name, is_ed25519, is_p256};
use super::{KeyError, KeyKind, PublicKey, Signer, pem};

/// A key that signs. It is wiped from memory when it is dropped, and never shown.
pub struct SecretKey {
    key: Key,
    public: PublicKey,
}

enum Key {
    Ed25519(ed25519_dalek::SigningKey),
    EcdsaP256(p256::ecdsa::SigningKey),
}

impl SecretKey {
    /// A new key from 32 bytes of randomness that nobody else knows. The same bytes give the same key.
    pub fn generate(kind: KeyKind, seed: &[u8; 32]) -> Self {
        match kind {
            KeyKind::Ed25519 => Self::of(Key::Ed25519(ed25519_dalek::SigningKey::from_bytes(seed))),
            KeyKind::EcdsaP256 => {
                let mut scalar = Zeroizing::new(*seed);
                loop {
                    // One in 2^32 numbers is larger than the order of the curve.
                    if let Ok(key) = p256::ecdsa::SigningKey::from_slice(scalar.as_slice()) {
                        return Self::of(Key::EcdsaP256(key));
                    }
                    *scalar = Sha256::digest(scalar.as_slice()).into();
                }
            }
        }
    }

    /// Reads an unencrypted `PRIVATE KEY` in PEM (PKCS#8, RFC 5958), the only block of its text.
    ///
    /// # Errors
    /// When it is something else, of a kind that is not supported, or damaged.
    pub fn from_pkcs8_pem(text: &[u8]) -> Result<Self, KeyError> {
        let pem = pem::read(text)?;
        if pem.label != "PRIVATE KEY" {
            return Err(not_private(&pem.label));
        }
        Self::from_pkcs8_der(&pem.content)
    }

    /// Reads PKCS#8 in DER.
    ///
    /// # Errors
    /// When it is of a kind that is not supported, or damaged.
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, KeyError> {
        // What the library says of a damaged key could quote it.
        let damaged = || KeyError::Damaged("it is no PKCS#8".to_owned());
        let info = PrivateKeyInfoRef::try_from(der).map_err(|_| damaged())?;
        let key = if is_ed25519(&info.algorithm) {
            Key::Ed25519(ed25519_dalek::SigningKey::try_from(info).map_err(|_| damaged())?)
        } else if is_p256(&info.algorithm) {
            Key::EcdsaP256(p256::ecdsa::SigningKey::try_from(info).map_err(|_| damaged())?)
        } else {
            return Err(KeyError::Kind(algorithm_name(&info.algorithm)));
        };
        Ok(Self::of(key))
    }

    /// PKCS#8 in DER, unencrypted, in the form that OpenSSL and Go write.
    pub fn to_pkcs8_der(&self) -> Zeroizing<Vec<u8>> {
        let mut out = Zeroizing::new(Vec::with_capacity(der::LONGEST_PRIVATE));
        match &self.key {
            Key::Ed25519(key) => {
                out.extend_from_slice(der::ED25519_PRIVATE);
                out.extend_from_slice(key.as_bytes());
            }
            Key::EcdsaP256(key) => {
                let scalar = Zeroizing::new(<[u8; 32]>::from(key.to_bytes()));
                out.extend_from_slice(der::P256_PRIVATE);
                out.extend_from_slice(scalar.as_slice());
                out.extend_from_slice(der::P256_PRIVATE_POINT);
                out.extend_from_slice(&der::point(key.verifying_key()));
            }
        }
        out
    }

    fn of(key: Key) -> Self {
        let public = match &key {
            Key::Ed25519(key) => PublicKey::of_ed25519(key.verifying_key()),
            Key::EcdsaP256(key) => PublicKey::of_p256(*key.verifying_key()),
        };
        Self { key, public }
    }
}

impl Signer for SecretKey {
    fn public(&self) -> &PublicKey {
        &self.public
    }

    fn sign(&self, message: &[u8]) -> Vec<u8> {
        match &self.key {
            Key::Ed25519(key) => key.sign(message).to_bytes().to_vec(),
            Key::EcdsaP256(key) => {
                let signature: p256::ecdsa::DerSignature = key.sign(message);
                signature.as_bytes().to_vec()
            }
        }
    }

    fn sign_sha256(&self, digest: &[u8; 32]) -> Option<Vec<u8>> {
        let Key::EcdsaP256(key) = &self.key else { return None };
        let signature: p256::ecdsa::Signature = key.sign_prehash(digest).ok()?;
        Some(signature.to_der().as_bytes().to_vec())
    }
}

impl fmt::Debug for SecretKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SecretKey({} {})", self.public.kind(), self.public.id())
    }
}

fn not_private(label: &str) -> KeyError {
    const CONVERT: &str = "convert it: openssl pkcs8 -topk8 -nocrypt -in FILE";
    const MAKE: &str = "make a key with `andon key generate`";
    let (found, remedy) = match label {
        "PUBLIC KEY" => ("a public key", "name the private key, which only its owner has"),
        "CERTIFICATE" => ("a certificate", "name the private key, which only its owner has"),
        "EC PRIVATE KEY" => ("a key in SEC1", CONVERT),
        "RSA PRIVATE KEY" => ("an RSA key", MAKE),
        "OPENSSH PRIVATE KEY" => ("a private key of SSH", MAKE),
        "ENCRYPTED PRIVATE KEY" => {
            ("a private key that OpenSSL encrypted", "decrypt it: openssl pkcs8 -in FILE")
        }
        _ => ("", MAKE),
    };
    let found = match found {
        "" => format!("`{}`", label.chars().take(60).collect::<String>()),
        found => found.to_owned(),
    };
    KeyError::NotPrivate { found, remedy }
}
