//! Sigstore bundles (sigstore/protobuf-specs, `sigstore_bundle.proto`): a signature or an envelope with a hint at its
//! key. Version 0.3 is written; 0.1 to 0.3 are read. What a transparency log or a time stamp authority adds is neither
//! checked nor believed, and a bundle whose signature is tied to a certificate is refused.

use serde_json::{Map, Value, json};

use crate::encoding::{base64_decode, base64_encode};
use crate::json::{self, JsonError};
use crate::{Envelope, EnvelopeError, KeyId, PublicKey};

/// The media type of what is written.
pub const MEDIA_TYPE: &str = "application/vnd.dev.sigstore.bundle.v0.3+json";

const MEDIA_TYPES: &[&str] = &[
    MEDIA_TYPE,
    "application/vnd.dev.sigstore.bundle.v0.2+json",
    "application/vnd.dev.sigstore.bundle.v0.1+json",
    "application/vnd.dev.sigstore.bundle+json;version=0.3",
    "application/vnd.dev.sigstore.bundle+json;version=0.2",
    "application/vnd.dev.sigstore.bundle+json;version=0.1",
];

/// A bundle.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bundle {
    /// What was signed.
    pub content: Content,
    /// A hint at the key, which anybody may have written; may be empty. Decides nothing.
    pub hint: String,
}

/// What a bundle holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    /// An envelope with exactly one signature.
    Envelope(Envelope),
    /// A signature over bytes that are elsewhere.
    Message(MessageSignature),
}

/// A signature over bytes that are elsewhere.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageSignature {
    /// The SHA-256 of the bytes, where it is given. To find them; it decides nothing.
    pub sha256: Option<[u8; 32]>,
    /// The signature.
    pub signature: Vec<u8>,
}

/// Why a bundle was refused.
#[derive(Debug, thiserror::Error)]
pub enum BundleError {
    /// No JSON.
    #[error("cannot read the bundle: {0}")]
    Json(#[from] JsonError),
    /// A member is missing or not as it should be.
    #[error("cannot read the bundle: {0}")]
    Shape(String),
    /// The envelope in it was refused.
    #[error(transparent)]
    Envelope(#[from] EnvelopeError),
    /// It is tied to a certificate.
    #[error(
        "the bundle is tied to a certificate, as keyless signing does; only keys are accepted\n\
         hint: sign with a key, and verify with its public half"
    )]
    Certificate,
}

impl Bundle {
    /// A bundle around an envelope. The key's id moves from the envelope to the hint: cosign computes ids in another
    /// way, and does not try a signature that names another one.
    pub fn of_envelope(envelope: Envelope) -> Self {
        let id = envelope.signatures.first().map(|each| each.key_id.clone()).unwrap_or_default();
        let hint = id.parse::<KeyId>().map_or(id, |id| id.hint());
        let envelope = envelope.without_key_ids();
        Self { content: Content::Envelope(envelope), hint }
    }

    /// A bundle around a signature over bytes with this SHA-256.
    pub fn of_message(sha256: [u8; 32], signature: Vec<u8>, key: &PublicKey) -> Self {
        Self {
            content: Content::Message(MessageSignature { sha256: Some(sha256), signature }),
            hint: key.hint(),
        }
    }

    /// The JSON form of version 0.3, without white space.
    pub fn to_json(&self) -> Vec<u8> {
        let mut material = Map::new();
        // An empty hint is left out, as protobuf's JSON does.
        let key = if self.hint.is_empty() { json!({}) } else { json!({ "hint": self.hint }) };
        material.insert("publicKey".to_owned(), key);
        let mut bundle = Map::new();
        bundle.insert("mediaType".to_owned(), MEDIA_TYPE.into());
        bundle.insert("verificationMaterial".to_owned(), material.into());
        match &self.content {
            Content::Envelope(envelope) => {
                let envelope = serde_json::to_value(envelope.to_wire()).unwrap_or_default();
                bundle.insert("dsseEnvelope".to_owned(), envelope);
            }
            Content::Message(message) => {
                let mut content = Map::new();
                if let Some(digest) = message.sha256 {
                    let digest = json!({ "algorithm": "SHA2_256", "digest": base64_encode(&digest) });
                    content.insert("messageDigest".to_owned(), digest);
                }
                content.insert("signature".to_owned(), base64_encode(&message.signature).into());
                bundle.insert("messageSignature".to_owned(), content.into());
            }
        }
        json::write(&bundle)
    }

