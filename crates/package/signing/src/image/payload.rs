use andon_attestation::json;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::image::one_line;

/// What a signature of the older format signs (containers/image, "Container signature format", as cosign uses it).
#[derive(Clone, Debug, PartialEq)]
pub struct SimpleSigning {
    /// The name that the image had when it was signed. It says where, not what: an image may be copied.
    pub reference: String,
    /// `sha256:…` of the image's manifest.
    pub digest: String,
    /// What its signer says besides.
    pub optional: Map<String, Value>,
}

const KIND: &str = "cosign container image signature";

impl SimpleSigning {
    /// About an image.
    pub fn new(reference: &str, digest: &str) -> Self {
        Self { reference: reference.to_owned(), digest: digest.to_owned(), optional: Map::new() }
    }

    /// As it is signed.
    pub fn to_json(&self) -> Vec<u8> {
        let payload = Payload {
            critical: Critical {
                identity: Identity { reference: self.reference.clone() },
                image: Image { digest: self.digest.clone() },
                kind: KIND.to_owned(),
            },
            optional: Some(self.optional.clone()).filter(|optional| !optional.is_empty()),
        };
        // Strings in structures: there is nothing that JSON cannot say.
        serde_json::to_vec(&payload).unwrap_or_default()
    }

    /// Reads what was signed.
    ///
    /// # Errors
    /// When it is something else; the text says what is wrong.
    pub fn from_json(bytes: &[u8]) -> Result<Self, String> {
        let payload: Payload = json::read_as(bytes).map_err(|error| one_line(&error.to_string()))?;
        let Payload { critical, optional } = payload;
        if critical.kind != KIND {
            return Err(format!("it is a {:?}, not a {KIND:?}", one_line(&critical.kind)));
        }
        let (reference, digest) = (critical.identity.reference, critical.image.digest);
        Ok(Self { reference, digest, optional: optional.unwrap_or_default() })
    }
}

#[derive(Serialize, Deserialize)]
struct Payload {
    critical: Critical,
    #[serde(default)]
    optional: Option<Map<String, Value>>,
}

#[derive(Serialize, Deserialize)]
struct Critical {
    identity: Identity,
    image: Image,
    #[serde(rename = "type")]
    kind: String,
}

#[derive(Serialize, Deserialize)]
struct Identity {
    #[serde(rename = "docker-reference")]
    reference: String,
}

#[derive(Serialize, Deserialize)]
struct Image {
    #[serde(rename = "docker-manifest-digest")]
    digest: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read() {
        let payload = SimpleSigning::new("r.example/app", "sha256:0");
        let text = String::from_utf8(payload.to_json()).unwrap();
        assert_eq!(
            text,
            r#"{"critical":{"identity":{"docker-reference":"r.example/app"},"image":{"docker-manifest-digest":"sha256:0"},"type":"cosign container image signature"},"optional":null}"#
        );
        assert_eq!(SimpleSigning::from_json(text.as_bytes()), Ok(payload));
        let check = |from: &str, to: &str, expected: &str| {
            let changed = text.replace(from, to);
            let error = SimpleSigning::from_json(changed.as_bytes()).unwrap_err();
            assert!(error.contains(expected), "{error}");
        };
        check("cosign container", "atomic container", "not a \"cosign container image signature\"");
        check("\"critical\":", "\"critical\":{},\"critical\":", "critical");
        check("docker-manifest-digest", "digest", "docker-manifest-digest");
        check("null}", "[]}", "invalid type");
    }
}
