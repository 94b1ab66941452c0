//! Expands the examples of rules. They hold generators such as `{{alnum:20}}` in place of tokens, so that no file of
//! the pack contains anything that looks like a credential.

mod keys;
mod source;

#[cfg(test)]
mod tests;

use base64::Engine as _;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};

use crate::validate::checksum;
use source::Source;

/// How many characters one generator may ask for.
const MAX_CHARACTERS: usize = 4096;

const DIGITS: &str = "0123456789";
const LOWER: &str = "abcdefghijklmnopqrstuvwxyz";
const UPPER: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// Replaces every `{{kind:arguments}}` of a template. The same template and seed give the same text; another seed
/// gives other characters. A double brace that encloses no known generator (a template of another language) stays.
///
/// # Errors
///
/// Says which generator has which wrong argument.
pub fn expand(template: &str, seed: &str) -> Result<String, String> {
    let mut random = Source::new(template, seed);
    let mut text = String::new();
    let mut rest = template;
    while let Some((before, after)) = rest.split_once("{{") {
        text.push_str(before);
        let call = after.split_once("}}").filter(|(call, _)| !call.contains(['{', '\n']));
        match call.map(|(call, remaining)| (call, remaining, generate(call, &mut random))) {
            Some((_, remaining, Some(generated))) => {
                text.push_str(&generated?);
                rest = remaining;
            }
            _ => {
                // The second brace may belong to a generator: `{{{uuid}}}`.
                text.push('{');
                rest = rest.get(before.len() + 1..).unwrap_or_default();
            }
        }
    }
    text.push_str(rest);
    Ok(text)
}

/// `None` when no generator has this name.
fn generate(call: &str, random: &mut Source) -> Option<Result<String, String>> {
    let (kind, arguments) = call.split_once(':').unwrap_or((call, ""));
    let sets: Option<&[&str]> = match kind {
        "hex" => Some(&[DIGITS, "abcdef"]),
        "HEX" => Some(&[DIGITS, "ABCDEF"]),
        "digits" => Some(&[DIGITS]),
        "lower" => Some(&[LOWER, DIGITS]),
        "upper" => Some(&[UPPER, DIGITS]),
        "alpha" => Some(&[LOWER, UPPER]),
        "alnum" => Some(&[LOWER, UPPER, DIGITS]),
        "b64" => Some(&[LOWER, UPPER, DIGITS, "+/"]),
        "b64url" => Some(&[LOWER, UPPER, DIGITS, "_-"]),
        "b32" => Some(&[UPPER, "234567"]),
        _ => None,
    };
    if let Some(sets) = sets {
        return Some(count(call, arguments).map(|count| random.mixed(sets, count)));
    }
    let plain = |generator: fn(&mut Source) -> String, random: &mut Source| match arguments {
        "" => Ok(generator(random)),
        _ => Err(format!("`{call}`: takes no arguments; write `{{{{{kind}}}}}`")),
    };
    Some(match kind {
        "uuid" => plain(uuid, random),
        "npm" => plain(|random| checked("npm_", random), random),
        "jwt" => plain(jwt, random),
        "pgp" => plain(keys::pgp, random),
        "github" => github(call, arguments, random),
        "aws" => aws(call, arguments, random),
        "luhn" => luhn(call, arguments, random),
        "pem" => keys::pem(arguments, random).ok_or_else(|| {
            format!("`{call}`: use RSA PRIVATE KEY, EC PRIVATE KEY, PRIVATE KEY or OPENSSH PRIVATE KEY")
        }),
        "pem-line" => keys::pem(arguments, random)
            .map(|pem| pem.replace('\n', "\\n"))
            .ok_or_else(|| format!("`{call}`: use a label that `pem` takes, such as PRIVATE KEY")),
        "base64" => Ok(STANDARD.encode(arguments)),
        _ => return None,
    })
}

fn count(call: &str, arguments: &str) -> Result<usize, String> {
    let count = arguments.parse().ok().filter(|count| (1..=MAX_CHARACTERS).contains(count));
    count.ok_or_else(|| {
        format!("`{call}`: the argument must be a number of characters, 1 to {MAX_CHARACTERS}")
    })
}

fn uuid(random: &mut Source) -> String {
    let mut hex = |count| random.mixed(&[DIGITS, "abcdef"], count);
    format!("{}-{}-4{}-a{}-{}", hex(8), hex(4), hex(3), hex(3), hex(12))
}

fn checked(prefix: &str, random: &mut Source) -> String {
    let body = random.mixed(&[LOWER, UPPER, DIGITS], 30);
    let sum = checksum(body.as_bytes());
    format!("{prefix}{body}{}", String::from_utf8_lossy(&sum))
}

fn github(call: &str, prefix: &str, random: &mut Source) -> Result<String, String> {
    match prefix {
        "ghp_" | "gho_" | "ghu_" | "ghs_" | "ghr_" => Ok(checked(prefix, random)),
        _ => Err(format!("`{call}`: the prefix must be ghp_, gho_, ghu_, ghs_ or ghr_")),
    }
}

fn aws(call: &str, prefix: &str, random: &mut Source) -> Result<String, String> {
    if prefix.len() != 4 || !prefix.bytes().all(|b| b.is_ascii_uppercase()) {
        return Err(format!("`{call}`: the prefix must be four capital letters, such as AKIA"));
    }
    let account = 100_000_000_000 + random.number() % 899_999_999_999;
    // The marker of the newer format, 40 bits of account and 9 random bits make ten base32 digits.
    let bits = 1 << 49 | account << 9 | random.number() & 0x1ff;
    let digit =
        |i: u32| char::from(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"[(bits >> (45 - 5 * i) & 31) as usize]);
    let head: String = (0..10).map(digit).collect();
    Ok(format!("{prefix}{head}{}", random.mixed(&[UPPER, "234567"], 6)))
}

fn jwt(random: &mut Source) -> String {
    let header = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let user = random.mixed(&[LOWER, DIGITS], 10);
    let issued = 1_600_000_000 + random.number() % 100_000_000;
    let claims = format!(r#"{{"iss":"https://login.acme.dev","sub":"{user}","iat":{issued}}}"#);
    let signature = URL_SAFE_NO_PAD.encode(random.bytes(32));
    format!("{header}.{}.{signature}", URL_SAFE_NO_PAD.encode(claims))
}

fn luhn(call: &str, arguments: &str, random: &mut Source) -> Result<String, String> {
    let wrong = || format!("`{call}`: write luhn:PREFIX:TOTALDIGITS, such as luhn:4539:16");
    let (prefix, total) = arguments.split_once(':').ok_or_else(wrong)?;
    let total: usize = total.parse().map_err(|_| wrong())?;
    if !prefix.bytes().all(|b| b.is_ascii_digit()) || !(2..=32).contains(&total) || prefix.len() >= total {
        return Err(wrong());
    }
    let body = format!("{prefix}{}", random.mixed(&[DIGITS], total - prefix.len() - 1));
    let sum: u32 = body
        .bytes()
        .rev()
        .enumerate()
        .map(|(i, digit)| u32::from(digit - b'0') * (2 - i as u32 % 2))
        .map(|part| part / 10 + part % 10)
        .sum();
    Ok(format!("{body}{}", (10 - sum % 10) % 10))
}
