use serde::{Deserialize, Serialize};

use crate::{Listing, actions, distribution, dotnet, go, java, javascript, php, python, ruby, rust};

/// The formats that are read. The number of each is part of cached facts: add new ones at the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum Format {
    /// `package.json` of a project.
    PackageJson,
    /// `package-lock.json` and `npm-shrinkwrap.json`, versions 1 to 3.
    PackageLock,
    /// `yarn.lock`; one of Yarn 1 is listed as [`Format::YarnClassicLock`].
    YarnLock,
    /// `pnpm-lock.yaml`, versions 5.4, 6.0 and 9.0.
    PnpmLock,
    /// `bun.lock`, the text form.
    BunLock,
    /// `package.json` of a package installed under `node_modules`.
    NodeModule,
    /// `requirements.txt` and its relatives.
    Requirements,
    /// `pyproject.toml`: PEP 621, PEP 735 and Poetry's tables.
    Pyproject,
    /// `Pipfile`.
    Pipfile,
    /// `Pipfile.lock`.
    PipfileLock,
    /// `poetry.lock`.
    PoetryLock,
    /// `uv.lock`.
    UvLock,
    /// `pylock.toml` (PEP 751).
    Pylock,
    /// `METADATA` of a `.dist-info` folder, `PKG-INFO` of an `.egg-info` folder.
    PythonMetadata,
    /// `Cargo.toml`.
    CargoToml,
    /// `Cargo.lock`.
    CargoLock,
    /// `go.mod`.
    GoMod,
    /// `go.sum`.
    GoSum,
    /// `pom.xml` of a project.
    Pom,
    /// `gradle.lockfile` and `buildscript-gradle.lockfile`.
    GradleLock,
    /// `META-INF/MANIFEST.MF` of an archive.
    JarManifest,
    /// `pom.properties` of an archive.
    PomProperties,
    /// `Gemfile.lock` and `gems.locked`.
    GemfileLock,
    /// `Gemfile` and `gems.rb`.
    Gemfile,
    /// `composer.json`.
    ComposerJson,
    /// `composer.lock`.
    ComposerLock,
    /// `packages.lock.json` of NuGet.
    NugetLock,
    /// `*.deps.json` of a published .NET application.
    DotnetDeps,
    /// A workflow or a composite action of GitHub Actions.
    Workflow,
    /// `var/lib/dpkg/status`.
    DpkgStatus,
    /// A file of `var/lib/dpkg/status.d`.
    DpkgStatusFile,
    /// `lib/apk/db/installed`.
    ApkInstalled,
    /// `etc/os-release`.
    OsRelease,
    /// An rpm database; it is recognised and not read.
    RpmDatabase,
    /// A program built by Go, with its build information.
    GoBinary,
    /// A program built with cargo-auditable.
    RustBinary,
    /// `yarn.lock` of Yarn 1, told by its content.
    YarnClassicLock,
}

/// What a file of a format is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum ListingKind {
    /// What people ask for; versions may be open.
    Manifest,
    /// What was resolved; versions are pinned.
    Lock,
    /// What is installed or built in.
    Installed,
    /// No packages of its own; says something about others.
    Context,
}

impl Format {
    /// What a file of this format is.
    pub fn kind(self) -> ListingKind {
        match self {
            Self::PackageJson
            | Self::Pyproject
            | Self::Pipfile
            | Self::CargoToml
            | Self::GoMod
            | Self::Pom
            | Self::Gemfile
            | Self::ComposerJson
            | Self::Workflow
            | Self::Requirements => ListingKind::Manifest,
            Self::GoSum | Self::OsRelease | Self::RpmDatabase => ListingKind::Context,
            Self::NodeModule
            | Self::PythonMetadata
            | Self::JarManifest
            | Self::PomProperties
            | Self::DotnetDeps
            | Self::DpkgStatus
            | Self::DpkgStatusFile
            | Self::ApkInstalled
            | Self::GoBinary
            | Self::RustBinary => ListingKind::Installed,
            _ => ListingKind::Lock,
        }
    }

    pub(crate) fn parse(self, bytes: &[u8]) -> Listing {
        match self {
            Self::PackageJson => javascript::package_json(bytes),
            Self::PackageLock => javascript::package_lock(bytes),
            Self::YarnLock | Self::YarnClassicLock => javascript::yarn_lock(bytes),
            Self::PnpmLock => javascript::pnpm_lock(bytes),
            Self::BunLock => javascript::bun_lock(bytes),
            Self::NodeModule => javascript::node_module(bytes),
            Self::Requirements => python::requirements(bytes),
            Self::Pyproject => python::pyproject(bytes),
            Self::Pipfile => python::pipfile(bytes),
            Self::PipfileLock => python::pipfile_lock(bytes),
            Self::PoetryLock => python::poetry_lock(bytes),
            Self::UvLock => python::uv_lock(bytes),
            Self::Pylock => python::pylock(bytes),
            Self::PythonMetadata => python::metadata(bytes),
            Self::CargoToml => rust::cargo_toml(bytes),
            Self::CargoLock => rust::cargo_lock(bytes),
            Self::RustBinary => rust::auditable(bytes),
            Self::GoMod => go::go_mod(bytes),
            Self::GoSum => go::go_sum(bytes),
            Self::GoBinary => go::build_info(bytes),
            Self::Pom => java::pom(bytes),
            Self::GradleLock => java::gradle_lock(bytes),
            Self::JarManifest => java::jar_manifest(bytes),
            Self::PomProperties => java::pom_properties(bytes),
            Self::Gemfile => ruby::gemfile(bytes),
            Self::GemfileLock => ruby::gemfile_lock(bytes),
            Self::ComposerJson => php::composer_json(bytes),
            Self::ComposerLock => php::composer_lock(bytes),
            Self::NugetLock => dotnet::nuget_lock(bytes),
            Self::DotnetDeps => dotnet::deps_json(bytes),
            Self::Workflow => actions::workflow(bytes),
            Self::DpkgStatus => distribution::dpkg_status(bytes),
            Self::DpkgStatusFile => distribution::dpkg_status_file(bytes),
            Self::ApkInstalled => distribution::apk_installed(bytes),
            Self::OsRelease => distribution::os_release(bytes),
            Self::RpmDatabase => distribution::rpm_database(bytes),
        }
    }
}

