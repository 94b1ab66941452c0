use std::collections::HashMap;
use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

use andon_model::{Gap, GapKind, SkipReason};
use andon_system::{DirEntry, FileKind, ReadError, ReadProblem, System, paths};
use gix::Repository;

use super::ignores::Ignores;
use super::index::{Known, Tracked, read_index};
use super::walk::{Place, Walk, is_git_folder};
use super::{FileEntry, open_repository};

/// Lists the part of the working tree `top` that is at or below `place`. False, and nothing listed, when the
/// repository ignores that part: whoever names it wants it listed nevertheless.
pub(super) fn list(walk: &mut Walk<'_>, repository: &Repository, top: &Path, place: &Place) -> bool {
    let Some(prefix) = prefix_of(top, &place.absolute) else { return false };
    let Some(ignores) = ignores_above(walk.system, repository, top, &prefix) else { return false };
    let (index, damaged) = match read_index(repository) {
        Ok(index) => (index, false),
        Err(error) => {
            let subject = format!("{}.git/index", place.report);
            let detail = format!("{error}; all files that are not ignored were taken for tracked");
            walk.coverage.gaps.push(Gap { kind: GapKind::Corrupt, subject, detail });
            (None, true)
        }
    };
    let tracked = Tracked::new(index.as_deref(), &prefix);
    let mut listing = Listing { walk, tracked, top, place, prefix };
    if listing.walk.options.untracked || damaged {
        listing.walk_folders(ignores);
    }
    listing.list_unmet();
    true
}

/// The path of the listed part as git spells it, ending in `/` unless it is all.
fn prefix_of(top: &Path, part: &Path) -> Option<Vec<u8>> {
    let mut prefix = Vec::new();
    for component in part.strip_prefix(top).ok()?.components() {
        prefix.extend_from_slice(component.as_os_str().as_encoded_bytes());
        prefix.push(b'/');
    }
    Some(prefix)
}

/// The ignore rules from above the listed part; `None` when they ignore it.
fn ignores_above(system: &dyn System, repository: &Repository, top: &Path, prefix: &[u8]) -> Option<Ignores> {
    let exclude = repository.common_dir().join("info").join("exclude");
    let mut ignores = Ignores::default().with(system, &exclude, b"");
    let mut folder = top.to_owned();
    let ends = prefix.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(end, _)| end);
    let mut start = 0;
    for end in ends {
        ignores = ignores.with(system, &folder.join(".gitignore"), prefix.get(..start)?);
        if ignores.ignores(prefix.get(..end)?, true) {
            return None;
        }
        folder.push(paths::to_path(&paths::from_bytes(prefix.get(start..end)?)));
        start = end + 1;
    }
    Some(ignores)
}

struct Listing<'a, 'w, 'i> {
    walk: &'a mut Walk<'w>,
    tracked: Tracked<'i>,
    top: &'a Path,
    place: &'a Place,
    prefix: Vec<u8>,
}

/// A folder of the working tree on the way.
struct Folder {
    place: Place,
    /// As git spells it, ending in `/` unless it is the top.
    path: Vec<u8>,
    ignores: Ignores,
}

impl Listing<'_, '_, '_> {
    /// Everything that is on the disk and not ignored.
    fn walk_folders(&mut self, ignores: Ignores) {
        let place = Place { absolute: self.place.absolute.clone(), report: self.place.report.clone() };
        let mut folders = vec![Folder { place, path: self.prefix.clone(), ignores }];
        while let Some(mut folder) = folders.pop() {
            let entries = match self.walk.system.list(&folder.place.absolute) {
                Ok(entries) => entries,
                Err(error) => {
                    self.walk.coverage.gaps.push(error.gap(folder.place.subject()));
                    continue;
                }
            };
            if folder.path != self.prefix && is_repository(&folder.place.absolute, &entries) {
                self.walk.skip(SkipReason::Submodule, folder.place.subject());
                continue;
            }
            if entries.iter().any(|entry| entry.name == ".gitignore" && entry.kind == FileKind::File) {
                let file = folder.place.absolute.join(".gitignore");
                folder.ignores = folder.ignores.with(self.walk.system, &file, &folder.path);
            }
            for entry in entries.iter().filter(|entry| !is_git_folder(&entry.name)) {
                folders.extend(self.visit(&folder, entry));
            }
        }
    }

    /// Takes or leaves an entry; returns it when it is a folder to walk.
    fn visit(&mut self, folder: &Folder, entry: &DirEntry) -> Option<Folder> {
        let mut path = folder.path.clone();
        path.extend_from_slice(entry.name.as_encoded_bytes());
        let report = folder.place.report_of(&entry.name);
        let known = self.tracked.meet(&path);
        let is_folder = entry.kind == FileKind::Folder;
        if is_folder && known.is_some_and(|known| known.submodule) {
            self.walk.skip(SkipReason::Submodule, &report);
            return None;
        }
        let ignored = !self.walk.options.ignored
            && (known.is_none() || is_folder)
            && folder.ignores.ignores(&path, is_folder);
        if ignored {
            self.walk.coverage.skip(SkipReason::Ignored, &report, entry.size);
            return None;
        }
        match entry.kind {
            FileKind::File => {
                let absolute = folder.place.absolute.join(&entry.name);
                let (size, stamp) = (entry.size, entry.stamp);
                self.walk.take(FileEntry { path: report, absolute, size, stamp, tracked: known.is_some() });
            }
            FileKind::Folder if self.walk.excludes.excludes(&report, true) => {
                self.walk.skip(SkipReason::Allowed, &report);
            }
            FileKind::Folder => {
                path.push(b'/');
                let place = folder.place.below(&entry.name, report);
                return Some(Folder { place, path, ignores: folder.ignores.clone() });
            }
            FileKind::SymbolicLink => self.walk.skip(SkipReason::SymbolicLink, &report),
            FileKind::Special => self.walk.skip(SkipReason::SpecialFile, &report),
        }
        None
    }

    /// Tracked files that the walk did not meet: in ignored folders, or all of them when there was no walk.
    fn list_unmet(self) {
        let Self { walk, tracked, top, place, prefix } = self;
        let mut parents = HashMap::new();
        let unreadable: Vec<String> =
            walk.coverage.gaps.iter().map(|gap| format!("{}/", gap.subject)).collect();
        for (path, known) in tracked.into_unmet() {
            let rest = path.get(prefix.len()..).unwrap_or_default();
            let report = format!("{}{}", place.report, paths::from_bytes(rest));
            if !unreadable.iter().any(|folder| report.starts_with(folder)) {
                list_one(walk, top, &mut parents, path, report, known);
            }
        }
    }
}

