use andon_attestation::predicate;

/// What kind of attestation is meant: a name that cosign knows, or a predicate type's URI.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PredicateKind {
    uri: String,
    /// A later version of the same format is meant as well.
    family: bool,
}

/// Names, their predicate types, and whether versions below those are meant as well.
const NAMES: &[(&str, &str, bool)] = &[
    ("slsaprovenance", "https://slsa.dev/provenance/v0.2", false),
    ("slsaprovenance02", "https://slsa.dev/provenance/v0.2", false),
    ("slsaprovenance1", "https://slsa.dev/provenance/v1", false),
    ("link", "https://in-toto.io/Link/v1", false),
    ("spdx", predicate::SPDX, true),
    ("spdxjson", predicate::SPDX, true),
    ("cyclonedx", predicate::CYCLONE_DX, true),
    ("openvex", predicate::OPEN_VEX_UNVERSIONED, true),
    ("vuln", "https://cosign.sigstore.dev/attestation/vuln/v1", false),
    ("custom", "https://cosign.sigstore.dev/attestation/v1", false),
];

impl PredicateKind {
    /// Reads a name or a URI. `None` when it is neither.
    pub fn parse(text: &str) -> Option<Self> {
        if let Some((_, uri, family)) = NAMES.iter().find(|(name, ..)| *name == text) {
            return Some(Self { uri: (*uri).to_owned(), family: *family });
        }
        let (scheme, rest) = text.split_once(':')?;
        let word = scheme.starts_with(|letter: char| letter.is_ascii_alphabetic())
            && scheme.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        let printable = rest.bytes().all(|byte| byte.is_ascii_graphic());
        let fine = word && printable && !rest.is_empty() && text.len() <= 1024;
        fine.then(|| Self { uri: text.to_owned(), family: false })
    }

    /// The predicate type that is written.
    pub fn uri(&self) -> &str {
        &self.uri
    }

    /// The names that [`PredicateKind::parse`] knows.
    pub fn names() -> impl Iterator<Item = &'static str> {
        NAMES.iter().map(|(name, ..)| *name)
    }

    /// Whether a predicate type is meant. A format's name means all its versions, a URI only itself.
    pub fn accepts(&self, predicate_type: &str) -> bool {
        match predicate_type.strip_prefix(self.uri.as_str()) {
            Some("") => true,
            Some(rest) => self.family && rest.starts_with('/'),
            None => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_mean_formats_and_addresses_themselves() {
        let check = |text: &str, found: &str, expected: bool| {
            assert_eq!(PredicateKind::parse(text).unwrap().accepts(found), expected, "{text} {found}");
        };
        check("spdxjson", "https://spdx.dev/Document", true);
        check("spdxjson", "https://spdx.dev/Document/v2.3", true);
        check("spdxjson", "https://spdx.dev/Documents", false);
        check("openvex", "https://openvex.dev/ns/v0.2.0", true);
        check("slsaprovenance1", "https://slsa.dev/provenance/v1", true);
        check("slsaprovenance1", "https://slsa.dev/provenance/v1.1", false);
        check("https://slsa.dev/provenance/v1", "https://slsa.dev/provenance/v1/x", false);
        for wrong in ["", "sbom", "1:a", "a b:c", "https:", "x:\u{1}"] {
            assert_eq!(PredicateKind::parse(wrong), None, "{wrong}");
        }
        assert!(PredicateKind::names().all(|name| PredicateKind::parse(name).is_some()));
    }
}
