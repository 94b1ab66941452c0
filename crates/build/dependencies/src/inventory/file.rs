use std::collections::HashMap;

use andon_model::{Location, Occurrence, Origin, Unit};
use andon_packages::{Format, Listing, ListingKind};

use crate::facts::Facts;

/// A file that lists packages, in one of the places where it occurs.
pub(crate) struct File {
    /// Full path, archives included.
    pub(crate) path: String,
    pub(crate) place: Occurrence,
    pub(crate) listing: Listing,
}

/// The files of a target.
#[derive(Default)]
pub(crate) struct Files {
    /// What is there.
    pub(crate) present: Vec<File>,
    /// What later layers of an image replace or delete.
    pub(crate) hidden: Vec<File>,
    /// What requirements files may include, by path.
    pub(crate) includable: HashMap<String, File>,
    /// Paths of Java archives.
    pub(crate) archives: Vec<Occurrence>,
    /// Files that system packages brought.
    pub(crate) owned: std::collections::HashSet<String>,
}

impl Files {
    pub(crate) fn of(units: &[Unit]) -> Self {
        let mut files = Self::default();
        for unit in units {
            match Facts::decode(&unit.facts) {
                Some(Facts::Listing(listing)) => files.add(&listing, &unit.occurrences),
                Some(Facts::Includable(listing)) => files.may_include(&listing, &unit.occurrences),
                Some(Facts::JavaArchive) => {
                    let visible = unit.occurrences.iter().filter(|place| is_visible(place));
                    files.archives.extend(visible.cloned());
                }
                Some(Facts::Owned(paths)) if unit.occurrences.iter().any(is_visible) => {
                    files.owned.extend(paths);
                }
                _ => {}
            }
        }
        let owned = std::mem::take(&mut files.owned);
        // What a system package brought is that package; the distribution's vendor mends it under the vendor's versions.
        let is_context = |file: &File| file.listing.format.kind() == ListingKind::Context;
        files.present.retain(|file| is_context(file) || !owned.contains(file.path.as_str()));
        files.archives.retain(|place| !owned.contains(place.path.as_str()));
        files.owned = owned;
        files.present.sort_by(|a, b| a.path.cmp(&b.path));
        files.hidden.sort_by(|a, b| a.path.cmp(&b.path));
        files.archives.sort_by(|a, b| a.path.cmp(&b.path));
        files
    }

    fn add(&mut self, listing: &Listing, places: &[Occurrence]) {
        for place in places.iter().filter(|place| counts(listing.format, place)) {
            let file = File { path: place.path.clone(), place: place.clone(), listing: listing.clone() };
            if is_visible(place) { self.present.push(file) } else { self.hidden.push(file) }
        }
    }

    fn may_include(&mut self, listing: &Listing, places: &[Occurrence]) {
        for place in places.iter().filter(|place| is_visible(place) && counts(listing.format, place)) {
            let file = File { path: place.path.clone(), place: place.clone(), listing: listing.clone() };
            self.includable.insert(place.path.clone(), file);
        }
    }
}

impl File {
    /// The folder that it is in, without a slash at the end.
    pub(crate) fn folder(&self) -> &str {
        self.path.rsplit_once('/').map_or("", |(folder, _)| folder)
    }

    /// Where the package with this region is listed.
    pub(crate) fn location(&self, region: Option<andon_model::Region>) -> Location {
        Location { region, ..self.place.location() }
    }
}

fn is_visible(place: &Occurrence) -> bool {
    !matches!(place.origin, Origin::Layer { visible: false, .. })
}

/// Inside archives and images only what is installed counts: a lock file that was shipped says what somebody built
/// with, not what is there.
fn counts(format: Format, place: &Occurrence) -> bool {
    let shipped = place.nested || matches!(place.origin, Origin::Layer { .. });
    !shipped || matches!(format.kind(), ListingKind::Installed | ListingKind::Context)
}
