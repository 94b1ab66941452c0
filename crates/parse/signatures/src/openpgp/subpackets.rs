//! What a signature says besides (RFC 9580, section 5.2.3.7).

use super::packet::Bytes;
use super::signature::{Problem, Signature};

/// Signatures inside signatures: a back-signature holds none.
const DEPTH: u8 = 1;

/// Types that are understood or mean nothing here; another that is critical makes the signature void.
const KNOWN: [u8; 23] = [2, 3, 4, 5, 6, 7, 9, 11, 12, 16, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32, 33];

/// What is known of a signature. Only what the signature itself covers counts, but for hints where to look.
#[derive(Debug, Clone, Default)]
pub(super) struct Subpackets {
    /// Seconds since 1970.
    pub(super) created: i64,
    /// Seconds after `created`.
    pub(super) expires: Option<u32>,
    /// Seconds after the key's creation.
    pub(super) key_expires: Option<u32>,
    pub(super) flags: Option<u8>,
    pub(super) is_primary: bool,
    /// Why something was revoked, as the standard's number.
    pub(super) reason: Option<u8>,
    pub(super) issuer: Option<[u8; 8]>,
    pub(super) issuer_fingerprint: Option<Vec<u8>>,
    /// A signature by the subkey over its own binding.
    pub(super) embedded: Option<Box<Signature>>,
    has_created: bool,
}

impl Subpackets {
    pub(super) fn parse(hashed: &[u8], unhashed: &[u8], depth: u8) -> Result<Self, Problem> {
        let mut all = Self::default();
        all.area(hashed, true, depth)?;
        all.area(unhashed, false, depth)?;
        if !all.has_created {
            return Err(Problem::Broken("the signature does not say when it was made"));
        }
        Ok(all)
    }

    /// When the signature ends, in seconds since 1970.
    pub(super) fn expires_at(&self) -> Option<i64> {
        self.expires.filter(|seconds| *seconds > 0).map(|seconds| self.created.saturating_add(seconds.into()))
    }

    fn area(&mut self, area: &[u8], is_hashed: bool, depth: u8) -> Result<(), Problem> {
        const BROKEN: Problem = Problem::Broken("the signature's details are broken");
        let mut bytes = Bytes(area);
        while !bytes.0.is_empty() {
            let length =
                bytes.subpacket_length().and_then(|length| usize::try_from(length).ok()).ok_or(BROKEN)?;
            let mut body = Bytes(bytes.take(length).ok_or(BROKEN)?);
            let kind = body.byte().ok_or(BROKEN)?;
            let (critical, kind) = (kind & 0x80 != 0, kind & 0x7f);
            match kind {
                16 => self.issuer = self.issuer.or(body.0.try_into().ok()),
                33 if self.issuer_fingerprint.is_none() => {
                    self.issuer_fingerprint = body.0.get(1..).map(<[u8]>::to_vec);
                }
                32 if self.embedded.is_none() && depth < DEPTH => {
                    self.embedded = Signature::parse_at(body.0, depth + 1).ok().map(Box::new);
                }
                _ if is_hashed => self.hashed(kind, body).ok_or(BROKEN)?,
                _ => {}
            }
            if is_hashed && critical && !KNOWN.contains(&kind) {
                return Err(Problem::Unsupported(format!(
                    "the signature demands something unknown (type {kind})"
                )));
            }
        }
        Ok(())
    }

    /// One of the covered area; the last of a kind counts.
    fn hashed(&mut self, kind: u8, mut body: Bytes<'_>) -> Option<()> {
        match kind {
            2 => {
                self.created = body.u32()?.into();
                self.has_created = true;
            }
            3 => self.expires = Some(body.u32()?),
            9 => self.key_expires = Some(body.u32()?),
            25 => self.is_primary = body.byte()? != 0,
            27 => self.flags = Some(body.byte().unwrap_or(0)),
            29 => self.reason = body.byte(),
            _ => {}
        }
        Some(())
    }
}
