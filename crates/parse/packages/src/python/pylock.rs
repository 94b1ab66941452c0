use andon_model::{Region, Scope};
use toml::de::DeTable;

use super::{checksum, pypi};
use crate::support::origin::without_credentials;
use crate::support::reach::{Names, tidy};
use crate::support::tell::tell;
use crate::support::toml::{array, in_order, read, string, table};
use crate::{Format, Listing, Package, Source};

/// Reads `pylock.toml` (PEP 751). It does not say which packages are asked for by the project itself; markers say what
/// belongs to an extra or a group.
pub(crate) fn pylock(bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::Pylock);
    let mut names = Names::default();
    let mut needs = Vec::new();
    read(bytes, Some("[[packages]]"), &mut listing, &mut |piece, listing| {
        for (entry, region) in piece.entries("packages") {
            let Some(package) = package(entry, region) else {
                let detail = "a package without a name was left out; lock again";
                tell(listing, detail, Some(region));
                continue;
            };
            names.add(package.purl.name(), listing.packages.len());
            listing.packages.push(package);
            let tables = array(entry, "dependencies").iter().filter_map(|need| need.get_ref().as_table());
            let need =
                |table| Some((pypi(string(table, "name")?), string(table, "version").map(str::to_owned)));
            needs.push(tables.filter_map(need).collect::<Vec<_>>());
        }
    });
    let versions: Vec<_> =
        listing.packages.iter().map(|package| package.purl.version().map(str::to_owned)).collect();
    for (package, needs) in listing.packages.iter_mut().zip(needs) {
        for (name, version) in needs {
            let stated = |position: &&u32| {
                version.is_none() || versions.get(**position as usize).is_some_and(|known| *known == version)
            };
            package.dependencies.extend(names.of(name.name()).iter().filter(stated));
        }
        tidy(&mut package.dependencies);
    }
    listing
}

fn package(entry: &DeTable<'_>, region: Region) -> Option<Package> {
    let name = string(entry, "name")?;
    let mut package = Package::new(pypi(name).with_version(string(entry, "version").unwrap_or_default()));
    package.region = Some(region);
    package.scope = scope(string(entry, "marker").unwrap_or_default());
    if let Some(source) = source(entry) {
        package.source = source;
    }
    let wheels = array(entry, "wheels").iter().filter_map(|wheel| wheel.get_ref().as_table());
    let files = [table(entry, "archive"), table(entry, "sdist")].into_iter().flatten().chain(wheels);
    for hashes in files.filter_map(|file| table(file, "hashes")) {
        let digests = in_order(hashes)
            .into_iter()
            .filter_map(|(algorithm, value, _)| checksum(&format!("{algorithm}:{}", value.as_str()?)));
        package.checksums.extend(digests);
    }
    Some(package)
}

/// `'test' in extras`, `'dev' in dependency_groups`; joined with a condition that does not ask for either, nothing
/// is sure.
fn scope(marker: &str) -> Scope {
    if marker.contains("dependency_groups") {
        Scope::Development
    } else if marker.contains("extras") {
        Scope::Optional
    } else {
        Scope::Runtime
    }
}

fn source(entry: &DeTable<'_>) -> Option<Source> {
    if let Some(control) = table(entry, "vcs") {
        let url = string(control, "url").or_else(|| string(control, "path")).unwrap_or_default();
        let commit = string(control, "commit-id").map(str::to_owned);
        return Some(Source::Git { url: without_credentials(url), commit });
    }
    if let Some(directory) = table(entry, "directory") {
        return Some(Source::Local(string(directory, "path").unwrap_or_default().to_owned()));
    }
    let archive = table(entry, "archive")?;
    Some(match string(archive, "url") {
        Some(url) => Source::Archive(without_credentials(url)),
        None => Source::Local(string(archive, "path").unwrap_or_default().to_owned()),
    })
}
