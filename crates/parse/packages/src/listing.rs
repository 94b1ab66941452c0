use andon_model::{Region, Relation, Scope, Upstream};
use andon_purl::Purl;
use serde::{Deserialize, Serialize};

use crate::{Distribution, Format, ManifestFacts, PomFacts};

/// What one file says about packages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Listing {
    /// The format it was read as.
    pub format: Format,
    /// The project, module or package that the file describes, where it names one.
    pub project: Option<Project>,
    /// The packages, in the order of the file.
    pub packages: Vec<Package>,
    /// Other files that belong to this one: included requirement files, workspace members, Maven modules and parents.
    /// Paths relative to the file's folder, `/` between components, globs as the format allows them.
    pub includes: Vec<String>,
    /// Files that only say which versions are taken of what others ask for (pip's `-c`); paths as in
    /// [`Listing::includes`].
    pub constraints: Vec<String>,
    /// What the file changes in packages that other files list (Go's `replace` and `exclude`, overrides).
    pub changes: Vec<Change>,
    /// What could not be read, in a sentence each.
    pub problems: Vec<Problem>,
    /// What a `pom.xml` says, as [`resolve_poms`](crate::resolve_poms) needs it to put several together.
    pub pom: Option<Box<PomFacts>>,
    /// What the manifest of a Java archive says, as [`join_archive`](crate::join_archive) needs it.
    pub manifest: Option<Box<ManifestFacts>>,
    /// The distribution that an `os-release` names.
    pub distribution: Option<Distribution>,
}

impl Listing {
    /// A listing of this format with nothing in it.
    pub fn new(format: Format) -> Self {
        Self {
            format,
            project: None,
            packages: Vec::new(),
            includes: Vec::new(),
            constraints: Vec::new(),
            changes: Vec::new(),
            problems: Vec::new(),
            pom: None,
            manifest: None,
            distribution: None,
        }
    }

    /// Adds a problem that concerns the whole file.
    pub fn problem(&mut self, detail: impl Into<String>) {
        self.problems.push(Problem { detail: detail.into(), region: None });
    }
}

/// The project that a file describes.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Project {
    /// Its package URL; with a version where the file states one.
    pub purl: Option<Purl>,
    /// Licences that the file declares for the project itself: an SPDX expression or its own words.
    pub licenses: Vec<String>,
}

/// A package that a file names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Package {
    /// Its package URL, with a version only when the file pins exactly one.
    pub purl: Purl,
    /// The range that is asked for, where no version is pinned, as the file writes it.
    pub requirement: Option<String>,
    /// What it is needed for.
    pub scope: Scope,
    /// Whether the project itself asks for it, as far as this file tells.
    pub relation: Relation,
    /// Where it comes from.
    pub source: Source,
    /// Its place in the file: the lines of its own entry.
    pub region: Option<Region>,
    /// Path inside the file system that the entry stands for, for formats that have one (`node_modules/a/node_modules/b`).
    pub install_path: Option<String>,
    /// Licences that the file declares for it.
    pub licenses: Vec<String>,
    /// Digests, `algorithm:hex` with algorithms named `sha1`, `sha256`, `sha384`, `sha512`, `md5`.
    pub checksums: Vec<String>,
    /// The source package of a distribution's binary package.
    pub upstream: Option<Upstream>,
    /// Positions, in [`Listing::packages`], of the packages that it needs itself. Sorted, without repetition.
    pub dependencies: Vec<u32>,
}

impl Package {
    /// A package of which nothing but the name is known.
    pub fn new(purl: Purl) -> Self {
        Self {
            purl,
            requirement: None,
            scope: Scope::Runtime,
            relation: Relation::Unknown,
            source: Source::Registry,
            region: None,
            install_path: None,
            licenses: Vec::new(),
            checksums: Vec::new(),
            upstream: None,
            dependencies: Vec::new(),
        }
    }
}

/// Where a package comes from. Only those of a registry are compared with its advisories by name and version; of the
/// others the name may mean something else.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Source {
    /// The ecosystem's registry or a mirror of it.
    #[default]
    Registry,
    /// A commit of a version-control system.
    Git {
        /// Its address, without credentials.
        url: String,
        /// The commit, where one is pinned.
        commit: Option<String>,
    },
    /// An archive at an address of its own, without credentials.
    Archive(String),
    /// A folder of the same repository or machine: a workspace member, a path dependency.
    Local(String),
}

/// What a file changes in packages that other files list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    /// The package it concerns; with a version when it concerns only that one.
    pub of: Purl,
    /// What stands in its place; `None` when it is taken out.
    pub by: Option<Package>,
}

/// Something that a file says and that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// What, and what to do, for people.
    pub detail: String,
    /// Where, when that is known.
    pub region: Option<Region>,
}
