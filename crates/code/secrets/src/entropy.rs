//! How random a secret looks.

use std::collections::BTreeMap;

/// Shannon entropy as gitleaks computes it: over the characters of the text (each byte that is not UTF-8 counts as
/// U+FFFD), with frequencies relative to the length in bytes. Bits per character for ASCII; 0 for the empty text.
pub(crate) fn shannon(data: &[u8]) -> f64 {
    let mut ascii = [0_u32; 128];
    let mut others: BTreeMap<char, u32> = BTreeMap::new();
    for chunk in data.utf8_chunks() {
        for character in chunk.valid().chars() {
            match ascii.get_mut(character as usize) {
                Some(count) => *count += 1,
                None => *others.entry(character).or_default() += 1,
            }
        }
        for _ in chunk.invalid() {
            *others.entry(char::REPLACEMENT_CHARACTER).or_default() += 1;
        }
    }
    let inverse = 1.0 / data.len() as f64;
    let counts = ascii.into_iter().filter(|count| *count > 0).chain(others.into_values());
    counts.map(|count| f64::from(count) * inverse).map(|frequency| -frequency * frequency.log2()).sum()
}

#[cfg(test)]
mod tests {
    use super::shannon;

    fn check(data: &[u8], bits: f64) {
        assert!((shannon(data) - bits).abs() < 1e-9, "{data:?}: {} and not {bits}", shannon(data));
    }

    #[test]
    fn known_values() {
        check(b"", 0.0);
        check(b"aaaa", 0.0);
        check(b"abab", 1.0);
        check(b"abcdefgh", 3.0);
        check(b"0123456789abcdef", 4.0);
    }

    #[test]
    fn frequencies_are_relative_to_bytes_and_invalid_bytes_count_one_each() {
        check("éé".as_bytes(), 0.5);
        check(b"\xf0\x9f\x98", 0.0);
        check(b"a\xff", 1.0);
        check(b"\xffa\xef\xbf\xbd", -(0.4_f64 * 0.4_f64.log2() + 0.2_f64 * 0.2_f64.log2()));
    }
}
