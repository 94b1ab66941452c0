//! What holds of every listing, whatever it was read from.

use andon_packages::Listing;

/// Dependencies are sorted and point at packages of the listing, and regions do not end before they start.
pub fn check(listing: &Listing) {
    let count = listing.packages.len();
    for package in &listing.packages {
        assert!(package.dependencies.is_sorted());
        assert!(package.dependencies.iter().all(|at| (*at as usize) < count));
        assert!(package.region.is_some_and(|region| region.start_byte <= region.end_byte));
    }
}
