//! The JSON documents of an image, as the OCI image specification 1.1 and Docker's schema 2 have them. Only what is used
//! is read; anything else may be there.

use std::collections::BTreeMap;
use std::io::Read as _;

use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::digest::{Digest, Hashed};
use super::store::{Blob, StoreError};
use super::{ImageError, Platform};

/// The most bytes of one document; the distribution specification lets registries refuse longer ones.
const LONGEST: u64 = 4 << 20;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Descriptor {
    #[serde(default)]
    pub(crate) media_type: String,
    pub(crate) digest: String,
    pub(crate) size: u64,
    #[serde(default)]
    pub(crate) platform: Option<Platform>,
    #[serde(default)]
    pub(crate) annotations: Option<BTreeMap<String, String>>,
}

impl Descriptor {
    pub(crate) fn digest(&self, what: &str) -> Result<Digest, ImageError> {
        Digest::parse(&self.digest).ok_or_else(|| ImageError::Malformed {
            what: what.to_owned(),
            reason: format!(
                "`{}` is not a digest that is known",
                self.digest.chars().take(100).collect::<String>()
            ),
        })
    }

    pub(crate) fn annotation(&self, key: &str) -> Option<&str> {
        self.annotations.as_ref()?.get(key).map(String::as_str)
    }
}

/// An index or a manifest, whichever it is.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Node {
    #[serde(default)]
    pub(crate) schema_version: Option<u64>,
    #[serde(default)]
    pub(crate) media_type: Option<String>,
    #[serde(default)]
    pub(crate) manifests: Option<Vec<Descriptor>>,
    #[serde(default)]
    pub(crate) config: Option<Descriptor>,
    #[serde(default)]
    pub(crate) layers: Option<Vec<Descriptor>>,
}

/// An entry of a docker-archive's `manifest.json`.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct Saved {
    pub(crate) config: String,
    #[serde(default)]
    pub(crate) repo_tags: Option<Vec<String>>,
    #[serde(default)]
    pub(crate) layers: Option<Vec<String>>,
}

/// The configuration of an image.
#[derive(Debug, Deserialize)]
pub(crate) struct ConfigFile {
    #[serde(flatten)]
    pub(crate) platform: Platform,
    #[serde(default)]
    pub(crate) created: Option<String>,
    #[serde(default)]
    pub(crate) config: Option<RunFile>,
    pub(crate) rootfs: RootFs,
    #[serde(default)]
    pub(crate) history: Option<Vec<Step>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "PascalCase", default)]
pub(crate) struct RunFile {
    pub(crate) user: Option<String>,
    pub(crate) env: Option<Vec<String>>,
    pub(crate) entrypoint: Option<Vec<String>>,
    pub(crate) cmd: Option<Vec<String>>,
    pub(crate) working_dir: Option<String>,
    pub(crate) labels: Option<BTreeMap<String, String>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct RootFs {
    #[serde(default)]
    pub(crate) diff_ids: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
pub(crate) struct Step {
    #[serde(default)]
    pub(crate) created: Option<String>,
    #[serde(default)]
    pub(crate) created_by: Option<String>,
    #[serde(default)]
    pub(crate) comment: Option<String>,
    #[serde(default)]
    pub(crate) empty_layer: Option<bool>,
}

/// Reads a document and checks it against its descriptor, if it has one.
pub(crate) fn read<T: DeserializeOwned>(
    blob: Result<Blob, StoreError>,
    what: &str,
    stated: Option<(&Digest, u64)>,
) -> Result<(T, Digest), ImageError> {
    let unreadable = |reason: String| ImageError::Unreadable { what: what.to_owned(), reason };
    let malformed = |reason: String| ImageError::Malformed { what: what.to_owned(), reason };
    if stated.is_some_and(|(_, size)| size > LONGEST) {
        return Err(malformed(format!("it has more than {LONGEST} bytes")));
    }
    let mut source = blob.map_err(|error| unreadable(error.to_string()))?.take(LONGEST + 1);
    let mut bytes = Vec::new();
    source.read_to_end(&mut bytes).map_err(|error| unreadable(error.to_string()))?;
    if bytes.len() as u64 > LONGEST {
        return Err(malformed(format!("it has more than {LONGEST} bytes")));
    }
    let digest = match stated {
        Some((digest, size)) => check(&bytes, what, digest, size)?,
        None => Digest::of(&bytes),
    };
    let document = serde_json::from_slice(&bytes).map_err(|error| malformed(error.to_string()))?;
    Ok((document, digest))
}

fn check(bytes: &[u8], what: &str, stated: &Digest, size: u64) -> Result<Digest, ImageError> {
    let (hash, length) = Hashed::new(bytes, Some(stated))
        .finish()
        .map_err(|error| ImageError::Unreadable { what: what.to_owned(), reason: error.to_string() })?;
    if stated.is(&hash) && length == size {
        return Ok(stated.clone());
    }
    let actual =
        if length == size { Digest::of(bytes).to_string() } else { format!("{length} bytes, not {size}") };
    Err(ImageError::Digest { what: what.to_owned(), stated: stated.to_string(), actual })
}