/// Whether a folder of the working tree is the root of another repository. A `.git` that git would not take hides
/// nothing.
fn is_repository(folder: &Path, entries: &[DirEntry]) -> bool {
    entries.iter().any(|entry| is_git_folder(&entry.name)) && open_repository(folder).is_ok()
}

/// A tracked path that may or may not be on the disk. The index is as hostile as the rest, so its paths are not
/// believed to stay in the working tree.
fn list_one(
    walk: &mut Walk<'_>,
    top: &Path,
    parents: &mut HashMap<PathBuf, FileKind>,
    path: &[u8],
    report: String,
    known: Known,
) {
    if known.submodule {
        return walk.skip(SkipReason::Submodule, &report);
    }
    if walk.excludes.excludes_within(&report) {
        return walk.skip(SkipReason::Allowed, &report);
    }
    let Some(relative) = inner_path(path) else {
        let detail = "the index names a path outside of the working tree; `git fsck` tells more".to_owned();
        return walk.coverage.gaps.push(Gap { kind: GapKind::Corrupt, subject: report, detail });
    };
    match parent_kind(walk.system, top, &relative, parents) {
        Ok(FileKind::Folder) => {}
        Ok(FileKind::SymbolicLink) => return walk.skip(SkipReason::SymbolicLink, &report),
        // Replaced by something that the walk has seen.
        Ok(FileKind::File | FileKind::Special) => return,
        Err(error) => return miss(walk, &report, &error),
    }
    let absolute = top.join(&relative);
    match walk.system.metadata(&absolute) {
        Ok(found) => match found.kind {
            FileKind::File => {
                let (size, stamp) = (found.size, found.stamp);
                walk.take(FileEntry { path: report, absolute, size, stamp, tracked: true });
            }
            FileKind::SymbolicLink => walk.skip(SkipReason::SymbolicLink, &report),
            FileKind::Special => walk.skip(SkipReason::SpecialFile, &report),
            FileKind::Folder => {}
        },
        Err(error) => miss(walk, &report, &error),
    }
}

/// A tracked path that cannot be looked at. One that was deleted, or is not part of a sparse checkout, is not missed:
/// the working tree does not have it.
fn miss(walk: &mut Walk<'_>, report: &str, error: &ReadError) {
    if !matches!(error.problem, ReadProblem::NotFound) {
        walk.coverage.gaps.push(error.gap(report));
    }
}

/// A folder if all folders above a path are real ones, otherwise what the first other one is.
fn parent_kind(
    system: &dyn System,
    top: &Path,
    path: &Path,
    known: &mut HashMap<PathBuf, FileKind>,
) -> Result<FileKind, ReadError> {
    let folders: Vec<_> = path.ancestors().skip(1).filter(|folder| !folder.as_os_str().is_empty()).collect();
    for folder in folders.into_iter().rev() {
        let kind = match known.get(folder) {
            Some(kind) => *kind,
            None => system.metadata(&top.join(folder))?.kind,
        };
        known.insert(folder.to_owned(), kind);
        if kind != FileKind::Folder {
            return Ok(kind);
        }
    }
    Ok(FileKind::Folder)
}

/// The path below the working tree's root, if it stays there and out of `.git`.
fn inner_path(path: &[u8]) -> Option<PathBuf> {
    let path = paths::to_path(&paths::from_bytes(path));
    let plain = |component: Component<'_>| match component {
        Component::Normal(name) => !is_git_folder(name) && !name.as_encoded_bytes().contains(&0),
        _ => false,
    };
    let text: &OsStr = path.as_os_str();
    (!text.is_empty() && path.components().all(plain)).then_some(path)
}
