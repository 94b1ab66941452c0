use std::fmt;

use crate::key::Key;
use crate::schemes::{alpine, debian, maven, numbers, packagist, pypi, redhat, rubygems, semver};

/// An order of versions.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Scheme {
    /// Semantic versions, read loosely: a `v` in front, fewer and more than three numbers. npm, crates.io, Go, Hex, …
    Semver,
    /// PEP 440; what is none comes before all that are.
    Pypi,
    /// Maven's `ComparableVersion`.
    Maven,
    /// `Gem::Version`.
    RubyGems,
    /// PHP's `version_compare`, as Composer uses it.
    Packagist,
    /// Semantic versions with a fourth number, without regard to case.
    Nuget,
    /// dpkg.
    Debian,
    /// apk-tools.
    Alpine,
    /// rpm.
    Redhat,
    /// Numbers separated by dots and hyphens.
    Cran,
    /// Numbers separated by dots.
    Hackage,
    /// Semantic versions whose build counts.
    Pub,
}

impl Scheme {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::Semver,
        Self::Pypi,
        Self::Maven,
        Self::RubyGems,
        Self::Packagist,
        Self::Nuget,
        Self::Debian,
        Self::Alpine,
        Self::Redhat,
        Self::Cran,
        Self::Hackage,
        Self::Pub,
    ];

    /// The order of an ecosystem of OSV, with or without a release (`Debian`, `Debian:12`); `None` where versions have
    /// no order, or none that is known here.
    pub fn of_ecosystem(ecosystem: &str) -> Option<Self> {
        let (family, release) = ecosystem.split_once(':').unwrap_or((ecosystem, ""));
        Some(match family {
            "npm"
            | "crates.io"
            | "Go"
            | "Hex"
            | "GitHub Actions"
            | "SwiftURL"
            | "Julia"
            | "ConanCenter"
            | "Bitnami"
            | "Bioconductor"
            | "GHC"
            | "Kubernetes"
            | "VSCode"
            | "Docker Hardened Images" => Self::Semver,
            "PyPI" => Self::Pypi,
            "Maven" => Self::Maven,
            "RubyGems" => Self::RubyGems,
            "Packagist" => Self::Packagist,
            "NuGet" => Self::Nuget,
            "Debian" | "Ubuntu" | "Echo" | "opam" => Self::Debian,
            "Alpine" | "Alpaquita" | "BellSoft Hardened Containers" | "Chainguard" | "MinimOS" | "Wolfi" => {
                Self::Alpine
            }
            "AlmaLinux" | "Azure Linux" | "Mageia" | "openEuler" | "openSUSE" | "Photon OS" | "Red Hat"
            | "Rocky Linux" | "SUSE" => Self::Redhat,
            "CRAN" => Self::Cran,
            "Hackage" => Self::Hackage,
            "Pub" => Self::Pub,
            "Root" if !release.starts_with("Root") => return Self::of_ecosystem(release),
            _ => return None,
        })
    }

    /// Writes the key of a version; the error says what is wrong with it.
    pub(crate) fn write_key(self, text: &str, key: &mut Key) -> Result<(), &'static str> {
        match self {
            Self::Semver => return semver::write(text, key, semver::Flavour::Plain),
            Self::Nuget => return semver::write(text, key, semver::Flavour::Nuget),
            Self::Pub => return semver::write(text, key, semver::Flavour::Pub),
            Self::Cran => return numbers::write(text, &['.', '-'], key),
            Self::Hackage => return numbers::write(text, &['.'], key),
            Self::Debian => return debian::write(text, key),
            Self::Pypi => pypi::write(text, key),
            Self::Maven => maven::write(text, key),
            Self::RubyGems => rubygems::write(text, key),
            Self::Packagist => packagist::write(text, key),
            Self::Alpine => alpine::write(text, key),
            Self::Redhat => redhat::write(text, key),
        }
        Ok(())
    }
}

impl fmt::Display for Scheme {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Semver => "semantic",
            Self::Pypi => "PyPI",
            Self::Maven => "Maven",
            Self::RubyGems => "RubyGems",
            Self::Packagist => "Packagist",
            Self::Nuget => "NuGet",
            Self::Debian => "Debian",
            Self::Alpine => "Alpine",
            Self::Redhat => "rpm",
            Self::Cran => "CRAN",
            Self::Hackage => "Hackage",
            Self::Pub => "Pub",
        })
    }
}
