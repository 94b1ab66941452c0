use std::collections::BTreeSet;
use std::ffi::{OsStr, OsString};
use std::path::{Component, Path, PathBuf};

use super::wire::{Spec, Text};
use crate::seal::{Output, Seal, SealError};

/// Checks what is wanted, as far as that can be done without looking inside the workspace.
pub(super) fn checked(seal: &Seal, what: Option<(&OsStr, &[OsString])>) -> Result<Spec, SealError> {
    let workspace = workspace(&seal.workspace)?;
    seal.outputs.iter().try_for_each(output)?;
    inside(&seal.working_folder, "working folder")?;
    secrets(seal)?;
    let read: Result<Vec<_>, _> = seal.read.iter().map(|path| readable(path)).collect();
    let (program, arguments) = what.unzip();
    Ok(Spec {
        level: seal.wanted,
        workspace: workspace.into(),
        outputs: seal.outputs.iter().map(|output| (output.path.as_os_str().into(), output.file)).collect(),
        read: read?.into_iter().map(Into::into).collect(),
        environment: environment(&seal.environment)?,
        network: seal.network,
        secrets: seal.secrets.clone(),
        limits: seal.limits,
        working_folder: seal.working_folder.as_os_str().into(),
        program: program.map(Into::into),
        arguments: arguments.unwrap_or_default().iter().map(|text| text.as_os_str().into()).collect(),
        scratch: None,
    })
}

/// Folders that are the command's own in the seal, or the system's.
const TAKEN: &[&str] = &[
    "/", "/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/run", "/sbin",
    "/sys", "/tmp", "/usr", "/var", "/var/tmp",
];

fn taken(path: &Path) -> bool {
    TAKEN.iter().any(|taken| Path::new(taken) == path)
        || ["/dev", "/proc", "/sys", "/run/secrets"].iter().any(|taken| path.starts_with(taken))
}

fn workspace(path: &Path) -> Result<PathBuf, SealError> {
    let workspace = resolve(path, "the workspace")?;
    if !workspace.is_dir() || taken(&workspace) {
        return wrong(format!("{workspace:?} cannot be a workspace: it must be a folder of its own"));
    }
    Ok(workspace)
}

fn readable(path: &Path) -> Result<PathBuf, SealError> {
    let readable = resolve(path, "the readable path")?;
    if taken(&readable) {
        return wrong(format!("{readable:?} cannot be shown to the step: name what it needs below it"));
    }
    Ok(readable)
}

fn output(output: &Output) -> Result<(), SealError> {
    let path = &output.path;
    inside(path, "output")?;
    if path.components().all(|part| part == Component::CurDir) {
        return wrong(
            "the whole workspace cannot be an output: name the folders and files written".to_owned(),
        );
    }
    if path.components().any(|part| part.as_os_str().eq_ignore_ascii_case(".git")) {
        return wrong(format!("{path:?} cannot be an output: a step may not write to .git"));
    }
    Ok(())
}

fn secrets(seal: &Seal) -> Result<(), SealError> {
    let usual = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-');
    let mut names = BTreeSet::new();
    for secret in &seal.secrets {
        let name = secret.name.as_str();
        if name.is_empty() || name.len() > 200 || name.starts_with('.') || !name.bytes().all(usual) {
            return wrong(format!("{name:?} is no name of a secret: use letters, digits, `.`, `_` and `-`"));
        }
        if !names.insert(name) {
            return wrong(format!("there are two secrets with the name {name:?}"));
        }
    }
    Ok(())
}

fn environment(declared: &[(OsString, OsString)]) -> Result<Vec<(Text, Text)>, SealError> {
    let mut texts = Vec::with_capacity(declared.len());
    for (name, value) in declared {
        let bytes = name.as_encoded_bytes();
        if bytes.is_empty() || bytes.iter().any(|byte| matches!(byte, 0 | b'=')) {
            return wrong(format!("{name:?} is no name of an environment variable"));
        }
        texts.push((name.as_os_str().into(), value.as_os_str().into()));
    }
    Ok(texts)
}

fn resolve(path: &Path, what: &str) -> Result<PathBuf, SealError> {
    if !path.is_absolute() {
        return wrong(format!("{what} must be an absolute path, not {path:?}"));
    }
    path.canonicalize().or_else(|error| wrong(format!("{what} {path:?} cannot be used: {error}")))
}

fn inside(path: &Path, what: &str) -> Result<(), SealError> {
    let inside = path.components().all(|part| matches!(part, Component::Normal(_) | Component::CurDir));
    if inside {
        return Ok(());
    }
    wrong(format!("the {what} {path:?} must be a path inside the workspace, relative and without `..`"))
}

fn wrong<T>(words: String) -> Result<T, SealError> {
    Err(SealError::Wrong(words))
}
