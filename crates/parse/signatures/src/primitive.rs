//! The mathematics of signatures, from libraries: everything above it is formats and rules.

use ed25519_dalek::{Signature as EdSignature, VerifyingKey as EdKey};
use p256::ecdsa::signature::hazmat::PrehashVerifier;
use ring::signature::{self as ring_signature, RsaPublicKeyComponents};
use sha2::{Digest, Sha256, Sha384, Sha512};

/// Least size of an RSA modulus in bits.
pub(crate) const LEAST_RSA_BITS: usize = 2048;
/// Largest size of an RSA modulus in bits that the library takes.
const MOST_RSA_BITS: usize = 8192;

/// A hash function.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Hash {
    /// Only where its weakness does not matter, see the callers.
    Sha1,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// The digest of several pieces, one after the other.
    pub(crate) fn digest(self, pieces: &[&[u8]]) -> Vec<u8> {
        match self {
            Self::Sha1 => digest::<sha1::Sha1>(pieces),
            Self::Sha256 => digest::<Sha256>(pieces),
            Self::Sha384 => digest::<Sha384>(pieces),
            Self::Sha512 => digest::<Sha512>(pieces),
        }
    }
}

fn digest<D: Digest>(pieces: &[&[u8]]) -> Vec<u8> {
    let mut hasher = D::new();
    pieces.iter().for_each(|piece| hasher.update(piece));
    hasher.finalize().to_vec()
}

/// A curve of NIST.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Curve {
    P256,
    P384,
    P521,
}

impl Curve {
    fn field_bytes(self) -> usize {
        match self {
            Self::P256 => 32,
            Self::P384 => 48,
            Self::P521 => 66,
        }
    }
}

/// A public key, whatever the format it came in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Public {
    Ed25519([u8; 32]),
    /// An uncompressed point in SEC 1 form.
    Ecdsa(Curve, Vec<u8>),
    /// Modulus and exponent, big-endian, without leading zeros.
    Rsa {
        modulus: Vec<u8>,
        exponent: Vec<u8>,
    },
}

/// Whether an Ed25519 signature of 64 bytes holds. Points of small order are refused.
pub(crate) fn ed25519(key: &[u8; 32], message: &[u8], signature: &[u8]) -> bool {
    let (Ok(key), Ok(signature)) = (EdKey::from_bytes(key), EdSignature::from_slice(signature)) else {
        return false;
    };
    key.verify_strict(message, &signature).is_ok()
}

/// Whether an ECDSA signature, two unsigned big-endian numbers, holds for a digest.
pub(crate) fn ecdsa(curve: Curve, point: &[u8], digest: &[u8], r: &[u8], s: &[u8]) -> bool {
    let size = curve.field_bytes();
    let Some(mut joined) = padded(r, size) else { return false };
    let Some(s) = padded(s, size) else { return false };
    joined.extend_from_slice(&s);
    match curve {
        Curve::P256 => {
            use p256::ecdsa::{Signature, VerifyingKey};
            let key = VerifyingKey::from_sec1_bytes(point).ok();
            key.zip(Signature::from_slice(&joined).ok())
                .is_some_and(|(key, signature)| key.verify_prehash(digest, &signature).is_ok())
        }
        Curve::P384 => {
            use p384::ecdsa::{Signature, VerifyingKey};
            let key = VerifyingKey::from_sec1_bytes(point).ok();
            key.zip(Signature::from_slice(&joined).ok())
                .is_some_and(|(key, signature)| key.verify_prehash(digest, &signature).is_ok())
        }
        Curve::P521 => {
            use p521::ecdsa::{Signature, VerifyingKey};
            let key = VerifyingKey::from_sec1_bytes(point).ok();
            key.zip(Signature::from_slice(&joined).ok())
                .is_some_and(|(key, signature)| key.verify_prehash(digest, &signature).is_ok())
        }
    }
}

/// Whether an RSA signature (PKCS #1 v1.5) holds for a message.
pub(crate) fn rsa(modulus: &[u8], exponent: &[u8], hash: Hash, message: &[u8], signature: &[u8]) -> bool {
    let algorithm = match hash {
        Hash::Sha1 => &ring_signature::RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY,
        Hash::Sha256 => &ring_signature::RSA_PKCS1_2048_8192_SHA256,
        Hash::Sha384 => &ring_signature::RSA_PKCS1_2048_8192_SHA384,
        Hash::Sha512 => &ring_signature::RSA_PKCS1_2048_8192_SHA512,
    };
    let Some(signature) = padded(signature, modulus.len()) else { return false };
    RsaPublicKeyComponents { n: modulus, e: exponent }.verify(algorithm, message, &signature).is_ok()
}

/// Why an RSA key of this modulus is not taken; `None` if it is.
pub(crate) fn rsa_size_problem(modulus: &[u8]) -> Option<String> {
    let bits = bits(modulus);
    if bits < LEAST_RSA_BITS {
        Some(format!("an RSA key of {bits} bits is too short, at least {LEAST_RSA_BITS} are needed"))
    } else if bits > MOST_RSA_BITS {
        Some(format!("an RSA key of {bits} bits is longer than the {MOST_RSA_BITS} that can be checked"))
    } else {
        None
    }
}

/// A big-endian number without its leading zeros.
pub(crate) fn without_zeros(number: &[u8]) -> &[u8] {
    let start = number.iter().position(|&byte| byte != 0).unwrap_or(number.len());
    number.get(start..).unwrap_or_default()
}

fn bits(number: &[u8]) -> usize {
    let number = without_zeros(number);
    let first = number.first().map_or(0, |byte| byte.leading_zeros() as usize);
    (number.len() * 8).saturating_sub(first)
}

/// A number in exactly so many bytes; `None` if it is larger.
fn padded(number: &[u8], size: usize) -> Option<Vec<u8>> {
    let number = without_zeros(number);
    let missing = size.checked_sub(number.len())?;
    let mut bytes = vec![0; missing];
    bytes.extend_from_slice(number);
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers() {
        assert_eq!(without_zeros(&[0, 0, 1, 0]), [1, 0]);
        assert_eq!(bits(&[0, 1, 0]), 9);
        assert_eq!(padded(&[0, 0, 7], 2), Some(vec![0, 7]));
        assert_eq!(padded(&[1, 0, 0], 2), None);
        assert!(rsa_size_problem(&[0x80; 128]).is_some_and(|words| words.contains("1024 bits")));
        assert_eq!(rsa_size_problem(&[0x80; 256]), None);
    }
}
