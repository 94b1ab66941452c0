use std::collections::HashSet;

use andon_model::Relation;
use andon_purl::Purl;

use super::{
    ManifestFacts,
    coordinates::{self, is_id},
    group::{group_of, known as known_group},
    jar_name::{from_file_name, stem},
};
use crate::{Format, Listing, Package};

/// Endings of a file name behind the version that are classifiers and never versions.
const CLASSIFIERS: &[&str] = &["sources", "javadoc", "tests", "test-sources"];

/// What one Java archive is and what is shaded into it, out of the listings of its `META-INF/MANIFEST.MF` and of every
/// `pom.properties` in it (archives inside it are archives of their own) and of its file name.
///
/// The `pom.properties` that the file name, or else the manifest, agrees with is the archive itself; the others are
/// packages that were merged into it, which it depends on. Without one, the name and version are those of the file name
/// before those of the manifest. Where no group can be told the package URL is of the type `generic`: nothing can be
/// said of it, which is not the same as that nothing is known against it. The archive itself comes first.
pub fn join_archive(entries: &[(&str, &Listing)], file_name: &str) -> Vec<Package> {
    let empty = ManifestFacts::default();
    let archive = Archive { manifest: manifest(entries).unwrap_or(&empty), file_name };
    let mut poms: Vec<(&str, &Package)> = entries
        .iter()
        .filter(|(_, listing)| listing.format == Format::PomProperties)
        .flat_map(|(path, listing)| listing.packages.iter().map(|package| (*path, package)))
        .collect();
    poms.sort_by_key(|(path, _)| *path);
    let own = archive.own_pom(&poms);
    let identity = match own.and_then(|own| poms.get(own)) {
        Some((path, package)) => Some(archive.with_pom(path, package)),
        None => archive.without_pom(),
    };
    let shaded = poms.iter().enumerate().filter(|(index, _)| Some(*index) != own);
    let shaded = shaded.map(|(_, (path, package))| at(path, package));
    with_shaded(identity, shaded)
}

fn manifest<'e>(entries: &[(&str, &'e Listing)]) -> Option<&'e ManifestFacts> {
    let manifests = || entries.iter().filter(|(_, listing)| listing.format == Format::JarManifest);
    let right = manifests().find(|(path, _)| *path == "META-INF/MANIFEST.MF");
    right.or_else(|| manifests().next()).and_then(|(_, listing)| listing.manifest.as_deref())
}

fn with_shaded(identity: Option<Package>, shaded: impl Iterator<Item = Package>) -> Vec<Package> {
    let mut seen = HashSet::new();
    let mut packages: Vec<Package> = Vec::new();
    seen.extend(identity.as_ref().map(|package| package.purl.clone()));
    let inside = identity.is_some();
    packages.extend(identity);
    for mut package in shaded.filter(|package| seen.insert(package.purl.clone())) {
        package.relation = if inside { Relation::Transitive } else { Relation::Unknown };
        packages.push(package);
    }
    let count = u32::try_from(packages.len()).unwrap_or(u32::MAX);
    if let Some(own) = packages.first_mut().filter(|_| inside) {
        own.dependencies = (1..count).collect();
    }
    packages
}

/// A package as the archive's `pom.properties` at this path tells it.
fn at(path: &str, package: &Package) -> Package {
    Package { install_path: Some(path.to_owned()), ..package.clone() }
}

struct Archive<'a> {
    manifest: &'a ManifestFacts,
    file_name: &'a str,
}

