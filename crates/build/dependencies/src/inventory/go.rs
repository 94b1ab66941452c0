use std::collections::{HashMap, HashSet};

use andon_packages::{Format, Package};
use andon_purl::Purl;
use andon_versions::{Scheme, Version};

use super::entry::name_of;
use super::file::File;

/// From this release of the language on a `go.mod` lists everything that its build needs.
const COMPLETE: (u32, u32) = (1, 17);

/// What a `go.mod` says of the `go.sum` beside it.
enum Module {
    /// It lists all that is needed.
    Complete,
    /// It lists these; what they need stands in the `go.sum` alone.
    Names(HashSet<Purl>),
}

/// Keeps of each `go.sum` what the `go.mod` beside it leaves out, each in its highest version: the file names versions
/// too that were looked at and not chosen.
pub(super) fn keep_sums_of_old_modules(files: &mut [File]) {
    let modules: HashMap<String, Module> = files
        .iter()
        .filter(|file| file.listing.format == Format::GoMod)
        .map(|file| (file.folder().to_owned(), module(file)))
        .collect();
    for file in files.iter_mut().filter(|file| file.listing.format == Format::GoSum) {
        let packages = std::mem::take(&mut file.listing.packages);
        let kept = match modules.get(file.folder()) {
            Some(Module::Complete) => continue,
            Some(Module::Names(known)) => highest(packages, known),
            None => highest(packages, &HashSet::new()),
        };
        file.listing.packages = kept;
    }
}

fn module(file: &File) -> Module {
    let listing = &file.listing;
    let language = listing.packages.iter().find(|package| package.purl.name() == "stdlib");
    let release = language.and_then(|package| release(package.requirement.as_deref()?));
    if release.is_some_and(|release| release >= COMPLETE) {
        return Module::Complete;
    }
    let replaced = listing.changes.iter().map(|change| name_of(&change.of));
    Module::Names(listing.packages.iter().map(|package| name_of(&package.purl)).chain(replaced).collect())
}

/// `1.22` of `1.22.3` and of `1.22rc1`.
fn release(version: &str) -> Option<(u32, u32)> {
    let (major, rest) = version.split_once('.')?;
    let minor = rest.split(|letter: char| !letter.is_ascii_digit()).next()?;
    Some((major.parse().ok()?, minor.parse().ok()?))
}

fn highest(packages: Vec<Package>, known: &HashSet<Purl>) -> Vec<Package> {
    let mut places: HashMap<Purl, usize> = HashMap::new();
    let mut kept: Vec<Package> = Vec::new();
    for package in packages {
        let name = name_of(&package.purl);
        if known.contains(&name) {
            continue;
        }
        match places.get(&name).and_then(|at| kept.get_mut(*at)) {
            Some(other) if is_above(&package, other) => *other = package,
            Some(_) => {}
            None => {
                places.insert(name, kept.len());
                kept.push(package);
            }
        }
    }
    kept
}

fn is_above(one: &Package, other: &Package) -> bool {
    let version = |package: &Package| Version::parse(Scheme::Semver, package.purl.version()?).ok();
    match (version(one), version(other)) {
        (Some(one), Some(other)) => one > other,
        (one, _) => one.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn releases_of_the_language() {
        for (text, expected) in
            [("1.22", Some((1, 22))), ("1.16.3", Some((1, 16))), ("1.21rc2", Some((1, 21)))]
        {
            assert_eq!(release(text), expected, "{text}");
        }
        assert_eq!(release("1"), None);
    }
}
