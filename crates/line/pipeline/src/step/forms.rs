use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE};

/// The fewest bytes of a secret that can be masked: less would mask half of every text.
pub(crate) const SHORTEST: usize = 4;
/// Columns after which programs break base64 (RFC 2045, section 6.8; PEM).
const COLUMNS: [usize; 2] = [76, 64];

/// The forms in which a secret leaks: itself and each of its lines; base64, also inside something longer and broken into
/// lines; hexadecimal; percent-encoded; inside a JSON text.
pub(super) fn all(value: &[u8]) -> Vec<Vec<u8>> {
    let whole = value.trim_ascii_end();
    let mut forms = vec![value.to_vec(), whole.to_vec()];
    forms.extend(whole.split(|byte| *byte == b'\n').map(|line| line.trim_ascii().to_vec()));
    for value in if value == whole { vec![whole] } else { vec![whole, value] } {
        forms.extend(base64_forms(value));
        forms.extend(hexadecimal(value));
        forms.extend(percent(value));
        forms.extend(json(value));
    }
    forms.retain(|form| form.trim_ascii().len() >= SHORTEST);
    forms
}

fn base64_forms(value: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = Vec::new();
    for engine in [&STANDARD, &URL_SAFE] {
        let encoded = engine.encode(value);
        forms.push(encoded.trim_end_matches('=').as_bytes().to_vec());
        for columns in COLUMNS {
            let lines = encoded.as_bytes().chunks(columns);
            // The last one may be too short to be told from other text.
            let long = lines.filter(|line| encoded.len() > columns && line.len() >= 16);
            forms.extend(long.map(<[u8]>::to_vec));
        }
        // Behind other bytes, as the password in `user:password`, the groups of three fall differently. Letters that
        // the bytes around the value have a part in are not known; the last one is, where nothing follows.
        for shift in 0..3_usize {
            let shifted = [&[0, 0][..shift], value].concat();
            let encoded = engine.encode(&shifted);
            let encoded = encoded.trim_end_matches('=');
            let first = if shift == 0 { 0 } else { shift + 1 };
            for end in [shifted.len() * 8 / 6, encoded.len()] {
                let inner = encoded.get(first..end).unwrap_or_default();
                if inner.len() >= 6 {
                    forms.push(inner.as_bytes().to_vec());
                }
            }
        }
    }
    forms
}

fn hexadecimal(value: &[u8]) -> [Vec<u8>; 2] {
    let digits: String = value.iter().map(|byte| format!("{byte:02x}")).collect();
    [digits.to_ascii_uppercase().into_bytes(), digits.into_bytes()]
}

/// As RFC 3986 has it, as browsers' `encodeURIComponent` and as forms do; with digits of both cases.
fn percent(value: &[u8]) -> Vec<Vec<u8>> {
    let mut forms = Vec::new();
    for kept in ["-._~", "-._~!'()*", "-._*"] {
        for (upper, plus) in [(true, false), (false, false), (true, true)] {
            let mut form = Vec::new();
            for byte in value {
                match byte {
                    b' ' if plus => form.push(b'+'),
                    _ if byte.is_ascii_alphanumeric() || kept.as_bytes().contains(byte) => form.push(*byte),
                    _ if upper => form.extend(format!("%{byte:02X}").bytes()),
                    _ => form.extend(format!("%{byte:02x}").bytes()),
                }
            }
            forms.push(form);
        }
    }
    forms
}

/// Without the quotes around it.
fn json(value: &[u8]) -> Option<Vec<u8>> {
    let text = serde_json::to_string(std::str::from_utf8(value).ok()?).ok()?;
    Some(text.get(1..text.len() - 1)?.as_bytes().to_vec())
}

#[cfg(test)]
mod tests {
    use super::super::mask::Masker;
    use super::*;

    const VALUE: &str = "s3cr3t/pass word+\"1\"";

    fn check(text: &str, expected: &str) {
        let masker = Masker::new(&[VALUE.as_bytes()]).unwrap();
        assert_eq!(masker.text(text), expected, "{text}");
    }

    #[test]
    fn forms_are_masked() {
        check(&format!("<{VALUE}>"), "<***>");
        check(&format!("<{}>", STANDARD.encode(VALUE).trim_end_matches('=')), "<***>");
        check(&format!("<{}>", URL_SAFE.encode(VALUE).trim_end_matches('=')), "<***>");
        check("<s3cr3t%2Fpass%20word%2B%221%22>", "<***>");
        check("<s3cr3t%2fpass%20word%2b%221%22>", "<***>");
        check("<s3cr3t%2Fpass+word%2B%221%22>", "<***>");
        check("<s3cr3t/pass word+\\\"1\\\">", "<***>");
        let hex: String = VALUE.bytes().map(|byte| format!("{byte:02x}")).collect();
        check(&format!("<{hex}>"), "<***>");
        check(&format!("<{}>", hex.to_uppercase()), "<***>");
    }

    #[test]
    fn base64_is_found_inside_something_longer() {
        let masker = Masker::new(&[VALUE.as_bytes()]).unwrap();
        for user in ["", "u", "us", "use", "user"] {
            for after in ["", "1", "12"] {
                let masked = masker.text(&STANDARD.encode(format!("{user}:{VALUE}{after}")));
                let left = masked.replace("***", "").len();
                assert!(masked.contains("***") && left <= user.len() * 2 + 12, "{user} {after} {masked}");
            }
        }
        let long = "0123456789abcdefghij".repeat(8);
        let masker = Masker::new(&[long.as_bytes()]).unwrap();
        let wrapped: Vec<String> = STANDARD
            .encode(&long)
            .as_bytes()
            .chunks(76)
            .map(|line| String::from_utf8_lossy(line).into_owned())
            .collect();
        assert_eq!(masker.text(&wrapped.join("\n")), "***\n***\n***");
    }

    #[test]
    fn lines_that_are_too_short_are_no_secrets() {
        let masker = Masker::new(&[b"{\n  \"key\": \"value\"\n}\n"]).unwrap();
        assert_eq!(masker.text("{ } \"key\": \"value\""), "{ } ***");
    }
}
