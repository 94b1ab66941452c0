//! AWS access key ids. Those issued since 2019 encode the account: base32 without the prefix, the 40 bits after the
//! first (A. Steele, "AWS Access Key ID formats", 2020; T. Be'ery, "A short note on AWS KEY ID", 2023).

use super::Verdict;

const LENGTH: usize = 20;
/// Long-term keys, temporary ones, service bearer tokens, context-specific credentials.
const PREFIXES: [&[u8]; 4] = [b"AKIA", b"ASIA", b"ABIA", b"ACCA"];
const MAX_ACCOUNT: u64 = 999_999_999_999;

pub(super) fn validate(id: &[u8]) -> Verdict {
    let Some((prefix, rest)) = id.split_at_checked(4) else { return Verdict::Unknown };
    if !PREFIXES.contains(&prefix) {
        return Verdict::Unknown;
    }
    if id.len() != LENGTH {
        return Verdict::invalid("wrong length");
    }
    if id.ends_with(b"EXAMPLE") {
        return Verdict::Test { note: "marked as an example" };
    }
    // Who blots out the middle of an id leaves its length.
    if rest.windows(3).any(|run| run == b"XXX") {
        return Verdict::invalid("masked");
    }
    let Some(value) = base32(rest.get(..10).unwrap_or_default()) else {
        return Verdict::invalid("characters outside base32");
    };
    if base32(rest).is_none() {
        return Verdict::invalid("characters outside base32");
    }
    // Ten characters are 50 bits: the marker of the newer format, 40 bits of account, 9 bits of key.
    let (newer, account) = (value >> 49 == 1, value >> 9 & 0xff_ffff_ffff);
    match rest.first() {
        _ if newer && account > MAX_ACCOUNT => Verdict::invalid("no such account number"),
        _ if newer => Verdict::valid(format!("AWS account {account:012}")),
        Some(b'I' | b'J') => Verdict::valid("older format, which does not tell the account"),
        _ => Verdict::Unknown,
    }
}

/// The bits of base32 digits; of more than twelve only the last sixty.
fn base32(digits: &[u8]) -> Option<u64> {
    digits.iter().try_fold(0_u64, |all, digit| {
        let value = match digit {
            b'A'..=b'Z' => digit - b'A',
            b'2'..=b'7' => digit - b'2' + 26,
            _ => return None,
        };
        Some(all << 5 | u64::from(value))
    })
}
