//! YAML documents with their positions.
#![no_main]

use andon_documents::{Limits, yaml, yaml_one};
use libfuzzer_sys::fuzz_target;

const LIMITS: Limits = Limits { depth: 64, nodes: 20_000, bytes: 1 << 20 };

fuzz_target!(|text: &str| {
    let _ = yaml(text, &LIMITS);
    let Ok(document) = yaml_one(text, &LIMITS) else { return };
    let _ = document.locate_nearest("/gates/0/name");
});
