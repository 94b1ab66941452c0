//! Manifests and lock files of npm, Yarn, pnpm and Bun; the first byte says which.
#![no_main]

use andon_packages::{Format, parse};
use libfuzzer_sys::fuzz_target;

const FORMATS: [Format; 6] = [
    Format::PackageJson,
    Format::PackageLock,
    Format::YarnLock,
    Format::PnpmLock,
    Format::BunLock,
    Format::NodeModule,
];

fuzz_target!(|input: &[u8]| {
    let Some((first, text)) = input.split_first() else { return };
    let listing = parse(FORMATS[usize::from(*first) % FORMATS.len()], text);
    let count = listing.packages.len();
    for package in &listing.packages {
        assert!(package.dependencies.is_sorted());
        assert!(package.dependencies.iter().all(|at| (*at as usize) < count));
        assert!(package.region.is_some_and(|region| region.start_byte <= region.end_byte));
    }
});
