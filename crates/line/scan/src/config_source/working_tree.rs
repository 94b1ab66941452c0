use std::path::PathBuf;

use andon_system::{FileKind, ReadError, ReadProblem, System, paths};

use super::{ConfigSource, ConfigSourceError, DEEPEST, LARGEST, MOST_FILES, is_inside};

/// The files as they are on the disk.
pub struct WorkingTree<'a> {
    system: &'a dyn System,
    root: PathBuf,
}

impl<'a> WorkingTree<'a> {
    /// The files below `root`.
    pub fn new(system: &'a dyn System, root: PathBuf) -> Self {
        Self { system, root }
    }

    /// The path on the disk and what is there; `None` when it is not inside or nothing is there.
    ///
    /// # Errors
    /// When it, or a folder on the way, is a symbolic link, or something else that cannot be read: it would be
    /// believed to be read.
    fn locate(&self, path: &str) -> Result<Option<(PathBuf, FileKind)>, ConfigSourceError> {
        let path = path.trim_end_matches('/');
        if !is_inside(path) {
            return Ok(None);
        }
        let (mut place, mut kind) = (self.root.clone(), FileKind::Folder);
        for part in paths::to_path(path).components() {
            if kind != FileKind::Folder {
                return Ok(None);
            }
            place.push(part);
            kind = match self.system.metadata(&place) {
                Ok(found) => found.kind,
                Err(error) => return self.absent(path, &error, None),
            };
            let odd = match kind {
                FileKind::SymbolicLink => "a symbolic link, and links are not followed",
                FileKind::Special => "a pipe, socket or device",
                FileKind::File | FileKind::Folder => continue,
            };
            let shown = place.strip_prefix(&self.root).unwrap_or(&place).display();
            return Err(
                self.error(path, &format!("{shown} is {odd}; put the file itself there, or remove it"))
            );
        }
        Ok(Some((place, kind)))
    }

    fn error(&self, path: &str, reason: &dyn std::fmt::Display) -> ConfigSourceError {
        let place = self.root.display().to_string();
        ConfigSourceError { path: path.to_owned(), place, reason: reason.to_string() }
    }

    /// Nothing to read is fine; something that cannot be read is not.
    fn absent<T>(&self, path: &str, error: &ReadError, nothing: T) -> Result<T, ConfigSourceError> {
        match error.problem {
            ReadProblem::NotFound | ReadProblem::WrongKind => Ok(nothing),
            _ => Err(self.error(path, &error.problem)),
        }
    }
}

impl ConfigSource for WorkingTree<'_> {
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, ConfigSourceError> {
        let Some((place, FileKind::File)) = self.locate(path)? else { return Ok(None) };
        match self.system.read_capped(&place, LARGEST) {
            Ok(capped) => Ok(Some(capped.bytes)),
            Err(error) => self.absent(path, &error, None),
        }
    }

    fn list(&self, prefix: &str) -> Result<Vec<String>, ConfigSourceError> {
        let prefix = prefix.trim_end_matches('/');
        let Some((place, FileKind::Folder)) = self.locate(prefix)? else { return Ok(Vec::new()) };
        let mut files = Vec::new();
        let mut folders = vec![(prefix.to_owned(), place, 0)];
        while let Some((name, place, depth)) = folders.pop() {
            let entries = match self.system.list(&place) {
                Ok(entries) => entries,
                Err(error) => self.absent(&name, &error, Vec::new())?,
            };
            for entry in entries {
                let inner = format!("{name}/{}", paths::from_bytes(entry.name.as_encoded_bytes()));
                match entry.kind {
                    FileKind::File => files.push(inner),
                    FileKind::Folder => folders.push((inner, place.join(&entry.name), depth + 1)),
                    FileKind::SymbolicLink | FileKind::Special => {}
                }
            }
            if files.len() > MOST_FILES || folders.len() > MOST_FILES || depth > DEEPEST {
                return Err(self.error(prefix, &"it holds too many files or levels of folders"));
            }
        }
        files.sort();
        Ok(files)
    }

    fn revision(&self) -> Option<String> {
        None
    }
}
