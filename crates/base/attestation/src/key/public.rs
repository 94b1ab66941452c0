use std::fmt;

use p256::ecdsa::signature::hazmat::PrehashVerifier;
use pkcs8::SubjectPublicKeyInfoRef;
use sha2::{Digest, Sha256};

use super::der::{self, algorithm_name, is_ed25519, is_p256};
use super::{KeyError, KeyId, KeyKind, VerifyError, pem};

/// A key that verifies signatures. Equal keys are equal however they were written.
#[derive(Clone)]
pub struct PublicKey {
    key: Key,
    der: Vec<u8>,
    id: KeyId,
}

#[derive(Clone)]
enum Key {
    Ed25519(ed25519_dalek::VerifyingKey),
    EcdsaP256(p256::ecdsa::VerifyingKey),
}

impl PublicKey {
    /// Reads a `PUBLIC KEY` in PEM (SubjectPublicKeyInfo, RFC 5280), the only block of its text.
    ///
    /// # Errors
    /// When it is something else (a private key, a certificate, an SSH key: the error says which and what to do), of a
    /// kind that is not supported, weak, or damaged.
    pub fn from_pem(text: &[u8]) -> Result<Self, KeyError> {
        let pem = pem::read(text).map_err(|error| ssh(text).unwrap_or(error))?;
        if pem.label != "PUBLIC KEY" {
            return Err(not_public(&pem.label));
        }
        Self::from_der(&pem.content)
    }

    /// Reads a SubjectPublicKeyInfo in DER.
    ///
    /// # Errors
    /// When it is of a kind that is not supported, weak, or damaged.
    pub fn from_der(der: &[u8]) -> Result<Self, KeyError> {
        let info = SubjectPublicKeyInfoRef::try_from(der).map_err(damaged)?;
        let key = if is_ed25519(&info.algorithm) {
            let key = ed25519_dalek::VerifyingKey::try_from(info).map_err(damaged)?;
            if key.is_weak() {
                return Err(KeyError::Weak);
            }
            if key.to_edwards().compress().as_bytes() != key.as_bytes() {
                return Err(KeyError::Damaged("the point is not in its canonical form".to_owned()));
            }
            Key::Ed25519(key)
        } else if is_p256(&info.algorithm) {
            Key::EcdsaP256(p256::ecdsa::VerifyingKey::try_from(info).map_err(damaged)?)
        } else {
            return Err(KeyError::Kind(algorithm_name(&info.algorithm)));
        };
        Ok(Self::of(key))
    }

    pub(super) fn of_ed25519(key: ed25519_dalek::VerifyingKey) -> Self {
        Self::of(Key::Ed25519(key))
    }

    pub(super) fn of_p256(key: p256::ecdsa::VerifyingKey) -> Self {
        Self::of(Key::EcdsaP256(key))
    }

    /// The DER form is written anew, so that a key has one id however it came.
    fn of(key: Key) -> Self {
        let der = match &key {
            Key::Ed25519(key) => [der::ED25519_PUBLIC, key.as_bytes().as_slice()].concat(),
            Key::EcdsaP256(key) => [der::P256_PUBLIC, &der::point(key)].concat(),
        };
        let id = KeyId::of_der(&der);
        Self { key, der, id }
    }

    /// Which kind.
    pub fn kind(&self) -> KeyKind {
        match self.key {
            Key::Ed25519(_) => KeyKind::Ed25519,
            Key::EcdsaP256(_) => KeyKind::EcdsaP256,
        }
    }

    /// SubjectPublicKeyInfo in DER.
    pub fn to_der(&self) -> &[u8] {
        &self.der
    }

    /// SubjectPublicKeyInfo in PEM, with a newline at its end.
    pub fn to_pem(&self) -> String {
        pem::write("PUBLIC KEY", &self.der).as_str().to_owned()
    }

    /// Its name.
    pub fn id(&self) -> &KeyId {
        &self.id
    }

    /// Its name as Sigstore bundles write it: the SHA-256 of its DER form in base64.
    pub fn hint(&self) -> String {
        self.id.hint()
    }

    /// Whether a hint names it, in our form or in Sigstore's.
    pub fn is_hinted(&self, hint: &str) -> bool {
        hint == self.id.as_str() || (hint.len() == 44 && hint == self.hint())
    }

