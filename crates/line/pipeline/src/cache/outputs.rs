use std::path::Path;

use andon_system::{FileKind, System, paths};
use sha2::{Digest, Sha256};

use crate::hash::hex;
use crate::inputs::{Digests, Listed};
use crate::{Failure, OutputFile, OutputKind, PlannedOutput};

const MOST_FILES: usize = 200_000;
const DEEPEST: usize = 128;

/// The files, links and empty folders that a step made, by path.
///
/// # Errors
/// When an output is missing or of another kind than declared, holds a pipe, socket or device, or too many files.
pub(crate) fn collect(
    system: &dyn System,
    digests: &Digests<'_>,
    root: &Path,
    outputs: &[PlannedOutput],
) -> Result<Vec<OutputFile>, Failure> {
    let mut walk = Walk { system, digests, found: Vec::new() };
    let mut missing = Vec::new();
    for output in outputs {
        let absolute = root.join(paths::to_path(&output.path));
        let Ok(found) = system.metadata(&absolute) else {
            missing.push(format!("`{}`", output.path));
            continue;
        };
        let name = &output.path;
        match (found.kind, output.folder) {
            (FileKind::Folder, true) => walk.folder(name.clone(), &absolute)?,
            (FileKind::Folder, false) => {
                return Err(Failure(format!("the output `{name}` is a folder; declare it as `{name}/`")));
            }
            (FileKind::File, false) => {
                let stamp = found.stamp;
                walk.add(&Listed { path: name.clone(), absolute, stamp, link: false })?;
            }
            (FileKind::File, true) => {
                return Err(Failure(format!("the output `{name}/` is a file; declare it as `{name}`")));
            }
            (FileKind::SymbolicLink, _) => {
                return Err(Failure(format!(
                    "the output `{name}` is a symbolic link; make a file or a folder"
                )));
            }
            (FileKind::Special, _) => return Err(special(name)),
        }
    }
    if !missing.is_empty() {
        let missing = missing.join(", ");
        return Err(Failure(format!("it did not make {missing}; correct `outputs`, or the command")));
    }
    walk.found.sort_unstable();
    Ok(walk.found)
}

struct Walk<'a> {
    system: &'a dyn System,
    digests: &'a Digests<'a>,
    found: Vec<OutputFile>,
}

impl Walk<'_> {
    fn folder(&mut self, path: String, absolute: &Path) -> Result<(), Failure> {
        let mut folders = vec![(path, absolute.to_owned(), 0usize)];
        while let Some((path, absolute, depth)) = folders.pop() {
            let entries = self.system.list(&absolute).map_err(|error| Failure(error.to_string()))?;
            if depth > DEEPEST || self.found.len() > MOST_FILES {
                return Err(Failure(format!(
                    "`{path}` holds more files or levels of folders than can be kept"
                )));
            }
            if entries.is_empty() {
                let kind = OutputKind::Folder;
                self.found.push(OutputFile { path, sha256: String::new(), bytes: 0, kind });
                continue;
            }
            for entry in entries {
                let inner = format!("{path}/{}", paths::from_bytes(entry.name.as_encoded_bytes()));
                let absolute = absolute.join(&entry.name);
                match entry.kind {
                    FileKind::Folder => folders.push((inner, absolute, depth + 1)),
                    FileKind::File | FileKind::SymbolicLink => {
                        let link = entry.kind == FileKind::SymbolicLink;
                        self.add(&Listed { path: inner, absolute, stamp: entry.stamp, link })?;
                    }
                    FileKind::Special => return Err(special(&inner)),
                }
            }
        }
        Ok(())
    }

    fn add(&mut self, entry: &Listed) -> Result<(), Failure> {
        let path = entry.path.clone();
        if entry.link {
            let target = andon_system::files::read_link(&entry.absolute)
                .map_err(|error| Failure(format!("cannot read the link `{path}`: {error}")))?;
            let (sha256, bytes) = (hex(&Sha256::digest(&target)), target.len() as u64);
            self.found.push(OutputFile { path, sha256, bytes, kind: OutputKind::Link });
            return Ok(());
        }
        let content = self.digests.content(&path, &entry.absolute, entry.stamp)?;
        let kind = if content.executable { OutputKind::Executable } else { OutputKind::File };
        self.found.push(OutputFile { path, sha256: hex(&content.sha256), bytes: content.bytes, kind });
        Ok(())
    }
}

fn special(path: &str) -> Failure {
    Failure(format!(
        "the output `{path}` is a pipe, socket or device; only files, folders and links can be kept"
    ))
}
