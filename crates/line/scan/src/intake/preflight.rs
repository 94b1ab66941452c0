use std::collections::HashSet;
use std::fs::{self, FileType};
use std::path::{Path, PathBuf};

use andon_system::{OsSystem, System};

/// Larger files of git's own that are read whole are refused, in bytes.
const LARGEST: u64 = 64 << 20;
/// Files that git's library reads whole.
const READ_WHOLE: [&str; 6] =
    ["HEAD", "config", "config.worktree", "commondir", "shallow", "objects/info/alternates"];
/// Files that it maps or reads in parts.
const OTHERS: [&str; 3] = ["packed-refs", "index", "objects/info/commit-graph"];
/// After so many folders the rest is believed.
const MOST_FOLDERS: usize = 20_000;

/// Looks for what git's library would wait for or read for ever: a pipe or device in place of one of its files.
/// Says what is wrong.
pub(super) fn check(folder: &Path) -> Result<(), String> {
    let git_folder = git_folder(folder)?;
    plain(&git_folder.join("commondir"), LARGEST)?;
    let common = read(&git_folder.join("commondir"))
        .map_or_else(|| git_folder.clone(), |text| git_folder.join(text.trim_end()));
    for place in HashSet::from([git_folder, common]) {
        READ_WHOLE.iter().try_for_each(|name| plain(&place.join(name), LARGEST))?;
        OTHERS.iter().try_for_each(|name| plain(&place.join(name), u64::MAX))?;
        plain_below(place.join("refs"))?;
        plain_below(place.join("objects"))?;
    }
    Ok(())
}

/// The `.git` folder, where the `.git` file leads, or the folder itself, which may be a bare repository.
fn git_folder(folder: &Path) -> Result<PathBuf, String> {
    let inner = folder.join(".git");
    match fs::metadata(&inner) {
        Ok(found) if found.is_dir() => Ok(inner),
        Ok(_) => {
            plain(&inner, LARGEST)?;
            let text = read(&inner).unwrap_or_default();
            let target = text.strip_prefix("gitdir:").map(str::trim).filter(|target| !target.is_empty());
            Ok(folder.join(target.unwrap_or(".git")))
        }
        Err(_) => Ok(folder.to_owned()),
    }
}

fn read(path: &Path) -> Option<String> {
    String::from_utf8(OsSystem.read_named(path, LARGEST).ok()?.bytes).ok()
}

/// A file, a link to one, a folder, or nothing.
fn plain(path: &Path, largest: u64) -> Result<(), String> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() && found.len() > largest => {
            Err(format!("{} has {} bytes, which git would not write", path.display(), found.len()))
        }
        Ok(found) if !found.is_file() && !found.is_dir() => Err(odd(path)),
        _ => Ok(()),
    }
}

#[expect(clippy::disallowed_methods, reason = "git's own folders, and only the kinds of their entries")]
fn plain_below(folder: PathBuf) -> Result<(), String> {
    let mut folders = vec![folder];
    let mut seen = 0;
    while let Some(folder) = folders.pop().filter(|_| seen < MOST_FOLDERS) {
        seen += 1;
        let Ok(entries) = fs::read_dir(&folder) else { continue };
        for entry in entries.filter_map(Result::ok) {
            match entry.file_type() {
                Ok(kind) if kind.is_dir() => folders.push(entry.path()),
                Ok(kind) if kind.is_symlink() => plain(&entry.path(), u64::MAX)?,
                Ok(kind) if !FileType::is_file(&kind) => return Err(odd(&entry.path())),
                _ => {}
            }
        }
    }
    Ok(())
}

fn odd(path: &Path) -> String {
    format!("{} is a pipe, socket or device, which no git repository has", path.display())
}
