//! What is remembered of a text: enough to make findings wherever it occurs, and no secret in clear.

use andon_model::Region;
use serde::{Deserialize, Serialize};

/// Version of the serialised form and of the code that fills it; part of the cache's key.
pub(crate) const VERSION: u32 = 3;

/// A credential seen in a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(crate) struct Hit {
    /// Index of the rule in its set.
    pub(crate) rule: u32,
    /// Keyed hash of the secret; slow for weak ones.
    pub(crate) secret: [u8; 32],
    /// Whether guessing the secret from its hash is hopeless.
    pub(crate) strong: bool,
    /// Hash of the secret's line with the secret masked and white space removed.
    pub(crate) masked_line: [u8; 16],
    /// Where the secret is.
    pub(crate) region: Region,
    /// 1-based line where the rule's match starts, as gitleaks reports it.
    pub(crate) match_line: u32,
    /// The line, secrets redacted.
    pub(crate) snippet: String,
    /// The secret, redacted.
    pub(crate) redacted: String,
    /// Shannon entropy, bits per character.
    pub(crate) entropy: f32,
    /// What offline validation said.
    pub(crate) validation: Validation,
    /// How it was decoded: `decoded:base64`, `decode-depth:1`.
    pub(crate) tags: Vec<String>,
    /// Context hash of the neighbouring lines.
    pub(crate) context: String,
    /// The line says `gitleaks:allow`.
    pub(crate) allowed_inline: bool,
    /// Allowlists whose content conditions hold and that still depend on the path or the commit.
    pub(crate) pending: Vec<Pending>,
    /// Rules required beside this one that were seen near it.
    pub(crate) companions: Vec<u32>,
    /// Positions, among the hits of the same text, of those that speak instead where they count.
    pub(crate) rivals: Vec<u32>,
}

/// An allowlist that waits for a path or a commit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Pending {
    /// Index among the set's global allowlists.
    Global(u32),
    /// Index among the rule's own allowlists.
    Rule(u32),
    /// Index of a rule that is required beside it, and index among that one's own allowlists.
    Required(u32, u32),
}

/// What offline validation said of a secret.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(crate) enum Validation {
    /// Nothing to check.
    #[default]
    None,
    /// Checksum or structure hold.
    Valid(String),
    /// Valid, until this Unix time in seconds.
    Expires(i64, String),
}

/// Serialised facts; empty for no hits.
pub(crate) fn encode(hits: &[Hit]) -> Vec<u8> {
    if hits.is_empty() { Vec::new() } else { postcard::to_stdvec(hits).unwrap_or_default() }
}

/// Reads facts back; `None` when they are not ours.
pub(crate) fn decode(facts: &[u8]) -> Option<Vec<Hit>> {
    if facts.is_empty() { Some(Vec::new()) } else { postcard::from_bytes(facts).ok() }
}

impl Hit {
    /// A path-only rule named the file.
    pub(crate) fn of_path(rule: u32) -> Self {
        Self {
            rule,
            secret: [0; 32],
            strong: true,
            masked_line: [0; 16],
            region: Region::default(),
            match_line: 0,
            snippet: String::new(),
            redacted: String::new(),
            entropy: 0.0,
            validation: Validation::None,
            tags: Vec::new(),
            context: String::new(),
            allowed_inline: false,
            pending: Vec::new(),
            companions: Vec::new(),
            rivals: Vec::new(),
        }
    }
}
