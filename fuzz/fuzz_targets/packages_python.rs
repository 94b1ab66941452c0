//! Python's requirement, project and lock files, and installed metadata: the first byte chooses.
#![no_main]

use andon_packages::{Format, parse};
use libfuzzer_sys::fuzz_target;

const FORMATS: &[Format] = &[
    Format::Requirements,
    Format::Pyproject,
    Format::Pipfile,
    Format::PipfileLock,
    Format::PoetryLock,
    Format::UvLock,
    Format::Pylock,
    Format::PythonMetadata,
];

fuzz_target!(|bytes: &[u8]| {
    let Some((first, rest)) = bytes.split_first() else { return };
    let listing = parse(FORMATS[usize::from(*first) % FORMATS.len()], rest);
    let count = listing.packages.len();
    let edges = listing.packages.iter().flat_map(|package| &package.dependencies);
    assert!(edges.into_iter().all(|edge| (*edge as usize) < count));
});
