//! Values that stand next to words such as `key` or `password` all over a program and are no secrets: names, paths,
//! digests, look-ups of the real secret, public keys, pictures, numbers.

use super::Surroundings;
use super::words::{is_wordy, split};

type Filter = fn(&str, &Surroundings) -> bool;

const FILTERS: [(&str, Filter); 14] = [
    ("UUID", |text, _| is_uuid(text)),
    ("number, date or version", |text, _| is_number(text)),
    ("integrity digest", |text, _| is_integrity(text)),
    ("hash of something", is_digest),
    ("look-up of the real value", is_lookup),
    ("public key or certificate", is_public),
    ("picture, font or archive", is_media),
    ("URL without credentials", |text, _| is_plain_url(text)),
    ("file path", |text, _| is_path(text)),
    ("expression", |text, _| is_expression(text)),
    ("type name", |text, _| is_type(text)),
    ("placeholder words", |text, _| is_stock_words(text)),
    ("name or phrase", |text, _| is_name(text)),
    ("format string", |text, _| is_format(text)),
];

/// Why a value next to a telling word is no secret.
pub(super) fn reason(text: &str, line: &Surroundings) -> Option<&'static str> {
    FILTERS.iter().find(|(_, filter)| filter(text, line)).map(|(reason, _)| *reason)
}

fn is_uuid(text: &str) -> bool {
    let text = text.trim_matches(['{', '}']);
    let text = text.strip_prefix("urn:uuid:").unwrap_or(text);
    let groups: Vec<&str> = text.split('-').collect();
    groups.iter().map(|group| group.len()).eq([8, 4, 4, 4, 12])
        && groups.iter().all(|group| group.bytes().all(|b| b.is_ascii_hexdigit()))
}

fn is_number(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let number = |extra: &[u8]| text.bytes().all(|b| b.is_ascii_digit() || extra.contains(&b));
    let plain = digits > 0 && (number(b".,_+-eE") && text.len() <= 24);
    let hex = text
        .strip_prefix("0x")
        .is_some_and(|rest| rest.len() <= 16 && rest.bytes().all(|b| b.is_ascii_hexdigit()));
    let date = digits >= 6 && number(b"-:/.TZ+ ") && text.len() <= 32;
    plain || hex || date || is_version(text)
}

/// `1.2.3`, `v2.0.0-rc.1`, `^4.17.21`
fn is_version(text: &str) -> bool {
    let text = text.trim_start_matches(['^', '~', '=', '>', '<', ' ']);
    let text = text.strip_prefix(['v', 'V']).unwrap_or(text);
    let (core, rest) = text.split_at(text.find(['-', '+']).unwrap_or(text.len()));
    let numeric = |part: &str| (1..=6).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
    (2..=4).contains(&core.split('.').count()) && core.split('.').all(numeric) && rest.len() <= 16
}

/// `sha512-…` as in lock files and in HTML (W3C Subresource Integrity), `sha256:…` as in container images.
fn is_integrity(text: &str) -> bool {
    const ALGORITHMS: [&str; 8] =
        ["sha1-", "sha256-", "sha384-", "sha512-", "sha1:", "sha256:", "sha512:", "md5:"];
    let lower = text.to_ascii_lowercase();
    ALGORITHMS
        .iter()
        .any(|algorithm| lower.starts_with(algorithm) || lower.contains(&format!("@{algorithm}")))
}

/// Hexadecimal of a hash's length where the line speaks of hashes.
fn is_digest(text: &str, line: &Surroundings) -> bool {
    const WORDS: [&str; 14] = [
        "sha",
        "md",
        "checksum",
        "checksums",
        "integrity",
        "digest",
        "commit",
        "rev",
        "revision",
        "hash",
        "etag",
        "fingerprint",
        "tree",
        "blob",
    ];
    let hash =
        matches!(text.len(), 32 | 40 | 56 | 64 | 96 | 128) && text.bytes().all(|b| b.is_ascii_hexdigit());
    let about_hashes = |text: &str| {
        split(text)
            .any(|word| WORDS.iter().any(|known| word.eq_ignore_ascii_case(known)) || names_algorithm(word))
    };
    hash && (about_hashes(&line.before) || about_hashes(&line.after))
}

fn names_algorithm(word: &str) -> bool {
    let lower = word.to_ascii_lowercase();
    ["sha256sum", "sha512sum", "shasum", "gitsha", "commitsha", "githash", "commitid"]
        .contains(&lower.as_str())
}