/// The format of the file at a path, told by the path alone (`/` between components); `None` for files that list no
/// packages.
pub fn format_of(path: &str) -> Option<Format> {
    let (folder, name) = path.rsplit_once('/').unwrap_or(("", path));
    by_name(folder, name).or_else(|| by_place(folder, name)).or_else(|| by_pattern(folder, name))
}

fn by_name(folder: &str, name: &str) -> Option<Format> {
    Some(match name {
        "package.json" if in_folder(folder, "node_modules") => Format::NodeModule,
        "package.json" => Format::PackageJson,
        "package-lock.json" | "npm-shrinkwrap.json" => Format::PackageLock,
        "yarn.lock" => Format::YarnLock,
        "pnpm-lock.yaml" => Format::PnpmLock,
        "bun.lock" => Format::BunLock,
        "pyproject.toml" => Format::Pyproject,
        "Pipfile" => Format::Pipfile,
        "Pipfile.lock" => Format::PipfileLock,
        "poetry.lock" => Format::PoetryLock,
        "uv.lock" => Format::UvLock,
        "pylock.toml" => Format::Pylock,
        "Cargo.toml" => Format::CargoToml,
        "Cargo.lock" => Format::CargoLock,
        "go.mod" => Format::GoMod,
        "go.sum" => Format::GoSum,
        "pom.xml" => Format::Pom,
        "gradle.lockfile" | "buildscript-gradle.lockfile" => Format::GradleLock,
        "pom.properties" => Format::PomProperties,
        "Gemfile.lock" | "gems.locked" => Format::GemfileLock,
        "Gemfile" | "gems.rb" => Format::Gemfile,
        "composer.json" => Format::ComposerJson,
        "composer.lock" => Format::ComposerLock,
        "packages.lock.json" => Format::NugetLock,
        "action.yml" | "action.yaml" => Format::Workflow,
        _ => return None,
    })
}

/// Names that mean something only in their folder.
fn by_place(folder: &str, name: &str) -> Option<Format> {
    Some(match name {
        "MANIFEST.MF" if ends_with(folder, "META-INF") => Format::JarManifest,
        "METADATA" if folder.ends_with(".dist-info") => Format::PythonMetadata,
        "PKG-INFO" if folder.ends_with(".egg-info") || ends_with(folder, "EGG-INFO") => {
            Format::PythonMetadata
        }
        "status" if ends_with(folder, "var/lib/dpkg") => Format::DpkgStatus,
        "installed" if ends_with(folder, "lib/apk/db") => Format::ApkInstalled,
        "os-release" if ends_with(folder, "etc") || ends_with(folder, "usr/lib") => Format::OsRelease,
        "Packages" | "Packages.db" | "rpmdb.sqlite"
            if ends_with(folder, "var/lib/rpm") || ends_with(folder, "usr/lib/sysimage/rpm") =>
        {
            Format::RpmDatabase
        }
        _ if ends_with(folder, "var/lib/dpkg/status.d") && !name.ends_with(".md5sums") => {
            Format::DpkgStatusFile
        }
        _ => return None,
    })
}

fn by_pattern(folder: &str, name: &str) -> Option<Format> {
    let yaml = name.ends_with(".yml") || name.ends_with(".yaml");
    if yaml && ends_with(folder, ".github/workflows") {
        return Some(Format::Workflow);
    }
    if name.ends_with(".deps.json") {
        return Some(Format::DotnetDeps);
    }
    if name.starts_with("pylock.") && name.ends_with(".toml") {
        return Some(Format::Pylock);
    }
    let text = name.ends_with(".txt") || name.ends_with(".in");
    let requirements = name.contains("requirements") || ends_with(folder, "requirements");
    (text && requirements).then_some(Format::Requirements)
}

/// Whether the last components of a folder are these.
fn ends_with(folder: &str, end: &str) -> bool {
    folder.strip_suffix(end).is_some_and(|before| before.is_empty() || before.ends_with('/'))
}

fn in_folder(folder: &str, name: &str) -> bool {
    folder.split('/').any(|component| component == name)
}
