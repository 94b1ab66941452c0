//! Private keys in PEM (RFC 7468, RFC 1421 for encrypted ones), also where a program's source or a JSON file holds
//! them: with `\n` instead of line breaks, in quotes, indented.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::{Verdict, der, openssh, pgp};

/// Longer ones are not looked at; bytes.
const MAX_LENGTH: usize = 256 * 1024;
/// No private key is shorter; an Ed25519 key has 48 bytes.
const MIN_BODY: usize = 40;

pub(super) fn validate(text: &[u8]) -> Verdict {
    let Some(block) =
        std::str::from_utf8(text).ok().filter(|text| text.len() <= MAX_LENGTH).and_then(Block::find)
    else {
        return Verdict::Unknown;
    };
    let Some(body) = block.body else {
        // A rule may match no more than the header.
        return Verdict::Unknown;
    };
    let content = Content::read(body);
    let Ok(data) = STANDARD.decode(&content.base64) else {
        return Verdict::invalid("the body is not base64");
    };
    if data.len() < MIN_BODY {
        return Verdict::invalid("the body is too short");
    }
    if crate::noise::is_repetition(content.base64.as_bytes()) {
        return Verdict::invalid("the body is a placeholder");
    }
    if block.label.starts_with("PGP ") {
        return pgp::validate(&data, content.sum);
    }
    describe(block.label, &data, content.encrypted)
}

fn describe(label: &str, data: &[u8], encrypted: bool) -> Verdict {
    if label == "OPENSSH PRIVATE KEY" {
        return match openssh::describe(data) {
            Some((key, encrypted)) => named(&key, encrypted),
            None => Verdict::invalid("no OpenSSH key"),
        };
    }
    if encrypted {
        // Only ciphertext follows, which has no structure.
        return named(label.trim_end_matches(" PRIVATE KEY"), true);
    }
    if !der::is_sequence(data) {
        return Verdict::invalid("the body is not DER");
    }
    let key = match label {
        "RSA PRIVATE KEY" => der::rsa(data),
        "EC PRIVATE KEY" => der::ec(data),
        "DSA PRIVATE KEY" => der::dsa(data),
        // Some programs write this for every form.
        "PRIVATE KEY" => [der::pkcs8, der::rsa, der::ec, der::dsa].iter().find_map(|form| form(data)),
        "ENCRYPTED PRIVATE KEY" => return named("PKCS #8", true),
        _ => return Verdict::Unknown,
    };
    key.map_or(Verdict::invalid("the DER holds no key"), |key| named(&key, false))
}

fn named(key: &str, encrypted: bool) -> Verdict {
    Verdict::valid(format!(
        "{key}, {}",
        if encrypted { "encrypted with a passphrase" } else { "not encrypted" }
    ))
}

struct Block<'a> {
    label: &'a str,
    /// What stands between the header and the footer; absent when there is no footer.
    body: Option<&'a str>,
}

impl<'a> Block<'a> {
    fn find(text: &'a str) -> Option<Self> {
        let (_, rest) = text.split_once("-----BEGIN ")?;
        let (label, rest) = rest.split_once("-----")?;
        let key = label.trim_end_matches(" BLOCK").ends_with("PRIVATE KEY") && label.len() < 40;
        key.then(|| Block { label, body: rest.split_once("-----END ").map(|(body, _)| body) })
    }
}

/// The body without what surrounds its base64.
struct Content {
    base64: String,
    encrypted: bool,
    sum: Option<[u8; 3]>,
}

impl Content {
    fn read(body: &str) -> Self {
        let plain: Vec<String> = body.lines().map(undecorated).collect();
        let unescaped = plain.join("\n").replace("\\r", "").replace("\\n", "\n");
        let mut content = Content { base64: String::new(), encrypted: false, sum: None };
        for line in unescaped.lines().map(str::trim) {
            if line.contains(':') {
                content.encrypted |= line.contains("ENCRYPTED");
            } else if let Some(sum) = line.strip_prefix('=').filter(|sum| sum.len() == 4) {
                content.sum = STANDARD.decode(sum).ok().and_then(|sum| sum.try_into().ok());
            } else {
                content.base64.extend(line.chars().filter(|c| !c.is_whitespace()));
            }
        }
        content
    }
}

/// A line without the quotes, commas and comment signs of the file that it stands in.
fn undecorated(line: &str) -> String {
    // Base64 may begin with two slashes; a comment has a space after them.
    let line = line.trim();
    let line = line.strip_prefix("// ").unwrap_or(line).trim_start_matches(['#', '*', '|', '>']).trim();
    let line = line.split(['"', '\'']).filter(|part| !is_glue(part)).collect::<String>();
    let line = line.trim_matches(['`', ',', ';', ' ']);
    line.strip_suffix('\\').unwrap_or(line).to_owned()
}

/// What a program has between two strings that it joins: `+`, `.`, `,`, `.append(`.
fn is_glue(part: &str) -> bool {
    let part = part.trim();
    part.ends_with('(') || part.starts_with(')') || part.bytes().all(|b| b"+.,;()\\&".contains(&b))
}