    /// Reads a bundle. Unknown members are ignored.
    ///
    /// # Errors
    /// When it is no JSON within the bounds of [`json`], has a member twice, is of another version, is tied to a
    /// certificate, holds both or neither kind of content, or an envelope without exactly one signature.
    pub fn from_json(bytes: &[u8]) -> Result<Self, BundleError> {
        let Value::Object(mut bundle) = json::read(bytes)? else { return Err(shape("it is no object")) };
        let media_type = bundle.get("mediaType").and_then(Value::as_str).unwrap_or_default();
        if !MEDIA_TYPES.contains(&media_type) {
            let found: String = media_type.chars().take(100).collect();
            return Err(shape(&format!("its media type is `{found}`, not `{MEDIA_TYPE}`")));
        }
        let hint = hint(bundle.get("verificationMaterial"))?;
        let content = match (member(&mut bundle, "dsseEnvelope"), member(&mut bundle, "messageSignature")) {
            (Some(envelope), None) => Content::Envelope(one_signature(Envelope::from_value(envelope)?)?),
            (None, Some(message)) => Content::Message(message_signature(&message)?),
            _ => return Err(shape("it must hold `dsseEnvelope` or `messageSignature`, and not both")),
        };
        Ok(Self { content, hint })
    }
}

/// `null` is the same as nothing in protobuf's JSON.
fn member(object: &mut Map<String, Value>, name: &str) -> Option<Value> {
    object.remove(name).filter(|value| !value.is_null())
}

fn hint(material: Option<&Value>) -> Result<String, BundleError> {
    let present = |name: &str| material.and_then(|all| all.get(name)).filter(|value| !value.is_null());
    if present("certificate").is_some() || present("x509CertificateChain").is_some() {
        return Err(BundleError::Certificate);
    }
    let key = present("publicKey").ok_or_else(|| shape("`verificationMaterial` names no `publicKey`"))?;
    match key.get("hint") {
        None | Some(Value::Null) if key.is_object() => Ok(String::new()),
        Some(Value::String(hint)) => Ok(hint.clone()),
        _ => Err(shape("`publicKey` is not as it should be")),
    }
}

fn one_signature(envelope: Envelope) -> Result<Envelope, BundleError> {
    match envelope.signatures.len() {
        1 => Ok(envelope),
        0 => Err(EnvelopeError::Unsigned.into()),
        _ => Err(shape("an envelope in a bundle has exactly one signature")),
    }
}

fn message_signature(message: &Value) -> Result<MessageSignature, BundleError> {
    let bytes = |value: Option<&Value>| base64_decode(value?.as_str()?.as_bytes());
    let signature = bytes(message.get("signature"));
    let signature = signature.ok_or_else(|| shape("`signature` is missing or not base64"))?;
    let digest = message.get("messageDigest").filter(|value| !value.is_null());
    let is_sha256 = |digest: &&Value| digest.get("algorithm").and_then(Value::as_str) == Some("SHA2_256");
    let sha256 = match digest.filter(is_sha256) {
        None => None,
        Some(digest) => {
            let digest = bytes(digest.get("digest")).and_then(|digest| digest.try_into().ok());
            Some(digest.ok_or_else(|| shape("`messageDigest` is no SHA-256"))?)
        }
    };
    Ok(MessageSignature { sha256, signature })
}

fn shape(what: &str) -> BundleError {
    BundleError::Shape(what.to_owned())
}

#[cfg(test)]
mod tests;
