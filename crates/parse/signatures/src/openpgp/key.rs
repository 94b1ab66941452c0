//! Public keys (RFC 9580, section 5.5).

use super::packet::Bytes;
use crate::primitive::{Curve, Hash, Public, rsa_size_problem};

/// What algorithms are called in a packet.
pub(super) const RSA: u8 = 1;
pub(super) const RSA_SIGN_ONLY: u8 = 3;
pub(super) const ECDSA: u8 = 19;
pub(super) const EDDSA_LEGACY: u8 = 22;
pub(super) const ED25519: u8 = 27;

const OID_P256: [u8; 8] = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x03, 0x01, 0x07];
const OID_P384: [u8; 5] = [0x2b, 0x81, 0x04, 0x00, 0x22];
const OID_P521: [u8; 5] = [0x2b, 0x81, 0x04, 0x00, 0x23];
const OID_ED25519: [u8; 9] = [0x2b, 0x06, 0x01, 0x04, 0x01, 0xda, 0x47, 0x0f, 0x01];

/// A public key or subkey.
#[derive(Debug, Clone)]
pub(super) struct KeyPacket {
    /// Seconds since 1970.
    pub(super) created: i64,
    pub(super) algorithm: u8,
    /// The key itself, or why it cannot be used.
    pub(super) public: Result<Public, String>,
    pub(super) fingerprint: Vec<u8>,
    pub(super) key_id: [u8; 8],
    /// How the key enters the hash of a signature over it.
    pub(super) hashed: Vec<u8>,
}

impl KeyPacket {
    /// Reads the body of a packet; an error says why the key is passed over.
    pub(super) fn parse(body: &[u8]) -> Result<Self, String> {
        let broken = || "a public key is broken".to_owned();
        let mut bytes = Bytes(body);
        let version = bytes.byte().ok_or_else(broken)?;
        if !matches!(version, 4 | 6) {
            return Err(format!("keys of version {version} are not read, only 4 and 6"));
        }
        let created = i64::from(bytes.u32().ok_or_else(broken)?);
        let algorithm = bytes.byte().ok_or_else(broken)?;
        if version == 6 {
            let length = bytes.u32().ok_or_else(broken)?;
            if usize::try_from(length).ok() != Some(bytes.0.len()) {
                return Err(broken());
            }
        }
        let public = public_of(algorithm, bytes).ok_or_else(broken)?;
        let hashed = hashed(version, body).ok_or_else(broken)?;
        let fingerprint = if version == 4 { Hash::Sha1 } else { Hash::Sha256 }.digest(&[&hashed]);
        let id = if version == 4 { fingerprint.get(12..20) } else { fingerprint.get(..8) };
        let key_id = id.and_then(|id| id.try_into().ok()).ok_or_else(broken)?;
        Ok(Self { created, algorithm, public, fingerprint, key_id, hashed })
    }

    /// In upper-case hexadecimal digits.
    pub(super) fn fingerprint_text(&self) -> String {
        hex(&self.fingerprint)
    }
}

/// Upper-case hexadecimal digits.
pub(super) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02X}")).collect()
}

fn hashed(version: u8, body: &[u8]) -> Option<Vec<u8>> {
    let mut hashed = Vec::with_capacity(body.len() + 5);
    if version == 4 {
        hashed.push(0x99);
        hashed.extend_from_slice(&u16::try_from(body.len()).ok()?.to_be_bytes());
    } else {
        hashed.push(0x9b);
        hashed.extend_from_slice(&u32::try_from(body.len()).ok()?.to_be_bytes());
    }
    hashed.extend_from_slice(body);
    Some(hashed)
}

/// The key's own fields; `None` if they are broken.
fn public_of(algorithm: u8, mut bytes: Bytes<'_>) -> Option<Result<Public, String>> {
    let public = match algorithm {
        RSA | RSA_SIGN_ONLY => {
            let modulus = bytes.number()?.to_vec();
            let exponent = bytes.number()?.to_vec();
            match rsa_size_problem(&modulus) {
                Some(problem) => Err(problem),
                None => Ok(Public::Rsa { modulus, exponent }),
            }
        }
        ECDSA | EDDSA_LEGACY => {
            let length = bytes.byte()?;
            let curve = bytes.take(length.into())?;
            curve_key(algorithm, curve, bytes.number()?)
        }
        ED25519 => return Some(Ok(Public::Ed25519(bytes.take(32)?.try_into().ok()?))),
        17 => Err("DSA keys are not checked; sign with Ed25519 or RSA".to_owned()),
        28 => Err("Ed448 keys are not checked; sign with Ed25519 or RSA".to_owned()),
        other => Err(format!("keys of algorithm {other} are not checked; sign with Ed25519 or RSA")),
    };
    Some(public)
}

fn curve_key(algorithm: u8, curve: &[u8], point: &[u8]) -> Result<Public, String> {
    if algorithm == EDDSA_LEGACY {
        let raw = point.strip_prefix(&[0x40]).and_then(|raw| raw.try_into().ok());
        return match raw {
            Some(raw) if curve == OID_ED25519 => Ok(Public::Ed25519(raw)),
            _ => Err("EdDSA keys are checked on the curve Ed25519 only".to_owned()),
        };
    }
    let curve = match curve {
        _ if curve == OID_P256 => Curve::P256,
        _ if curve == OID_P384 => Curve::P384,
        _ if curve == OID_P521 => Curve::P521,
        _ => return Err("ECDSA keys are checked on the curves P-256, P-384 and P-521 only".to_owned()),
    };
    Ok(Public::Ecdsa(curve, point.to_vec()))
}
