//! What OSV calls a package: the ecosystem with its release, and the name (OSV schema, "affected.package").

mod distro;

use std::borrow::Cow;

use crate::Purl;

/// Types whose ecosystem has no releases, and the ecosystem.
const ECOSYSTEMS: &[(&str, &str)] = &[
    ("bioconductor", "Bioconductor"),
    ("bitnami", "Bitnami"),
    ("cargo", "crates.io"),
    ("composer", "Packagist"),
    ("conan", "ConanCenter"),
    ("cran", "CRAN"),
    ("gem", "RubyGems"),
    ("github", "GitHub Actions"),
    ("githubactions", "GitHub Actions"),
    ("golang", "Go"),
    ("hackage", "Hackage"),
    ("hex", "Hex"),
    ("julia", "Julia"),
    ("maven", "Maven"),
    ("npm", "npm"),
    ("nuget", "NuGet"),
    ("opam", "opam"),
    ("pub", "Pub"),
    ("pypi", "PyPI"),
    ("swift", "SwiftURL"),
    ("vscode-extension", "VSCode"),
];

/// The ecosystem and the name under which OSV lists a package; `None` where OSV has no ecosystem for it.
///
/// Packages of a distribution need a release, which the `distro` qualifier (`debian-12`, `ubuntu-22.04`,
/// `alpine-3.19.1`, `bookworm`) says, or, where there is none, `distro` in the same form. Without either the
/// ecosystem has no release. OSV names the *source* packages of most distributions: give it a package URL of that.
/// Names are to be compared by their [`osv_name_key`].
pub fn osv_package(purl: &Purl, distro: Option<&str>) -> Option<(String, String)> {
    if matches!(purl.kind(), "apk" | "deb" | "rpm") {
        let distro = purl.qualifier("distro").or(distro);
        return Some((distro::ecosystem(purl.namespace()?, distro)?, purl.name().to_owned()));
    }
    let (_, ecosystem) = ECOSYSTEMS.iter().find(|(kind, _)| *kind == purl.kind())?;
    let name = if purl.kind() == "pypi" { pep503(purl.name()).into_owned() } else { purl.native_name() };
    Some(((*ecosystem).to_owned(), name))
}

/// The package URL, without a version, of a name in an ecosystem of OSV; `None` for an ecosystem that package URLs
/// have no type for. The release becomes the `distro` qualifier.
pub fn from_osv(ecosystem: &str, name: &str) -> Option<Purl> {
    let (family, release) = ecosystem.split_once(':').unwrap_or((ecosystem, ""));
    if let Some((kind, _)) = ECOSYSTEMS.iter().find(|(_, listed)| *listed == family) {
        let name = if *kind == "swift" { name.trim_start_matches("https://") } else { name };
        return Some(Purl::of_native(kind, name));
    }
    let (kind, namespace, distro) = distro::of_ecosystem(family, release)?;
    Some(Purl::new(kind, name).with_namespace(namespace).with_qualifier("distro", &distro))
}

/// A form of a name in which two spellings of the same package are equal: names that the ecosystem compares without
/// regard to case are in lower case, those of PyPI normalised as PEP 503 says. For both sides of a comparison.
pub fn osv_name_key<'a>(ecosystem: &str, name: &'a str) -> Cow<'a, str> {
    match ecosystem.split(':').next().unwrap_or_default() {
        "PyPI" => pep503(name),
        "GitHub Actions" | "NuGet" | "Packagist" | "Hex" | "VSCode" | "SwiftURL" => {
            if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
                Cow::Owned(name.to_ascii_lowercase())
            } else {
                Cow::Borrowed(name)
            }
        }
        _ => Cow::Borrowed(name),
    }
}

/// Lower case, each run of `-`, `_` and `.` one `-`.
fn pep503(name: &str) -> Cow<'_, str> {
    let separator = |byte: u8| matches!(byte, b'-' | b'_' | b'.');
    let changes = |pair: &[u8]| pair.iter().all(|&byte| separator(byte));
    let plain = name.bytes().all(|byte| !byte.is_ascii_uppercase() && !matches!(byte, b'_' | b'.'));
    if plain && !name.as_bytes().windows(2).any(changes) {
        return Cow::Borrowed(name);
    }
    let mut key = String::with_capacity(name.len());
    for c in name.chars() {
        if !matches!(c, '-' | '_' | '.') {
            key.push(c.to_ascii_lowercase());
        } else if !key.ends_with('-') {
            key.push('-');
        }
    }
    Cow::Owned(key)
}
