use std::collections::BTreeSet;
use std::fmt;
use std::fmt::Write as _;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// `scheme/version:hex`, for example `secret/1:9f3c…`. Two findings with an equal fingerprint are the same finding.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Fingerprint(pub String);

impl Fingerprint {
    /// Hashes `parts`, each with its length, under a scheme name such as `secret/1`. 128 bits of BLAKE3.
    pub fn new(scheme: &str, parts: &[&[u8]]) -> Self {
        let mut hasher = blake3::Hasher::new();
        for part in std::iter::once(&scheme.as_bytes()).chain(parts) {
            hasher.update(&(part.len() as u64).to_le_bytes());
            hasher.update(part);
        }
        let hex = hasher.finalize().to_hex();
        Self(format!("{scheme}:{}", &hex.as_str()[..32]))
    }

    /// The same fingerprint, told apart from `ordinal` equal ones before it. The first (0) is unchanged.
    pub fn with_ordinal(&self, ordinal: u32) -> Self {
        if ordinal == 0 { self.clone() } else { Self(format!("{}#{ordinal}", self.0)) }
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// The identity of a finding: the fingerprint of the present scheme, and those of other schemes or places that
/// identify the same finding. Two findings are the same if any of their fingerprints are equal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
pub struct Fingerprints {
    /// The one that reports show and exceptions name.
    pub primary: Fingerprint,
    /// Others that match as well, sorted.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub alternates: BTreeSet<Fingerprint>,
}

impl Fingerprints {
    /// Only a primary fingerprint.
    pub fn only(primary: Fingerprint) -> Self {
        Self { primary, alternates: BTreeSet::new() }
    }

    /// All of them, the primary first.
    pub fn all(&self) -> impl Iterator<Item = &Fingerprint> {
        std::iter::once(&self.primary).chain(self.alternates.iter().filter(|a| **a != self.primary))
    }
}

/// The context hash of a finding: a set of 16-bit hashes, one for each of the nearest non-blank lines before and
/// after it, white space removed. Too short to tell what a line said, enough to recognise a neighbourhood.
pub fn line_context<'a>(lines: impl IntoIterator<Item = &'a str>) -> String {
    let hashes: BTreeSet<u16> = lines.into_iter().filter_map(line_hash).collect();
    hashes.iter().fold(String::new(), |mut text, hash| {
        let _ = write!(text, "{hash:04x}");
        text
    })
}

/// How alike two context hashes are: the Jaccard index of their sets, 0.0 to 1.0. Empty contexts are unlike.
pub fn context_similarity(a: &str, b: &str) -> f64 {
    let (a, b) = (context_set(a), context_set(b));
    let union = a.union(&b).count();
    if union == 0 { 0.0 } else { a.intersection(&b).count() as f64 / union as f64 }
}

fn context_set(text: &str) -> BTreeSet<&[u8]> {
    text.as_bytes().chunks_exact(4).collect()
}

fn line_hash(line: &str) -> Option<u16> {
    let mut hasher = blake3::Hasher::new();
    let mut any = false;
    for word in line.split_whitespace() {
        any = true;
        hasher.update(word.as_bytes());
    }
    let hash = hasher.finalize();
    any.then(|| u16::from_le_bytes([hash.as_bytes()[0], hash.as_bytes()[1]]))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_are_not_confused_with_their_concatenation() {
        assert_ne!(Fingerprint::new("t/1", &[b"ab", b"c"]), Fingerprint::new("t/1", &[b"a", b"bc"]));
        assert_ne!(Fingerprint::new("t/1", &[b"ab"]), Fingerprint::new("t/2", &[b"ab"]));
    }

    #[test]
    fn context_ignores_white_space_and_survives_one_changed_line() {
        let before = line_context(["fn a() {", "  let x = 1;", "}", "other"]);
        assert_eq!(before, line_context(["fn  a()  {", "\tlet x = 1;", "", "}", "other"]));
        assert!(context_similarity(&before, &line_context(["fn a() {", "let y = 2;", "}", "other"])) > 0.5);
        assert_eq!(context_similarity("", ""), 0.0);
    }
}
