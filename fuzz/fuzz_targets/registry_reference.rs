//! Names of images and platforms: what is accepted is written back the same.
#![no_main]

use andon_network::registry::{Platform, Reference};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    if let Ok(reference) = Reference::parse(text) {
        let again = Reference::parse(&reference.to_string());
        assert_eq!(again.ok().map(|again| again.to_string()), Some(reference.to_string()));
    }
    let _ = Platform::parse(text);
});