/// A reference to where the secret is kept.
fn is_lookup(text: &str, line: &Surroundings) -> bool {
    const STARTS: [&str; 34] = [
        "process.env",
        "os.environ",
        "os.getenv",
        "getenv",
        "System.getenv",
        "System.getProperty",
        "ENV[",
        "ENV.",
        "env.",
        "env:",
        "env(",
        "secrets.",
        "vars.",
        "var.",
        "local.",
        "data.",
        "module.",
        "op://",
        "vault:",
        "arn:",
        "ref+",
        "ssm:",
        "import.meta.env",
        "Deno.env",
        "std::env",
        "Rails.application",
        "keyring:",
        "gopass:",
        "!vault",
        "!Ref",
        "!Sub",
        "!GetAtt",
        "ENC[",
        "@Microsoft.KeyVault",
    ];
    const WITHIN: [&str; 8] = [
        "process.env.",
        "os.environ",
        "getenv(",
        "{{resolve:",
        "secretsmanager:",
        "$ANSIBLE_VAULT",
        "projects/",
        ".GetSecret",
    ];
    const BEFORE: [&str; 6] = ["process.env.", "os.environ[", "getenv(", "ENV[", "secrets.", "environ.get("];
    let before = line.before.trim_end_matches(['"', '\'', ' ', '`']);
    STARTS.iter().any(|start| text.starts_with(start))
        || WITHIN
            .iter()
            .any(|part| text.contains(part) && (*part != "projects/" || text.contains("/secrets/")))
        || BEFORE.iter().any(|call| before.ends_with(call))
}

fn is_public(text: &str, line: &Surroundings) -> bool {
    // How SSH public keys and X.509 public keys of RSA, EC and Ed25519 begin in base64.
    const STARTS: [&str; 14] = [
        "ssh-rsa ",
        "ssh-ed25519 ",
        "ecdsa-sha2-",
        "sk-ssh-",
        "sk-ecdsa-",
        "AAAAB3NzaC1",
        "AAAAC3NzaC1",
        "AAAAE2VjZHNh",
        "MIIBIjANBgkqhkiG9w0BAQEFA",
        "MIICIjANBgkqhkiG9w0BAQEFA",
        "MIGfMA0GCSqGSIb3DQEBAQUA",
        "MFkwEwYHKoZIzj0",
        "MCowBQYDK2V",
        "-----BEGIN CERTIFICATE",
    ];
    const BEFORE: [&str; 5] =
        ["ssh-rsa", "ssh-ed25519", "BEGIN CERTIFICATE-----", "BEGIN PUBLIC KEY-----", "-nistp256"];
    let before = line.before.trim_end_matches(['\\', 'n', ' ']);
    STARTS.iter().any(|start| text.starts_with(start))
        || text.contains("BEGIN PUBLIC KEY")
        || text.contains("BEGIN RSA PUBLIC KEY")
        || BEFORE.iter().any(|marker| before.ends_with(marker.trim_end_matches('n')))
}

/// Base64 of well-known file formats, and data URIs.
fn is_media(text: &str, line: &Surroundings) -> bool {
    // PNG, JPEG, GIF, WebP, SVG (twice), ICO, WOFF (twice), TrueType, PDF, zip, gzip.
    const STARTS: [&str; 13] = [
        "iVBORw0KGgo",
        "/9j/",
        "R0lGOD",
        "UklGR",
        "PHN2Zy",
        "PD94bWwg",
        "AAABAA",
        "d09GR",
        "d09GM",
        "AAEAAAA",
        "JVBERi0",
        "UEsDB",
        "H4sI",
    ];
    let base64 = text.len() >= 40 && text.bytes().all(|b| b.is_ascii_alphanumeric() || b"+/=-_".contains(&b));
    let uri = line.before.rfind("data:").and_then(|at| line.before.get(at..));
    text.starts_with("data:")
        || (base64 && STARTS.iter().any(|start| text.starts_with(start)))
        || uri.is_some_and(|uri| uri.ends_with(";base64,") && !uri.contains(' '))
}

