use std::collections::HashMap;

use andon_model::{Region, Scope};
use andon_purl::Purl;
use toml::de::DeTable;

use super::registry_package;
use crate::support::origin;
use crate::support::reach::{Names, spread, tidy};
use crate::support::tell::tell;
use crate::support::toml::{array, in_order, read, string, strings, table};
use crate::{Format, Listing, Package, Source};

/// Reads `Cargo.lock`, versions 1 to 4. Packages without a source are the workspace's own: they are listed with
/// [`Source::Local`], and what they need is direct. The file does not tell what is needed for tests or builds only, so
/// everything counts as needed at run time.
pub(crate) fn cargo_lock(bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::CargoLock);
    let mut lock = Lock::default();
    read(bytes, Some("[[package]]"), &mut listing, &mut |piece, listing| {
        if let Some(root) = table(&piece.table, "root") {
            lock.entry(root, None, listing);
        }
        for (entry, region) in piece.entries("package") {
            lock.entry(entry, Some(region), listing);
        }
        lock.checksums(&piece.table);
    });
    lock.finish(&mut listing);
    listing
}

#[derive(Default)]
struct Lock {
    names: Names,
    /// What each package of the listing says of itself.
    entries: Vec<Entry>,
    /// The checksums of versions 1 and before, by `name version (source)`.
    checksums: HashMap<String, String>,
}

struct Entry {
    version: String,
    source: Option<String>,
    needs: Vec<String>,
}

impl Lock {
    fn entry(&mut self, entry: &DeTable<'_>, region: Option<Region>, listing: &mut Listing) {
        let (Some(name), Some(version)) = (string(entry, "name"), string(entry, "version")) else {
            let detail = "a package without a name or a version was left out; run `cargo update --workspace`";
            tell(listing, detail, region);
            return;
        };
        let source = string(entry, "source");
        let mut package = Package::new(Purl::new("cargo", name).with_version(version));
        package.region = region;
        match source {
            None => package.source = Source::Local(String::new()),
            Some(source) => set_source(&mut package, source),
        }
        package.checksums.extend(string(entry, "checksum").map(|hex| format!("sha256:{hex}")));
        self.names.add(name, listing.packages.len());
        listing.packages.push(package);
        self.entries.push(Entry {
            version: version.to_owned(),
            source: source.map(str::to_owned),
            needs: strings(entry, "dependencies").map(str::to_owned).collect(),
        });
        if array(entry, "dependencies").iter().any(|item| item.get_ref().as_str().is_none()) {
            let detail = format!("a dependency of {name} is not a text and was left out");
            tell(listing, detail, region);
        }
    }

    fn checksums(&mut self, root: &DeTable<'_>) {
        let Some(metadata) = table(root, "metadata") else { return };
        for (key, value, _) in in_order(metadata) {
            if let (Some(package), Some(hex)) = (key.strip_prefix("checksum "), value.as_str()) {
                self.checksums.insert(package.to_owned(), format!("sha256:{hex}"));
            }
        }
    }

    fn finish(self, listing: &mut Listing) {
        let mut unknown = 0;
        for (position, entry) in self.entries.iter().enumerate() {
            let found: Vec<_> = entry.needs.iter().map(|need| self.find(need)).collect();
            unknown += found.iter().filter(|found| found.is_none()).count();
            let Some(package) = listing.packages.get_mut(position) else { continue };
            package.dependencies = found.into_iter().flatten().collect();
            tidy(&mut package.dependencies);
            if let (true, Some(source)) = (package.checksums.is_empty(), &entry.source) {
                let key = format!("{} {} ({source})", package.purl.name(), entry.version);
                package.checksums.extend(self.checksums.get(&key).cloned());
            }
        }
        if unknown > 0 {
            listing.problem(format!(
                "{unknown} dependencies name packages that the file does not list; run `cargo update --workspace`"
            ));
        }
        let is_local = |package: &Package| matches!(package.source, Source::Local(_));
        let local = listing.packages.iter().filter(|package| is_local(package));
        let mut roots: Vec<_> = local.flat_map(|package| package.dependencies.iter().copied()).collect();
        tidy(&mut roots);
        roots.retain(|root| listing.packages.get(*root as usize).is_some_and(|package| !is_local(package)));
        spread(
            &mut listing.packages,
            &roots.into_iter().map(|root| (root, Scope::Runtime)).collect::<Vec<_>>(),
        );
    }

    /// The position of what a dependency names: `name`, `name version` or `name version (source)`.
    fn find(&self, need: &str) -> Option<u32> {
        let mut parts = need.splitn(3, ' ');
        let name = parts.next()?;
        let version = parts.next();
        let source = parts.next().and_then(|part| part.strip_prefix('(')?.strip_suffix(')'));
        let fits = |position: u32, local: bool| {
            let Some(entry) = self.entries.get(position as usize) else { return false };
            version.is_none_or(|version| entry.version == version)
                && source.is_none_or(|source| same_source(entry.source.as_deref(), source))
                && (!local || entry.source.is_none())
        };
        // Where a member and a registry's package have the same name and version, only the latter is written with its
        // source.
        let local =
            source.is_none().then(|| self.names.find(name, |position| fits(position, true))).flatten();
        local.or_else(|| self.names.find(name, |position| fits(position, false)))
    }
}

/// A dependency on a Git source leaves the commit out in older versions.
fn same_source(entry: Option<&str>, need: &str) -> bool {
    let entry = entry.unwrap_or_default();
    entry == need || without_commit(entry) == without_commit(need)
}

fn without_commit(source: &str) -> &str {
    source.split('#').next().unwrap_or_default()
}

fn set_source(package: &mut Package, source: &str) {
    if let Some(git) = source.strip_prefix("git+") {
        let (url, commit) = git.split_once('#').unwrap_or((git, ""));
        let url = url.split('?').next().unwrap_or_default();
        let commit = (!commit.is_empty()).then(|| commit.to_owned());
        package.source = Source::Git { url: origin::without_credentials(url), commit };
    } else if let Some(path) = source.strip_prefix("path+") {
        package.source = Source::Local(path.strip_prefix("file://").unwrap_or(path).to_owned());
    } else {
        package.purl = registry_package(package.purl.clone(), source);
    }
}
