//! Manifests and lock files of npm, Yarn, pnpm and Bun; the first byte says which.
#![no_main]

use andon_packages::{Format, parse};
use libfuzzer_sys::fuzz_target;

#[path = "shared/listing.rs"]
mod listing;

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
    listing::check(&listing);
});
