//! Small checks: card numbers, UUIDs, JSON in base64.

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::Value;

use super::Verdict;
use crate::noise::{is_stock_words, is_wordy};

const MAX_JSON: usize = 64 * 1024;

/// Payment card numbers (ISO/IEC 7812): twelve to nineteen digits, in groups or not, with a Luhn check digit.
pub(super) fn luhn(number: &[u8]) -> Verdict {
    if !number.iter().all(|b| b.is_ascii_digit() || matches!(b, b' ' | b'-')) {
        return Verdict::invalid("characters other than digits");
    }
    let digits: Vec<u8> = number.iter().filter(|b| b.is_ascii_digit()).map(|b| b - b'0').collect();
    if !(12..=19).contains(&digits.len()) {
        return Verdict::invalid("wrong length");
    }
    if crate::noise::is_published(&digits.iter().map(|d| d + b'0').collect::<Vec<u8>>()) {
        return Verdict::Test { note: "test card number" };
    }
    if digits.iter().all(|d| Some(d) == digits.first()) {
        return Verdict::invalid("one digit repeated");
    }
    let sum: u32 = digits.iter().rev().enumerate().map(|(i, d)| u32::from(luhn_part(*d, i % 2 == 1))).sum();
    if sum.is_multiple_of(10) {
        Verdict::valid("check digit correct")
    } else {
        Verdict::invalid("wrong check digit")
    }
}

/// RFC 9562: hexadecimal digits in five groups, a version and the variant.
pub(super) fn uuid(text: &[u8]) -> Verdict {
    if text.len() != 36 {
        return Verdict::invalid("wrong length");
    }
    let shape = text.iter().enumerate().all(|(i, b)| match i {
        8 | 13 | 18 | 23 => *b == b'-',
        _ => b.is_ascii_hexdigit(),
    });
    if !shape {
        return Verdict::invalid("not a UUID");
    }
    match (text.get(14), text.get(19)) {
        (Some(version @ b'1'..=b'8'), Some(b'8' | b'9' | b'a' | b'b' | b'A' | b'B')) => {
            Verdict::valid(format!("UUID version {}", version - b'0'))
        }
        _ => Verdict::invalid("no UUID version"),
    }
}

/// Base64 or base64url, padded or not, of a JSON object or list.
pub(super) fn base64_json(text: &[u8]) -> Verdict {
    if text.len() > MAX_JSON {
        return Verdict::Unknown;
    }
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let engines =
        [&alphabet::STANDARD, &alphabet::URL_SAFE].map(|alphabet| GeneralPurpose::new(alphabet, config));
    let Some(decoded) = engines.iter().find_map(|engine| engine.decode(text).ok()) else {
        return Verdict::invalid("not base64");
    };
    match serde_json::from_slice(&decoded) {
        Ok(Value::Object(_) | Value::Array(_)) => Verdict::valid("JSON"),
        _ => Verdict::invalid("does not decode to JSON"),
    }
}

/// Base64 of `name:password` (RFC 7617), or of a key and a colon. That they work cannot be told.
pub(super) fn basic(text: &[u8]) -> Verdict {
    let config = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let Ok(decoded) = GeneralPurpose::new(&alphabet::STANDARD, config).decode(text) else {
        return Verdict::invalid("not base64");
    };
    let Some(login) = std::str::from_utf8(&decoded).ok().filter(|login| !login.chars().any(char::is_control))
    else {
        return Verdict::invalid("does not decode to text");
    };
    let Some((name, password)) = login.split_once(':') else { return Verdict::Unknown };
    let secret = if password.is_empty() { name } else { password };
    // Clients without a password are known by a name of words.
    let no_password = if password.is_empty() { is_wordy(name) } else { password == name };
    if no_password || is_stock_words(secret) {
        return Verdict::Test { note: "words in place of a password" };
    }
    Verdict::Unknown
}

fn luhn_part(digit: u8, doubled: bool) -> u8 {
    match digit * (1 + u8::from(doubled)) {
        part @ 10.. => part - 9,
        part => part,
    }
}
