//! What manifests say about the packages of the lock files beside or above them.

use std::collections::{HashMap, HashSet};

use andon_model::{Gap, Relation, Scope};
use andon_packages::{Format, ListingKind, Package, Source};
use andon_versions::{Scheme, Version};

use super::family::{Family, tells_scope};
use super::file::File;
use super::includes::Includes;
use super::locks::Locks;
use super::unpinned::Unpinned;

/// What manifests ask of a lock file: the position of a package in it, and what for.
type Asked = HashMap<usize, Vec<(u32, Scope)>>;

/// Marks in the lock files what the manifests ask for themselves and what for. Returns the packages of each manifest
/// that no lock file pins, by the manifest's position, and what is open because of that.
pub(crate) fn refine(files: &mut [File], includes: &Includes) -> (HashMap<usize, Vec<Package>>, Vec<Gap>) {
    let locks = Locks::of(files, includes);
    let (mut asked, mut open, mut unpinned) = (Asked::new(), HashMap::new(), Unpinned::default());
    for (position, file) in files.iter().enumerate() {
        if file.listing.format.kind() != ListingKind::Manifest || includes.only_constrains(&file.path) {
            continue;
        }
        let mut above = locks.pinning(files, file);
        above.retain(|lock| *lock != position);
        above.extend(includes.constraints(&file.path).filter_map(|path| locks.at(path)));
        let members: Vec<Option<&Vec<u32>>> =
            above.iter().map(|lock| locks.member(files, *lock, file)).collect();
        let mut own = Vec::new();
        for package in
            file.listing.packages.iter().filter(|package| !matches!(package.source, Source::Local(_)))
        {
            let (mut found, mut respelled) = (false, false);
            for (lock, member) in above.iter().zip(&members) {
                let Some(chosen) = locks.ask(files, *lock, *member, package) else { continue };
                found = true;
                respelled |= files.get(*lock).is_some_and(|lock| spells_otherwise(lock, package, &chosen));
                asked
                    .entry(*lock)
                    .or_default()
                    .extend(chosen.into_iter().map(|index| (index, package.scope)));
            }
            let listed = if package.purl.version().is_some() { respelled } else { found };
            if !listed {
                own.push(package.clone());
            }
        }
        unpinned.add(file, &own, !above.is_empty());
        open.insert(position, own);
    }
    for (lock, asked) in asked {
        if let Some(file) = files.get_mut(lock) {
            mark(file, &asked);
            if includes.only_constrains(&file.path) {
                open.insert(lock, taken(file, &asked));
            }
        }
    }
    (open, unpinned.gaps())
}

/// Whether a lock file has the very version that a manifest asks for and writes it in another way: `v1.0` for `1.0`.
fn spells_otherwise(lock: &File, asked: &Package, chosen: &[u32]) -> bool {
    let Some(scheme) = Scheme::of_ecosystem(Family::of(lock.listing.format).ecosystem()) else {
        return false;
    };
    let Some(wanted) = asked.purl.version() else { return false };
    let same = |version: &str| {
        let versions = (Version::parse(scheme, version), Version::parse(scheme, wanted));
        version != wanted && matches!(versions, (Ok(one), Ok(other)) if one == other)
    };
    let mut chosen = chosen.iter().filter_map(|index| lock.listing.packages.get(*index as usize));
    chosen.any(|package| package.purl.version().is_some_and(same))
}

/// The packages of a file that others ask for, in the file's order.
fn taken(file: &File, asked: &[(u32, Scope)]) -> Vec<Package> {
    let asked: HashSet<u32> = asked.iter().map(|(index, _)| *index).collect();
    let packages = (0u32..).zip(&file.listing.packages).filter(|(index, _)| asked.contains(index));
    packages.map(|(_, package)| package.clone()).collect()
}

fn mark(file: &mut File, asked: &[(u32, Scope)]) {
    let format = file.listing.format;
    let packages = &mut file.listing.packages;
    for (index, _) in asked {
        if let Some(package) = packages.get_mut(*index as usize) {
            package.relation = Relation::Direct;
        }
    }
    let has_edges = packages.iter().any(|package| !package.dependencies.is_empty());
    for package in packages.iter_mut().filter(|package| has_edges && package.relation == Relation::Unknown) {
        package.relation = Relation::Transitive;
    }
    if tells_scope(format) || format == Format::Requirements {
        return;
    }
    let mut reached: HashSet<u32> = HashSet::new();
    for scope in [Scope::Runtime, Scope::Optional, Scope::Development] {
        let mut open: Vec<u32> =
            asked.iter().filter(|(_, wanted)| *wanted == scope).map(|(index, _)| *index).collect();
        while let Some(next) = open.pop() {
            if !reached.insert(next) {
                continue;
            }
            if let Some(package) = packages.get_mut(next as usize) {
                package.scope = scope;
                open.extend(&package.dependencies);
            }
        }
    }
}
