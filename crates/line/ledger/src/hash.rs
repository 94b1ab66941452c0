use std::fmt;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest as _, Sha256};

/// A SHA-256 hash: of a leaf, of an inner node, of a tree.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Hash([u8; Self::LENGTH]);

impl Hash {
    /// Bytes of a hash.
    pub const LENGTH: usize = 32;

    /// The hash with these bytes.
    pub fn new(bytes: [u8; Self::LENGTH]) -> Self {
        Self(bytes)
    }

    /// `None` unless there are exactly [`Hash::LENGTH`] bytes.
    pub fn from_slice(bytes: &[u8]) -> Option<Self> {
        bytes.try_into().ok().map(Self)
    }

    /// The plain SHA-256 of some bytes.
    pub fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }

    /// The hash of an entry: `SHA-256(0x00 || entry)` (RFC 6962, section 2.1).
    pub fn leaf(entry: &[u8]) -> Self {
        Self(Sha256::new().chain_update([0]).chain_update(entry).finalize().into())
    }

    /// The hash of an inner node: `SHA-256(0x01 || left || right)` (RFC 6962, section 2.1).
    pub fn node(left: Self, right: Self) -> Self {
        let mut bytes = [1; 1 + 2 * Self::LENGTH];
        let (_, hashes) = bytes.split_at_mut(1);
        let (first, second) = hashes.split_at_mut(Self::LENGTH);
        first.copy_from_slice(&left.0);
        second.copy_from_slice(&right.0);
        Self(Sha256::digest(bytes).into())
    }

    /// The root of a tree without leaves: the hash of nothing (RFC 6962, section 2.1).
    pub fn empty() -> Self {
        Self::of(&[])
    }

    /// Its bytes.
    pub fn bytes(&self) -> &[u8; Self::LENGTH] {
        &self.0
    }

    /// Base64 (RFC 4648, section 4), as checkpoints and proofs write it.
    pub fn to_base64(&self) -> String {
        STANDARD.encode(self.0)
    }

    /// Reads what [`Hash::to_base64`] wrote; `None` for anything else.
    pub fn from_base64(text: &str) -> Option<Self> {
        Self::from_slice(&STANDARD.decode(text).ok()?)
    }

    /// Reads 64 lower-case hexadecimal digits; `None` for anything else.
    pub fn from_hex(text: &str) -> Option<Self> {
        let digits = text.as_bytes();
        if digits.len() != 2 * Self::LENGTH {
            return None;
        }
        let mut bytes = [0; Self::LENGTH];
        for (byte, pair) in bytes.iter_mut().zip(digits.chunks_exact(2)) {
            *byte = pair.iter().try_fold(0_u8, |byte, digit| Some((byte << 4) | nibble(*digit)?))?;
        }
        Some(Self(bytes))
    }
}

fn nibble(digit: u8) -> Option<u8> {
    match digit {
        b'0'..=b'9' => Some(digit - b'0'),
        b'a'..=b'f' => Some(digit - b'a' + 10),
        _ => None,
    }
}

impl fmt::Display for Hash {
    /// 64 lower-case hexadecimal digits.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Hash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_read_what_they_write_and_nothing_else() {
        let hash = Hash::of(b"x");
        assert_eq!(Hash::from_hex(&hash.to_string()), Some(hash));
        assert_eq!(Hash::from_base64(&hash.to_base64()), Some(hash));
        let hex = hash.to_string();
        for wrong in [&hex[1..], &hex.to_uppercase(), &format!("{hex}0"), &hex.replace('2', "g"), ""] {
            assert_eq!(Hash::from_hex(wrong), None, "{wrong}");
        }
        let base64 = hash.to_base64();
        for wrong in [base64.trim_end_matches('='), &base64[4..], &format!("{base64}\n"), ""] {
            assert_eq!(Hash::from_base64(wrong), None, "{wrong}");
        }
    }
}
