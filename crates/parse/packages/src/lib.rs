//! Manifests, lock files, installed-package databases and built programs, read as lists of packages. Each parser takes
//! the bytes of one file and says what that file says, with the place of every package in it; putting several files
//! together (a manifest and its lock file, a project and its modules) is [`join`]'s work. This crate reads no file of
//! its own, reaches no network, and knows nothing of advisories, licences' policies or findings.
//!
//! ```
//! use andon_packages::{Format, parse};
//! let listing = parse(Format::CargoLock, b"[[package]]\nname = \"libc\"\nversion = \"0.2.1\"\n");
//! assert_eq!(listing.packages[0].purl.to_string(), "pkg:cargo/libc@0.2.1");
//! ```

mod actions;
mod distribution;
mod dotnet;
mod format;
mod go;
mod java;
mod javascript;
mod listing;
mod php;
mod python;
mod ruby;
mod rust;
mod support;

pub use distribution::{Distribution, end_of_life};
pub use format::{Format, ListingKind, format_of};
pub use java::{
    ManifestFacts, PomDependency, PomFacts, PomParent, PomProfile, from_file_name as jar_name, join_archive,
    resolve_poms,
};
pub use listing::{Change, Listing, Package, Problem, Project, Source};

/// Reads a file of a known format. Broken input gives what could be read, and [`Listing::problems`] says what is
/// missing; this never fails.
pub fn parse(format: Format, bytes: &[u8]) -> Listing {
    format.parse(bytes)
}

/// Which of [`Format::GoBinary`] and [`Format::RustBinary`] a program (ELF, PE, Mach-O) is, told by its first bytes and
/// its table of sections; `None` for everything else. Cheap for files that are no programs.
pub fn executable_format(bytes: &[u8]) -> Option<Format> {
    support::program::format(bytes)
}
