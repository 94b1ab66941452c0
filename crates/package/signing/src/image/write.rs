use andon_attestation::bundle::{self, Bundle, Content};
use andon_attestation::{Envelope, PublicKey, Resource, Signer, Statement, base64_decode, base64_encode};
use andon_network::registry::{
    Descriptor, Document, IMAGE_MANIFEST, Manifest, Repository, TagContent, digest_of,
};
use serde_json::{Map, Value, json};

use crate::image::payload::SimpleSigning;
use crate::image::{
    DSSE, Format, ImageError, PredicateKind, SIGNATURE_ANNOTATION, SIGNATURE_PREDICATE, SIMPLE_SIGNING,
};

/// How to sign.
#[derive(Clone, Copy)]
pub struct Signing<'a> {
    /// With what.
    pub signer: &'a dyn Signer,
    /// In which format.
    pub format: Format,
    /// When, as RFC 3339 in UTC; it is written beside the signature and not signed.
    pub created: &'a str,
}

/// What was signed, and where the signature is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Signed {
    /// `sha256:…` of the image.
    pub digest: String,
    /// The tag, or the digest of the manifest that refers to the image.
    pub place: String,
}

/// Signs an image, which `repository` gave. Signatures that are there already are kept; the same one is not added
/// twice under a tag.
///
/// # Errors
/// When the registry does not take the signature.
pub fn sign(
    repository: &mut Repository<'_>,
    image: &Manifest,
    signing: &Signing<'_>,
) -> Result<Signed, ImageError> {
    match signing.format {
        Format::Bundle => {
            let subject = Resource::sha256("", hex_of(image));
            let statement = statement(subject, SIGNATURE_PREDICATE, Map::new())?;
            refer(repository, image, &statement, signing)
        }
        Format::Tag => {
            let payload = SimpleSigning::new(&repository.reference().name(), &image.digest).to_json();
            let signature = signing.signer.sign(&payload);
            let mut layer = Descriptor::of(SIMPLE_SIGNING, &payload);
            layer.annotations.insert(SIGNATURE_ANNOTATION.to_owned(), base64_encode(&signature));
            let key = signing.signer.public();
            let same = |other: &Descriptor| other.digest == layer.digest && signs(key, other, &payload);
            append(repository, image, "sig", &layer, &payload, &same)
        }
    }
}

/// Attaches an attestation to an image, which `repository` gave. Others are kept.
///
/// # Errors
/// When the predicate makes no statement, or the registry does not take it.
pub fn attest(
    repository: &mut Repository<'_>,
    image: &Manifest,
    kind: &PredicateKind,
    predicate: Map<String, Value>,
    signing: &Signing<'_>,
) -> Result<Signed, ImageError> {
    let subject = Resource::sha256(&repository.reference().name(), hex_of(image));
    let statement = statement(subject, kind.uri(), predicate)?;
    match signing.format {
        Format::Bundle => refer(repository, image, &statement, signing),
        Format::Tag => {
            let envelope = anonymous(statement.sign(signing.signer)).to_json();
            let mut layer = Descriptor::of(DSSE, &envelope);
            layer.annotations.insert(SIGNATURE_ANNOTATION.to_owned(), String::new());
            layer.annotations.insert("predicateType".to_owned(), kind.uri().to_owned());
            append(repository, image, "att", &layer, &envelope, &|other| other.digest == layer.digest)
        }
    }
}

/// The tag of an image's signatures (`sig`) or attestations (`att`) in the older format.
pub(crate) fn tag(digest: &str, suffix: &str) -> String {
    format!("{}.{suffix}", digest.replace(':', "-"))
}

fn hex_of(image: &Manifest) -> &str {
    image.digest.strip_prefix("sha256:").unwrap_or(&image.digest)
}

fn statement(subject: Resource, kind: &str, predicate: Map<String, Value>) -> Result<Statement, ImageError> {
    Statement::new(vec![subject], kind, predicate).map_err(|error| ImageError::Statement(error.to_string()))
}

