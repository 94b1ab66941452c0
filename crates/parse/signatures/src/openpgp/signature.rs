//! Signatures (RFC 9580, section 5.2).

use super::key::{ECDSA, ED25519, EDDSA_LEGACY, KeyPacket, RSA, RSA_SIGN_ONLY, hex};
use super::packet::Bytes;
use super::subpackets::Subpackets;
use crate::primitive::{self, Hash, Public};

/// Until 2023-02-01 a key's own statements about itself may be hashed with SHA-1: nobody can make up another statement
/// with the same hash, and older keys have no others.
const SHA1_ENDS: i64 = 1_675_209_600;

/// Why a signature cannot be checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Problem {
    Broken(&'static str),
    Unsupported(String),
}

/// A signature of version 4 or 6.
#[derive(Debug, Clone)]
pub(super) struct Signature {
    pub(super) kind: u8,
    algorithm: u8,
    hash: Hash,
    /// From the version up to the end of the covered details.
    covered: Vec<u8>,
    salt: Vec<u8>,
    values: Vec<u8>,
    pub(super) sub: Subpackets,
}

impl Signature {
    pub(super) fn parse(body: &[u8]) -> Result<Self, Problem> {
        Self::parse_at(body, 0)
    }

    pub(super) fn parse_at(body: &[u8], depth: u8) -> Result<Self, Problem> {
        const BROKEN: Problem = Problem::Broken("the OpenPGP signature breaks off");
        let mut bytes = Bytes(body);
        let version = bytes.byte().ok_or(BROKEN)?;
        if !matches!(version, 4 | 6) {
            return Err(Problem::Unsupported(format!(
                "signatures of version {version} are not checked, only 4 and 6"
            )));
        }
        let kind = bytes.byte().ok_or(BROKEN)?;
        let algorithm = bytes.byte().ok_or(BROKEN)?;
        let hash = hash_of(bytes.byte().ok_or(BROKEN)?)?;
        let length = |bytes: &mut Bytes<'_>| {
            let length = if version == 4 { bytes.u16().map(u32::from) } else { bytes.u32() };
            length.and_then(|length| usize::try_from(length).ok()).ok_or(BROKEN)
        };
        let hashed_length = length(&mut bytes)?;
        let hashed = bytes.take(hashed_length).ok_or(BROKEN)?;
        let covered = body.get(..body.len() - bytes.0.len()).ok_or(BROKEN)?.to_vec();
        let unhashed_length = length(&mut bytes)?;
        let unhashed = bytes.take(unhashed_length).ok_or(BROKEN)?;
        bytes.take(2).ok_or(BROKEN)?;
        let mut salt = Vec::new();
        if version == 6 {
            let size = bytes.byte().ok_or(BROKEN)?;
            salt.extend_from_slice(bytes.take(size.into()).ok_or(BROKEN)?);
            if Some(salt.len()) != salt_size(hash) {
                return Err(Problem::Broken("the signature's salt has a wrong size"));
            }
        }
        let sub = Subpackets::parse(hashed, unhashed, depth)?;
        Ok(Self { kind, algorithm, hash, covered, salt, values: bytes.0.to_vec(), sub })
    }

    /// Whether a document's signature is this key's.
    pub(super) fn holds(&self, key: &KeyPacket, document: &[&[u8]]) -> Result<bool, Problem> {
        if self.hash == Hash::Sha1 {
            return Err(Problem::Unsupported("a signature with SHA-1 proves nothing; sign again".to_owned()));
        }
        self.check(key, document)
    }

    /// Whether a statement about a key is this key's.
    pub(super) fn holds_for_key(&self, key: &KeyPacket, content: &[&[u8]]) -> bool {
        let revokes = matches!(self.kind, 0x20 | 0x28 | 0x30);
        let strong = self.hash != Hash::Sha1 || self.sub.created < SHA1_ENDS;
        (strong || revokes) && self.check(key, content) == Ok(true)
    }

    fn check(&self, key: &KeyPacket, content: &[&[u8]]) -> Result<bool, Problem> {
        const BROKEN: Problem = Problem::Broken("the signature's numbers are broken");
        let public = key.public.as_ref().map_err(|reason| Problem::Unsupported(reason.clone()))?;
        let rsa = [RSA, RSA_SIGN_ONLY];
        if self.algorithm != key.algorithm && !(rsa.contains(&self.algorithm) && rsa.contains(&key.algorithm))
        {
            return Err(Problem::Broken("the signature's algorithm is not the key's"));
        }
        let version = self.covered.first().copied().unwrap_or_default();
        let length = u32::try_from(self.covered.len()).unwrap_or(u32::MAX).to_be_bytes();
        let trailer = [[version, 0xff].as_slice(), &length].concat();
        let mut pieces = vec![self.salt.as_slice()];
        pieces.extend_from_slice(content);
        pieces.extend([self.covered.as_slice(), &trailer]);
        let mut values = Bytes(&self.values);
        Ok(match (public, self.algorithm) {
            (Public::Rsa { modulus, exponent }, _) => {
                let value = values.number().ok_or(BROKEN)?;
                primitive::rsa(modulus, exponent, self.hash, &pieces.concat(), value)
            }
            (Public::Ecdsa(curve, point), ECDSA) => {
                let (r, s) = values.number().zip(values.number()).ok_or(BROKEN)?;
                primitive::ecdsa(*curve, point, &self.hash.digest(&pieces), r, s)
            }
            (Public::Ed25519(point), EDDSA_LEGACY) => {
                let (r, s) = values.number().zip(values.number()).ok_or(BROKEN)?;
                let joined = joined(r, s).ok_or(BROKEN)?;
                primitive::ed25519(point, &self.hash.digest(&pieces), &joined)
            }
            (Public::Ed25519(point), ED25519) => {
                let value = values.take(64).ok_or(BROKEN)?;
                primitive::ed25519(point, &self.hash.digest(&pieces), value)
            }
            _ => false,
        })
    }

    /// The key that it names, in hexadecimal digits; empty if none.
    pub(super) fn issuer_name(&self) -> String {
        let fingerprint = self.sub.issuer_fingerprint.as_deref();
        fingerprint.or(self.sub.issuer.as_ref().map(<[u8; 8]>::as_slice)).map(hex).unwrap_or_default()
    }

    /// Whether it names this key; true if it names none.
    pub(super) fn may_be_by(&self, key: &KeyPacket) -> bool {
        match (&self.sub.issuer_fingerprint, &self.sub.issuer) {
            (Some(fingerprint), _) => *fingerprint == key.fingerprint,
            (None, Some(id)) => *id == key.key_id,
            (None, None) => true,
        }
    }
}

fn hash_of(number: u8) -> Result<Hash, Problem> {
    match number {
        2 => Ok(Hash::Sha1),
        8 => Ok(Hash::Sha256),
        9 => Ok(Hash::Sha384),
        10 => Ok(Hash::Sha512),
        1 | 3 => {
            Err(Problem::Unsupported("a signature with MD5 or RIPE-MD proves nothing; sign again".to_owned()))
        }
        other => {
            Err(Problem::Unsupported(format!("signatures with hash {other} are not checked; use SHA-256")))
        }
    }
}

fn salt_size(hash: Hash) -> Option<usize> {
    match hash {
        Hash::Sha1 => None,
        Hash::Sha256 => Some(16),
        Hash::Sha384 => Some(24),
        Hash::Sha512 => Some(32),
    }
}

/// Both numbers with 32 bytes each.
fn joined(r: &[u8], s: &[u8]) -> Option<[u8; 64]> {
    let mut joined = [0; 64];
    joined.get_mut(32_usize.checked_sub(r.len())?..32)?.copy_from_slice(r);
    joined.get_mut(64_usize.checked_sub(s.len()).filter(|at| *at >= 32)?..)?.copy_from_slice(s);
    Some(joined)
}
