use andon_network::registry::{Descriptor, Document, RegistryError, Repository};

use crate::image::write::tag;
use crate::image::{DSSE, Format, ImageError, Rejected, SIGNATURE_ANNOTATION, SIMPLE_SIGNING, one_line};

/// Manifests and layers that are looked at.
const MOST: usize = 1000;
/// Bytes of the largest attestation: an SBOM of a large image in base64.
const LARGEST: u64 = 64 << 20;
/// Bytes of all that is read for one image.
const LARGEST_IN_ALL: u64 = 256 << 20;

/// Something that may be a signature or an attestation. Nothing of it is verified.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Candidate {
    pub(crate) format: Format,
    /// The tag, or the digest of the manifest, that it is in.
    pub(crate) place: String,
    pub(crate) content: Content,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Content {
    /// A payload and its signature in base64.
    Simple { payload: Vec<u8>, signature: String },
    /// A DSSE envelope.
    Envelope(Vec<u8>),
    /// A Sigstore bundle.
    Bundle(Vec<u8>),
}

/// What there is beside an image.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) candidates: Vec<Candidate>,
    /// What cannot be read.
    pub(crate) rejected: Vec<Rejected>,
    bytes: u64,
    seen: usize,
}

/// Reads everything beside an image that may be a signature or an attestation.
pub(crate) fn find(repository: &mut Repository<'_>, digest: &str) -> Result<Found, ImageError> {
    let mut found = Found::default();
    let referrers = repository.referrers(digest)?;
    for descriptor in &referrers.manifests {
        found.count(repository, digest)?;
        // How the list describes it, artifactType above all, does not matter in the least.
        let place = descriptor.digest.clone();
        let manifest = match repository.manifest(&place) {
            Ok(Some(manifest)) => manifest,
            Ok(None) => {
                found.reject(&place, "it is listed, but not there");
                continue;
            }
            Err(error) => {
                found.reject_or_fail(&place, error)?;
                continue;
            }
        };
        match referrer_layers(&manifest.bytes, digest) {
            Ok(layers) => found.layers(repository, digest, Format::Bundle, &place, layers)?,
            Err(reason) => found.reject(&place, &reason),
        }
    }
    for suffix in ["sig", "att"] {
        let place = tag(digest, suffix);
        let manifest = match repository.manifest(&place) {
            Ok(None) => continue,
            Ok(Some(manifest)) => manifest,
            Err(error) => {
                found.reject_or_fail(&place, error)?;
                continue;
            }
        };
        match Document::read(&manifest.bytes).map(|document| document.layers) {
            Ok(Some(layers)) => found.layers(repository, digest, Format::Tag, &place, layers)?,
            Ok(None) => found.reject(&place, "it is an index instead of an image"),
            Err(reason) => found.reject(&place, &reason),
        }
    }
    Ok(found)
}

/// The layers of a manifest that must refer to an image. One that holds nothing of ours gives none.
pub(crate) fn referrer_layers(manifest: &[u8], digest: &str) -> Result<Vec<Descriptor>, String> {
    let document = Document::read(manifest)?;
    let Some(layers) = document.layers else { return Ok(Vec::new()) };
    let ours: Vec<Descriptor> = layers.iter().filter(|layer| is_ours(&layer.media_type)).cloned().collect();
    match document.subject {
        _ if ours.is_empty() => Ok(ours),
        Some(subject) if subject.digest == digest => {
            match ours.iter().filter(|layer| is_bundle(layer)).count() {
                0 => Ok(ours),
                1 if layers.len() == 1 => Ok(ours),
                _ => Err("a bundle must be the only layer of its manifest".to_owned()),
            }
        }
        Some(subject) => Err(format!("it is about {}, not about this image", subject.digest)),
        None => Err("it is about no image".to_owned()),
    }
}

fn is_ours(media_type: &str) -> bool {
    media_type == SIMPLE_SIGNING || media_type == DSSE || is_bundle_type(media_type)
}

fn is_bundle(layer: &Descriptor) -> bool {
    is_bundle_type(&layer.media_type)
}

fn is_bundle_type(media_type: &str) -> bool {
    media_type.starts_with("application/vnd.dev.sigstore.bundle")
}

impl Found {
    fn reject(&mut self, place: &str, reason: &str) {
        self.rejected.push(Rejected { place: one_line(place), reason: one_line(reason) });
    }

    /// What is wrong with one thing is no reason not to look at the next; a registry that does not answer is.
    fn reject_or_fail(&mut self, place: &str, error: RegistryError) -> Result<(), ImageError> {
        match error {
            RegistryError::Wrong { .. } | RegistryError::NotFound { .. } | RegistryError::TooLarge { .. } => {
                self.reject(place, &error.to_string());
                Ok(())
            }
            other => Err(other.into()),
        }
    }

    fn count(&mut self, repository: &Repository<'_>, digest: &str) -> Result<(), ImageError> {
        self.seen += 1;
        if self.seen <= MOST {
            return Ok(());
        }
        let image = repository.reference().with_digest(digest).map_or(String::new(), |name| name.to_string());
        let wanted = format!("list of at most {MOST} signatures and attestations");
        Err(ImageError::NotVerified { image, wanted, rejected: std::mem::take(&mut self.rejected) })
    }

    fn layers(
        &mut self,
        repository: &mut Repository<'_>,
        digest: &str,
        format: Format,
        place: &str,
        layers: Vec<Descriptor>,
    ) -> Result<(), ImageError> {
        for layer in layers {
            self.count(repository, digest)?;
            if !is_ours(&layer.media_type) {
                self.reject(place, &format!("a layer of it is {:?}", layer.media_type));
                continue;
            }
            let limit = LARGEST.min(LARGEST_IN_ALL.saturating_sub(self.bytes));
            match repository.blob(&layer, limit) {
                Ok(bytes) => {
                    self.bytes = self.bytes.saturating_add(layer.size);
                    let content = content(&layer, bytes);
                    self.candidates.push(Candidate { format, place: place.to_owned(), content });
                }
                Err(error) => self.reject_or_fail(place, error)?,
            }
        }
        Ok(())
    }
}

fn content(layer: &Descriptor, bytes: Vec<u8>) -> Content {
    match layer.media_type.as_str() {
        SIMPLE_SIGNING => {
            let signature = layer.annotations.get(SIGNATURE_ANNOTATION).cloned().unwrap_or_default();
            Content::Simple { payload: bytes, signature }
        }
        DSSE => Content::Envelope(bytes),
        _ => Content::Bundle(bytes),
    }
}
