use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use andon_system::{FileKind, System, files, paths};

use super::entry::copy_checked;
use super::{Cache, Entry, collect};
use crate::inputs::Digests;
use crate::{Failure, OutputFile, OutputKind, PlannedOutput};

impl Cache<'_> {
    /// Puts back what a success made. Returns remarks about what was there and had been changed. Nothing is touched
    /// when everything is there already.
    ///
    /// # Errors
    /// When a content is missing or damaged, or something cannot be written. The outputs may be there in part.
    pub(crate) fn restore(
        &self,
        root: &Path,
        outputs: &[PlannedOutput],
        entry: &Entry,
        digests: &Digests<'_>,
    ) -> Result<Vec<String>, Failure> {
        let mut notes = Vec::new();
        for output in outputs {
            let own = |file: &&OutputFile| is_at_or_below(&file.path, &output.path);
            let wanted: Vec<&OutputFile> = entry.outputs.iter().filter(own).collect();
            let present =
                collect(self.system, digests, root, std::slice::from_ref(output)).unwrap_or_default();
            if present.iter().eq(wanted.iter().copied()) {
                continue;
            }
            notes.extend(changed(&present, &wanted));
            clear(self.system, root, output)?;
            for file in wanted {
                self.put_back(root, file)?;
            }
        }
        Ok(notes)
    }

    fn put_back(&self, root: &Path, file: &OutputFile) -> Result<(), Failure> {
        let cannot =
            |reason: &dyn std::fmt::Display| Failure(format!("cannot put back `{}`: {reason}", file.path));
        if file.path.split('/').any(|part| part.is_empty() || part == "." || part == "..") {
            return Err(cannot(&"its path leads elsewhere"));
        }
        let place = make_way(self.system, root, &file.path)?;
        if file.kind == OutputKind::Folder {
            return self.system.create_folder(&place).map_err(|error| cannot(&error));
        }
        let mut blob = self.open_blob(&file.sha256).ok_or_else(|| cannot(&"its content is gone"))?;
        if file.kind == OutputKind::Link {
            let mut target = Vec::new();
            copy_checked(&mut blob, &mut target, &file.sha256).map_err(|error| cannot(&error))?;
            return files::create_link(&place, &target).map_err(|error| cannot(&error));
        }
        let executable = file.kind == OutputKind::Executable;
        files::create(&place, executable, &mut |to| copy_checked(&mut blob, to, &file.sha256)).map_err(
            |error| {
                // Whoever comes next is to write it anew.
                let _ = files::remove_all(&self.blob(&file.sha256));
                cannot(&error)
            },
        )
    }
}

/// Removes an output of an earlier run, and makes the folders above it.
///
/// # Errors
/// When a folder above it is a link, so that it would be somewhere else, or something cannot be removed or made.
pub(crate) fn clear(system: &dyn System, root: &Path, output: &PlannedOutput) -> Result<(), Failure> {
    let place = make_way(system, root, &output.path)?;
    let cannot = |error| Failure(format!("cannot clear the output `{}`: {error}", output.path));
    files::remove_all(&place).map_err(cannot)?;
    if output.folder { system.create_folder(&place).map_err(cannot) } else { Ok(()) }
}

/// Makes the folders above a path, none of them a link.
///
/// # Errors
/// When something else than a folder is in the way, or a folder cannot be made.
pub(crate) fn make_way(system: &dyn System, root: &Path, path: &str) -> Result<PathBuf, Failure> {
    let mut place = root.to_owned();
    let mut parts: Vec<&str> = path.split('/').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        place.push(paths::to_path(part));
        match system.metadata(&place).map(|found| found.kind) {
            Ok(FileKind::Folder) => {}
            Ok(_) => {
                let shown = place.strip_prefix(root).unwrap_or(&place).display().to_string();
                return Err(Failure(format!("`{path}` cannot be made: `{shown}` is no folder; remove it")));
            }
            Err(_) => system
                .create_folder(&place)
                .map_err(|error| Failure(format!("`{path}` cannot be made: {error}")))?,
        }
    }
    place.push(paths::to_path(last));
    Ok(place)
}

/// What somebody did to the outputs since they were made; nothing when there were none.
fn changed(present: &[OutputFile], wanted: &[&OutputFile]) -> Option<String> {
    const SHOWN: usize = 3;
    if present.is_empty() {
        return None;
    }
    let wanted: BTreeMap<&str, &OutputFile> = wanted.iter().map(|file| (file.path.as_str(), *file)).collect();
    let there: BTreeMap<&str, &OutputFile> = present.iter().map(|file| (file.path.as_str(), file)).collect();
    let differs = present.iter().filter(|file| wanted.get(file.path.as_str()) != Some(file));
    let gone = wanted.keys().filter(|path| !there.contains_key(*path)).copied();
    let all: Vec<&str> = differs.map(|file| file.path.as_str()).chain(gone).collect();
    let shown: Vec<String> = all.iter().take(SHOWN).map(|path| format!("`{path}`")).collect();
    let more = if all.len() > SHOWN { format!(" and {} more", all.len() - SHOWN) } else { String::new() };
    Some(format!("not what it made: {}{more}; put back as it was", shown.join(", ")))
}

fn is_at_or_below(path: &str, folder: &str) -> bool {
    path.strip_prefix(folder).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}
