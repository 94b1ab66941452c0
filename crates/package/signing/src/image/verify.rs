use std::collections::BTreeSet;

use andon_attestation::bundle::{self, Bundle};
use andon_attestation::{Envelope, KeyId, PublicKey, Statement, base64_decode};
use andon_network::registry::Repository;

use crate::image::candidates::{Candidate, Content, find, referrer_layers};
use crate::image::payload::SimpleSigning;
use crate::image::{Format, ImageError, PredicateKind, SIGNATURE_PREDICATE, one_line};

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Wanted {
    /// A signature of the image itself. An attestation about it is none.
    Signature,
    /// An attestation of this kind.
    Attestation(PredicateKind),
}

/// Something about an image that an accepted key signed.
#[derive(Clone, Debug, PartialEq)]
pub struct Proof {
    /// In which format it lies there.
    pub format: Format,
    /// The tag, or the digest of the manifest, that it is in.
    pub place: String,
    /// Whose key.
    pub key: KeyId,
    /// The name that the image had when it was signed, if the signature says so.
    pub reference: Option<String>,
    /// What the key said of the image; `None` for a signature of the older format.
    pub statement: Option<Statement>,
}

/// Something that does not count.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    /// The tag, or the digest of the manifest, that it is in.
    pub place: String,
    /// Why.
    pub reason: String,
}

/// An image for which there is at least one proof.
#[derive(Clone, Debug, PartialEq)]
pub struct Verified {
    /// `sha256:…` of its manifest, computed from what the registry gave.
    pub digest: String,
    /// All that count; never empty.
    pub proofs: Vec<Proof>,
    /// Those of the same kind that do not.
    pub rejected: Vec<Rejected>,
}

/// Looks for a signature of the image that `repository` was opened with, or for an attestation about it, by one of the
/// accepted keys.
///
/// # Errors
/// [`ImageError::Missing`] when there is nothing of the kind, [`ImageError::NotVerified`] when there is and none of it
/// counts, and else what the registry did.
pub fn verify(
    repository: &mut Repository<'_>,
    keys: &[PublicKey],
    wanted: &Wanted,
) -> Result<Verified, ImageError> {
    let image = repository.image()?;
    let found = find(repository, &image.digest)?;
    let (mut proofs, mut others) = (Vec::new(), BTreeSet::new());
    let mut rejected = Vec::new();
    for candidate in &found.candidates {
        match judge(candidate, &image.digest, keys, wanted) {
            Verdict::Counts(proof) => proofs.push(proof),
            Verdict::Other(what) => {
                others.insert(what);
            }
            Verdict::Rejected(reason) => {
                rejected.push(Rejected { place: candidate.place.clone(), reason: one_line(&reason) });
            }
        }
    }
    // What cannot be read may be anything, so also what was looked for.
    rejected.extend(found.rejected);
    if !proofs.is_empty() {
        return Ok(Verified { digest: image.digest, proofs, rejected });
    }
    let name = repository.reference().with_digest(&image.digest).map(|name| name.to_string());
    let image = name.unwrap_or(image.digest);
    let wanted = match wanted {
        Wanted::Signature => "signature".to_owned(),
        Wanted::Attestation(kind) => format!("attestation {}", kind.uri()),
    };
    if rejected.is_empty() {
        return Err(ImageError::Missing { image, wanted, others: others.into_iter().collect() });
    }
    Err(ImageError::NotVerified { image, wanted, rejected })
}

/// What a candidate is worth.
pub(crate) enum Verdict {
    Counts(Proof),
    /// It is of another kind, which is no reproach.
    Other(String),
    Rejected(String),
}

pub(crate) fn judge(candidate: &Candidate, digest: &str, keys: &[PublicKey], wanted: &Wanted) -> Verdict {
    let judged = match &candidate.content {
        Content::Simple { payload, signature } => match wanted {
            Wanted::Signature => simple(candidate, payload, signature, digest, keys),
            Wanted::Attestation(_) => return Verdict::Other("a signature".to_owned()),
        },
        Content::Envelope(bytes) => {
            envelope(bytes).and_then(|envelope| stated(candidate, &envelope, digest, keys, wanted, true))
        }
        Content::Bundle(bytes) => {
            bundled(bytes).and_then(|envelope| stated(candidate, &envelope, digest, keys, wanted, false))
        }
    };
    judged.unwrap_or_else(Verdict::Rejected)
}

