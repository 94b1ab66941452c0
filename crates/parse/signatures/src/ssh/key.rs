//! Public keys and certificates as OpenSSH writes them (RFC 4253, RFC 5656, RFC 8709, PROTOCOL.u2f,
//! PROTOCOL.certkeys).

use sha2::{Digest, Sha256};

use super::certificate::Certificate;
use super::wire::{Wire, push};
use crate::primitive::{self, Curve, Hash, Public};

/// What ends the name of a certificate's type.
const CERTIFICATE: &str = "-cert-v01@openssh.com";

/// A public key, perhaps with a certificate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Key {
    pub(super) public: Public,
    /// A key in a security token signs for an application, mostly `ssh:`.
    pub(super) application: Option<Vec<u8>>,
    /// `SHA256:…` of the key without its certificate.
    pub(super) fingerprint: String,
    pub(super) certificate: Option<Box<Certificate>>,
}

/// Why a key cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum KeyProblem {
    Broken(&'static str),
    Unsupported(String),
}

impl KeyProblem {
    pub(super) fn words(&self) -> String {
        match self {
            Self::Broken(what) => (*what).to_owned(),
            Self::Unsupported(what) => what.clone(),
        }
    }
}

impl Key {
    pub(super) fn parse(blob: &[u8]) -> Result<Self, KeyProblem> {
        const BROKEN: KeyProblem = KeyProblem::Broken("the public key is broken");
        let mut wire = Wire(blob);
        let name = wire.text().ok_or(BROKEN)?;
        let Some(plain) = certificate_name(name) else {
            let key = Self::fields(name, &mut wire)?;
            return if wire.at_end() { Ok(key) } else { Err(BROKEN) };
        };
        wire.string().ok_or(BROKEN)?;
        let mut key = Self::fields(plain, &mut wire)?;
        key.certificate = Some(Box::new(Certificate::parse(blob, &mut wire)?));
        Ok(key)
    }

    /// The fields of a key without certificate, after its type.
    fn fields(name: &str, wire: &mut Wire<'_>) -> Result<Self, KeyProblem> {
        let before = wire.0;
        let public = public_of(name, wire)?;
        let application = if name.starts_with("sk-") {
            Some(wire.string().ok_or(KeyProblem::Broken("the public key breaks off"))?.to_vec())
        } else {
            None
        };
        let used = before.get(..before.len() - wire.0.len()).unwrap_or_default();
        let mut blob = Vec::with_capacity(used.len() + 64);
        push(&mut blob, name.as_bytes());
        blob.extend_from_slice(used);
        Ok(Self { public, application, fingerprint: fingerprint(&blob), certificate: None })
    }

    /// Whether both are the same key, certificates aside.
    pub(super) fn same(&self, other: &Self) -> bool {
        self.public == other.public && self.application == other.application
    }

    /// Whether a signature blob is this key's over a message.
    pub(super) fn verify(&self, message: &[u8], signature: &[u8]) -> Result<bool, KeyProblem> {
        const BROKEN: KeyProblem = KeyProblem::Broken("the signature breaks off");
        let mut wire = Wire(signature);
        let algorithm = wire.text().ok_or(BROKEN)?;
        let value = wire.string().ok_or(BROKEN)?;
        if algorithm.starts_with("webauthn-") {
            return Err(KeyProblem::Unsupported(format!(
                "signatures made by a browser ({algorithm}) are not checked"
            )));
        }
        let hash = self.hash_of(algorithm)?;
        let wrapped;
        let message = match &self.application {
            None => message,
            Some(application) => {
                let extra = wire.take(5).ok_or(BROKEN)?;
                let application = Hash::Sha256.digest(&[application]);
                wrapped = [application.as_slice(), extra, &Hash::Sha256.digest(&[message])].concat();
                &wrapped
            }
        };
        if !wire.at_end() {
            return Err(KeyProblem::Broken("something follows the signature"));
        }
        Ok(match &self.public {
            Public::Ed25519(key) => primitive::ed25519(key, message, value),
            Public::Rsa { modulus, exponent } => primitive::rsa(modulus, exponent, hash, message, value),
            Public::Ecdsa(curve, point) => {
                let mut numbers = Wire(value);
                let (r, s) = numbers.number().zip(numbers.number()).ok_or(BROKEN)?;
                numbers.at_end() && primitive::ecdsa(*curve, point, &hash.digest(&[message]), r, s)
            }
        })
    }

