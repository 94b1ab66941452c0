use std::collections::BTreeMap;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::download::hex;
use crate::registry::reference::sha256;

/// Media types of the OCI image specification.
pub const IMAGE_INDEX: &str = "application/vnd.oci.image.index.v1+json";
/// Of an image's manifest.
pub const IMAGE_MANIFEST: &str = "application/vnd.oci.image.manifest.v1+json";

/// Bytes of the largest manifest (OCI distribution specification, section "pushing manifests").
pub const LARGEST_MANIFEST: u64 = 4 << 20;

/// What points to content (OCI image specification, section "descriptor").
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Descriptor {
    /// The media type of the content.
    #[serde(default)]
    pub media_type: String,
    /// `sha256:…` of the content.
    pub digest: String,
    /// Bytes of the content.
    pub size: u64,
    /// What an artefact is, as whoever wrote the descriptor says.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub artifact_type: Option<String>,
    /// Anything else that is said about the content.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty", deserialize_with = "null_is_empty")]
    pub annotations: BTreeMap<String, String>,
}

impl Descriptor {
    /// Of content that is at hand.
    pub fn of(media_type: &str, content: &[u8]) -> Self {
        Self {
            media_type: media_type.to_owned(),
            digest: digest_of(content),
            size: u64::try_from(content.len()).unwrap_or(u64::MAX),
            ..Self::default()
        }
    }
}

/// `sha256:…` of some content.
pub fn digest_of(content: &[u8]) -> String {
    format!("sha256:{}", hex(&Sha256::digest(content)))
}

/// A manifest as a registry gave it; its digest is computed here, not the registry's word.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// `sha256:…` of the bytes.
    pub digest: String,
    /// What the manifest says it is, or else the registry.
    pub media_type: String,
    /// As they came.
    pub bytes: Vec<u8>,
    /// To know this state of a tag by (RFC 9110, section 8.8.3).
    pub(crate) etag: Option<String>,
}

impl Manifest {
    /// What points to it.
    pub fn descriptor(&self) -> Descriptor {
        Descriptor::of(&self.media_type, &self.bytes)
    }
}

/// The content of a manifest, either of an image (or any other artefact) or of an index.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Document {
    #[serde(default)]
    schema_version: u32,
    /// What it is, if it says so.
    #[serde(default)]
    pub media_type: Option<String>,
    /// What kind of artefact it is.
    #[serde(default)]
    pub artifact_type: Option<String>,
    /// The configuration; an index has none.
    #[serde(default)]
    pub config: Option<Descriptor>,
    /// The layers; `None` in an index.
    #[serde(default)]
    pub layers: Option<Vec<Descriptor>>,
    /// The manifests; `None` in an image.
    #[serde(default)]
    pub manifests: Option<Vec<Descriptor>>,
    /// The manifest that it is about.
    #[serde(default)]
    pub subject: Option<Descriptor>,
    /// Anything else that is said about it.
    #[serde(default, deserialize_with = "null_is_empty")]
    pub annotations: BTreeMap<String, String>,
}

impl Document {
    /// Reads a manifest or an index. What could be both, or neither, is refused: another reader might see the other.
    ///
    /// # Errors
    /// When it is none of schema 2, is too large, or points somewhere without a SHA-256; the text says what is wrong.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        if u64::try_from(bytes.len()).is_ok_and(|bytes| bytes > LARGEST_MANIFEST) {
            return Err(format!("it has more than {LARGEST_MANIFEST} bytes"));
        }
        let document: Self =
            serde_json::from_slice(bytes).map_err(|error| crate::response::one_line(&error.to_string()))?;
        if document.schema_version != 2 {
            return Err("it is not of schema 2".to_owned());
        }
        match (&document.manifests, document.layers.is_some() || document.config.is_some()) {
            (Some(_), true) => return Err("it is an index and an image at the same time".to_owned()),
            (None, false) => return Err("it is neither an index nor an image".to_owned()),
            _ => {}
        }
        let lists = [&document.layers, &document.manifests].into_iter().flatten().flatten();
        let all = lists.chain(&document.config).chain(&document.subject);
        if all.into_iter().any(|descriptor| sha256(&descriptor.digest).is_none()) {
            return Err("a digest is no SHA-256".to_owned());
        }
        Ok(document)
    }

    /// Whether it is an index.
    pub fn is_index(&self) -> bool {
        self.manifests.is_some()
    }
}

