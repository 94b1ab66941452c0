use std::collections::BTreeMap;

use andon_model::Region;
use serde::{Deserialize, Serialize};

/// What one `pom.xml` says that matters for dependencies, with `${…}` as it is written. Several are put together by
/// [`resolve_poms`](crate::resolve_poms).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PomFacts {
    /// Its group; absent when it is the parent's.
    pub group: Option<String>,
    /// Its artifact id.
    pub artifact: Option<String>,
    /// Its version; absent when it is the parent's.
    pub version: Option<String>,
    /// Its packaging; absent for `jar`.
    pub packaging: Option<String>,
    /// The project it inherits from.
    pub parent: Option<PomParent>,
    /// Modules, as it writes them: folders or files relative to its own folder.
    pub modules: Vec<String>,
    /// Its properties.
    pub properties: BTreeMap<String, String>,
    /// `dependencyManagement`, imports included, in the order of the file.
    pub managed: Vec<PomDependency>,
    /// `dependencies`, in the order of the file.
    pub dependencies: Vec<PomDependency>,
    /// Its profiles. Of those that are not active by default only the names and the numbers are kept.
    pub profiles: Vec<PomProfile>,
}

/// The project that a `pom.xml` inherits from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PomParent {
    /// Its group.
    pub group: String,
    /// Its artifact id.
    pub artifact: String,
    /// Its version; Maven also takes a range.
    pub version: String,
    /// `relativePath` as written; absent means `../pom.xml`, an empty one that the parent is not beside the project.
    pub relative_path: Option<String>,
    /// The lines of the element.
    pub region: Option<Region>,
}

/// A dependency as a `pom.xml` writes it.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PomDependency {
    /// Its group.
    pub group: String,
    /// Its artifact id.
    pub artifact: String,
    /// Its version or range.
    pub version: Option<String>,
    /// `compile`, `runtime`, `provided`, `test`, `system` or, in `dependencyManagement`, `import`.
    pub scope: Option<String>,
    /// `type`; absent for `jar`.
    pub kind: Option<String>,
    /// `classifier`.
    pub classifier: Option<String>,
    /// `optional`: `true`, `false` or a property.
    pub optional: Option<String>,
    /// `systemPath`, of the scope `system`.
    pub system_path: Option<String>,
    /// What it must not bring in, `group:artifact` each, `*` for any.
    pub exclusions: Vec<String>,
    /// The lines of the element.
    pub region: Option<Region>,
}

/// A profile of a `pom.xml`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PomProfile {
    /// Its id; `default` when it has none, as Maven calls it.
    pub id: String,
    /// Whether it is active when nobody says otherwise.
    pub active_by_default: bool,
    /// How many dependencies it adds itself, whether or not they are kept.
    pub adds: u32,
    /// The lines of the element.
    pub region: Option<Region>,
    /// Its properties.
    pub properties: BTreeMap<String, String>,
    /// Its `dependencyManagement`.
    pub managed: Vec<PomDependency>,
    /// Its dependencies.
    pub dependencies: Vec<PomDependency>,
}

impl PomFacts {
    /// The profiles that are active when nobody says otherwise, last first: a later one outweighs an earlier one.
    pub(super) fn active_profiles(&self) -> impl Iterator<Item = &PomProfile> {
        self.profiles.iter().rev().filter(|profile| profile.active_by_default)
    }

    /// Its group, or the one it inherits, as written.
    pub(super) fn group_or_inherited(&self) -> Option<&str> {
        self.group.as_deref().or_else(|| self.parent.as_ref().map(|parent| parent.group.as_str()))
    }

    /// Its version, or the one it inherits, as written.
    pub(super) fn version_or_inherited(&self) -> Option<&str> {
        self.version.as_deref().or_else(|| self.parent.as_ref().map(|parent| parent.version.as_str()))
    }
}
