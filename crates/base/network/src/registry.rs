//! Images from registries (OCI distribution specification 1.1): an image is brought into a folder as an OCI image
//! layout, its layers compressed as they are, every blob checked by size and digest while it comes. Nothing is unpacked
//! here.

mod challenge;
mod credentials;
mod error;
mod helper;
mod manifest;
mod platform;
mod pull;
mod reference;
mod session;

pub use credentials::{Credentials, docker_credentials};
pub use error::RegistryError;
pub use platform::Platform;
pub use pull::{PullOptions, Pulled, pull};
pub use reference::Reference;
