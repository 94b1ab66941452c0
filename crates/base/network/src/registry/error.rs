use andon_system::WriteError;
use thiserror::Error;

use crate::NetworkError;

/// Why an image is not to be had.
#[derive(Debug, Error)]
pub enum RegistryError {
    /// It names no image.
    #[error("{text:?} names no image ({reason}); write it as registry/name:tag or registry/name@sha256:…")]
    Reference {
        /// What was given.
        text: String,
        /// What is wrong with it.
        reason: String,
    },
    /// It names no platform.
    #[error("{0:?} is no platform; write it as linux/amd64 or linux/arm64/v8")]
    Platform(String),
    /// Docker's configuration, or a program that it names, gives no usable credentials.
    #[error("no credentials for {registry}: {reason}")]
    Credentials {
        /// The registry's host.
        registry: String,
        /// What is wrong, and what to do.
        reason: String,
    },
    /// The registry wants other credentials, or does not say how to get a token.
    #[error("{registry} refuses to {doing} {image} (status {status}); {hint}")]
    Refused {
        /// The registry's host.
        registry: String,
        /// What was asked of it.
        doing: &'static str,
        /// The image.
        image: String,
        /// The HTTP status.
        status: u16,
        /// What to do.
        hint: String,
    },
    /// There is no such image, or a part of it is missing.
    #[error("{registry} does not have {what}; check the name and the tag")]
    NotFound {
        /// The registry's host.
        registry: String,
        /// The image or the blob.
        what: String,
    },
    /// The image is made for other platforms.
    #[error("{image} is not made for {wanted}; it is made for {offered}")]
    NoPlatform {
        /// The image.
        image: String,
        /// The platform asked for.
        wanted: String,
        /// Those that there are.
        offered: String,
    },
    /// An image in the form that Docker used until 2017.
    #[error(
        "{0} is an image of the old form (schema 1), which is not read; push it again with a present Docker"
    )]
    Schema1(String),
    /// A manifest that cannot be used.
    #[error("the manifest of {image} cannot be used: {reason}")]
    Manifest {
        /// The image.
        image: String,
        /// What is wrong with it.
        reason: String,
    },
    /// The image has more bytes than allowed.
    #[error("{image} has {bytes} bytes, more than the limit of {limit}; raise the limit")]
    TooLarge {
        /// The image.
        image: String,
        /// Bytes of its layers, compressed.
        bytes: u64,
        /// Bytes allowed.
        limit: u64,
    },
    /// The registry's answer is not what it must be: another digest, another kind of content, a list without an end.
    #[error("{registry} cannot be believed: {what} {reason}")]
    Wrong {
        /// The registry's host.
        registry: String,
        /// What it was asked for.
        what: String,
        /// What is wrong with the answer.
        reason: String,
    },
    /// The registry does not store something.
    #[error(
        "{registry} does not take {what}: {reason}; may you push there, and does it allow tags to change?"
    )]
    NotTaken {
        /// The registry's host.
        registry: String,
        /// The blob or manifest.
        what: String,
        /// The status, and what it says.
        reason: String,
    },
    /// Anything else that the network says: 429, a stall, a wrong digest.
    #[error(transparent)]
    Network(#[from] NetworkError),
    /// It cannot be kept.
    #[error(transparent)]
    Write(#[from] WriteError),
}
