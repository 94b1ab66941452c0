//! How a secret is recognised again without being written down.

use std::borrow::Cow;
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use andon_model::Fingerprint;
use argon2::{Algorithm, Argon2, Params, Version};

use crate::entropy;

/// Keys the hashes of a project, so that laptop and CI agree and other projects do not.
#[derive(Clone)]
pub struct ProjectKey([u8; 32]);

impl ProjectKey {
    /// Derives the key from the project's identifier, such as `project.id` of `andon.yaml`.
    pub fn new(project: &str) -> Self {
        Self(blake3::derive_key("andon 2026 project key for secret identities v1", project.as_bytes()))
    }

    pub(crate) fn digest(&self) -> [u8; 32] {
        *blake3::hash(&self.0).as_bytes()
    }
}

/// Hashes secrets: fast for strong ones, slow (Argon2id, 1 MiB, one pass) for those that could be guessed.
pub(crate) struct Hasher {
    key: ProjectKey,
    slow: Mutex<HashMap<[u8; 32], [u8; 32]>>,
}

impl Hasher {
    pub(crate) fn new(key: ProjectKey) -> Self {
        Self { key, slow: Mutex::new(HashMap::new()) }
    }

    /// The keyed hash of what does not depend on line endings and indentation, and whether the secret is strong. `slow`
    /// says how many more slow hashes the text is worth; a text with more weak secrets than that is noise, and must not
    /// keep the scan busy.
    pub(crate) fn hash(&self, secret: &[u8], slow: &mut u32) -> ([u8; 32], bool) {
        let secret = &*layout_free(secret);
        let fast = *blake3::keyed_hash(&self.key.0, secret).as_bytes();
        if is_strong(secret) {
            return (fast, true);
        }
        let Some(left) = slow.checked_sub(1) else { return (fast, false) };
        *slow = left;
        let known = self.slow.lock().unwrap_or_else(PoisonError::into_inner).get(&fast).copied();
        let slow = known.unwrap_or_else(|| {
            let slow = self.slow_hash(secret).unwrap_or(fast);
            self.slow.lock().unwrap_or_else(PoisonError::into_inner).insert(fast, slow);
            slow
        });
        (slow, false)
    }

    fn slow_hash(&self, secret: &[u8]) -> Option<[u8; 32]> {
        let params = Params::new(1024, 1, 1, Some(32)).ok()?;
        let mut out = [0; 32];
        let argon = Argon2::new(Algorithm::Argon2id, Version::V0x13, params);
        argon.hash_password_into(secret, &self.key.0, &mut out).ok()?;
        Some(out)
    }
}

/// The secret without the white space around it; one of several lines, such as a key in PEM, without any, whether its
/// line feeds are real or written as `\n`.
fn layout_free(secret: &[u8]) -> Cow<'_, [u8]> {
    let secret = secret.trim_ascii();
    let key = secret.starts_with(b"-----BEGIN ");
    if !key && !secret.contains(&b'\n') {
        return Cow::Borrowed(secret);
    }
    let mut free = Vec::with_capacity(secret.len());
    let mut rest = secret;
    while let [first, after @ ..] = rest {
        rest = after;
        match after {
            [b'n' | b'r', after @ ..] if key && *first == b'\\' => rest = after,
            _ if first.is_ascii_whitespace() => {}
            _ => free.push(*first),
        }
    }
    Cow::Owned(free)
}

/// Whether a secret holds at least some 72 bits of entropy and is no mere phrase.
fn is_strong(secret: &[u8]) -> bool {
    let bits = entropy::shannon(secret) * secret.len() as f64;
    let mixed = secret.iter().any(u8::is_ascii_digit) && secret.iter().any(u8::is_ascii_alphabetic);
    bits >= 72.0 && (mixed || secret.len() >= 64)
}

/// Identity of a strong secret: the secret itself, by its keyed hash.
pub(crate) fn strong_fingerprint(rule: &str, secret: &[u8; 32]) -> Fingerprint {
    Fingerprint::new("secret/1", &[rule.as_bytes(), secret])
}

/// Identity of a weak secret: its line without it, and 12 bits of its slow hash. A report tells too little of the
/// secret to confirm a guess, yet two passwords on lines that read alike stay two findings.
pub(crate) fn weak_fingerprint(rule: &str, masked_line: &[u8; 16], secret: &[u8; 32]) -> Fingerprint {
    Fingerprint::new("secret-line/1", &[rule.as_bytes(), masked_line, &few_bits(secret)])
}

/// Another identity of a weak secret, for when its line is edited: its file, and the same 12 bits of its slow hash.
pub(crate) fn weak_file_fingerprint(rule: &str, path: &str, secret: &[u8; 32]) -> Fingerprint {
    Fingerprint::new("secret-file/1", &[rule.as_bytes(), path.as_bytes(), &few_bits(secret)])
}

fn few_bits(secret: &[u8; 32]) -> [u8; 2] {
    [secret[0], secret[1] & 0xf0]
}

/// Identity of a file that a path-only rule names.
pub(crate) fn path_fingerprint(rule: &str, path: &str) -> Fingerprint {
    Fingerprint::new("secret-path/1", &[rule.as_bytes(), path.as_bytes()])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_are_weak_and_tokens_are_strong() {
        for weak in
            ["hunter2", "correct horse battery staple", "P@ssw0rd!", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa1"]
        {
            assert!(!is_strong(weak.as_bytes()), "{weak}");
        }
        assert!(is_strong(b"k3J9xQ2mZ7pL5vT8wR4nB6yH1cF0dG"));
    }

    #[test]
    fn layout_does_not_make_another_secret() {
        let hasher = Hasher::new(ProjectKey::new("a"));
        let key = |feed: &str| {
            format!("-----{} KEY-----{feed}MIIBs1{feed}9xQ2mZ=={feed}-----END KEY-----", "BEGIN")
        };
        for feed in ["\r\n", "\n    ", "\\n", "\\r\\n", "\n\n"] {
            assert_eq!(
                hasher.hash(key("\n").as_bytes(), &mut 9),
                hasher.hash(key(feed).as_bytes(), &mut 9),
                "{feed:?}"
            );
        }
        assert_eq!(hasher.hash(b"hunter2\r", &mut 9), hasher.hash(b"hunter2", &mut 9));
        assert_ne!(hasher.hash(b"hunter\\n2", &mut 9), hasher.hash(b"hunter2", &mut 9));
        assert_ne!(hasher.hash(b"hunter 2", &mut 9), hasher.hash(b"hunter2", &mut 9));
    }

    #[test]
    fn hashes_depend_on_the_project() {
        let (a, b) = (Hasher::new(ProjectKey::new("a")), Hasher::new(ProjectKey::new("b")));
        assert_eq!(a.hash(b"hunter2", &mut 1), a.hash(b"hunter2", &mut 1));
        assert_ne!(a.hash(b"hunter2", &mut 1), b.hash(b"hunter2", &mut 1));
        assert_ne!(a.hash(b"hunter2", &mut 1).0, *blake3::keyed_hash(&a.key.0, b"hunter2").as_bytes());
    }
}
