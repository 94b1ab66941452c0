//! What manifests say about the packages of the lock files beside or above them.

use std::collections::{HashMap, HashSet};

use andon_model::{Gap, GapKind, Relation, Scope};
use andon_packages::{Format, ListingKind, Package, Source};
use andon_purl::Purl;
use andon_versions::{Scheme, Version, satisfies};

use super::entry::name_of;
use super::family::{Family, tells_scope};
use super::file::File;
use super::includes::Includes;

/// Positions of files by family and folder.
#[derive(Default)]
struct Locks {
    by_folder: HashMap<(Family, String), Vec<usize>>,
    /// Position of a file -> name of a package -> positions of the package in the file.
    names: HashMap<usize, HashMap<Purl, Vec<u32>>>,
    /// Position of a file -> name of a project in it -> its position, where there is one of the name only.
    members: HashMap<usize, HashMap<Purl, Option<u32>>>,
    by_path: HashMap<String, usize>,
}

/// More examples are not named in one line.
const EXAMPLES: usize = 5;

impl Locks {
    fn of(files: &[File], includes: &Includes) -> Self {
        let mut locks = Self::default();
        for (position, file) in files.iter().enumerate() {
            let kind = file.listing.format.kind();
            let family = Family::of(file.listing.format);
            if family == Family::Other || !(kind == ListingKind::Lock || pins(file)) {
                continue;
            }
            if !includes.only_constrains(&file.path) {
                let folder = locks.by_folder.entry((family, file.folder().to_owned())).or_default();
                folder.push(position);
            }
            locks.add(position, file);
        }
        locks
    }

    fn add(&mut self, position: usize, file: &File) {
        let names = self.names.entry(position).or_default();
        let members = self.members.entry(position).or_default();
        for (index, package) in (0u32..).zip(&file.listing.packages) {
            let name = name_of(&package.purl);
            if matches!(package.source, Source::Local(_)) {
                members.entry(name.clone()).and_modify(|found| *found = None).or_insert(Some(index));
            }
            names.entry(name).or_default().push(index);
        }
        self.by_path.insert(file.path.clone(), position);
    }

    /// The files that pin what a manifest asks for: those in its own folder, or in the nearest one above that has any.
    fn above(&self, file: &File) -> &[usize] {
        let family = Family::of(file.listing.format);
        let mut folder = file.folder();
        loop {
            if let Some(found) = self.by_folder.get(&(family, folder.to_owned())) {
                return found;
            }
            if folder.is_empty() {
                return &[];
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }

    /// Where a lock file has what a manifest asks for; `None` when it has nothing of the name.
    fn ask(
        &self,
        files: &[File],
        lock: usize,
        member: Option<&Vec<u32>>,
        package: &Package,
    ) -> Option<Vec<u32>> {
        let positions = self.names.get(&lock)?.get(&name_of(&package.purl))?;
        let mine = |index: &&u32| member.is_none_or(|own| own.contains(index));
        let chosen = positions.iter().filter(mine).copied().collect();
        Some(files.get(lock).map(|file| allowed(file, package, chosen)).unwrap_or_default())
    }

    /// What a lock file says that the manifest's project needs, where it lists the project.
    fn member<'a>(&self, files: &'a [File], lock: usize, manifest: &File) -> Option<&'a Vec<u32>> {
        let name = name_of(manifest.listing.project.as_ref()?.purl.as_ref()?);
        let index = (*self.members.get(&lock)?.get(&name)?)?;
        Some(&files.get(lock)?.listing.packages.get(index as usize)?.dependencies)
    }
}

/// Whether a file that is no lock file pins versions all the same.
fn pins(file: &File) -> bool {
    file.listing.format == Format::Requirements
        && file.listing.packages.iter().any(|package| package.purl.version().is_some())
}

/// What manifests ask of a lock file: the position of a package in it, and what for.
type Asked = HashMap<usize, Vec<(u32, Scope)>>;

/// Marks in the lock files what the manifests ask for themselves and what for. Returns the packages of each manifest
/// that no lock file pins, by the manifest's position, and what is open because of that.
pub(crate) fn refine(files: &mut [File], includes: &Includes) -> (HashMap<usize, Vec<Package>>, Vec<Gap>) {
    let locks = Locks::of(files, includes);
    let (mut asked, mut open, mut gaps) = (Asked::new(), HashMap::new(), Vec::new());
    for (position, file) in files.iter().enumerate() {
        if file.listing.format.kind() != ListingKind::Manifest || includes.only_constrains(&file.path) {
            continue;
        }
        let mut above: Vec<usize> =
            locks.above(file).iter().copied().filter(|lock| *lock != position).collect();
        above.extend(includes.constraints(&file.path).filter_map(|path| locks.by_path.get(path)));
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
            let optional = !above.is_empty() && package.scope != Scope::Runtime;
            let listed = if package.purl.version().is_some() { respelled } else { found || optional };
            if !listed {
                own.push(package.clone());
            }
        }
        gaps.extend(unpinned(file, &own, !above.is_empty()));
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
    (open, gaps)
}

/// Of several versions that a lock file has of a package, those that a manifest's requirement allows; all where none
/// is known to be allowed.
fn allowed(lock: &File, asked: &Package, positions: Vec<u32>) -> Vec<u32> {
    let ecosystem = Family::of(lock.listing.format).ecosystem();
    let fits = |index: &&u32| {
        let version = lock.listing.packages.get(**index as usize).and_then(|package| package.purl.version());
        match (version, asked.purl.version(), &asked.requirement) {
            (Some(version), Some(wanted), _) => version == wanted,
            (Some(version), None, Some(range)) => satisfies(ecosystem, version, range) == Some(true),
            _ => false,
        }
    };
    if positions.len() < 2 {
        return positions;
    }
    let fitting: Vec<u32> = positions.iter().filter(fits).copied().collect();
    if fitting.is_empty() { positions } else { fitting }
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

fn unpinned(file: &File, own: &[Package], has_lock: bool) -> Option<Gap> {
    // Projects of Maven say themselves which version is open and why.
    if matches!(file.listing.format, Format::Workflow | Format::Pom) {
        return None;
    }
    let open: Vec<String> = own
        .iter()
        .filter(|package| package.purl.version().is_none() && package.source == Source::Registry)
        // The version of Go is the builder's; `go` in a go.mod is the lowest that will do.
        .filter(|package| file.listing.format != Format::GoMod || package.purl.name() != "stdlib")
        .map(|package| package.purl.native_name())
        .collect();
    let (first, count) = (open.first()?, open.len());
    let more = count.saturating_sub(EXAMPLES);
    let names = open.get(..EXAMPLES).map_or_else(|| open.join(", "), |some| some.join(", "));
    let names = if more > 0 { format!("{names} and {more} more") } else { names };
    let advice = Family::of(file.listing.format).advice();
    let detail = match (has_lock, count) {
        (true, 1) => format!("{first} is not in the lock file, so that its version is open; {advice}"),
        (true, _) => format!("{count} requirements are not in the lock file ({names}); {advice}"),
        (false, 1) => format!("{first} names no exact version and there is no lock file; {advice}"),
        (false, _) => format!("{count} requirements name no exact version ({names}); {advice}"),
    };
    Some(Gap { kind: GapKind::Unpinned, subject: file.path.clone(), detail })
}
