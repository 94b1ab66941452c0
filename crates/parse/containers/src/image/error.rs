use thiserror::Error;

/// Why an image is refused. When this comes out of a walk, what the visitor was given must not be used.
#[derive(Debug, Error)]
pub enum ImageError {
    /// Neither an OCI layout nor a docker-archive.
    #[error("no image: there is neither an index.json (OCI layout) nor a manifest.json (docker-archive)")]
    NotAnImage,
    /// A part of the image is missing or cannot be read.
    #[error("{what} of the image cannot be read: {reason}")]
    Unreadable {
        /// Which part.
        what: String,
        /// Why.
        reason: String,
    },
    /// A part of the image is not what its digest says.
    #[error(
        "{what} of the image has the wrong digest: {stated} is stated, but it is {actual}; fetch it again"
    )]
    Digest {
        /// Which part.
        what: String,
        /// The digest that the image states.
        stated: String,
        /// The digest of what is there, or its size.
        actual: String,
    },
    /// Part of the image does not follow the specification.
    #[error("{what} of the image is malformed: {reason}")]
    Malformed {
        /// Which part.
        what: String,
        /// What is wrong.
        reason: String,
    },
    /// A format that is not read.
    #[error("{0}")]
    Unsupported(String),
    /// Several images are there, or none of the wanted name or platform.
    #[error("{wanted}; there is: {}", available.join(", "))]
    Choice {
        /// What was wanted.
        wanted: String,
        /// What there is instead.
        available: Vec<String>,
    },
    /// More names than [`crate::Limits::entries`] allows.
    #[error("the image has more than {0} names; raise the limit on entries to examine it")]
    Names(u64),
}
