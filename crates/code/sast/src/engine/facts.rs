//! What is remembered of a file: enough to make findings wherever it occurs.

use andon_model::Region;
use serde::{Deserialize, Serialize};

/// Version of the serialised form and of the code that fills it; part of the cache's key.
pub(super) const VERSION: u32 = 1;

/// A place that a rule found in a text.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Seen {
    /// Index of the rule in its set.
    pub(super) rule: u32,
    /// The place.
    pub(super) region: Region,
    /// Its first lines.
    pub(super) snippet: String,
    /// What the rule says of it.
    pub(super) message: String,
    /// What to write instead.
    pub(super) fix: Option<String>,
    /// Hash of the code without white space.
    pub(super) code: [u8; 16],
    /// The functions and classes around it, outermost first, with dots.
    pub(super) symbol: String,
    /// Context hash of the neighbouring lines.
    pub(super) context: String,
    /// A comment there says to ignore it.
    pub(super) ignored: bool,
    /// The way that data takes.
    pub(super) flow: Vec<Step>,
}

/// A step of the way that data takes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Step {
    /// The place.
    pub(super) region: Region,
    /// Its first lines.
    pub(super) snippet: String,
    /// What happens there.
    pub(super) message: String,
}

/// Serialised facts; empty for none.
pub(super) fn encode(seen: &[Seen]) -> Vec<u8> {
    if seen.is_empty() { Vec::new() } else { postcard::to_stdvec(seen).unwrap_or_default() }
}

/// Reads facts back; nothing when they are not ours.
pub(super) fn decode(facts: &[u8]) -> Vec<Seen> {
    postcard::from_bytes(facts).unwrap_or_default()
}
