use std::collections::HashMap;

use andon_packages::Format;
use andon_purl::Purl;

use super::entry::{Entry, name_of};
use super::file::File;

/// The packages of Python that are installed, by folder and name.
pub(crate) struct Installed<'a>(HashMap<(&'a str, Purl), &'a Purl>);

impl<'a> Installed<'a> {
    pub(crate) fn of(files: &'a [File]) -> Self {
        let metadata = files.iter().filter(|file| file.listing.format == Format::PythonMetadata);
        let known = metadata.filter_map(|file| {
            let purl = &file.listing.packages.first()?.purl;
            Some(((place(file), name_of(purl)), purl))
        });
        Self(known.collect())
    }
}

/// The folder that packages are installed into: the one above the metadata's own.
fn place(file: &File) -> &str {
    file.folder().rsplit_once('/').map_or("", |(place, _)| place)
}

/// The package that a metadata file describes. It comes first; the others are what it asks for, which is installed
/// beside it or not at all.
pub(crate) fn installed(file: &File, installed: &Installed<'_>) -> Option<Entry> {
    let (own, asked) = file.listing.packages.split_first()?;
    let beside = |purl: &Purl| installed.0.get(&(place(file), name_of(purl))).map(|purl| (*purl).clone());
    let mut depends_on: Vec<Purl> = asked.iter().filter_map(|package| beside(&package.purl)).collect();
    depends_on.sort();
    depends_on.dedup();
    let package = own.clone();
    let location = file.location(package.region);
    Some(Entry { package, location, format: file.listing.format, depends_on })
}