impl Archive<'_> {
    fn own_pom(&self, poms: &[(&str, &Package)]) -> Option<usize> {
        let fits = poms.iter().map(|(_, package)| self.fit(&package.purl, poms.len() == 1)).enumerate();
        // Of equals the first: `max_by_key` would take the last.
        let best = fits.filter(|(_, fit)| *fit > 0).min_by_key(|(_, fit)| std::cmp::Reverse(*fit));
        best.map(|(index, _)| index)
    }

    /// How well an artifact inside fits the archive itself; 0 for not at all.
    fn fit(&self, purl: &Purl, only: bool) -> u8 {
        let (artifact, version) = (purl.name(), purl.version());
        let named = from_file_name(self.file_name);
        let stem = stem(self.file_name).unwrap_or_default();
        let same_version = named.is_some_and(|(_, of_name)| {
            version.is_some_and(|version| of_name == version || is_before_classifier(version, of_name))
        });
        let related = has_words(stem, artifact) || has_words(artifact, named.map_or(stem, |(name, _)| name));
        match named {
            Some((name, _)) if name == artifact && same_version => 5,
            _ if named.is_some_and(|(name, _)| name == artifact) || stem == artifact => 4,
            _ if self.manifest_names(artifact, version) => 3,
            // A file that was renamed; under a name and version of its own, it may be anything that has this inside.
            _ if only && (named.is_none() || same_version || related) => 2,
            _ => 0,
        }
    }

    fn manifest_names(&self, artifact: &str, version: Option<&str>) -> bool {
        let bundle = self.manifest.bundle_symbolic_name.as_deref();
        let named = self.manifest.implementation_title.as_deref() == Some(artifact)
            || bundle.is_some_and(|bundle| {
                bundle.rsplit('.').next() == Some(artifact) || bundle.ends_with(artifact)
            });
        let versions = [&self.manifest.implementation_version, &self.manifest.bundle_version];
        named && versions.into_iter().any(|stated| stated.as_deref() == version)
    }

    fn with_pom(&self, path: &str, package: &Package) -> Package {
        let mut own = at(path, package);
        if let Some((version, _)) = self.version().filter(|_| own.purl.version().is_none()) {
            own.purl = own.purl.with_version(version);
        }
        if own.licenses.is_empty() {
            own.licenses.clone_from(&self.manifest.licenses);
        }
        own
    }

    fn without_pom(&self) -> Option<Package> {
        let artifact = self.artifact()?;
        // The manifest of something that was merged into the archive may have taken the place of its own.
        let nothing = ManifestFacts::default();
        let manifest = if self.manifest_speaks_of(artifact) { self.manifest } else { &nothing };
        let archive = Archive { manifest, file_name: self.file_name };
        let mut purl = match group_of(artifact, manifest) {
            Some(group) => coordinates::maven(&group, artifact),
            None => Purl::new("generic", artifact),
        };
        if let Some((version, classifier)) = archive.version() {
            purl = purl.with_version(version);
            if purl.kind() == "maven" && !classifier.is_empty() {
                purl = purl.with_qualifier("classifier", classifier);
            }
        }
        Some(Package { licenses: manifest.licenses.clone(), ..Package::new(purl) })
    }

    /// Whether the names in the manifest have a word in common with this one, or there are none.
    fn manifest_speaks_of(&self, artifact: &str) -> bool {
        let manifest = self.manifest;
        let names = [&manifest.implementation_title, &manifest.short_name, &manifest.bundle_symbolic_name];
        let mut names = names.into_iter().flatten().peekable();
        let own: HashSet<String> = words(artifact).collect();
        names.peek().is_none() || names.any(|name| words(name).any(|word| own.contains(&word)))
    }

    /// A name with a version behind it was given by a build; one without may have been given by anybody.
    fn artifact(&self) -> Option<&str> {
        let stem = stem(self.file_name)?;
        let stated = [&self.manifest.short_name, &self.manifest.implementation_title];
        let stated = stated.into_iter().flatten().map(String::as_str).find(|name| is_id(name));
        let named = from_file_name(self.file_name).map(|(artifact, _)| artifact);
        let own = Some(stem).filter(|stem| is_id(stem));
        let known = |name: &Option<&str>| name.is_some_and(|name| known_group(name).is_some());
        named.or_else(|| [stated, own].into_iter().find(known).flatten()).or(stated).or(own)
    }

    /// The version and the classifier.
    fn version(&self) -> Option<(&str, &str)> {
        let stated = [
            &self.manifest.implementation_version,
            &self.manifest.plugin_version,
            &self.manifest.bundle_version,
        ];
        let mut stated =
            stated.into_iter().flatten().map(String::as_str).filter(|version| is_version(version));
        let Some((_, named)) = from_file_name(self.file_name) else {
            return stated.next().map(|version| (version, ""));
        };
        // The manifest tells where the version ends and a classifier begins.
        let apart = stated.next().filter(|version| is_before_classifier(version, named)).map(str::len);
        let apart = apart.filter(|&end| !named.get(end + 1..).is_some_and(starts_qualifier));
        let known = CLASSIFIERS.iter().find_map(|classifier| {
            let version = named.strip_suffix(classifier)?.strip_suffix('-')?;
            Some(version.len())
        });
        let end = apart.or(known).unwrap_or(named.len());
        let classifier = named.get(end..).unwrap_or_default();
        Some((named.get(..end).unwrap_or(named), classifier.trim_start_matches('-')))
    }
}

/// The words of a name that tell it from others.
fn words(name: &str) -> impl Iterator<Item = String> {
    let common = ["org", "com", "net", "apache", "java", "api", "core", "the", "project", "library"];
    let words = name.split(|c: char| !c.is_ascii_alphanumeric()).map(str::to_ascii_lowercase);
    words.filter(move |word| word.len() > 1 && !common.contains(&word.as_str()))
}

/// Whether the words of one name, with `-`, `_` or `.` between them, are in another.
fn has_words(name: &str, words: &str) -> bool {
    let edge = |c: Option<char>| c.is_none_or(|c| matches!(c, '-' | '_' | '.'));
    name.match_indices(words).any(|(at, _)| {
        let (before, behind) = (name.get(..at), name.get(at + words.len()..));
        edge(before.and_then(|text| text.chars().next_back()))
            && edge(behind.and_then(|text| text.chars().next()))
    })
}

fn is_before_classifier(version: &str, whole: &str) -> bool {
    whole.strip_prefix(version).is_some_and(|rest| rest.starts_with('-'))
}

/// Words that belong to a version.
fn starts_qualifier(text: &str) -> bool {
    let lower = text.get(..8.min(text.len())).unwrap_or(text).to_ascii_lowercase();
    let words = [
        "snapshot", "alpha", "beta", "rc", "cr", "m1", "m2", "m3", "jre", "android", "ga", "final",
        "release", "sp",
    ];
    lower.starts_with(|c: char| c.is_ascii_digit()) || words.iter().any(|word| lower.starts_with(word))
}

fn is_version(text: &str) -> bool {
    text.len() <= 128
        && text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !text.contains(char::is_whitespace)
}
