use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::encoding::is_hex;

/// A thing that a statement speaks of: its subject, an input, an output. The in-toto attestation framework's
/// ResourceDescriptor, version 1.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Resource {
    /// Its name within the statement, such as a file name; may be empty.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// Its name in the world.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uri: Option<String>,
    /// Algorithm to digest. `sha256`, `sha512`, `sha1`, `gitCommit` and their like in lower-case hexadecimal.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub digest: BTreeMap<String, String>,
    /// The thing itself in base64, where it is tiny.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub content: Option<String>,
    /// Where it can be fetched, when that is not its URI.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub download_location: Option<String>,
    /// What kind of thing (RFC 6838).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub media_type: Option<String>,
    /// Whatever else its producer says.
    #[serde(skip_serializing_if = "Map::is_empty")]
    pub annotations: Map<String, Value>,
}

impl Resource {
    /// A file or image by its SHA-256 in lower-case hexadecimal.
    pub fn sha256(name: &str, digest: &str) -> Self {
        Self { name: name.to_owned(), ..Self::digest("sha256", digest) }
    }

    /// A commit by its id in lower-case hexadecimal.
    pub fn git_commit(id: &str) -> Self {
        Self::digest("gitCommit", id)
    }

    /// Whether it has this digest.
    pub fn has_digest(&self, algorithm: &str, digest: &str) -> bool {
        self.digest.get(algorithm).is_some_and(|own| own == digest)
    }

    /// Whether one of its digests is one of the other's, and no algorithm that both name says otherwise.
    pub fn is_same(&self, other: &Self) -> bool {
        let shared = |(algorithm, digest)| other.digest.get(algorithm).map(|theirs| theirs == digest);
        let mut shared = self.digest.iter().filter_map(shared).peekable();
        shared.peek().is_some() && shared.all(|same| same)
    }

    fn digest(algorithm: &str, digest: &str) -> Self {
        Self { digest: [(algorithm.to_owned(), digest.to_owned())].into(), ..Self::default() }
    }

    /// What is wrong with its digests, if anything.
    pub(crate) fn complaint(&self) -> Option<String> {
        const LONGEST: usize = 512;
        self.digest.iter().find_map(|(algorithm, digest)| {
            let fits = match algorithm.as_str() {
                "sha256" | "sha512_256" | "sha3_256" => is_hex(digest) && digest.len() == 64,
                "sha384" | "sha3_384" => is_hex(digest) && digest.len() == 96,
                "sha512" | "sha3_512" => is_hex(digest) && digest.len() == 128,
                "sha1" => is_hex(digest) && digest.len() == 40,
                "gitCommit" | "gitTree" | "gitBlob" | "gitTag" => {
                    is_hex(digest) && matches!(digest.len(), 40 | 64)
                }
                _ => !digest.is_empty() && digest.len() <= LONGEST && !algorithm.is_empty(),
            };
            (!fits).then(|| format!("`{}` is no digest of {algorithm}", shortened(digest)))
        })
    }
}

fn shortened(text: &str) -> String {
    const LONGEST: usize = 80;
    text.chars().take(LONGEST).flat_map(char::escape_debug).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digests_are_checked_by_their_algorithm() {
        let check = |algorithm: &str, digest: &str, fits: bool| {
            let complaint = Resource::digest(algorithm, digest).complaint();
            assert_eq!(complaint.is_none(), fits, "{algorithm} {digest}: {complaint:?}");
        };
        check("sha256", &"a1".repeat(32), true);
        check("sha256", &"A1".repeat(32), false);
        check("sha256", &"a1".repeat(20), false);
        check("sha512", &"0".repeat(128), true);
        check("gitCommit", &"0".repeat(40), true);
        check("gitCommit", &"0".repeat(64), true);
        check("gitCommit", "main", false);
        check("dirHash", "h1:abc+/=", true);
        check("dirHash", "", false);
        check("sha256", "", false);
    }

    #[test]
    fn resources_are_the_same_by_digest_only() {
        let one = Resource::sha256("a", &"1".repeat(64));
        let other_name = Resource::sha256("b", &"1".repeat(64));
        let mut contradicting = one.clone();
        contradicting.digest.insert("sha1".to_owned(), "1".repeat(40));
        let mut contradicted = one.clone();
        contradicted.digest.insert("sha1".to_owned(), "2".repeat(40));
        assert!(one.is_same(&other_name) && one.is_same(&contradicting));
        assert!(!contradicting.is_same(&contradicted));
        assert!(!one.is_same(&Resource::sha256("a", &"2".repeat(64))));
        assert!(!Resource::default().is_same(&Resource::default()));
    }
}
