use std::collections::HashSet;

use andon_model::{Region, Scope};
use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::{checksum, pypi};
use crate::support::origin::without_credentials;
use crate::support::reach::{Names, spread, tidy};
use crate::support::tell::tell;
use crate::support::toml::{array, descend, in_order, read, string, strings, table};
use crate::{Format, Listing, Package, Project, Source};

/// Reads `uv.lock`. The workspace's members are listed with [`Source::Local`]; what they need is direct, and their
/// groups and extras tell what the rest is needed for.
pub(crate) fn uv_lock(bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::UvLock);
    let mut lock = Lock::default();
    read(bytes, Some("[[package]]"), &mut listing, &mut |piece, listing| {
        if let Some(manifest) = table(&piece.table, "manifest") {
            lock.manifest(manifest);
        }
        for (entry, region) in piece.entries("package") {
            lock.entry(entry, region, listing);
        }
    });
    lock.finish(&mut listing);
    listing
}

#[derive(Default)]
struct Lock {
    names: Names,
    entries: Vec<Entry>,
    members: HashSet<String>,
    /// What a script's or a workspace's own table asks for.
    asked: Vec<(Need, Scope)>,
}

struct Entry {
    needs: Vec<(Need, Scope)>,
    root: bool,
}

/// A package that is needed: by name alone where there is only one version of it.
struct Need {
    name: String,
    version: Option<String>,
}

impl Lock {
    fn manifest(&mut self, manifest: &DeTable<'_>) {
        self.members.extend(strings(manifest, "members").map(|name| pypi(name).name().to_owned()));
        self.asked.extend(needs(array(manifest, "requirements")).map(|need| (need, Scope::Runtime)));
        for (_, group, _) in table(manifest, "dependency-groups").map(in_order).unwrap_or_default() {
            self.asked.extend(needs(items(group)).map(|need| (need, Scope::Development)));
        }
    }

    fn entry(&mut self, entry: &DeTable<'_>, region: Region, listing: &mut Listing) {
        let Some(name) = string(entry, "name") else {
            let detail = "a package without a name was left out; run `uv lock`";
            tell(listing, detail, Some(region));
            return;
        };
        let mut package = Package::new(pypi(name).with_version(string(entry, "version").unwrap_or_default()));
        package.region = Some(region);
        let mut root = false;
        if let Some(source) = table(entry, "source") {
            root = string(source, "virtual").or_else(|| string(source, "editable")) == Some(".");
            package.source = source_of(source);
        }
        let sdist = table(entry, "sdist").and_then(|sdist| string(sdist, "hash"));
        let wheels =
            array(entry, "wheels").iter().filter_map(|wheel| string(wheel.get_ref().as_table()?, "hash"));
        package.checksums.extend(sdist.into_iter().chain(wheels).filter_map(checksum));
        self.names.add(package.purl.name(), listing.packages.len());
        if root {
            listing.project = Some(Project { purl: Some(package.purl.clone()), licenses: Vec::new() });
        }
        listing.packages.push(package);
        self.entries.push(Entry { needs: entry_needs(entry), root });
    }

    fn finish(self, listing: &mut Listing) {
        let local = |package: &Package| matches!(package.source, Source::Local(_));
        let is_member: Vec<bool> = listing
            .packages
            .iter()
            .zip(&self.entries)
            .map(|(package, entry)| {
                local(package) && (entry.root || self.members.contains(package.purl.name()))
            })
            .collect();
        let asked = self
            .asked
            .iter()
            .flat_map(|(need, scope)| self.find(need, listing).into_iter().map(|found| (found, *scope)));
        let mut roots: Vec<(u32, Scope)> = asked.collect();
        // What a member's groups and extras ask for must not reach further through other members that need it.
        let mut held = Vec::new();
        for (position, entry) in self.entries.iter().enumerate() {
            let member = is_member.get(position).copied().unwrap_or_default();
            for (need, scope) in &entry.needs {
                for found in self.find(need, listing) {
                    if member && is_member.get(found as usize) == Some(&false) {
                        roots.push((found, *scope));
                    }
                    if member && *scope != Scope::Runtime {
                        held.push((position, found));
                    } else if let Some(package) = listing.packages.get_mut(position) {
                        package.dependencies.push(found);
                    }
                }
            }
        }
        spread(&mut listing.packages, &roots);
        for (position, found) in held {
            if let Some(package) = listing.packages.get_mut(position) {
                package.dependencies.push(found);
            }
        }
        listing.packages.iter_mut().for_each(|package| tidy(&mut package.dependencies));
    }

    /// The packages that a need means: of several versions of a name the one it states, or else any.
    fn find(&self, need: &Need, listing: &Listing) -> Vec<u32> {
        let version = |position: &u32| listing.packages.get(*position as usize)?.purl.version();
        let found = self.names.of(&need.name);
        let stated = found.iter().filter(|position| version(position) == need.version.as_deref());
        let stated: Vec<u32> = stated.copied().collect();
        if need.version.is_none() || stated.is_empty() { found.to_vec() } else { stated }
    }
}

fn items<'t, 'i>(value: &'t DeValue<'i>) -> &'t [Spanned<DeValue<'i>>] {
    value.as_array().map_or(&[], |items| items)
}

fn needs(items: &[Spanned<DeValue<'_>>]) -> impl Iterator<Item = Need> {
    items.iter().filter_map(|item| {
        let table = item.get_ref().as_table()?;
        let name = pypi(string(table, "name")?).name().to_owned();
        Some(Need { name, version: string(table, "version").map(str::to_owned) })
    })
}

/// Of a package of a registry, the lock file lists only the extras that something asks for.
fn entry_needs(entry: &DeTable<'_>) -> Vec<(Need, Scope)> {
    let mut all: Vec<_> = needs(array(entry, "dependencies")).map(|need| (need, Scope::Runtime)).collect();
    // Before version 1 groups stood in a table of this other name.
    for (key, scope) in [
        ("optional-dependencies", Scope::Optional),
        ("dev-dependencies", Scope::Development),
        ("dependency-groups", Scope::Development),
    ] {
        for (_, group, _) in descend(entry, &[key]).map(in_order).unwrap_or_default() {
            all.extend(needs(items(group)).map(|need| (need, scope)));
        }
    }
    all
}

fn source_of(source: &DeTable<'_>) -> Source {
    if let Some(git) = string(source, "git") {
        let (url, commit) = git.split_once('#').unwrap_or((git, ""));
        let commit = (!commit.is_empty()).then(|| commit.to_owned());
        return Source::Git { url: without_credentials(url), commit };
    }
    if let Some(url) = string(source, "url") {
        return Source::Archive(without_credentials(url));
    }
    let local = ["editable", "virtual", "directory", "path"].iter().find_map(|key| string(source, key));
    local.map_or(Source::Registry, |path| Source::Local(path.to_owned()))
}
