use andon_model::{Region, Scope};
use toml::de::{DeTable, DeValue};

use super::{checksum, pypi};
use crate::support::origin::without_credentials;
use crate::support::reach::{Names, tidy};
use crate::support::tell::tell;
use crate::support::toml::{array, descend, in_order, is_true, read, string, strings, table};
use crate::{Format, Listing, Package, Source};

/// Reads `poetry.lock`, versions 1.0 to 2.1. Which packages the project asks for itself is in `pyproject.toml` alone. What
/// each is needed for is told by `category` (up to 1.1) and `groups` (2.1); between them nothing tells.
pub(crate) fn poetry_lock(bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::PoetryLock);
    let mut lock = Lock::default();
    read(bytes, Some("[[package]]"), &mut listing, &mut |piece, listing| {
        for (entry, region) in piece.entries("package") {
            lock.entry(entry, region, listing);
        }
        // Versions 1 keep the digests of all packages in one table.
        for (name, value, _) in
            descend(&piece.table, &["metadata", "files"]).map(in_order).unwrap_or_default()
        {
            let files = value.as_array().map_or(&[][..], |files| files);
            lock.files
                .push((name.to_owned(), files.iter().filter_map(|file| digest(file.get_ref())).collect()));
        }
    });
    lock.finish(&mut listing);
    listing
}

#[derive(Default)]
struct Lock {
    names: Names,
    /// What each package needs, by name.
    needs: Vec<Vec<String>>,
    files: Vec<(String, Vec<String>)>,
}

impl Lock {
    fn entry(&mut self, entry: &DeTable<'_>, region: Region, listing: &mut Listing) {
        let (Some(name), Some(version)) = (string(entry, "name"), string(entry, "version")) else {
            let detail = "a package without a name or a version was left out; run `poetry lock`";
            tell(listing, detail, Some(region));
            return;
        };
        let mut package = Package::new(pypi(name).with_version(version));
        package.region = Some(region);
        package.scope = scope(entry);
        package.checksums.extend(array(entry, "files").iter().filter_map(|file| digest(file.get_ref())));
        if let Some(source) = table(entry, "source").and_then(source) {
            package.source = source;
        }
        self.names.add(package.purl.name(), listing.packages.len());
        listing.packages.push(package);
        let needs = table(entry, "dependencies").map(in_order).unwrap_or_default();
        self.needs.push(needs.into_iter().map(|(name, ..)| pypi(name).name().to_owned()).collect());
    }

    fn finish(self, listing: &mut Listing) {
        for (package, needs) in listing.packages.iter_mut().zip(&self.needs) {
            // Of a package in several versions, markers choose; any of them may be meant.
            package.dependencies = needs.iter().flat_map(|need| self.names.of(need)).copied().collect();
            tidy(&mut package.dependencies);
        }
        for (name, digests) in self.files {
            if let [only] = self.names.of(pypi(&name).name())
                && let Some(package) = listing.packages.get_mut(*only as usize)
            {
                package.checksums.extend(digests);
            }
        }
    }
}

fn digest(file: &DeValue<'_>) -> Option<String> {
    checksum(string(file.as_table()?, "hash")?)
}

fn scope(entry: &DeTable<'_>) -> Scope {
    let mut groups = strings(entry, "groups").peekable();
    let development = match groups.peek() {
        Some(_) => !groups.any(|group| group == "main"),
        None => string(entry, "category").is_some_and(|category| category != "main"),
    };
    if development {
        Scope::Development
    } else if is_true(entry, "optional") {
        Scope::Optional
    } else {
        Scope::Runtime
    }
}

fn source(source: &DeTable<'_>) -> Option<Source> {
    let url = string(source, "url").unwrap_or_default();
    Some(match string(source, "type")? {
        "git" => {
            let commit = string(source, "resolved_reference").or_else(|| string(source, "reference"));
            Source::Git { url: without_credentials(url), commit: commit.map(str::to_owned) }
        }
        "url" => Source::Archive(without_credentials(url)),
        "directory" | "file" => Source::Local(url.to_owned()),
        _ => Source::Registry,
    })
}
