//! Programs with a list of their packages: told apart as a scan does, and read as both kinds.
#![no_main]

use andon_packages::{Format, executable_format, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let told = executable_format(bytes);
    for format in [Format::GoBinary, Format::RustBinary] {
        let listing = parse(format, bytes);
        if told.is_none() {
            assert!(listing.packages.is_empty());
        }
    }
});
