//! Our own rules over any text, decoding included, and the findings made of it.
#![no_main]

#[path = "shared/engine.rs"]
mod engine;

use andon_model::{Content, Engine, Occurrence, Unit};
use engine::{ENGINE, Nothing};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let examined = ENGINE.examine(&Content::text(text));
    if examined.facts.is_empty() {
        return;
    }
    let occurrences = vec![Occurrence::in_tree("src/a.txt")];
    let outcome = ENGINE.combine(&[Unit { facts: examined.facts, occurrences }], &Nothing);
    for region in
        outcome.findings.iter().flat_map(|finding| &finding.locations).filter_map(|place| place.region)
    {
        assert!(region.start_byte <= region.end_byte && region.end_byte <= text.len() as u64);
    }
});