    /// Verifies a signature: Ed25519 strictly (no signature by or at a point of small order, no non-canonical
    /// encoding), ECDSA in ASN.1 DER over the message's SHA-256 with `s` of either half, as Go and cosign do.
    ///
    /// # Errors
    /// When this key did not sign this message so.
    pub fn verify(&self, message: &[u8], signature: &[u8]) -> Result<(), VerifyError> {
        let mut verifier = self.verifier(signature)?;
        verifier.update(message);
        verifier.finish()
    }

    /// Verifies a signature over a message that comes in pieces, such as a large file. Otherwise as
    /// [`PublicKey::verify`].
    ///
    /// # Errors
    /// When the signature cannot be one of this kind of key.
    pub fn verifier(&self, signature: &[u8]) -> Result<MessageVerifier, VerifyError> {
        let state = match &self.key {
            Key::Ed25519(key) => {
                let signature = ed25519_dalek::Signature::from_slice(signature).map_err(|_| VerifyError)?;
                // R must be a point, and not one of small order.
                let point = ed25519_dalek::VerifyingKey::from_bytes(signature.r_bytes());
                if point.map_err(|_| VerifyError)?.is_weak() || key.is_weak() {
                    return Err(VerifyError);
                }
                State::Ed25519(Box::new(key.verify_stream(&signature).map_err(|_| VerifyError)?))
            }
            Key::EcdsaP256(key) => {
                let signature = p256::ecdsa::Signature::from_der(signature).map_err(|_| VerifyError)?;
                State::EcdsaP256(Box::new((*key, signature, Sha256::new())))
            }
        };
        Ok(MessageVerifier { state })
    }
}

/// Verifies a signature over a message that comes in pieces.
pub struct MessageVerifier {
    state: State,
}

enum State {
    Ed25519(Box<ed25519_dalek::StreamVerifier>),
    EcdsaP256(Box<(p256::ecdsa::VerifyingKey, p256::ecdsa::Signature, Sha256)>),
}

impl MessageVerifier {
    /// Takes the next piece.
    pub fn update(&mut self, piece: &[u8]) {
        match &mut self.state {
            State::Ed25519(verifier) => verifier.update(piece),
            State::EcdsaP256(state) => state.2.update(piece),
        }
    }

    /// Answers, after the last piece.
    ///
    /// # Errors
    /// When the key did not sign this message.
    pub fn finish(self) -> Result<(), VerifyError> {
        match self.state {
            State::Ed25519(verifier) => verifier.finalize_and_verify().map_err(|_| VerifyError),
            State::EcdsaP256(state) => {
                let (key, signature, digest) = *state;
                key.verify_prehash(&digest.finalize(), &signature).map_err(|_| VerifyError)
            }
        }
    }
}

impl PartialEq for PublicKey {
    fn eq(&self, other: &Self) -> bool {
        self.der == other.der
    }
}

impl Eq for PublicKey {}

impl fmt::Debug for PublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PublicKey({} {})", self.kind(), self.id)
    }
}

fn damaged(error: impl fmt::Display) -> KeyError {
    KeyError::Damaged(error.to_string())
}

fn not_public(label: &str) -> KeyError {
    let (found, remedy) = match label {
        label if label.ends_with("PRIVATE KEY") => return KeyError::Private,
        "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => {
            ("a certificate".to_owned(), "take the key out of it: openssl x509 -in FILE -pubkey -noout")
        }
        "RSA PUBLIC KEY" => ("an RSA key".to_owned(), "make an Ed25519 or P-256 key: andon key generate"),
        other => {
            let found = format!("`{}`", other.chars().take(60).collect::<String>());
            (found, "give a file with a `PUBLIC KEY` block, as `andon key public` writes it")
        }
    };
    KeyError::NotPublic { found, remedy }
}

fn ssh(text: &[u8]) -> Option<KeyError> {
    let is_ssh = text.starts_with(b"ssh-") || text.starts_with(b"ecdsa-sha2-");
    is_ssh.then(|| KeyError::NotPublic {
        found: "a public key of SSH".to_owned(),
        remedy: "SSH keys verify commits, not evidence; make a key with `andon key generate`",
    })
}
