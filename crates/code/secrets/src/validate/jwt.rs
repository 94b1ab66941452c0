//! JSON Web Tokens (RFC 7519): header and payload are JSON, the signature has the length of its algorithm.

use base64::Engine as _;
use base64::alphabet::URL_SAFE;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use serde_json::{Map, Value};

use super::Verdict;

/// Longer ones are not looked at; bytes.
const MAX_LENGTH: usize = 64 * 1024;
/// How much of a claim a note repeats; characters.
const MAX_CLAIM: usize = 80;

const BASE64URL: GeneralPurpose = GeneralPurpose::new(
    &URL_SAFE,
    GeneralPurposeConfig::new()
        .with_decode_padding_mode(DecodePaddingMode::Indifferent)
        .with_decode_allow_trailing_bits(true),
);

pub(super) fn validate(token: &[u8]) -> Verdict {
    if token.len() > MAX_LENGTH {
        return Verdict::Unknown;
    }
    let parts: Vec<&[u8]> = token.splitn(6, |b| *b == b'.').collect();
    let Some(header) = parts.first().and_then(|part| object(part)) else {
        return Verdict::invalid("the header is not JSON");
    };
    let Some(algorithm) = header.get("alg").and_then(Value::as_str) else {
        return Verdict::invalid("the header names no algorithm");
    };
    match parts.as_slice() {
        [_, payload, signature] => signed(algorithm, payload, signature),
        [_, _, _, _, _] if header.contains_key("enc") => Verdict::valid("encrypted JWT"),
        _ => Verdict::invalid("wrong number of parts"),
    }
}

fn signed(algorithm: &str, payload: &[u8], signature: &[u8]) -> Verdict {
    let Some(claims) = object(payload) else { return Verdict::invalid("the payload is not JSON") };
    let text = |name: &str| claims.get(name).and_then(Value::as_str);
    if text("sub") == Some("1234567890") && text("name") == Some("John Doe") {
        return Verdict::Test { note: "the sample token of jwt.io" };
    }
    let unsigned = algorithm.eq_ignore_ascii_case("none");
    let Ok(signature) = BASE64URL.decode(signature) else {
        return Verdict::invalid("the signature is not base64url");
    };
    if !unsigned && !length_fits(algorithm, signature.len()) {
        return Verdict::invalid("the signature has not the length of its algorithm");
    }
    let mut notes = vec![format!("algorithm {}", plain(algorithm))];
    if unsigned {
        notes.push("unsigned: anybody can make one".to_owned());
    }
    if let Some(issuer) = text("iss") {
        notes.push(format!("issuer {}", plain(issuer)));
    }
    let expires = claims.get("exp").and_then(Value::as_f64).filter(|t| t.is_finite()).map(|t| t as i64);
    Verdict::Valid { note: notes.join(", "), expires }
}

/// RFC 7518, section 3. Algorithms that are not known here fit with any signature.
fn length_fits(algorithm: &str, length: usize) -> bool {
    match algorithm {
        "HS256" => length == 32,
        "HS384" => length == 48,
        "HS512" | "ES256" | "ES256K" => length == 64,
        "ES384" => length == 96,
        "ES512" => length == 132,
        "EdDSA" => matches!(length, 64 | 114),
        "RS256" | "RS384" | "RS512" | "PS256" | "PS384" | "PS512" => (64..=2048).contains(&length),
        _ => length > 0,
    }
}

fn object(part: &[u8]) -> Option<Map<String, Value>> {
    match serde_json::from_slice(&BASE64URL.decode(part).ok()?).ok()? {
        Value::Object(map) => Some(map),
        _ => None,
    }
}

fn plain(claim: &str) -> String {
    claim.chars().filter(|c| c.is_ascii_graphic() || *c == ' ').take(MAX_CLAIM).collect()
}