/// Adds an entry to an index, and keeps whatever else is in it. `None` begins a new one.
///
/// # Errors
/// When what is there is no index.
pub fn add_to_index(index: Option<&[u8]>, entry: &Descriptor) -> Result<Vec<u8>, String> {
    let mut value = match index {
        Some(bytes) => {
            if !Document::read(bytes)?.is_index() {
                return Err("it is an image instead of an index".to_owned());
            }
            serde_json::from_slice(bytes).map_err(|error| crate::response::one_line(&error.to_string()))?
        }
        None => serde_json::json!({"schemaVersion": 2, "mediaType": IMAGE_INDEX, "manifests": []}),
    };
    let entry = serde_json::to_value(entry).map_err(|error| error.to_string())?;
    match value.get_mut("manifests") {
        Some(Value::Array(manifests)) => manifests.push(entry),
        _ => return Err("it is no index".to_owned()),
    }
    Ok(value.to_string().into_bytes())
}

/// Go writes an empty map as `null`.
fn null_is_empty<'de, D: Deserializer<'de>>(reader: D) -> Result<BTreeMap<String, String>, D::Error> {
    Ok(Option::deserialize(reader)?.unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn entry(media_type: &str) -> String {
        serde_json::to_string(&Descriptor::of(media_type, b"x")).unwrap()
    }

    #[test]
    fn what_is_ambiguous_is_refused() {
        let check =
            |text: &str, expected: Result<bool, &str>| match (Document::read(text.as_bytes()), expected) {
                (Ok(document), Ok(index)) => assert_eq!(document.is_index(), index, "{text}"),
                (Err(error), Err(expected)) => assert!(error.contains(expected), "{error}"),
                (found, _) => panic!("{found:?} of {text}"),
            };
        let one = entry("x");
        check(r#"{"schemaVersion": 2, "manifests": [], "annotations": null}"#, Ok(true));
        check(&format!(r#"{{"schemaVersion": 2, "manifests": [{one}]}}"#), Ok(true));
        check(&format!(r#"{{"schemaVersion": 2, "config": {one}, "layers": [{one}]}}"#), Ok(false));
        check(r#"{"schemaVersion": 2, "manifests": [], "layers": []}"#, Err("at the same time"));
        check(r#"{"schemaVersion": 2, "manifests": [], "manifests": []}"#, Err("duplicate field"));
        check(r#"{"schemaVersion": 2}"#, Err("neither"));
        check(r#"{"schemaVersion": 1, "layers": []}"#, Err("schema 2"));
        check(r#"{"schemaVersion": 2, "layers": [{"digest": "md5:x", "size": 1}]}"#, Err("no SHA-256"));
        check(
            r#"{"schemaVersion": 2, "layers": [], "subject": {"digest": "", "size": 1}}"#,
            Err("no SHA-256"),
        );
        check("<html>", Err("expected"));
        check(&format!("{{{}}}", " ".repeat(5 << 20)), Err("more than 4194304 bytes"));
    }

    #[test]
    fn an_index_keeps_what_we_do_not_know() {
        let (one, two) = (Descriptor::of("a", b"1"), Descriptor::of("b", b"2"));
        let first = add_to_index(None, &one).unwrap();
        let text = String::from_utf8(first)
            .unwrap()
            .replace("\"mediaType\":\"a\"", "\"mediaType\":\"a\",\"new\":[1]");
        let both = add_to_index(Some(text.as_bytes()), &two).unwrap();
        assert!(String::from_utf8_lossy(&both).contains("\"new\":[1]"));
        assert_eq!(Document::read(&both).unwrap().manifests, Some(vec![one, two.clone()]));
        let image = format!(r#"{{"schemaVersion": 2, "layers": [{}]}}"#, entry("x"));
        assert!(add_to_index(Some(image.as_bytes()), &two).unwrap_err().contains("instead of an index"));
    }
}
