use std::collections::BTreeMap;

use andon_model::Occurrence;
use andon_packages::{Format, Listing, Package, join_archive};

use super::entry::{Entry, foreign_dependencies};
use super::file::Files;

/// Java archives, each with what its manifest, its `pom.properties` and its name say together.
pub(crate) fn entries(files: &Files) -> Vec<Entry> {
    let mut archives: BTreeMap<String, Archive<'_>> = BTreeMap::new();
    for place in &files.archives {
        archives.entry(place.path.clone()).or_insert_with(|| Archive::at(place.clone()));
    }
    for file in &files.present {
        if !is_java(file.listing.format) {
            continue;
        }
        let Some((container, inside)) = container(&file.path) else { continue };
        let place = Occurrence {
            path: container.to_owned(),
            nested: container.contains(Occurrence::INSIDE),
            origin: file.place.origin.clone(),
        };
        let archive = archives.entry(container.to_owned()).or_insert_with(|| Archive::at(place));
        archive.files.push((inside, &file.listing));
    }
    archives.into_values().flat_map(Archive::entries).collect()
}

pub(crate) fn is_java(format: Format) -> bool {
    matches!(format, Format::JarManifest | Format::PomProperties)
}

/// The archive, or the folder where one was unpacked, and the path inside.
fn container(path: &str) -> Option<(&str, &str)> {
    if let Some(at) = path.rfind(Occurrence::INSIDE) {
        return Some((path.get(..at)?, path.get(at + Occurrence::INSIDE.len()..)?));
    }
    let at = path.find("/META-INF/")?;
    Some((path.get(..at)?, path.get(at + 1..)?))
}

struct Archive<'a> {
    place: Occurrence,
    files: Vec<(&'a str, &'a Listing)>,
}

impl Archive<'_> {
    fn at(place: Occurrence) -> Self {
        Self { place, files: Vec::new() }
    }

    fn entries(self) -> Vec<Entry> {
        let name = self.place.path.rsplit('/').next().unwrap_or_default();
        let packages: Vec<Package> = join_archive(&self.files, name);
        let location = self.place.location();
        let entry = |index: usize, package: &Package| Entry {
            package: package.clone(),
            location: location.clone(),
            format: Format::PomProperties,
            depends_on: foreign_dependencies(&packages, index),
        };
        packages.iter().enumerate().map(|(index, package)| entry(index, package)).collect()
    }
}
