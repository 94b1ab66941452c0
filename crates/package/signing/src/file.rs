use std::io::Read;

use andon_attestation::bundle::{Bundle, Content};
use andon_attestation::{Envelope, KeyKind, PublicKey, Signer, Statement, base64_decode, base64_encode, hex};
use sha2::{Digest, Sha256};

use crate::error::SigningError;

/// The largest file that an Ed25519 key signs, in bytes: the algorithm reads the message twice, and a file that changes
/// between both readings would give the key away, so it is kept in memory.
pub const LARGEST_ED25519: u64 = 1 << 30;

/// A signature over a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedFile {
    /// The file's SHA-256.
    pub sha256: [u8; 32],
    /// The signature: 64 bytes for Ed25519, ASN.1 DER for ECDSA.
    pub signature: Vec<u8>,
    key: PublicKey,
}

impl SignedFile {
    /// What a `.sig` file holds; cosign reads it.
    pub fn to_base64(&self) -> String {
        base64_encode(&self.signature)
    }

    /// As a Sigstore bundle; cosign reads it.
    pub fn to_bundle(&self) -> Bundle {
        Bundle::of_message(self.sha256, self.signature.clone(), &self.key)
    }
}

/// Signs what a stream holds, read once. With a P-256 key it may have any length.
///
/// # Errors
/// When the stream fails, or has more than [`LARGEST_ED25519`] bytes and the key is an Ed25519 key.
pub fn sign_reader(content: &mut dyn Read, signer: &dyn Signer) -> Result<SignedFile, SigningError> {
    let mut digest = Sha256::new();
    let mut whole = Vec::new();
    let keeps_whole = signer.public().kind() == KeyKind::Ed25519;
    let largest = usize::try_from(LARGEST_ED25519).unwrap_or(usize::MAX);
    read_pieces(content, &mut |piece| {
        digest.update(piece);
        if keeps_whole {
            if piece.len() > largest.saturating_sub(whole.len()) {
                return Err(SigningError::TooLarge);
            }
            whole.extend_from_slice(piece);
        }
        Ok(())
    })?;
    let sha256 = digest.finalize().into();
    let signature = signer.sign_sha256(&sha256).unwrap_or_else(|| signer.sign(&whole));
    Ok(SignedFile { sha256, signature, key: signer.public().clone() })
}

/// What says that a file is signed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FileSignature {
    /// A signature over the file.
    Raw(Vec<u8>),
    /// A Sigstore bundle with a signature over the file, or with a statement about it.
    Bundle(Bundle),
    /// An envelope with a statement about the file.
    Attestation(Envelope),
}

impl FileSignature {
    /// The largest file with a bare signature, in bytes.
    pub const MAX_RAW: usize = 16 << 10;

    /// What a `.sig` file holds: base64, or the bytes themselves.
    ///
    /// # Errors
    /// When it is empty or larger than [`FileSignature::MAX_RAW`].
    pub fn raw(bytes: &[u8]) -> Result<Self, SigningError> {
        let trimmed = bytes.trim_ascii();
        if trimmed.is_empty() || bytes.len() > Self::MAX_RAW {
            return Err(SigningError::NoSignature);
        }
        Ok(Self::Raw(base64_decode(trimmed).unwrap_or_else(|| bytes.to_vec())))
    }

    /// A bundle's JSON.
    ///
    /// # Errors
    /// As [`Bundle::from_json`].
    pub fn bundle(json: &[u8]) -> Result<Self, SigningError> {
        Ok(Self::Bundle(Bundle::from_json(json)?))
    }

    /// An envelope's JSON, or that of a bundle with an envelope.
    ///
    /// # Errors
    /// As [`Envelope::from_json`].
    pub fn attestation(json: &[u8]) -> Result<Self, SigningError> {
        match Bundle::from_json(json) {
            Ok(bundle) => Ok(Self::Bundle(bundle)),
            Err(_) => Ok(Self::Attestation(Envelope::from_json(json)?)),
        }
    }
}

/// A file whose signature verifies.
#[derive(Clone, Debug, PartialEq)]
pub struct VerifiedFile<'k> {
    /// The key that made the signature; the first, where several did.
    pub key: &'k PublicKey,
    /// The file's SHA-256.
    pub sha256: [u8; 32],
    /// What is said of the file, where a statement was signed.
    pub statement: Option<Statement>,
}

/// Verifies what a stream holds, read once and not kept.
///
/// # Errors
/// When the stream fails, no accepted key made the signature, the bundle names another digest, or the statement is not
/// about this file.
pub fn verify_reader<'k>(
    content: &mut dyn Read,
    accepted: &'k [PublicKey],
    signature: &FileSignature,
) -> Result<VerifiedFile<'k>, SigningError> {
    match signature {
        FileSignature::Raw(signature) => verify_message(content, accepted, signature, None),
        FileSignature::Attestation(envelope) => verify_statement(content, accepted, envelope),
        FileSignature::Bundle(bundle) => match &bundle.content {
            Content::Message(message) => {
                verify_message(content, accepted, &message.signature, message.sha256)
            }
            Content::Envelope(envelope) => verify_statement(content, accepted, envelope),
        },
    }
}

fn verify_message<'k>(
    content: &mut dyn Read,
    accepted: &'k [PublicKey],
    signature: &[u8],
    named: Option<[u8; 32]>,
) -> Result<VerifiedFile<'k>, SigningError> {
    let candidate = |key: &'k PublicKey| Some((key, key.verifier(signature).ok()?));
    let mut candidates: Vec<_> = accepted.iter().filter_map(candidate).collect();
    let mut digest = Sha256::new();
    read_pieces(content, &mut |piece| {
        digest.update(piece);
        candidates.iter_mut().for_each(|(_, verifier)| verifier.update(piece));
        Ok(())
    })?;
    let sha256: [u8; 32] = digest.finalize().into();
    if let Some(named) = named.filter(|named| *named != sha256) {
        return Err(SigningError::OtherFile { named: hex(&named), found: hex(&sha256) });
    }
    let verified =
        |(key, verifier): (_, andon_attestation::MessageVerifier)| verifier.finish().ok().map(|()| key);
    let key = candidates.into_iter().find_map(verified).ok_or(SigningError::NotVerified)?;
    Ok(VerifiedFile { key, sha256, statement: None })
}

fn verify_statement<'k>(
    content: &mut dyn Read,
    accepted: &'k [PublicKey],
    envelope: &Envelope,
) -> Result<VerifiedFile<'k>, SigningError> {
    let (statement, keys) = Statement::verified(envelope, accepted)?;
    let key = keys.first().copied().ok_or(SigningError::NotVerified)?;
    let mut digest = Sha256::new();
    read_pieces(content, &mut |piece| {
        digest.update(piece);
        Ok(())
    })?;
    let sha256: [u8; 32] = digest.finalize().into();
    if !statement.is_about("sha256", &hex(&sha256)) {
        return Err(SigningError::OtherSubject(hex(&sha256)));
    }
    Ok(VerifiedFile { key, sha256, statement: Some(statement) })
}

fn read_pieces(
    content: &mut dyn Read,
    take: &mut dyn FnMut(&[u8]) -> Result<(), SigningError>,
) -> Result<(), SigningError> {
    let mut buffer = vec![0; 128 << 10];
    loop {
        let length = match content.read(&mut buffer) {
            Ok(0) => return Ok(()),
            Err(error) if error.kind() == std::io::ErrorKind::Interrupted => continue,
            read => read?,
        };
        take(buffer.get(..length).unwrap_or_default())?;
    }
}

#[cfg(test)]
mod tests;
