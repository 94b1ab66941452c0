//! Versions in the order of their ecosystem: `1.0rc1` is before `1.0` in Python, after it in rpm.
//!
//! A version is read once into a key of bytes whose order *is* the order of the versions. So every order is total,
//! whatever the input, and a comparison is one of bytes. This crate knows nothing of advisories and nothing of
//! packages.
//!
//! ```
//! use andon_versions::{Scheme, Version};
//!
//! let scheme = Scheme::of_ecosystem("Debian:12").unwrap();
//! let installed = Version::parse(scheme, "1:2.4.47-2~deb12u1")?;
//! assert!(installed < Version::parse(scheme, "1:2.4.47-2")?);
//! # Ok::<(), andon_versions::VersionError>(())
//! ```

mod key;
mod requirement;
mod scheme;
mod schemes;
mod version;

pub use requirement::satisfies;
pub use scheme::Scheme;
pub use version::{Version, VersionError};

#[cfg(test)]
mod tests;
