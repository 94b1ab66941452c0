use andon_model::PolicyOrigin;
use sha2::{Digest, Sha256};

/// SHA-256 over each file's name and text, each after its length as eight little-endian bytes; `andon.yaml` first,
/// then the policies by name.
pub(super) fn origin(
    revision: Option<String>,
    config: Option<(&str, &str)>,
    files: &[(String, String)],
) -> PolicyOrigin {
    let built_in = super::built_in_text();
    let config = config.unwrap_or(("built-in", &built_in));
    let files =
        std::iter::once(config).chain(files.iter().map(|(name, text)| (name.as_str(), text.as_str())));
    let mut hash = Sha256::new();
    let mut names = Vec::new();
    for (name, text) in files {
        for part in [name, text] {
            hash.update((part.len() as u64).to_le_bytes());
            hash.update(part);
        }
        names.push(name.to_owned());
    }
    let digest = hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
    PolicyOrigin { revision, files: names, digest }
}

#[cfg(test)]
mod tests {
    use crate::PolicySet;

    #[test]
    fn the_digest_covers_names_texts_and_borders() {
        let set = |files: &[(&str, &str)]| {
            let files = files.iter().map(|(name, text)| ((*name).to_owned(), (*text).to_owned())).collect();
            PolicySet::new(Some("abc".to_owned()), Some(("andon.yaml", "version: 1")), files)
        };
        let one = set(&[("b.rego", "2"), ("a.rego", "1")]);
        assert_eq!(one.origin().files, ["andon.yaml", "a.rego", "b.rego"]);
        assert_eq!(one.origin().digest.len(), 64);
        assert_eq!(one.origin(), set(&[("a.rego", "1"), ("b.rego", "2")]).origin());
        for other in [
            set(&[("a.rego", "1"), ("b.rego", "3")]),
            set(&[("a.rego", "1"), ("c.rego", "2")]),
            set(&[("a.rego", "1b.rego2")]),
            PolicySet::built_in(),
        ] {
            assert_ne!(one.origin().digest, other.origin().digest);
        }
        assert_eq!(PolicySet::built_in().origin().files, ["built-in"]);
    }
}
