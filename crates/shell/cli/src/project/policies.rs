use std::path::{Path, PathBuf};

use andon_gate::PolicySet;
use andon_scan::config_source::ConfigSource;
use andon_system::{FileKind, System};

use super::configuration::text_of;
use super::{Configuration, read_text};
use crate::problem::Problem;

/// A larger policy is refused, in bytes.
const LARGEST: u64 = 1 << 20;
/// Folders nested deeper are refused.
const DEEPEST: usize = 32;

/// Reads the Rego files that the gates may ask for.
///
/// # Errors
/// When one cannot be read.
pub(crate) fn read_policies(
    source: &dyn ConfigSource,
    configuration: &Configuration,
) -> anyhow::Result<PolicySet> {
    let mut names: Vec<String> = Vec::new();
    for glob in configuration.config.policy_globs() {
        match glob.find(['*', '?', '[', '{']) {
            // Which of them a gate wants, the gate says.
            Some(first) => {
                let folder =
                    glob.get(..first).and_then(|head| head.rsplit_once('/')).map_or("", |(folder, _)| folder);
                names.extend(source.list(folder)?.into_iter().filter(|name| name.ends_with(".rego")));
            }
            None => names.push(glob),
        }
    }
    names.sort();
    names.dedup();
    let mut files = Vec::new();
    for name in names {
        files.extend(text_of(source, &name)?.map(|text| (name, text)));
    }
    let config = configuration.file.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
    Ok(PolicySet::new(source.revision(), config, files))
}

/// The Rego files at and below paths that the user named, as (name, text).
///
/// # Errors
/// When one cannot be read, or there is none.
pub(crate) fn policy_files(system: &dyn System, paths: &[PathBuf]) -> anyhow::Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for path in paths {
        for file in files_below(system, path, "rego")? {
            files.push((file.display().to_string(), read_text(system, &file, LARGEST)?));
        }
    }
    if files.is_empty() {
        let shown: Vec<String> = paths.iter().map(|path| path.display().to_string()).collect();
        return Err(Problem::new(format!("no .rego file in {}", shown.join(", ")))
            .hint("name a file or a folder with policies; those of a project stand in .andon/policy")
            .into());
    }
    Ok(files)
}

/// The file itself, or the files below a folder whose names end in `.extension`, sorted.
///
/// # Errors
/// When the path or a folder below it cannot be read.
pub(super) fn files_below(system: &dyn System, path: &Path, extension: &str) -> anyhow::Result<Vec<PathBuf>> {
    let root = system.canonical(path)?;
    if system.metadata(&root)?.kind != FileKind::Folder {
        return Ok(vec![path.to_owned()]);
    }
    let mut files = Vec::new();
    let mut folders = vec![(path.to_owned(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        if depth > DEEPEST {
            return Err(Problem::new(format!("{} has too many levels of folders", path.display())).into());
        }
        for entry in system.list(&folder)? {
            let inner = folder.join(&entry.name);
            match entry.kind {
                FileKind::Folder => folders.push((inner, depth + 1)),
                FileKind::File if inner.extension().is_some_and(|found| found == extension) => {
                    files.push(inner)
                }
                _ => {}
            }
        }
    }
    files.sort();
    Ok(files)
}
