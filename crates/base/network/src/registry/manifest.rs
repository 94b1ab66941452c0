use oci_spec::image::{Descriptor, ImageIndex, ImageManifest};
use serde::Deserialize;
use sha2::{Digest, Sha256};

use crate::download::hex;
use crate::registry::reference::sha256;
use crate::registry::session::Session;
use crate::registry::{Platform, Reference, RegistryError};
use crate::{Page, Request};

/// Bytes of the largest manifest (OCI distribution specification, section "pushing manifests").
const LARGEST: u64 = 4 << 20;
/// Layers of an image; Docker allows 127.
const MOST_LAYERS: usize = 1000;

const ACCEPT: &str = "application/vnd.oci.image.index.v1+json, application/vnd.oci.image.manifest.v1+json, \
     application/vnd.docker.distribution.manifest.list.v2+json, application/vnd.docker.distribution.manifest.v2+json";

/// The manifest of an image for one platform.
pub(crate) struct Resolved {
    /// As it came.
    pub(crate) bytes: Vec<u8>,
    /// `sha256:…` of those.
    pub(crate) digest: String,
    pub(crate) media_type: String,
    /// `sha256:…` of the list of platforms that it was chosen from, if there was one.
    pub(crate) index: Option<String>,
    pub(crate) config: Descriptor,
    pub(crate) layers: Vec<Descriptor>,
}

/// Fetches the manifest of an image; of one for several platforms, that for `platform`.
pub(crate) fn resolve(
    session: &mut Session<'_>,
    reference: &Reference,
    platform: &Platform,
) -> Result<Resolved, RegistryError> {
    let (bytes, digest) = fetch(session, reference, reference.version(), reference.digest())?;
    let (bytes, digest, index) = match kind(reference, &bytes)? {
        Kind::Manifest => (bytes, digest, None),
        Kind::Index => {
            let wanted = choose(reference, &bytes, platform)?;
            let (chosen, found) = fetch(session, reference, &wanted, Some(&wanted))?;
            (chosen, found, Some(digest))
        }
    };
    if let Kind::Index = kind(reference, &bytes)? {
        return Err(unusable(reference, "a list of platforms inside a list of platforms"));
    }
    let manifest: ImageManifest =
        serde_json::from_slice(&bytes).map_err(|error| unusable(reference, &error.to_string()))?;
    if manifest.layers().len() > MOST_LAYERS {
        return Err(unusable(reference, &format!("more than {MOST_LAYERS} layers")));
    }
    let default = "application/vnd.oci.image.manifest.v1+json".to_owned();
    let media_type = manifest.media_type().as_ref().map_or(default, ToString::to_string);
    let (config, layers) = (manifest.config().clone(), manifest.layers().clone());
    Ok(Resolved { bytes, digest, media_type, index, config, layers })
}

pub(crate) fn unusable(reference: &Reference, reason: &str) -> RegistryError {
    let reason = crate::response::one_line(reason);
    RegistryError::Manifest { image: reference.to_string(), reason }
}

/// A manifest and its digest, which must be `expected`.
fn fetch(
    session: &mut Session<'_>,
    reference: &Reference,
    version: &str,
    expected: Option<&str>,
) -> Result<(Vec<u8>, String), RegistryError> {
    let client = session.client();
    let page =
        session.ask(&format!("manifests/{version}"), &reference.to_string(), &|url, authorization| {
            client.fetch(&Request { accept: ACCEPT, authorization, ..Request::new(url) }, LARGEST)
        })?;
    let Page::Content { bytes, .. } = page else { return Err(unusable(reference, "it has no content")) };
    let digest = format!("sha256:{}", hex(&Sha256::digest(&bytes)));
    match expected {
        Some(expected) if expected != digest => Err(unusable(
            reference,
            &format!("its digest is {digest} instead of {expected}; nothing of it is used"),
        )),
        _ => Ok((bytes, digest)),
    }
}

enum Kind {
    Index,
    Manifest,
}

/// What decides what a manifest is. The fields count, not the media type: one that could be both is refused, since
/// another reader might see the other (CVE-2021-41190).
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Shape {
    #[serde(default)]
    schema_version: u32,
    manifests: Option<serde::de::IgnoredAny>,
    layers: Option<serde::de::IgnoredAny>,
    config: Option<serde::de::IgnoredAny>,
    fs_layers: Option<serde::de::IgnoredAny>,
}

fn kind(reference: &Reference, bytes: &[u8]) -> Result<Kind, RegistryError> {
    let shape: Shape =
        serde_json::from_slice(bytes).map_err(|error| unusable(reference, &error.to_string()))?;
    if shape.schema_version == 1 || shape.fs_layers.is_some() {
        return Err(RegistryError::Schema1(reference.to_string()));
    }
    match (shape.manifests.is_some(), shape.layers.is_some() || shape.config.is_some()) {
        (true, false) => Ok(Kind::Index),
        (false, true) => Ok(Kind::Manifest),
        (true, true) => Err(unusable(reference, "it is a list of platforms and an image at the same time")),
        (false, false) => Err(unusable(reference, "it has neither layers nor platforms")),
    }
}

/// The digest of the first image of a list that is made for a platform.
fn choose(reference: &Reference, bytes: &[u8], wanted: &Platform) -> Result<String, RegistryError> {
    let index: ImageIndex =
        serde_json::from_slice(bytes).map_err(|error| unusable(reference, &error.to_string()))?;
    let mut offered = Vec::new();
    for entry in index.manifests() {
        let Some(platform) = entry.platform() else { continue };
        let platform = Platform {
            os: platform.os().to_string(),
            architecture: platform.architecture().to_string(),
            variant: platform.variant().clone().unwrap_or_default(),
        };
        if wanted.fits(&platform) {
            let digest = entry.digest().to_string();
            return match sha256(&digest) {
                Some(_) => Ok(digest),
                None => Err(unusable(reference, "a digest is no SHA-256")),
            };
        }
        // Attestations lie beside the images as if they were some.
        if platform.os != "unknown" && offered.len() < 50 {
            offered.push(crate::response::one_line(&platform.to_string()));
        }
    }
    let offered =
        if offered.is_empty() { "no platform that it names".to_owned() } else { offered.join(", ") };
    Err(RegistryError::NoPlatform { image: reference.to_string(), wanted: wanted.to_string(), offered })
}