    /// The hash that a signature algorithm implies; an algorithm of another kind of key is a broken signature.
    fn hash_of(&self, algorithm: &str) -> Result<Hash, KeyProblem> {
        let token = self.application.is_some();
        match (&self.public, token, algorithm) {
            (Public::Ed25519(_), false, "ssh-ed25519") => Ok(Hash::Sha512),
            (Public::Ed25519(_), true, "sk-ssh-ed25519@openssh.com") => Ok(Hash::Sha512),
            (Public::Ecdsa(Curve::P256, _), true, "sk-ecdsa-sha2-nistp256@openssh.com") => Ok(Hash::Sha256),
            (Public::Ecdsa(Curve::P256, _), false, "ecdsa-sha2-nistp256") => Ok(Hash::Sha256),
            (Public::Ecdsa(Curve::P384, _), false, "ecdsa-sha2-nistp384") => Ok(Hash::Sha384),
            (Public::Ecdsa(Curve::P521, _), false, "ecdsa-sha2-nistp521") => Ok(Hash::Sha512),
            (Public::Rsa { .. }, _, "rsa-sha2-256") => Ok(Hash::Sha256),
            (Public::Rsa { .. }, _, "rsa-sha2-512") => Ok(Hash::Sha512),
            (Public::Rsa { .. }, _, "ssh-rsa") => Err(KeyProblem::Unsupported(
                "an RSA signature with SHA-1 (ssh-rsa) proves nothing".to_owned(),
            )),
            _ => Err(KeyProblem::Broken("the signature's algorithm is not the key's")),
        }
    }
}

/// The type of the key inside a certificate; `None` for other types.
fn certificate_name(name: &str) -> Option<&str> {
    match name.strip_suffix(CERTIFICATE)? {
        "sk-ssh-ed25519" => Some("sk-ssh-ed25519@openssh.com"),
        "sk-ecdsa-sha2-nistp256" => Some("sk-ecdsa-sha2-nistp256@openssh.com"),
        plain => Some(plain),
    }
}

fn public_of(name: &str, wire: &mut Wire<'_>) -> Result<Public, KeyProblem> {
    const BROKEN: KeyProblem = KeyProblem::Broken("the public key breaks off");
    match name {
        "ssh-ed25519" | "sk-ssh-ed25519@openssh.com" => {
            let bytes = wire.string().ok_or(BROKEN)?;
            Ok(Public::Ed25519(bytes.try_into().map_err(|_| BROKEN)?))
        }
        "ecdsa-sha2-nistp256" | "sk-ecdsa-sha2-nistp256@openssh.com" => {
            ecdsa_of(wire, "nistp256", Curve::P256)
        }
        "ecdsa-sha2-nistp384" => ecdsa_of(wire, "nistp384", Curve::P384),
        "ecdsa-sha2-nistp521" => ecdsa_of(wire, "nistp521", Curve::P521),
        "ssh-rsa" => {
            let exponent = wire.number().ok_or(BROKEN)?.to_vec();
            let modulus = wire.number().ok_or(BROKEN)?.to_vec();
            match primitive::rsa_size_problem(&modulus) {
                Some(problem) => Err(KeyProblem::Unsupported(problem)),
                None => Ok(Public::Rsa { modulus, exponent }),
            }
        }
        other => {
            let shown: String = other.chars().filter(|c| !c.is_control()).take(60).collect();
            Err(KeyProblem::Unsupported(format!("keys of type `{shown}` are not checked")))
        }
    }
}

fn ecdsa_of(wire: &mut Wire<'_>, curve_name: &str, curve: Curve) -> Result<Public, KeyProblem> {
    let named = wire.string() == Some(curve_name.as_bytes());
    let point = wire.string().filter(|point| named && point.first() == Some(&4));
    point
        .map(|point| Public::Ecdsa(curve, point.to_vec()))
        .ok_or(KeyProblem::Broken("the public key names another curve or is no uncompressed point"))
}

fn fingerprint(blob: &[u8]) -> String {
    use base64::Engine;
    let digest = Sha256::digest(blob);
    format!("SHA256:{}", base64::engine::general_purpose::STANDARD_NO_PAD.encode(digest))
}
