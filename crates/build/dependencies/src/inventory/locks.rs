use std::collections::{HashMap, HashSet};

use andon_packages::{Format, ListingKind, Package, Source};
use andon_purl::Purl;
use andon_versions::satisfies;

use super::entry::name_of;
use super::family::Family;
use super::file::File;
use super::includes::{Includes, joined};
use super::pattern::names;

/// More patterns of a workspace are not looked at; each is compared with each manifest below.
const MOST_PATTERNS: usize = 1_000;

/// Positions of files by family and folder.
#[derive(Default)]
pub(super) struct Locks {
    by_folder: HashMap<(Family, String), Vec<usize>>,
    /// Position of a file -> name of a package -> positions of the package in the file.
    names: HashMap<usize, HashMap<Purl, Vec<u32>>>,
    /// Position of a file -> name of a project in it -> its position, where there is one of the name only.
    members: HashMap<usize, HashMap<Purl, Option<u32>>>,
    by_path: HashMap<String, usize>,
    /// Position of a file -> folders of the projects in it.
    folders: HashMap<usize, HashSet<String>>,
    /// Manifests by family and folder.
    manifests: HashMap<(Family, String), Vec<usize>>,
}

impl Locks {
    pub(super) fn of(files: &[File], includes: &Includes) -> Self {
        let mut locks = Self::default();
        for (position, file) in files.iter().enumerate() {
            let kind = file.listing.format.kind();
            let family = Family::of(file.listing.format);
            if family == Family::Other {
                continue;
            }
            if kind == ListingKind::Manifest && file.listing.format != Format::Requirements {
                let folder = locks.manifests.entry((family, file.folder().to_owned())).or_default();
                folder.push(position);
            }
            if !(kind == ListingKind::Lock || pins(file)) {
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
        let folders = self.folders.entry(position).or_default();
        for (index, package) in (0u32..).zip(&file.listing.packages) {
            let name = name_of(&package.purl);
            if let Source::Local(path) = &package.source {
                folders.extend(joined(file.folder(), path).filter(|_| !path.is_empty()));
                members.entry(name.clone()).and_modify(|found| *found = None).or_insert(Some(index));
            }
            names.entry(name).or_default().push(index);
        }
        let includes = file.listing.includes.iter().filter_map(|path| joined(file.folder(), path));
        folders
            .extend(includes.map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder).to_owned()));
        self.by_path.insert(file.path.clone(), position);
    }

    /// The files that pin what a manifest asks for: those in its own folder, or in the nearest one above that knows it.
    pub(super) fn pinning(&self, files: &[File], file: &File) -> Vec<usize> {
        let family = Family::of(file.listing.format);
        let mut folder = file.folder();
        loop {
            let beside = folder == file.folder();
            let found = self.by_folder.get(&(family, folder.to_owned())).into_iter().flatten().copied();
            let found: Vec<usize> = found.filter(|lock| beside || self.knows(files, *lock, file)).collect();
            if !found.is_empty() || folder.is_empty() {
                return found;
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }

    /// Whether a lock file was made for a manifest in a folder below it too, which only some say themselves.
    fn knows(&self, files: &[File], lock: usize, manifest: &File) -> bool {
        let Some(file) = files.get(lock) else { return false };
        // Requirements are a file's own.
        if [file.listing.format, manifest.listing.format].contains(&Format::Requirements) {
            return false;
        }
        if file.listing.format == Format::CargoLock {
            let name = manifest.listing.project.as_ref().and_then(|project| project.purl.as_ref());
            return name.is_some_and(|name| {
                self.members.get(&lock).is_some_and(|members| members.contains_key(&name_of(name)))
            });
        }
        match self.folders.get(&lock).filter(|folders| !folders.is_empty()) {
            Some(folders) => folders.contains(manifest.folder()),
            None => self.named_beside(files, file, manifest),
        }
    }

    /// Whether the manifest beside a lock file names another one as a member of its workspace.
    fn named_beside(&self, files: &[File], lock: &File, manifest: &File) -> bool {
        let key = (Family::of(lock.listing.format), lock.folder().to_owned());
        let inner = match lock.folder() {
            "" => Some(manifest.path.as_str()),
            folder => manifest.path.strip_prefix(folder).and_then(|path| path.strip_prefix('/')),
        };
        let Some(inner) = inner else { return false };
        let beside = self.manifests.get(&key).into_iter().flatten().filter_map(|at| files.get(*at));
        let mut named = false;
        for pattern in beside.flat_map(|beside| &beside.listing.includes).take(MOST_PATTERNS) {
            match pattern.strip_prefix('!') {
                Some(pattern) => named &= !names(pattern, inner),
                None => named |= names(pattern, inner),
            }
        }
        named
    }

    pub(super) fn at(&self, path: &str) -> Option<usize> {
        self.by_path.get(path).copied()
    }

    /// Where a lock file has what a manifest asks for; `None` when it has nothing of the name.
    pub(super) fn ask(
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
    pub(super) fn member<'a>(&self, files: &'a [File], lock: usize, manifest: &File) -> Option<&'a Vec<u32>> {
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