/// A URL with neither user information nor a parameter that may be a secret.
fn is_plain_url(text: &str) -> bool {
    let Some((scheme, rest)) = text.split_once("://") else { return false };
    let named =
        !scheme.is_empty() && scheme.bytes().all(|b| b.is_ascii_alphanumeric() || b"+.-:".contains(&b));
    let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let lower = rest.to_ascii_lowercase();
    let parameter = ["token=", "key=", "sig=", "signature=", "secret=", "password=", "pwd=", "code="];
    named && !authority.contains('@') && !parameter.iter().any(|name| lower.contains(name))
}

fn is_path(text: &str) -> bool {
    const EXTENSIONS: [&str; 24] = [
        ".pem",
        ".key",
        ".crt",
        ".cer",
        ".p12",
        ".pfx",
        ".jks",
        ".json",
        ".yml",
        ".yaml",
        ".toml",
        ".txt",
        ".env",
        ".xml",
        ".conf",
        ".cfg",
        ".ini",
        ".properties",
        ".js",
        ".ts",
        ".py",
        ".go",
        ".html",
        ".sh",
    ];
    let relative = ["./", "../", "~/", ".\\", "..\\", "file:"].iter().any(|start| text.starts_with(start));
    let drive = matches!(text.as_bytes(), [letter, b':', b'\\' | b'/', ..] if letter.is_ascii_alphabetic());
    if relative || drive {
        return true;
    }
    let segments: Vec<&str> = text.split(['/', '\\']).filter(|segment| !segment.is_empty()).collect();
    let absolute = text.starts_with('/') && segments.len() >= 2;
    let file = EXTENSIONS.iter().any(|extension| text.ends_with(extension));
    let plain = |segment: &&str| segment.len() <= 3 || is_wordy(segment) || *segment == "**";
    (absolute || file) && segments.iter().all(plain)
}

/// `token()`, `config["password"]`, `user.password!`, `a + b`, `key: value`
fn is_expression(text: &str) -> bool {
    let at = text.find(['(', '[']).filter(|at| *at >= 2);
    let called = at.and_then(|at| text.split_at_checked(at)).is_some_and(|(name, rest)| {
        let name_only = name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_.:$->?!&*".contains(&b));
        let closed = rest.trim_end_matches([';', ',', '.', '"', '\'']).ends_with([')', ']', '(', '[', '{']);
        name_only && closed && (is_wordy(name) || name.len() <= 3)
    });
    let operators = [" + ", " ? ", " || ", " && ", " == ", " ?? ", "=> ", " | "];
    let member =
        text.strip_suffix(['!', '?', ';', ',']).is_some_and(|name| name.contains('.') && is_wordy(name));
    called || member || operators.iter().any(|operator| text.contains(operator))
}

/// `Option<String>`, `Vec<u8>`, `string[]`, `*Secret`, `&str`
fn is_type(text: &str) -> bool {
    let inner =
        text.trim_start_matches(['*', '&', '?', ':', ' ']).trim_end_matches(['?', '!', ';', ',', '{', ' ']);
    let inner = inner.strip_suffix("[]").unwrap_or(inner);
    let generic = inner.split_once('<').is_some_and(|(name, rest)| rest.ends_with('>') && is_wordy(name));
    let marked = inner.len() < text.len() && !inner.is_empty() && is_wordy(inner);
    generic || (marked && !text.ends_with('!'))
}

/// Nothing but words that stand for a secret, and few digits: `my-secret-token`, `password123`, `test`.
pub(crate) fn is_stock_words(text: &str) -> bool {
    const STOCK: &str = "a abc access account admin an api app apikey auth bar baz client code credential credentials \
        custom default demo dev empty false foo for from guest hello id is it key local login my name \
        nil none not null of pass passphrase password passwd private public pwd root secret some string \
        super test testing the this token true undefined user username value very";
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let mut words = split(text).filter(|word| !word.bytes().all(|b| b.is_ascii_digit())).peekable();
    let stock = |word: &str| STOCK.split(' ').any(|known| word.eq_ignore_ascii_case(known));
    digits <= 4 && words.peek().is_some() && words.all(stock)
}

/// An identifier, a dotted name, a list of classes, prose.
fn is_name(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"_-. :/,'\\@*".contains(&b);
    text.bytes().all(allowed) && is_wordy(text)
}

/// `user=%s password=%s`, `Bearer {}`
fn is_format(text: &str) -> bool {
    ["%s", "%d", "%v", "%@", "{}", "{0}", "{1}"].iter().any(|mark| text.contains(mark))
}
