//! What an index holds and how old it is.

use serde::{Deserialize, Serialize};

use crate::ecosystem::{self, Agreement};

/// What an index holds.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Metadata {
    /// Records, each counted once whatever the number of dumps that hold it.
    pub advisories: u64,
    /// Pairs of a record and a package that it affects.
    pub packages: u64,
    /// The dumps that it was built from, sorted by name.
    pub ecosystems: Vec<Ecosystem>,
    /// CISA's catalogue of known exploited vulnerabilities, if it was given.
    pub exploited: Option<Catalogue>,
    /// The exploit prediction scores, if they were given.
    pub probabilities: Option<Catalogue>,
}

/// One ecosystem's dump.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ecosystem {
    /// As OSV names it, without a suffix.
    pub name: String,
    /// Records of the dump.
    pub advisories: u64,
    /// The latest change of one of them, RFC 3339; empty when there are none.
    pub newest: String,
    /// When the dump was fetched, RFC 3339; empty when nobody said.
    pub fetched: String,
    /// Suffixes that its packages have.
    pub releases: Vec<String>,
    /// Whether some of its packages have no suffix.
    pub unscoped: bool,
}

/// A list about vulnerabilities.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Catalogue {
    /// Its version or model.
    pub version: String,
    /// When it was released, RFC 3339 or a date.
    pub released: String,
    /// Its entries.
    pub count: u64,
}

impl Metadata {
    /// Whether the data can tell anything about packages of this ecosystem: its dump is there and, for a distribution,
    /// knows the release. Without, finding nothing means nothing.
    pub fn covers(&self, ecosystem: &str) -> bool {
        let (base, asked) = ecosystem::split(ecosystem);
        let Ok(at) = self.ecosystems.binary_search_by(|each| each.name.as_str().cmp(base)) else {
            return false;
        };
        let Some(known) = self.ecosystems.get(at) else { return false };
        let agrees = |release: &String| ecosystem::agreement(base, release, asked) == Agreement::Same;
        known.unscoped
            || known.releases.is_empty()
            || !ecosystem::has_releases(base)
            || known.releases.iter().any(agrees)
    }
}
