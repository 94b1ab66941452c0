use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

/// The digests of a Subresource Integrity value (W3C SRI, section 3.5: `sha512-BASE64`, several apart by white space)
/// as `algorithm:hex`. What is not a digest is passed over.
pub(crate) fn checksums(value: &str) -> Vec<String> {
    value.split_ascii_whitespace().filter_map(checksum).collect()
}

fn checksum(part: &str) -> Option<String> {
    let (algorithm, rest) = part.split_once('-')?;
    let length = match algorithm {
        "md5" => 16,
        "sha1" => 20,
        "sha256" => 32,
        "sha384" => 48,
        "sha512" => 64,
        _ => return None,
    };
    let encoded = rest.split('?').next().unwrap_or_default();
    let bytes = STANDARD.decode(encoded).ok().filter(|bytes| bytes.len() == length)?;
    Some(format!("{algorithm}:{}", hex(&bytes)))
}

fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    let digit = |value: u8| char::from(DIGITS.get(usize::from(value)).copied().unwrap_or(b'0'));
    bytes.iter().flat_map(|byte| [digit(byte >> 4), digit(byte & 15)]).collect()
}

/// A digest that is already hexadecimal, as `algorithm:hex`; `None` if it has another length or other characters.
pub(crate) fn hex_checksum(algorithm: &str, digest: &str) -> Option<String> {
    let length = match algorithm {
        "md5" => 32,
        "sha1" => 40,
        "sha256" => 64,
        "sha384" => 96,
        "sha512" => 128,
        _ => return None,
    };
    let valid = digest.len() == length && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
    valid.then(|| format!("{algorithm}:{}", digest.to_ascii_lowercase()))
}

#[cfg(test)]
mod tests {
    use super::{checksums, hex_checksum};

    #[test]
    fn digests() {
        let sha1 = "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk=";
        assert_eq!(checksums(sha1), ["sha1:da39a3ee5e6b4b0d3255bfef95601890afd80709"]);
        assert_eq!(checksums(&format!("sha512-short  {sha1}?x md4-AAAA nonsense")).len(), 1);
        assert_eq!(hex_checksum("md5", &"A".repeat(32)), Some(format!("md5:{}", "a".repeat(32))));
        assert_eq!(hex_checksum("md5", "zz"), None);
    }
}
