//! Tokens that end in a checksum: the CRC-32 of the random part in six base62 digits, as GitHub described it in
//! "Behind GitHub's new authentication token formats" (2021) and as npm took it over.

use sha2::{Digest as _, Sha256};

use super::Verdict;

const DIGITS: &[u8; 62] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
const CHECKSUM: usize = 6;

/// The six digits that close a token whose random part is `body`.
pub(crate) fn checksum(body: &[u8]) -> [u8; CHECKSUM] {
    let mut digits = [b'0'; CHECKSUM];
    let mut rest = crc32(body);
    for digit in digits.iter_mut().rev() {
        *digit = DIGITS.get((rest % 62) as usize).copied().unwrap_or(b'0');
        rest /= 62;
    }
    digits
}

/// `ghp_`, `gho_`, `ghu_`, `ghs_`, `ghr_` and `github_pat_`.
pub(super) fn github(token: &[u8]) -> Verdict {
    if let Some(rest) = token.strip_prefix(b"github_pat_") {
        return fine_grained(token, rest);
    }
    let Some((prefix, rest)) = token.split_at_checked(4) else { return Verdict::Unknown };
    let length = match prefix {
        b"ghp_" | b"gho_" | b"ghu_" => 36,
        // Installation tokens may be longer since some of them carry a JWT, refresh tokens have seventy-six.
        b"ghs_" if rest.len() == 36 => 36,
        b"ghr_" if matches!(rest.len(), 36 | 76) => rest.len(),
        _ => return Verdict::Unknown,
    };
    match closed_by_checksum(rest, length) {
        // Not every issuer of these is known to append the checksum.
        Verdict::Invalid { .. } if prefix == b"ghs_" => Verdict::Unknown,
        verdict => verdict,
    }
}

/// `npm_` and thirty-six characters.
pub(super) fn npm(token: &[u8]) -> Verdict {
    token.strip_prefix(b"npm_").map_or(Verdict::Unknown, |rest| closed_by_checksum(rest, 36))
}

/// Any token that ends in such a checksum, with or without a prefix that ends in `_`.
pub(super) fn crc32_base62(token: &[u8]) -> Verdict {
    let rest = token.rsplit(|b| *b == b'_').next().unwrap_or(token);
    if rest.len() < 20 {
        return Verdict::invalid("too short");
    }
    closed_by_checksum(rest, rest.len())
}

fn closed_by_checksum(rest: &[u8], length: usize) -> Verdict {
    if rest.len() != length {
        return Verdict::invalid("wrong length");
    }
    if !rest.iter().all(u8::is_ascii_alphanumeric) {
        return Verdict::invalid("characters outside base62");
    }
    match rest.split_last_chunk::<CHECKSUM>() {
        Some((body, found)) if checksum(body) == *found => Verdict::valid("checksum correct"),
        _ => Verdict::invalid("wrong checksum"),
    }
}

/// Fine-grained tokens: 22 characters, `_`, 43 characters, then eight base32 digits of the SHA-256 of everything
/// before, then eight characters more. The scheme is not documented, so that a mismatch proves nothing.
fn fine_grained(token: &[u8], rest: &[u8]) -> Verdict {
    let shape =
        rest.iter().enumerate().all(|(i, b)| if i == 22 { *b == b'_' } else { b.is_ascii_alphanumeric() });
    if rest.len() != 82 || !shape {
        return Verdict::invalid("wrong length or characters");
    }
    let Some((body, tail)) = token.split_at_checked(token.len() - 16) else { return Verdict::Unknown };
    let digest = Sha256::digest(body);
    let bits = digest.iter().take(5).fold(0_u64, |all, byte| all << 8 | u64::from(*byte));
    let matches = tail.iter().take(8).enumerate().all(|(i, digit)| {
        let value = (bits >> (35 - 5 * i) & 31) as usize;
        b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".get(value) == Some(digit)
    });
    if matches { Verdict::valid("checksum correct") } else { Verdict::Unknown }
}

/// CRC-32 as in zip and Ethernet (reflected, polynomial 0x04C11DB7).
fn crc32(data: &[u8]) -> u32 {
    !data.iter().fold(u32::MAX, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| crc >> 1 ^ (0xEDB8_8320 & (crc & 1).wrapping_neg()))
    })
}

#[cfg(test)]
mod tests {
    use super::crc32;

    #[test]
    fn the_checksum_is_the_standard_one() {
        assert_eq!(crc32(b"123456789"), 0xCBF4_3926);
        assert_eq!(crc32(b""), 0);
    }
}
