use andon_packages::Format;

/// Formats that describe the same packages: the manifests of one are pinned by its lock files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Family {
    JavaScript,
    Python,
    Rust,
    Go,
    Maven,
    Ruby,
    Php,
    Other,
}

impl Family {
    pub(crate) fn of(format: Format) -> Self {
        match format {
            Format::PackageJson
            | Format::PackageLock
            | Format::YarnLock
            | Format::YarnClassicLock
            | Format::PnpmLock
            | Format::BunLock => Self::JavaScript,
            Format::Requirements
            | Format::Pyproject
            | Format::Pipfile
            | Format::PipfileLock
            | Format::PoetryLock
            | Format::UvLock
            | Format::Pylock => Self::Python,
            Format::CargoToml | Format::CargoLock => Self::Rust,
            Format::GoMod | Format::GoSum => Self::Go,
            Format::Pom => Self::Maven,
            Format::Gemfile | Format::GemfileLock => Self::Ruby,
            Format::ComposerJson | Format::ComposerLock => Self::Php,
            _ => Self::Other,
        }
    }

    /// OSV's name of the ecosystem whose requirements its manifests write; empty where that does not matter.
    pub(crate) fn ecosystem(self) -> &'static str {
        match self {
            Self::JavaScript => "npm",
            Self::Python => "PyPI",
            Self::Rust => "crates.io",
            Self::Ruby => "RubyGems",
            Self::Php => "Packagist",
            Self::Go | Self::Maven | Self::Other => "",
        }
    }

    /// What pins the versions of manifests without a lock file.
    pub(crate) fn advice(self) -> &'static str {
        match self {
            Self::JavaScript => "run `npm install --package-lock-only` and commit package-lock.json",
            Self::Python => "pin them with `uv lock`, `poetry lock` or `pip-compile` and commit the result",
            Self::Rust => "run `cargo generate-lockfile` and commit Cargo.lock",
            Self::Ruby => "run `bundle lock` and commit Gemfile.lock",
            Self::Php => "run `composer update --no-install` and commit composer.lock",
            Self::Maven => {
                "scan where the parents and imports that state the versions are checked out as well"
            }
            Self::Go | Self::Other => "pin exact versions",
        }
    }
}

/// Whether lock files of this format say themselves what each package is needed for.
pub(crate) fn tells_scope(format: Format) -> bool {
    !matches!(
        format,
        Format::YarnLock
            | Format::YarnClassicLock
            | Format::BunLock
            | Format::CargoLock
            | Format::GemfileLock
            | Format::PoetryLock
    )
}
