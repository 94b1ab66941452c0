use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::encoding::{base64_decode, base64_encode};
use crate::json::{self, JsonError};
use crate::{PublicKey, Signer};

/// Bytes with signatures over them and over what kind of bytes they are: DSSE, version 1.0.2.
///
/// An envelope that was read proves nothing until [`Envelope::verify`] was asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Envelope {
    /// What the payload is, such as [`Envelope::IN_TOTO`]. Signed.
    pub payload_type: String,
    /// The bytes. Signed.
    pub payload: Vec<u8>,
    /// Signatures, each enough by itself. Not signed.
    pub signatures: Vec<EnvelopeSignature>,
}

/// One signature of an envelope.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EnvelopeSignature {
    /// A hint at the key, which anybody may have written; may be empty. Decides nothing.
    pub key_id: String,
    /// The signature over [`Envelope::signed_bytes`].
    pub signature: Vec<u8>,
}

/// Why an envelope was refused.
#[derive(Debug, thiserror::Error)]
pub enum EnvelopeError {
    /// No JSON of an envelope.
    #[error("cannot read the envelope: {0}")]
    Json(#[from] JsonError),
    /// A member is missing or of another kind, or there are too many signatures.
    #[error("cannot read the envelope: {0}")]
    Shape(String),
    /// It carries no signature.
    #[error("the envelope has no signature")]
    Unsigned,
    /// None of the signatures is by any of the keys.
    #[error(
        "none of the envelope's signatures verifies with the accepted keys\n\
         hint: it was altered, or signed with another key{}",
        hinted(.0)
    )]
    NotVerified(Vec<String>),
}

impl Envelope {
    /// The payload type of in-toto statements.
    pub const IN_TOTO: &'static str = "application/vnd.in-toto+json";
    /// The most signatures that are read.
    pub const MAX_SIGNATURES: usize = 16;

    /// Signs a payload.
    pub fn sign(payload_type: &str, payload: Vec<u8>, signer: &dyn Signer) -> Self {
        let mut envelope =
            Self { payload_type: payload_type.to_owned(), payload, signatures: Vec::with_capacity(1) };
        envelope.add_signature(signer);
        envelope
    }

    /// Signs once more, with another key.
    pub fn add_signature(&mut self, signer: &dyn Signer) {
        let signature = signer.sign(&self.signed_bytes());
        self.signatures.push(EnvelopeSignature { key_id: signer.public().id().to_string(), signature });
    }

    /// The same without the hints at its keys, for readers that take a hint for more.
    pub fn without_key_ids(mut self) -> Self {
        self.signatures.iter_mut().for_each(|each| each.key_id.clear());
        self
    }

    /// What a signature is over: the payload type and the payload, each with its length (DSSE's PAE).
    pub fn signed_bytes(&self) -> Vec<u8> {
        pae(&self.payload_type, &self.payload)
    }

    /// The keys that verify a signature, each once, in the order of `keys`; never empty. The payload may then be
    /// believed as far as these keys may.
    ///
    /// # Errors
    /// When there is no signature, or none verifies with any of the keys.
    pub fn verify<'k>(&self, keys: &'k [PublicKey]) -> Result<Vec<&'k PublicKey>, EnvelopeError> {
        if self.signatures.is_empty() {
            return Err(EnvelopeError::Unsigned);
        }
        let message = self.signed_bytes();
        let mut accepted: Vec<&PublicKey> = Vec::new();
        for key in keys {
            let verifies =
                |signature: &&EnvelopeSignature| key.verify(&message, &signature.signature).is_ok();
            // The hint only says what to try first.
            let (hinted, others): (Vec<_>, Vec<_>) =
                self.signatures.iter().partition(|signature| key.is_hinted(&signature.key_id));
            if !accepted.contains(&key) && hinted.iter().chain(&others).any(verifies) {
                accepted.push(key);
            }
        }
        if accepted.is_empty() {
            let hints = self.signatures.iter().map(|signature| signature.key_id.clone());
            return Err(EnvelopeError::NotVerified(hints.filter(|hint| !hint.is_empty()).collect()));
        }
        Ok(accepted)
    }

    /// DSSE's JSON form, without white space.
    pub fn to_json(&self) -> Vec<u8> {
        json::write(&self.to_wire())
    }

    /// Reads DSSE's JSON form. Members that DSSE does not name are ignored.
    ///
    /// # Errors
    /// When it is no JSON within the bounds of [`json`], has a member twice, lacks one, is not base64 of either
    /// alphabet, or has more than [`Envelope::MAX_SIGNATURES`] signatures. One without signatures can be read.
    pub fn from_json(bytes: &[u8]) -> Result<Self, EnvelopeError> {
        Self::from_value(json::read(bytes)?)
    }

    /// As [`Envelope::from_json`], from JSON that was read with [`json::read`].
    ///
    /// # Errors
    /// As [`Envelope::from_json`].
    pub fn from_value(value: Value) -> Result<Self, EnvelopeError> {
        let wire: Wire = serde_json::from_value(value).map_err(|error| shape(&error.to_string()))?;
        if wire.signatures.len() > Self::MAX_SIGNATURES {
            return Err(shape(&format!("more than {} signatures", Self::MAX_SIGNATURES)));
        }
        let decode = |what: &str, text: &str| {
            base64_decode(text.as_bytes()).ok_or_else(|| shape(&format!("`{what}` is not base64")))
        };
        let mut signatures = Vec::with_capacity(wire.signatures.len());
        for WireSignature { key_id, signature } in wire.signatures {
            let key_id = key_id.unwrap_or_default();
            signatures.push(EnvelopeSignature { key_id, signature: decode("sig", &signature)? });
        }
        Ok(Self { payload_type: wire.payload_type, payload: decode("payload", &wire.payload)?, signatures })
    }

    /// The JSON form as a value.
    pub(crate) fn to_wire(&self) -> impl Serialize + use<> {
        let signatures = self.signatures.iter().map(|each| WireSignature {
            key_id: Some(each.key_id.clone()).filter(|id| !id.is_empty()),
            signature: base64_encode(&each.signature),
        });
        Wire {
            payload: base64_encode(&self.payload),
            payload_type: self.payload_type.clone(),
            signatures: signatures.collect(),
        }
    }
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire {
    payload: String,
    payload_type: String,
    signatures: Vec<WireSignature>,
}

#[derive(Serialize, Deserialize)]
struct WireSignature {
    #[serde(rename = "keyid", default, skip_serializing_if = "Option::is_none")]
    key_id: Option<String>,
    #[serde(rename = "sig")]
    signature: String,
}

fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

fn shape(what: &str) -> EnvelopeError {
    EnvelopeError::Shape(what.to_owned())
}

fn hinted(hints: &[String]) -> String {
    const LONGEST: usize = 100;
    let mut shown = hints.iter().take(3).map(|hint| hint.chars().take(LONGEST).collect::<String>());
    shown
        .next()
        .map(|first| shown.fold(format!("; it names {first}"), |all, each| all + ", " + &each))
        .unwrap_or_default()
}

#[cfg(test)]
mod tests;
