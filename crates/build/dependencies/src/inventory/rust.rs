//! What members of a Cargo workspace inherit from its manifest.

use std::collections::HashMap;

use andon_packages::{Change, Format, Package, Source};
use andon_purl::Purl;

use super::entry::name_of;
use super::file::File;

/// Gives what members take from their workspace (`pubgrub.workspace = true`) the name that the workspace's manifest
/// declares (`pubgrub = { package = "astral-pubgrub" }`): lock files know only that one.
pub(super) fn take_names_of_workspaces(files: &mut [File]) {
    let workspaces = Workspaces::of(files);
    if workspaces.0.is_empty() {
        return;
    }
    for file in files.iter_mut().filter(|file| file.listing.format == Format::CargoToml) {
        let folder = file.folder().to_owned();
        for package in file.listing.packages.iter_mut().filter(|package| is_inherited(package)) {
            let Some(declared) = workspaces.above(&folder, &name_of(&package.purl)) else { continue };
            package.purl = declared.purl.clone();
            package.requirement = declared.requirement.clone();
            package.source = declared.source.clone();
        }
    }
}

/// Whether a manifest says nothing of a package but that it needs it.
fn is_inherited(package: &Package) -> bool {
    package.purl.version().is_none() && package.requirement.is_none() && package.source == Source::Registry
}

/// Folder of a manifest -> name that members use -> what it stands for.
struct Workspaces(HashMap<String, HashMap<Purl, Package>>);

impl Workspaces {
    fn of(files: &[File]) -> Self {
        let renamed = |change: &Change| {
            let by = change.by.as_ref().filter(|by| by.purl.name() != change.of.name())?;
            Some((name_of(&change.of), by.clone()))
        };
        let mut workspaces = HashMap::new();
        for file in files.iter().filter(|file| file.listing.format == Format::CargoToml) {
            let names: HashMap<Purl, Package> = file.listing.changes.iter().filter_map(renamed).collect();
            if !names.is_empty() {
                workspaces.insert(file.folder().to_owned(), names);
            }
        }
        Self(workspaces)
    }

    /// What a name stands for in the nearest workspace that says so.
    fn above(&self, folder: &str, name: &Purl) -> Option<&Package> {
        let mut folder = folder;
        loop {
            if let Some(found) = self.0.get(folder).and_then(|names| names.get(name)) {
                return Some(found);
            }
            if folder.is_empty() {
                return None;
            }
            folder = folder.rsplit_once('/').map_or("", |(above, _)| above);
        }
    }
}
