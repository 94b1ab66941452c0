//! Databases of installed packages and the name of the distribution; the first byte chooses the format.
#![no_main]

use andon_packages::{Format, end_of_life, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Some((&choice, bytes)) = bytes.split_first() else { return };
    let formats = [
        Format::DpkgStatus,
        Format::DpkgStatusFile,
        Format::ApkInstalled,
        Format::OsRelease,
        Format::RpmDatabase,
    ];
    let listing = parse(formats[usize::from(choice) % formats.len()], bytes);
    for (index, package) in listing.packages.iter().enumerate() {
        let sorted = package.dependencies.is_sorted_by(|a, b| a < b);
        let inside = package.dependencies.iter().all(|&at| (at as usize) < listing.packages.len());
        assert!(sorted && inside && !package.dependencies.contains(&(index as u32)));
    }
    if let Some(distribution) = &listing.distribution {
        let _ = end_of_life(distribution);
    }
});
