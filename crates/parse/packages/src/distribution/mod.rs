//! What distributions have installed, and which distribution it is.

mod apk;
mod control;
mod dpkg;
mod end_of_life;
mod os_release;
mod providers;

pub use end_of_life::end_of_life;
pub use os_release::Distribution;

pub(crate) use apk::apk_installed;
pub(crate) use dpkg::{dpkg_status, dpkg_status_file};
pub(crate) use os_release::os_release;

use crate::{Format, Listing};

/// A database of rpm packages in any of its forms (Berkeley DB, ndb, SQLite): it is recognised, and said not to be read.
pub(crate) fn rpm_database(_bytes: &[u8]) -> Listing {
    let mut listing = Listing::new(Format::RpmDatabase);
    listing.problem(
        "rpm databases are not read, so no package installed by rpm is listed: write an SBOM where rpm is at hand and scan that",
    );
    listing
}
