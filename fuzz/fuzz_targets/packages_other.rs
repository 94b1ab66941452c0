//! Manifests and lock files of RubyGems, Composer and NuGet; the first byte says which.
#![no_main]

use andon_packages::{Format, parse};
use libfuzzer_sys::fuzz_target;

#[path = "shared/listing.rs"]
mod listing;

const FORMATS: [Format; 6] = [
    Format::Gemfile,
    Format::GemfileLock,
    Format::ComposerJson,
    Format::ComposerLock,
    Format::NugetLock,
    Format::DotnetDeps,
];

fuzz_target!(|input: &[u8]| {
    let Some((first, text)) = input.split_first() else { return };
    let listing = parse(FORMATS[usize::from(*first) % FORMATS.len()], text);
    listing::check(&listing);
});
