use std::fs;
use std::path::{Path, PathBuf};

use crate::PlannedOutput;

/// What a seal has to put into the workspace so that a command can write there, and what has to vanish again where the
/// command did not: else it would look like an output.
pub(super) struct Placeholders(Vec<PathBuf>);

impl Placeholders {
    /// To be asked before the seal is built.
    pub(super) fn of(root: &Path, outputs: &[PlannedOutput]) -> Self {
        let paths = outputs.iter().map(|output| root.join(&output.path));
        Self(paths.filter(|path| fs::symlink_metadata(path).is_err()).collect())
    }

    /// Removes those that nothing was written to.
    pub(super) fn remove(&self, root: &Path) {
        for path in &self.0 {
            let inside = path.parent().and_then(|parent| parent.canonicalize().ok());
            if !inside.is_some_and(|parent| parent.starts_with(root)) {
                continue;
            }
            let Ok(found) = fs::symlink_metadata(path) else { continue };
            // Whatever is done to a file or folder changes its time of modification, even where nothing stays of it.
            let untouched =
                matches!((found.created(), found.modified()), (Ok(made), Ok(changed)) if made == changed);
            // What cannot be removed looks like an output that is empty, which a person sees.
            let _ = match untouched {
                true if found.is_dir() => fs::remove_dir(path),
                true if found.is_file() && found.len() == 0 => fs::remove_file(path),
                _ => Ok(()),
            };
        }
    }
}

#[cfg(test)]
#[allow(clippy::disallowed_methods, reason = "the tests look at the disk")]
mod tests {
    use super::*;

    #[test]
    fn only_what_was_not_written_vanishes() {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        let output = |path: &str, folder| PlannedOutput { path: path.to_owned(), folder };
        let outputs = [
            output("old", false),
            output("unused", false),
            output("unused-folder", true),
            output("written", false),
            output("filled", true),
            output("truncated", false),
            output("none", false),
        ];
        fs::write(root.join("old"), "").unwrap();
        let placeholders = Placeholders::of(&root, &outputs);
        for file in ["unused", "written", "truncated"] {
            fs::write(root.join(file), "").unwrap();
        }
        for name in ["unused-folder", "filled"] {
            fs::create_dir(root.join(name)).unwrap();
        }
        // Longer than a tick of the file system's clock.
        std::thread::sleep(std::time::Duration::from_millis(30));
        fs::write(root.join("written"), "x").unwrap();
        fs::write(root.join("truncated"), "").unwrap();
        fs::write(root.join("filled/x"), "").unwrap();
        placeholders.remove(&root);
        let left = |name: &str| root.join(name).exists();
        assert!(["old", "written", "filled", "truncated"].iter().all(|name| left(name)));
        assert!(!left("unused") && !left("unused-folder"));
    }
}
