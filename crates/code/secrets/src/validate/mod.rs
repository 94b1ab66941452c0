//! Tells real credentials from strings that only look like one, offline: checksums, structure, what the credential
//! says about itself. The clock is not an input here: a credential that expires says when.

mod aws;
mod der;
mod jwt;
mod openssh;
mod pem;
mod pgp;
mod plain;
mod token;

#[cfg(test)]
mod tests;

pub(crate) use pgp::crc24;
pub(crate) use token::checksum;

use crate::noise::is_published;

/// What the content of a secret says about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// Checksum or structure hold.
    Valid {
        /// What the secret reveals about itself (account, issuer, key size, …); may be empty. Nothing secret.
        note: String,
        /// When it stops being accepted, in Unix seconds; may be past.
        expires: Option<i64>,
    },
    /// Cannot be a working credential.
    Invalid {
        /// Why, in a few words.
        reason: &'static str,
    },
    /// Nothing can be said.
    Unknown,
    /// Published by its vendor for tests or documentation.
    Test {
        /// What it is.
        note: &'static str,
    },
}

/// What a [`Verdict::Valid`] of a kind is worth.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Proof {
    /// Random or made-up characters pass too, more often than not.
    None,
    /// A key that works, though anybody can make one, for a test too.
    Key,
    /// Nobody but the issuer puts in a checksum that fits.
    Checksum,
}

type Validator = fn(&[u8]) -> Verdict;

const VALIDATORS: [(&str, Validator); 10] = [
    ("aws", aws::validate),
    ("base64-json", plain::base64_json),
    ("basic", plain::basic),
    ("crc32-base62", token::crc32_base62),
    ("github", token::github),
    ("jwt", jwt::validate),
    ("luhn", plain::luhn),
    ("npm", token::npm),
    ("pem", pem::validate),
    ("uuid", plain::uuid),
];

/// The names that a rule's `validate` may hold.
pub(crate) const KINDS: [&str; VALIDATORS.len()] = {
    let mut names = [""; VALIDATORS.len()];
    let mut i = 0;
    while i < VALIDATORS.len() {
        names[i] = VALIDATORS[i].0;
        i += 1;
    }
    names
};

/// Judges a secret by the rules of its kind, one of [`KINDS`]; others are `Unknown`.
pub(crate) fn validate(kind: &str, secret: &[u8]) -> Verdict {
    let index = KINDS.iter().position(|name| *name == kind);
    let Some((_, validator)) = index.and_then(|index| VALIDATORS.get(index)) else { return Verdict::Unknown };
    let secret = secret.trim_ascii();
    if is_published(secret) {
        return Verdict::Test { note: "published by its vendor as an example" };
    }
    validator(secret)
}

/// What it proves that a secret is valid for a kind, one of [`KINDS`].
pub(crate) fn proof(kind: &str) -> Proof {
    match kind {
        "crc32-base62" | "github" | "npm" => Proof::Checksum,
        "pem" => Proof::Key,
        _ => Proof::None,
    }
}

impl Verdict {
    fn valid(note: impl Into<String>) -> Self {
        Verdict::Valid { note: note.into(), expires: None }
    }

    fn invalid(reason: &'static str) -> Self {
        Verdict::Invalid { reason }
    }
}
