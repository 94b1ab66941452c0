//! Facts as a damaged or forged cache would return them.
#![no_main]

#[path = "shared/engine.rs"]
mod engine;

use andon_model::{Engine, Occurrence, Unit};
use engine::{ENGINE, Nothing};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|facts: &[u8]| {
    let occurrences = vec![Occurrence::in_tree("src/a.txt")];
    let _ = ENGINE.combine(&[Unit { facts: facts.to_vec(), occurrences }], &Nothing);
});
