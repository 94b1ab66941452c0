//! What manifests say about the packages of the lock files beside or above them.

use std::collections::{HashMap, HashSet};

use andon_model::{Gap, GapKind, Relation, Scope};
use andon_packages::{Format, ListingKind, Package, Source};
use andon_purl::Purl;

use super::entry::name_of;
use super::family::{Family, tells_scope};
use super::file::File;

/// Positions of files by family and folder.
pub(crate) struct Locks {
    by_folder: HashMap<(Family, String), Vec<usize>>,
    /// Position of a file -> name of a package -> positions of the package in the file.
    names: HashMap<usize, HashMap<Purl, Vec<u32>>>,
}

/// More examples are not named in one line.
const EXAMPLES: usize = 5;

impl Locks {
    pub(crate) fn of(files: &[File]) -> Self {
        let mut locks = Self { by_folder: HashMap::new(), names: HashMap::new() };
        for (position, file) in files.iter().enumerate() {
            let kind = file.listing.format.kind();
            let family = Family::of(file.listing.format);
            if family == Family::Other || !(kind == ListingKind::Lock || pins(file)) {
                continue;
            }
            let folder = locks.by_folder.entry((family, file.folder().to_owned())).or_default();
            folder.push(position);
            let mut names: HashMap<Purl, Vec<u32>> = HashMap::new();
            for (index, package) in (0u32..).zip(&file.listing.packages) {
                names.entry(name_of(&package.purl)).or_default().push(index);
            }
            locks.names.insert(position, names);
        }
        locks
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
pub(crate) fn refine(files: &mut [File]) -> (HashMap<usize, Vec<Package>>, Vec<Gap>) {
    let locks = Locks::of(files);
    let (mut asked, mut open, mut gaps) = (Asked::new(), HashMap::new(), Vec::new());
    for (position, file) in files.iter().enumerate() {
        if file.listing.format.kind() != ListingKind::Manifest {
            continue;
        }
        let above: Vec<usize> = locks.above(file).iter().copied().filter(|lock| *lock != position).collect();
        let mut own = Vec::new();
        for package in &file.listing.packages {
            if matches!(package.source, Source::Local(_)) {
                continue;
            }
            let found = ask(files, &locks, file, package, &above, &mut asked);
            let optional = !above.is_empty() && package.scope != Scope::Runtime;
            if package.purl.version().is_some() || !(found || optional) {
                own.push(package.clone());
            }
        }
        gaps.extend(unpinned(file, &own, !above.is_empty()));
        open.insert(position, own);
    }
    for (lock, asked) in asked {
        if let Some(file) = files.get_mut(lock) {
            mark(file, &asked);
        }
    }
    (open, gaps)
}

/// Whether some lock file has what a manifest asks for.
fn ask(
    files: &[File],
    locks: &Locks,
    file: &File,
    package: &Package,
    above: &[usize],
    asked: &mut Asked,
) -> bool {
    let name = name_of(&package.purl);
    let mut found = false;
    for lock in above {
        let Some(positions) = locks.names.get(lock).and_then(|names| names.get(&name)) else { continue };
        let own = files.get(*lock).and_then(|lock| member(lock, file));
        let mine = |index: &&u32| own.is_none_or(|own| own.contains(index));
        let chosen: Vec<u32> = positions.iter().filter(mine).copied().collect();
        found = true;
        asked.entry(*lock).or_default().extend(chosen.into_iter().map(|index| (index, package.scope)));
    }
    found
}

/// What the lock file says that the manifest's project needs, where it lists the project.
fn member<'a>(lock: &'a File, manifest: &File) -> Option<&'a Vec<u32>> {
    let name = name_of(manifest.listing.project.as_ref()?.purl.as_ref()?);
    let is_it =
        |package: &&Package| matches!(package.source, Source::Local(_)) && name_of(&package.purl) == name;
    let mut members = lock.listing.packages.iter().filter(is_it);
    let found = members.next().filter(|_| members.next().is_none())?;
    Some(&found.dependencies)
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
