//! Keys of the sorted tables.

use crate::ecosystem;

/// The key of a package. Names that the registry takes for one have one key.
pub(super) fn package(base: &str, name: &str) -> u64 {
    digest(&[base, "\0", &ecosystem::normal_name(base, name)])
}

/// The key of an id, in whatever case it is written.
pub(super) fn id(id: &str) -> u64 {
    digest(&[&id.to_ascii_uppercase()])
}

/// The key of a CVE: year and number. Others have none.
pub(super) fn cve(id: &str) -> Option<u64> {
    let (prefix, rest) = id.split_at_checked(4)?;
    let (year, number) = rest.split_once('-')?;
    if !prefix.eq_ignore_ascii_case("CVE-") || !number.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let year: u16 = year.parse().ok()?;
    let number: u32 = number.parse().ok()?;
    Some(u64::from(year) << 32 | u64::from(number))
}

/// Even a made-up name cannot aim at another's key without a search, and every key is verified anyway.
fn digest(parts: &[&str]) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for part in parts {
        hasher.update(part.as_bytes());
    }
    let [a, b, c, d, e, f, g, h, ..] = *hasher.finalize().as_bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_cves_have_a_number() {
        assert_eq!(cve("CVE-2021-44228"), Some(2021 << 32 | 44_228));
        assert_eq!(cve("cve-2021-44228"), cve("CVE-2021-44228"));
        for other in [
            "",
            "CVE",
            "CVE-2021",
            "CVE-x-1",
            "CVE-2021-+1",
            "CVE-2021-99999999999",
            "GHSA-2021-1",
            "CVÉ-1-1",
        ] {
            assert_eq!(cve(other), None, "{other}");
        }
    }

    #[test]
    fn keys_follow_the_registry() {
        assert_eq!(package("PyPI", "Foo.Bar"), package("PyPI", "foo-bar"));
        assert_ne!(package("npm", "Foo"), package("npm", "foo"));
        assert_ne!(package("npm", "foo"), package("PyPI", "foo"));
        assert_eq!(id("ghsa-aaaa"), id("GHSA-AAAA"));
    }
}
