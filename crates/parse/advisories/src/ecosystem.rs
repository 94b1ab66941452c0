//! What an ecosystem's name says: its base, its release, how its packages are named and whether it is a distribution.

use std::borrow::Cow;

/// Ecosystems whose records are a distribution's word on its own builds, as OSV's list names them.
const DISTRIBUTIONS: &[&str] = &[
    "AlmaLinux",
    "Alpaquita",
    "Alpine",
    "Azure Linux",
    "BellSoft Hardened Containers",
    "Chainguard",
    "CleanStart",
    "Debian",
    "Docker Hardened Images",
    "Echo",
    "FreeBSD",
    "Mageia",
    "MinimOS",
    "openEuler",
    "openSUSE",
    "Photon OS",
    "Red Hat",
    "Rocky Linux",
    "Root",
    "SUSE",
    "TuxCare",
    "Ubuntu",
    "Wolfi",
];

/// Ecosystems whose suffix names a repository, not a release: the same name means the same package in each.
const REPOSITORIES: &[&str] = &["Maven", "Packagist", "VSCode"];

/// Splits `Debian:12` into `Debian` and `12`; the second is empty where there is none.
pub fn split(ecosystem: &str) -> (&str, &str) {
    ecosystem.split_once(':').unwrap_or((ecosystem, ""))
}

/// Whether it is a distribution's, by its name with or without a release.
pub fn is_distribution(ecosystem: &str) -> bool {
    DISTRIBUTIONS.contains(&split(ecosystem).0)
}

/// How the release of an affected package and the release that is asked for agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Agreement {
    /// The entry speaks of this release, or of all.
    Same,
    /// The entry speaks of one release and the question of none.
    Unknown,
    /// They are different releases.
    Different,
}

/// Compares the suffixes of an affected package's ecosystem and of the one that is asked for.
pub(crate) fn agreement(base: &str, affected: &str, asked: &str) -> Agreement {
    if affected.is_empty() || affected == asked || REPOSITORIES.contains(&base) {
        return Agreement::Same;
    }
    if asked.is_empty() {
        return Agreement::Unknown;
    }
    if release(base, affected) == release(base, asked) { Agreement::Same } else { Agreement::Different }
}

/// The part of a suffix that tells releases apart: advisories of `Debian:12` hold for 12.5, those of `Ubuntu:22.04:LTS`
/// for 22.04, those of `Alpine:v3.20` for 3.20.1.
pub(crate) fn release<'a>(base: &str, suffix: &'a str) -> &'a str {
    match base {
        "Debian" | "AlmaLinux" | "Rocky Linux" | "TuxCare" => leading(suffix, 1),
        "Ubuntu" => suffix.strip_suffix(":LTS").unwrap_or(suffix),
        "Alpine" => leading(suffix.strip_prefix('v').unwrap_or(suffix), 2),
        _ => suffix,
    }
}

/// Whether the suffix names a release, so that advisories of other releases say nothing about it.
pub(crate) fn has_releases(base: &str) -> bool {
    !REPOSITORIES.contains(&base)
}

/// A package's name as it is compared: PyPI's by PEP 503, and lower case where the registry takes no notice of it.
pub fn normal_name<'a>(base: &str, name: &'a str) -> Cow<'a, str> {
    match base {
        "PyPI" => python(name),
        "Packagist" | "NuGet" | "GitHub Actions" | "Hex" | "VSCode" => lower(name),
        _ => Cow::Borrowed(name),
    }
}

fn leading(text: &str, numbers: usize) -> &str {
    let end = text.match_indices('.').nth(numbers.saturating_sub(1)).map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or(text)
}

fn lower(name: &str) -> Cow<'_, str> {
    if name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        Cow::Owned(name.to_ascii_lowercase())
    } else {
        Cow::Borrowed(name)
    }
}

fn python(name: &str) -> Cow<'_, str> {
    let is_normal = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit();
    let bytes = name.as_bytes();
    let doubled = bytes.windows(2).any(|pair| pair == b"--");
    if !doubled && bytes.iter().all(|byte| is_normal(*byte) || *byte == b'-') {
        return Cow::Borrowed(name);
    }
    let mut normal = String::with_capacity(name.len());
    let mut separated = false;
    for character in name.chars() {
        let separator = matches!(character, '-' | '_' | '.');
        if !separator {
            normal.push(character.to_ascii_lowercase());
        } else if !separated {
            normal.push('-');
        }
        separated = separator;
    }
    Cow::Owned(normal)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_compared_as_their_registry_does() {
        let check = |base: &str, name: &str, expected: &str| assert_eq!(normal_name(base, name), expected);
        check("PyPI", "Foo__Bar.-baz", "foo-bar-baz");
        check("PyPI", "plain-name", "plain-name");
        check("PyPI", "a--b", "a-b");
        check("Packagist", "Symfony/HTTP", "symfony/http");
        check("crates.io", "Foo_bar", "Foo_bar");
        check("npm", "@Scope/JSONStream", "@Scope/JSONStream");
    }

    #[test]
    fn releases_agree() {
        let check = |base: &str, affected: &str, asked: &str, expected: Agreement| {
            assert_eq!(agreement(base, affected, asked), expected, "{base}: {affected} and {asked}");
        };
        check("Debian", "12", "12", Agreement::Same);
        check("Debian", "12", "12.5", Agreement::Same);
        check("Debian", "12", "11", Agreement::Different);
        check("Debian", "", "11", Agreement::Same);
        check("Debian", "12", "", Agreement::Unknown);
        check("Alpine", "v3.20", "v3.20.3", Agreement::Same);
        check("Alpine", "v3.20", "3.20", Agreement::Same);
        check("Alpine", "v3.20", "v3.2", Agreement::Different);
        check("Ubuntu", "22.04:LTS", "22.04", Agreement::Same);
        check("Ubuntu", "Pro:22.04:LTS", "22.04:LTS", Agreement::Different);
        check("AlmaLinux", "8", "8.10", Agreement::Same);
        check("Packagist", "https://packages.drupal.org/8", "", Agreement::Same);
        check("openSUSE", "Leap 15.5", "Leap 15.6", Agreement::Different);
    }

    #[test]
    fn distributions_are_told_from_registries() {
        assert!(is_distribution("Debian:12") && is_distribution("AlmaLinux"));
        assert!(!is_distribution("npm") && !is_distribution("crates.io"));
        assert_eq!(split("Ubuntu:Pro:18.04:LTS"), ("Ubuntu", "Pro:18.04:LTS"));
    }
}
