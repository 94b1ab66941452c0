//! OpenPGP private keys in ASCII armour (RFC 9580).

use super::Verdict;

/// Judges the decoded body of the armour and the checksum that follows it, if one does.
pub(super) fn validate(body: &[u8], sum: Option<[u8; 3]>) -> Verdict {
    // A packet's first byte holds its type: secret key is 5, in the older format above the length's two bits.
    let secret_key = matches!(body.first(), Some(0x94..=0x97 | 0xc5));
    if !secret_key || body.len() < 64 {
        return Verdict::invalid("no secret key packet");
    }
    match sum {
        Some(sum) if sum != crc24(body) => Verdict::invalid("wrong checksum"),
        _ => Verdict::valid("PGP key"),
    }
}

/// The armour's checksum (RFC 9580, section 6.1.1).
pub(crate) fn crc24(data: &[u8]) -> [u8; 3] {
    let crc = data.iter().fold(0x00B7_04CE_u32, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte) << 16, |crc, _| {
            let shifted = crc << 1;
            if shifted & 0x0100_0000 == 0 { shifted } else { shifted ^ 0x0186_4CFB }
        })
    });
    let [_, high, middle, low] = crc.to_be_bytes();
    [high, middle, low]
}
