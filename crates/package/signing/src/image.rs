//! Signatures of images and attestations about them, in the two formats of cosign:
//!
//! - **bundle**: a Sigstore bundle in a manifest that refers to the image (OCI 1.1); a signature is a statement, too.
//! - **tag**: an image under the tag `sha256-….sig` or `sha256-….att` whose layers are the signatures.
//!
//! What lies in a registry, and what the registry says about it, is taken to be hostile: every manifest is read, none
//! is judged by how an index lists it, and nothing counts that an accepted key did not sign for exactly this digest.

mod candidates;
mod kind;
mod payload;
mod verify;
mod write;

use andon_network::registry::RegistryError;

pub use kind::PredicateKind;
pub use payload::SimpleSigning;
#[doc(hidden)]
pub use verify::examine;
pub use verify::{Proof, Rejected, Verified, Wanted, verify};
pub use write::{Signed, Signing, attest, sign};

/// The media type of the layers that are signatures.
pub const SIMPLE_SIGNING: &str = "application/vnd.dev.cosign.simplesigning.v1+json";
/// The media type of the layers that are attestations.
pub const DSSE: &str = "application/vnd.dsse.envelope.v1+json";
/// The predicate type of a bundle that is a signature and says nothing else.
pub const SIGNATURE_PREDICATE: &str = "https://sigstore.dev/cosign/sign/v1";

/// The annotation of a layer that holds its signature in base64.
pub(crate) const SIGNATURE_ANNOTATION: &str = "dev.cosignproject.cosign/signature";

/// How signatures lie beside an image.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// As a bundle that refers to it.
    Bundle,
    /// Under a tag made of its digest.
    Tag,
}

impl Format {
    /// Its name on the command line and in reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::Bundle => "bundle",
            Self::Tag => "tag",
        }
    }
}

/// Why an image is not signed, or not verified.
#[derive(Debug, thiserror::Error)]
pub enum ImageError {
    /// The registry does not give or take something.
    #[error(transparent)]
    Registry(#[from] RegistryError),
    /// The predicate makes no statement.
    #[error("cannot make a statement: {0}")]
    Statement(String),
    /// There is nothing to verify.
    #[error("{image} has no {wanted}{}", besides(.others))]
    Missing {
        /// The image, with its digest.
        image: String,
        /// What was looked for.
        wanted: String,
        /// What there is instead.
        others: Vec<String>,
    },
    /// There is something, and none of it is by an accepted key and about this image.
    #[error("{image} has no {wanted} that verifies{}", reasons(.rejected))]
    NotVerified {
        /// The image, with its digest.
        image: String,
        /// What was looked for.
        wanted: String,
        /// What there is, and why it does not count.
        rejected: Vec<Rejected>,
    },
}

impl ImageError {
    /// Whether the registry answered, and the answer is that the image is not to be accepted.
    pub fn is_refusal(&self) -> bool {
        matches!(self, Self::Missing { .. } | Self::NotVerified { .. })
    }
}

fn besides(others: &[String]) -> String {
    const MOST: usize = 10;
    if others.is_empty() {
        return String::new();
    }
    let shown: Vec<&str> = others.iter().take(MOST).map(String::as_str).collect();
    format!("; it has {}", shown.join(", "))
}

fn reasons(rejected: &[Rejected]) -> String {
    const MOST: usize = 10;
    let mut text: String =
        rejected.iter().take(MOST).map(|each| format!("\n{}: {}", each.place, each.reason)).collect();
    if let Some(more) = rejected.len().checked_sub(MOST).filter(|more| *more > 0) {
        text.push_str(&format!("\nand {more} more"));
    }
    text
}

/// A text of a stranger as one short line.
pub(crate) fn one_line(text: &str) -> String {
    const LONGEST: usize = 300;
    let printable = |letter: char| if letter.is_control() { ' ' } else { letter };
    let text: String = text.chars().map(printable).take(LONGEST).collect();
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
