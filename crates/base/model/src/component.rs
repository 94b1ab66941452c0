use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Location;

/// A piece of software that the target is made of: a library, a system package, an action, an image.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Component {
    /// Canonical package URL, with the version when one is pinned. Unique in an inventory.
    pub purl: String,
    /// Name as the ecosystem writes it (`@scope/name`, `group:artifact`).
    pub name: String,
    /// The exact version; absent when nothing pins it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// What kind of thing.
    pub kind: ComponentKind,
    /// What it is needed for; the widest need where several ask for it.
    pub scope: Scope,
    /// Whether the project asks for it itself.
    pub relation: Relation,
    /// The version range that was asked for, when no version is pinned.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirement: Option<String>,
    /// Licences as the package declares them: SPDX expressions where they are, otherwise its own words.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub licenses: Vec<String>,
    /// Digests of its archive, `algorithm:hex`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checksums: Vec<String>,
    /// The source package that a distribution builds it from.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub upstream: Option<Upstream>,
    /// Where it was found: the lines of lock files, installed metadata, image layers.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub locations: Vec<Location>,
    /// Package URLs of the components it needs itself; each is in the inventory.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub depends_on: Vec<String>,
}

/// Kinds of components, as CycloneDX names them.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ComponentKind {
    /// A package that code builds on.
    #[default]
    Library,
    /// A program, or the project itself.
    Application,
    /// A container image.
    Container,
    /// A distribution.
    OperatingSystem,
    /// A single file.
    File,
}

/// What a component is needed for. Ordered: a later one outweighs an earlier one.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Scope {
    /// Only to develop, build or test.
    Development,
    /// Only with an optional feature or extra.
    Optional,
    /// When it runs.
    #[default]
    Runtime,
}

/// Whether the project asks for a component itself. Ordered: a later one outweighs an earlier one.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Relation {
    /// Nothing says.
    #[default]
    Unknown,
    /// Another component brings it in.
    Transitive,
    /// The project's own manifest names it.
    Direct,
}

/// The source package that a distribution builds a binary package from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Upstream {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// What a target is made of, and what is known of the data it was judged by.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Inventory {
    /// Every component, sorted by package URL.
    pub components: Vec<Component>,
    /// The advisories that it was compared with; absent when there were none.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advisories: Option<AdvisoryData>,
    /// Upgrades, the one that removes most findings first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub upgrades: Vec<Upgrade>,
}

/// Which advisories a scan used.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AdvisoryData {
    /// How many.
    pub advisories: u64,
    /// When they were fetched, RFC 3339.
    pub updated: String,
    /// Age when the scan started, in seconds.
    pub age_seconds: u64,
    /// The ecosystems that they cover, as OSV names them.
    pub ecosystems: Vec<String>,
    /// Digest of the index, so that the same data can be used again.
    pub digest: String,
}

/// One upgrade and what it mends.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Upgrade {
    /// Package URL of the component as it is.
    pub purl: String,
    /// Its name.
    pub name: String,
    /// The version that is there.
    pub from: String,
    /// The lowest version without the findings it removes.
    pub to: String,
    /// Primary fingerprints of the findings it removes.
    pub removes: Vec<String>,
    /// The package manager's command, where one does it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// The direct dependency that brings it in, when it is not direct itself.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub through: Option<String>,
}