/// Judges some bytes as whatever they could be beside an image, for tests with random input: how many count.
pub fn examine(bytes: &[u8], digest: &str, keys: &[PublicKey]) -> usize {
    // Only whether it is read without harm.
    let _ = referrer_layers(bytes, digest);
    let (signature, payload) = bytes.split_at_checked(88).unwrap_or((&[], bytes));
    let signature = String::from_utf8_lossy(signature).into_owned();
    let contents = [
        Content::Simple { payload: payload.to_vec(), signature },
        Content::Envelope(bytes.to_vec()),
        Content::Bundle(bytes.to_vec()),
    ];
    let kind = PredicateKind::parse("spdxjson").map(Wanted::Attestation);
    let wanted: Vec<Wanted> = kind.into_iter().chain([Wanted::Signature]).collect();
    let judged = contents.into_iter().flat_map(|content| {
        let candidate = Candidate { format: Format::Tag, place: String::new(), content };
        wanted.iter().map(move |wanted| judge(&candidate, digest, keys, wanted)).collect::<Vec<_>>()
    });
    judged.filter(|verdict| matches!(verdict, Verdict::Counts(_))).count()
}

fn simple(
    candidate: &Candidate,
    payload: &[u8],
    signature: &str,
    digest: &str,
    keys: &[PublicKey],
) -> Result<Verdict, String> {
    let bytes = base64_decode(signature.as_bytes()).ok_or("its signature is no base64")?;
    let key = keys.iter().find(|key| key.verify(payload, &bytes).is_ok()).ok_or(NOT_BY_A_KEY)?;
    let claim = SimpleSigning::from_json(payload)?;
    if claim.digest != digest {
        return Err(format!("it is about {}, not about this image", claim.digest));
    }
    Ok(Verdict::Counts(Proof {
        format: candidate.format,
        place: candidate.place.clone(),
        key: key.id().clone(),
        reference: Some(one_line(&claim.reference)),
        statement: None,
    }))
}

const NOT_BY_A_KEY: &str = "it is not signed by an accepted key, or was altered";

fn envelope(bytes: &[u8]) -> Result<Envelope, String> {
    Envelope::from_json(bytes).map_err(|error| error.to_string())
}

fn bundled(bytes: &[u8]) -> Result<Envelope, String> {
    let bundle = Bundle::from_json(bytes).map_err(|error| error.to_string())?;
    match bundle.content {
        bundle::Content::Envelope(envelope) => Ok(envelope),
        bundle::Content::Message(_) => Err("its bundle signs a message, not a statement".to_owned()),
    }
}

fn stated(
    candidate: &Candidate,
    envelope: &Envelope,
    digest: &str,
    keys: &[PublicKey],
    wanted: &Wanted,
    attestation: bool,
) -> Result<Verdict, String> {
    let statement = Statement::unverified(envelope).map_err(|error| error.to_string())?;
    let kind = &statement.predicate_type;
    let meant = match wanted {
        // Below the tag of attestations nothing is a signature.
        Wanted::Signature => kind == SIGNATURE_PREDICATE && !attestation,
        Wanted::Attestation(wanted) => wanted.accepts(kind),
    };
    if !meant {
        let what = if kind == SIGNATURE_PREDICATE {
            "a signature".to_owned()
        } else {
            format!("an attestation {kind}")
        };
        return Ok(Verdict::Other(one_line(&what)));
    }
    let signers = envelope.verify(keys).map_err(|_| NOT_BY_A_KEY)?;
    let key = signers.first().ok_or(NOT_BY_A_KEY)?;
    let hex = digest.strip_prefix("sha256:").ok_or("its digest is no SHA-256")?;
    let subject = statement.subject.iter().find(|subject| subject.has_digest("sha256", hex));
    let subject = subject.ok_or("its statement is not about this image")?;
    let reference = Some(one_line(&subject.name)).filter(|name| !name.is_empty());
    let (format, place, key) = (candidate.format, candidate.place.clone(), key.id().clone());
    Ok(Verdict::Counts(Proof { format, place, key, reference, statement: Some(statement) }))
}
