//! Maven, Gradle and Java archives.

mod archive;
mod coordinates;
mod gradle;
mod group;
mod jar_name;
mod managed;
mod manifest;
mod pom;
mod pom_facts;
mod pom_properties;
mod properties;
mod resolve;
mod unpinned;
mod workspace;
mod xml;

pub use archive::join_archive;
pub use jar_name::from_file_name;
pub use manifest::ManifestFacts;
pub use pom_facts::{PomDependency, PomFacts, PomParent, PomProfile};
pub use resolve::resolve as resolve_poms;

pub(crate) use gradle::gradle_lock;
pub(crate) use manifest::jar_manifest;
pub(crate) use pom::pom;
pub(crate) use pom_properties::pom_properties;

#[cfg(test)]
mod archive_tests;
#[cfg(test)]
mod tests;
