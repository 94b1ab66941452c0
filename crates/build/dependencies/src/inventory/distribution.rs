use std::collections::HashMap;

use andon_model::{LayerRef, Location, Origin};
use andon_packages::{Distribution, Format};
use andon_purl::Purl;

use super::file::{File, Files};

/// The distributions of a target: one in an image, any number in a folder.
pub(crate) struct Distributions<'a> {
    /// Root folder with a slash at its end (empty for the target's own), distribution, its file.
    roots: Vec<(&'a str, &'a Distribution, &'a File)>,
}

impl<'a> Distributions<'a> {
    pub(crate) fn of(files: &'a Files) -> Self {
        let mut roots = Vec::new();
        for file in files.present.iter().filter(|file| file.listing.format == Format::OsRelease) {
            let Some(distribution) = &file.listing.distribution else { continue };
            let root = file.path.strip_suffix("usr/lib/os-release");
            let Some(root) = root.or_else(|| file.path.strip_suffix("etc/os-release")) else { continue };
            if !roots.iter().any(|(known, _, _)| *known == root) {
                roots.push((root, distribution, file));
            }
        }
        Self { roots }
    }

    /// Each distribution, and where it says what it is.
    pub(crate) fn all(&self) -> impl Iterator<Item = (&'a Distribution, Location)> {
        self.roots.iter().map(|(_, distribution, file)| (*distribution, file.location(None)))
    }

    /// The package URL of a system package, completed by the distribution that its database belongs to.
    pub(crate) fn complete(&self, file: &File, purl: &Purl) -> Purl {
        let Some((_, distribution, _)) = self
            .roots
            .iter()
            .filter(|(root, _, _)| file.path.starts_with(root))
            .max_by_key(|(root, _, _)| root.len())
        else {
            return purl.clone();
        };
        let release = match (distribution.version_id.as_deref(), distribution.version_codename.as_deref()) {
            (Some(version), _) if !version.is_empty() => version,
            (_, Some(codename)) => codename,
            _ => "",
        };
        let purl = purl.clone().with_namespace(&distribution.id);
        if release.is_empty() {
            return purl;
        }
        purl.with_qualifier("distro", &format!("{}-{release}", distribution.id))
    }
}

/// Whether a format is the database of a system's packages.
pub(crate) fn is_system(format: Format) -> bool {
    matches!(format, Format::DpkgStatus | Format::DpkgStatusFile | Format::ApkInstalled)
}

/// The lowest layer in which the same database already had a package.
pub(crate) struct FirstLayers<'a>(HashMap<(&'a str, &'a Purl), &'a LayerRef>);

impl<'a> FirstLayers<'a> {
    pub(crate) fn of(files: &'a Files) -> Self {
        let mut first: HashMap<(&str, &Purl), &LayerRef> = HashMap::new();
        for file in files.hidden.iter().filter(|file| is_system(file.listing.format)) {
            let Origin::Layer { layer, .. } = &file.place.origin else { continue };
            for package in &file.listing.packages {
                let known = first.entry((file.path.as_str(), &package.purl)).or_insert(layer);
                if layer.index < known.index {
                    *known = layer;
                }
            }
        }
        Self(first)
    }

    pub(crate) fn correct(&self, file: &File, purl: &Purl, location: Location) -> Location {
        let layer = self.0.get(&(file.path.as_str(), purl)).map(|layer| (*layer).clone());
        Location { layer: layer.or(location.layer), ..location }
    }
}
