//! `.andon/exceptions.yaml`.
#![no_main]

use andon_scan::exceptions::parse;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let Ok(exceptions) = parse(".andon/exceptions.yaml", text) else { return };
    assert_eq!(exceptions.is_empty(), exceptions.len() == 0 && exceptions.invalid().is_empty());
});
