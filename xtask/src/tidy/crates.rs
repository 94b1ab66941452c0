//! The crates of the workspace, as `cargo metadata` tells of them.

use std::path::Path;

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::process;

/// Crates that exist because they need `unsafe` code; their lints are their own, so that the one place can allow it.
const UNSAFE: &[&str] = &["crates/base/mapped", "crates/base/sandbox"];

/// A crate of the workspace.
#[derive(Clone, Debug, Default)]
pub(super) struct Crate {
    /// As in its manifest.
    pub(super) name: String,
    /// Its folder from the repository's root, such as `crates/base/model`.
    pub(super) folder: String,
    /// Manifest, as text.
    pub(super) manifest: String,
    /// The file that documents it, as text.
    pub(super) front: String,
    /// Names of its dependencies of every kind.
    pub(super) dependencies: Vec<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Package>,
}

#[derive(Deserialize)]
struct Package {
    name: String,
    manifest_path: String,
    dependencies: Vec<Dependency>,
}

#[derive(Deserialize)]
struct Dependency {
    name: String,
    rename: Option<String>,
}

/// Reads the workspace below `root`. Needs no network.
pub(super) fn read(root: &Path) -> Result<Vec<Crate>> {
    let mut command = process::cargo();
    command.args(["metadata", "--format-version", "1", "--no-deps", "--offline"]).current_dir(root);
    let metadata: Metadata = serde_json::from_str(&process::output(&mut command)?)?;
    metadata.packages.into_iter().map(|package| describe(root, package)).collect()
}

/// What every crate must have.
pub(super) fn check(each: &Crate) -> Vec<String> {
    let mut problems = Vec::new();
    if !each.front.starts_with("//!") {
        problems.push(format!("{}: the crate has no `//!` documentation", each.folder));
    }
    let own_lints =
        UNSAFE.contains(&each.folder.as_str()) && each.manifest.contains("unsafe_code = \"deny\"");
    if !own_lints && !each.manifest.contains("[lints]\nworkspace = true") {
        problems.push(format!("{}/Cargo.toml: add `[lints]` with `workspace = true`", each.folder));
    }
    problems
}

fn describe(root: &Path, package: Package) -> Result<Crate> {
    let manifest_path = Path::new(&package.manifest_path);
    let folder = manifest_path.parent().context("a manifest has no folder")?;
    let front =
        ["src/lib.rs", "src/main.rs"].iter().find_map(|file| std::fs::read_to_string(folder.join(file)).ok());
    let dependencies = package.dependencies.into_iter().map(|each| each.rename.unwrap_or(each.name));
    Ok(Crate {
        name: package.name,
        folder: folder.strip_prefix(root).unwrap_or(folder).to_string_lossy().replace('\\', "/"),
        manifest: std::fs::read_to_string(manifest_path)?,
        front: front.unwrap_or_default(),
        dependencies: dependencies.collect(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documentation_and_lints_are_asked_for() {
        let good = Crate {
            front: "//! What it is for.\n".to_owned(),
            manifest: "[package]\n\n[lints]\nworkspace = true\n".to_owned(),
            ..Crate::default()
        };
        assert!(check(&good).is_empty());
        assert_eq!(check(&Crate { front: "fn main() {}".to_owned(), ..good.clone() }).len(), 1);
        assert_eq!(check(&Crate { manifest: "[package]".to_owned(), ..good }).len(), 1);
    }
}
