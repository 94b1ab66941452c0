use std::path::Path;

use andon_model::{Coverage, SkipReason};
use andon_system::{FileKind, System, paths};

use super::ignores::Excludes;
use super::walk::{Place, Walk, is_git_folder};
use super::{
    FileEntry, IntakeError, TreeOptions, find_worktree, is_bare_repository, open_repository, worktree,
};

/// Lists the files of a folder, of a git working tree or of a part of one, or a single file, by report path.
///
/// In a working tree these are the tracked files, even ignored ones, and with [`TreeOptions::untracked`] the others
/// that git does not ignore; what is tracked but deleted or sparsely checked out is not there to list. A repository
/// inside a plain folder is listed by its own rules; inside another repository it is passed over as a submodule.
/// Outside of repositories everything but `.git` is listed. Symbolic links are never followed, only `root` may be one.
/// What is left out or cannot be read becomes a line of `coverage`.
///
/// # Errors
/// When `root` itself cannot be read, is a bare repository, or an exclude pattern is invalid.
pub fn list_tree(
    system: &dyn System,
    root: &Path,
    options: &TreeOptions,
    coverage: &mut Coverage,
) -> Result<Vec<FileEntry>, IntakeError> {
    list_tree_and_links(system, root, options, coverage).map(|(files, _)| files)
}

/// As [`list_tree`], with the report paths of the symbolic links beside the files.
///
/// # Errors
/// As [`list_tree`].
pub fn list_tree_and_links(
    system: &dyn System,
    root: &Path,
    options: &TreeOptions,
    coverage: &mut Coverage,
) -> Result<(Vec<FileEntry>, Vec<String>), IntakeError> {
    let root = system.canonical(root)?;
    let excludes = Excludes::new(&options.exclude)?;
    let found = system.metadata(&root)?;
    let mut walk = Walk { system, options, excludes, coverage, files: Vec::new(), links: Vec::new() };
    match found.kind {
        FileKind::File => {
            let name = root.file_name().unwrap_or(root.as_os_str());
            let path = paths::from_bytes(name.as_encoded_bytes());
            walk.take(FileEntry {
                path,
                absolute: root.clone(),
                size: found.size,
                stamp: found.stamp,
                tracked: false,
            });
        }
        FileKind::Folder => list_folder(&mut walk, &root)?,
        FileKind::SymbolicLink | FileKind::Special => return Err(IntakeError::NotAFile(root)),
    }
    let (mut files, mut links) = (walk.files, walk.links);
    files.sort_unstable_by(|a, b| a.path.cmp(&b.path));
    files.dedup_by(|a, b| a.path == b.path);
    links.sort_unstable();
    links.dedup();
    Ok((files, links))
}

fn list_folder(walk: &mut Walk<'_>, root: &Path) -> Result<(), IntakeError> {
    let place = Place { absolute: root.to_owned(), report: String::new() };
    if walk.options.follow_git {
        if is_bare_repository(walk.system, root) {
            return Err(IntakeError::Bare(root.to_owned()));
        }
        let found = find_worktree(walk.system, root);
        if let Some((top, repository)) = found
            && worktree::list(walk, &repository, &top, &place)
        {
            return Ok(());
        }
    }
    // The user named it, so that it cannot be read is an error and not a gap.
    walk.system.list(root)?;
    list_plain(walk, place);
    Ok(())
}

/// Everything below a folder that is in no repository.
fn list_plain(walk: &mut Walk<'_>, root: Place) {
    let mut folders = vec![root];
    while let Some(place) = folders.pop() {
        let entries = match walk.system.list(&place.absolute) {
            Ok(entries) => entries,
            Err(error) => {
                walk.coverage.gaps.push(error.gap(place.subject()));
                continue;
            }
        };
        let has_git = entries.iter().any(|entry| is_git_folder(&entry.name));
        if has_git && walk.options.follow_git && list_repository(walk, &place) {
            continue;
        }
        for entry in entries.into_iter().filter(|entry| !is_git_folder(&entry.name)) {
            let path = place.report_of(&entry.name);
            match entry.kind {
                FileKind::File => {
                    let absolute = place.absolute.join(&entry.name);
                    walk.take(FileEntry {
                        path,
                        absolute,
                        size: entry.size,
                        stamp: entry.stamp,
                        tracked: false,
                    });
                }
                FileKind::Folder if walk.excludes.excludes(&path, true) => {
                    walk.skip(SkipReason::Allowed, &path);
                }
                FileKind::Folder => folders.push(place.below(&entry.name, path)),
                FileKind::SymbolicLink => walk.skip(SkipReason::SymbolicLink, &path),
                FileKind::Special => walk.skip(SkipReason::SpecialFile, &path),
            }
        }
    }
}

/// A repository met on the way; false when the `.git` is none.
fn list_repository(walk: &mut Walk<'_>, place: &Place) -> bool {
    open_repository(&place.absolute)
        .is_ok_and(|repository| worktree::list(walk, &repository, &place.absolute, place))
}