/// Which key it was is for the bundle, or nobody, to say: cosign compares a key's name here with its own way to name
/// keys.
fn anonymous(mut envelope: Envelope) -> Envelope {
    envelope.signatures.iter_mut().for_each(|signature| signature.key_id.clear());
    envelope
}

fn signs(key: &PublicKey, layer: &Descriptor, payload: &[u8]) -> bool {
    let signature =
        layer.annotations.get(SIGNATURE_ANNOTATION).and_then(|text| base64_decode(text.as_bytes()));
    signature.is_some_and(|signature| key.verify(payload, &signature).is_ok())
}

/// Stores a bundle in a manifest that refers to the image.
fn refer(
    repository: &mut Repository<'_>,
    image: &Manifest,
    statement: &Statement,
    signing: &Signing<'_>,
) -> Result<Signed, ImageError> {
    let content = Content::Envelope(anonymous(statement.sign(signing.signer)));
    let bundle = Bundle { content, hint: signing.signer.public().hint() }.to_json();
    let layer = repository.push_blob(bundle::MEDIA_TYPE, &bundle)?;
    let config = repository.push_blob("application/vnd.oci.empty.v1+json", b"{}")?;
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": IMAGE_MANIFEST,
        "artifactType": bundle::MEDIA_TYPE,
        "config": config,
        "layers": [layer],
        "subject": image.descriptor(),
        "annotations": {
            "dev.sigstore.bundle.content": "dsse-envelope",
            "dev.sigstore.bundle.predicateType": statement.predicate_type,
            "org.opencontainers.image.created": signing.created,
        },
    });
    let stored = repository.push_referrer(IMAGE_MANIFEST, manifest.to_string().as_bytes())?;
    Ok(Signed { digest: image.digest.clone(), place: stored.digest })
}

/// Adds a layer to the image under a tag, unless one that is the `same` is there.
fn append(
    repository: &mut Repository<'_>,
    image: &Manifest,
    suffix: &str,
    layer: &Descriptor,
    content: &[u8],
    same: &dyn Fn(&Descriptor) -> bool,
) -> Result<Signed, ImageError> {
    let tag = tag(&image.digest, suffix);
    let layer_value =
        serde_json::to_value(layer).map_err(|error| ImageError::Statement(error.to_string()))?;
    repository.update_tag(&tag, IMAGE_MANIFEST, &mut |current| {
        let mut layers = Vec::new();
        if let Some(current) = current {
            let there = Document::read(&current.bytes)?.layers.ok_or("it is an index instead of an image")?;
            if there.iter().any(same) {
                return Ok(None);
            }
            // As values, so that nothing of what others wrote is lost.
            let mut value: Value =
                serde_json::from_slice(&current.bytes).map_err(|error| error.to_string())?;
            if let Some(Value::Array(there)) = value.get_mut("layers").map(Value::take) {
                layers = there;
            }
        }
        layers.push(layer_value.clone());
        let (config, manifest) = image_of(&layers);
        Ok(Some(TagContent { manifest, blobs: vec![content.to_vec(), config] }))
    })?;
    Ok(Signed { digest: image.digest.clone(), place: tag })
}

/// The configuration and the manifest of an image with these layers.
fn image_of(layers: &[Value]) -> (Vec<u8>, Vec<u8>) {
    let digests: Vec<&Value> = layers.iter().filter_map(|layer| layer.get("digest")).collect();
    let config = json!({
        "architecture": "",
        "created": "0001-01-01T00:00:00Z",
        "os": "",
        "rootfs": {"type": "layers", "diff_ids": digests},
        "config": {},
    });
    let config = config.to_string().into_bytes();
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": IMAGE_MANIFEST,
        "config": {
            "mediaType": "application/vnd.oci.image.config.v1+json",
            "size": config.len(),
            "digest": digest_of(&config),
        },
        "layers": layers,
    });
    (config, manifest.to_string().into_bytes())
}
