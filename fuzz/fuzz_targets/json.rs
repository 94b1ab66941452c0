//! JSON documents with their positions.
#![no_main]

use andon_documents::{Limits, json};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let _ = json(text, &Limits { depth: 64, nodes: 20_000, bytes: 1 << 20 });
});
