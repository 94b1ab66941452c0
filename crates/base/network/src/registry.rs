//! Images from registries (OCI distribution specification 1.1): an image is brought into a folder as an OCI image
//! layout, its layers compressed as they are, every blob checked by size and digest while it comes. Nothing is unpacked
//! here. A [`Repository`] is for small things beside images: manifests and blobs in memory, read and written, and lists
//! of what is about an image.

mod challenge;
mod credentials;
mod document;
mod error;
mod helper;
mod manifest;
mod platform;
mod pull;
mod reference;
mod referrers;
mod repository;
mod session;
mod upload;

pub use credentials::{Credentials, docker_credentials};
pub use document::{
    Descriptor, Document, IMAGE_INDEX, IMAGE_MANIFEST, LARGEST_MANIFEST, Manifest, add_to_index, digest_of,
};
pub use error::RegistryError;
pub use platform::Platform;
pub use pull::{PullOptions, Pulled, pull};
pub use reference::Reference;
pub use referrers::{Change, Referrers, TagContent, referrers_tag};
pub use repository::Repository;
pub use upload::Pushed;
