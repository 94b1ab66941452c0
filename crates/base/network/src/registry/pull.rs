use std::collections::BTreeSet;
use std::path::Path;

use andon_system::{OsSystem, System, atomic};
use oci_spec::image::Descriptor;
use serde::Deserialize;

use crate::registry::manifest::{self, Resolved, unusable};
use crate::registry::reference::sha256;
use crate::registry::session::Session;
use crate::registry::{Credentials, Platform, Reference, RegistryError};
use crate::{Client, Download, Downloaded, Request};

/// How to fetch an image.
#[derive(Clone, Copy)]
pub struct PullOptions<'a> {
    /// For what it must be made; `None` takes that of this machine from a list, and an image without a list as it is.
    pub platform: Option<&'a Platform>,
    /// Who asks.
    pub credentials: &'a Credentials,
    /// The most bytes that its layers may have, compressed.
    pub limit: u64,
    /// Told the bytes that are there, and the bytes in all.
    pub progress: &'a dyn Fn(u64, u64),
}

impl Default for PullOptions<'_> {
    fn default() -> Self {
        Self { platform: None, credentials: &Credentials::Anonymous, limit: 20 << 30, progress: &|_, _| {} }
    }
}

/// An image that was fetched.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pulled {
    /// `sha256:…` of its manifest.
    pub digest: String,
    /// `sha256:…` of the list of platforms that it was chosen from.
    pub index_digest: Option<String>,
    /// What its configuration says it is made for.
    pub platform: Platform,
    /// Number of layers.
    pub layers: usize,
    /// Bytes of its configuration and layers, compressed.
    pub bytes: u64,
    /// Bytes of those that came over the network now.
    pub fetched: u64,
}

/// Fetches an image into the folder `into` as an OCI image layout (image specification, "image-layout"). `index.json`
/// is written last: without it the layout is not whole. What is there from before is not fetched again, and an
/// interrupted layer is gone on with. Nobody else may write there at the same time.
///
/// # Errors
/// When the image is not to be had, is not what its digests say, or cannot be kept; see [`RegistryError`].
pub fn pull(
    client: &Client,
    reference: &Reference,
    options: &PullOptions<'_>,
    into: &Path,
) -> Result<Pulled, RegistryError> {
    let blobs = into.join("blobs").join("sha256");
    OsSystem.create_folder(&blobs)?;
    OsSystem.remove_file(&into.join("index.json"))?;
    let host = Platform::host();
    let wanted = options.platform.unwrap_or(&host);
    let mut session = Session::new(client, reference, options.credentials);
    let image = manifest::resolve(&mut session, reference, wanted)?;
    let bytes = size(reference, &image, options.limit)?;
    let mut puller = Puller { session, reference, options, blobs: &blobs, bytes, there: 0, fetched: 0 };
    let config = puller.blob(&image.config)?;
    let platform = platform(reference, &config)?;
    if let Some(wanted) = options.platform.filter(|wanted| !wanted.fits(&platform)) {
        let (wanted, offered) = (wanted.to_string(), platform.to_string());
        return Err(RegistryError::NoPlatform { image: reference.to_string(), wanted, offered });
    }
    let mut done = BTreeSet::new();
    for layer in &image.layers {
        if done.insert(layer.digest().to_string()) {
            puller.blob(layer)?;
        }
    }
    let fetched = puller.fetched;
    write_layout(reference, &image, &platform, into)?;
    let layers = image.layers.len();
    Ok(Pulled { digest: image.digest, index_digest: image.index, platform, layers, bytes, fetched })
}

struct Puller<'a> {
    session: Session<'a>,
    reference: &'a Reference,
    options: &'a PullOptions<'a>,
    blobs: &'a Path,
    bytes: u64,
    there: u64,
    fetched: u64,
}

impl Puller<'_> {
    /// Brings a blob into the folder; where it is.
    fn blob(&mut self, blob: &Descriptor) -> Result<std::path::PathBuf, RegistryError> {
        let digest = blob.digest().to_string();
        let hex = sha256(&digest).ok_or_else(|| unusable(self.reference, "a digest is no SHA-256"))?;
        let (to, size) = (self.blobs.join(hex), blob.size());
        // A blob has its name only after its digest was checked.
        let whole = OsSystem.metadata(&to).is_ok_and(|found| found.size == size);
        if !whole {
            let (client, there, all) = (self.session.client(), self.there, self.bytes);
            let told = self.options.progress;
            let progress = |bytes: u64, _| told(there.saturating_add(bytes), all);
            let what = format!("the blob {digest} of {}", self.reference);
            let done = self.session.ask(&format!("blobs/{digest}"), &what, &|url, authorization| {
                client.download(&Download {
                    request: Request { authorization, ..Request::new(url) },
                    to: &to,
                    limit: size,
                    size: Some(size),
                    sha256: Some(hex),
                    progress: Some(&progress),
                })
            })?;
            if let Downloaded::Fetched(fetched) = done {
                let new = fetched.bytes.saturating_sub(fetched.resumed_from);
                self.fetched = self.fetched.saturating_add(new);
            }
        }
        self.there = self.there.saturating_add(size);
        (self.options.progress)(self.there, self.bytes);
        Ok(to)
    }
}

/// Bytes in all, each blob once.
fn size(reference: &Reference, image: &Resolved, limit: u64) -> Result<u64, RegistryError> {
    let mut seen = BTreeSet::new();
    let blobs = image.layers.iter().chain([&image.config]);
    let bytes = blobs
        .filter(|blob| seen.insert(blob.digest().to_string()))
        .fold(0_u64, |sum, blob| sum.saturating_add(blob.size()));
    if bytes > limit {
        return Err(RegistryError::TooLarge { image: reference.to_string(), bytes, limit });
    }
    Ok(bytes)
}

#[derive(Deserialize)]
struct Config {
    #[serde(default)]
    os: String,
    #[serde(default)]
    architecture: String,
    #[serde(default)]
    variant: String,
}

fn platform(reference: &Reference, config: &Path) -> Result<Platform, RegistryError> {
    const LIMIT: u64 = 8 << 20;
    let failed = |reason: String| unusable(reference, &format!("its configuration: {reason}"));
    let file = OsSystem.read_capped(config, LIMIT).map_err(|error| failed(error.to_string()))?;
    let config: Config = serde_json::from_slice(&file.bytes).map_err(|error| failed(error.to_string()))?;
    Ok(Platform { os: config.os, architecture: config.architecture, variant: config.variant })
}

fn write_layout(
    reference: &Reference,
    image: &Resolved,
    platform: &Platform,
    into: &Path,
) -> Result<(), RegistryError> {
    let hex = sha256(&image.digest).unwrap_or_default();
    atomic::write(&into.join("blobs").join("sha256").join(hex), &image.bytes)?;
    atomic::write(&into.join("oci-layout"), br#"{"imageLayoutVersion": "1.0.0"}"#)?;
    let mut made_for = serde_json::json!({"os": platform.os, "architecture": platform.architecture});
    if !platform.variant.is_empty() {
        made_for["variant"] = platform.variant.as_str().into();
    }
    let index = serde_json::json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [{
            "mediaType": image.media_type,
            "digest": image.digest,
            "size": image.bytes.len(),
            "platform": made_for,
            "annotations": {"org.opencontainers.image.ref.name": reference.to_string()},
        }],
    });
    atomic::write(&into.join("index.json"), index.to_string().as_bytes())?;
    Ok(())
}
