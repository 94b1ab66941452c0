use std::collections::HashMap;

use super::certificate::{Certificate, Part};
use super::dearmor;
use super::key::KeyPacket;
use super::packet::{
    PUBLIC_KEY, PUBLIC_SUBKEY, Packets, SECRET_KEY, SECRET_SUBKEY, SIGNATURE, USER_ATTRIBUTE, USER_ID,
};
use super::signature::Signature;
use crate::error::{TrustError, TrustProblem};

const MOST_BYTES: usize = 16 * 1024 * 1024;
/// Problems that are told.
const MOST_PROBLEMS: usize = 100;

/// OpenPGP keys that are trusted, as `gpg --export` writes them.
#[derive(Debug, Clone, Default)]
pub struct Keyring {
    certificates: Vec<Certificate>,
    /// By key id: the certificate, and the subkey if it is one.
    by_id: HashMap<[u8; 8], Vec<(usize, Option<usize>)>>,
    problems: Vec<TrustProblem>,
}

/// A key of the ring.
pub(super) struct Found<'k> {
    pub(super) certificate: &'k Certificate,
    pub(super) subkey: Option<&'k Part<KeyPacket>>,
}

impl<'k> Found<'k> {
    pub(super) fn key(&self) -> &'k KeyPacket {
        self.subkey.map_or(&self.certificate.primary, |subkey| &subkey.what)
    }
}

impl Keyring {
    /// Reads public keys, armored (one or several blocks) or binary. A key that cannot be read is told in
    /// [`Keyring::problems`] and trusts nobody. The same key twice counts as one that says all that both say.
    ///
    /// # Errors
    /// When the bytes are no OpenPGP keys, hold secret ones, or are more than 16 MiB.
    pub fn parse(file: &[u8]) -> Result<Self, TrustError> {
        if file.len() > MOST_BYTES {
            return Err(TrustError::TooLarge { what: "OpenPGP keyring", limit: MOST_BYTES });
        }
        let wrong = |reason: &str| TrustError::Keyring { reason: reason.to_owned() };
        let is_binary = file.first().is_some_and(|byte| byte & 0x80 != 0);
        let decoded;
        let bytes = if is_binary {
            file
        } else {
            decoded = dearmor::all(file, "PUBLIC KEY BLOCK").map_err(wrong)?;
            &decoded
        };
        let mut keyring = Self::default();
        let mut reader = Reader { current: None, keys: 0, places: HashMap::new() };
        for packet in Packets::new(bytes) {
            let (tag, body) = packet.map_err(wrong)?;
            if matches!(tag, SECRET_KEY | SECRET_SUBKEY) {
                return Err(wrong("it holds a secret key, which must stay with its owner"));
            }
            reader.packet(tag, body, &mut keyring);
        }
        reader.end(&mut keyring);
        if reader.keys == 0 && !file.trim_ascii().is_empty() {
            return Err(wrong("there is no public key in it"));
        }
        keyring.index();
        Ok(keyring)
    }

    /// Keys that could not be read, at most 100.
    pub fn problems(&self) -> &[TrustProblem] {
        &self.problems
    }

    /// How many keys are in it, subkeys not counted.
    pub fn len(&self) -> usize {
        self.certificates.len()
    }

    /// Whether nobody is trusted.
    pub fn is_empty(&self) -> bool {
        self.certificates.is_empty()
    }

    /// The keys that may have made a signature.
    pub(super) fn find(&self, signature: &Signature) -> Vec<Found<'_>> {
        let sub = &signature.sub;
        let id = sub.issuer_fingerprint.as_deref().and_then(key_id).or(sub.issuer);
        let places = id.and_then(|id| self.by_id.get(&id)).map(Vec::as_slice).unwrap_or_default();
        let found = places.iter().filter_map(|&(certificate, subkey)| {
            let certificate = self.certificates.get(certificate)?;
            let subkey = match subkey {
                Some(index) => Some(certificate.subkeys.get(index)?),
                None => None,
            };
            Some(Found { certificate, subkey })
        });
        found.filter(|found| signature.may_be_by(found.key())).collect()
    }

    fn index(&mut self) {
        for (index, certificate) in self.certificates.iter().enumerate() {
            self.by_id.entry(certificate.primary.key_id).or_default().push((index, None));
            for (place, subkey) in certificate.subkeys.iter().enumerate() {
                self.by_id.entry(subkey.what.key_id).or_default().push((index, Some(place)));
            }
        }
    }

    fn problem(&mut self, at: usize, reason: String) {
        if self.problems.len() < MOST_PROBLEMS {
            self.problems.push(TrustProblem { at, reason });
        }
    }
}

/// The id in a fingerprint: of version 4 its end, of version 6 its beginning.
fn key_id(fingerprint: &[u8]) -> Option<[u8; 8]> {
    let id = if fingerprint.len() == 20 { fingerprint.get(12..20) } else { fingerprint.get(..8) };
    id.and_then(|id| id.try_into().ok())
}

struct Reader {
    current: Option<Certificate>,
    /// Keys seen, read or not.
    keys: usize,
    /// Where the key with a fingerprint is among the certificates.
    places: HashMap<Vec<u8>, usize>,
}

impl Reader {
    fn packet(&mut self, tag: u8, body: &[u8], keyring: &mut Keyring) {
        if tag == PUBLIC_KEY {
            self.end(keyring);
            self.keys += 1;
            match KeyPacket::parse(body) {
                Ok(key) => {
                    if let Err(reason) = &key.public {
                        keyring.problem(self.keys, format!("{}: {reason}", key.fingerprint_text()));
                    }
                    self.current = Some(Certificate::new(key));
                }
                Err(reason) => keyring.problem(self.keys, reason),
            }
            return;
        }
        let Some(current) = &mut self.current else { return };
        match tag {
            USER_ID => current.user(body),
            USER_ATTRIBUTE => current.other(),
            PUBLIC_SUBKEY => match KeyPacket::parse(body) {
                Ok(key) => current.subkey(key),
                Err(_) => current.other(),
            },
            SIGNATURE => {
                if let Ok(signature) = Signature::parse(body) {
                    current.signature(signature);
                }
            }
            _ => {}
        }
    }

    fn end(&mut self, keyring: &mut Keyring) {
        let Some(done) = self.current.take() else { return };
        let next = keyring.certificates.len();
        let place = *self.places.entry(done.primary.fingerprint.clone()).or_insert(next);
        match keyring.certificates.get_mut(place) {
            Some(same) => same.merge(done),
            None => keyring.certificates.push(done),
        }
    }
}
