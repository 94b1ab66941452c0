//! Percent, unicode, hex and base64 decoding, pass after pass.
#![no_main]

use andon_secrets::decode::{first_pass, next_pass};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let mut pass = first_pass(text);
    let mut length = text.len();
    for _ in 0..10 {
        let Some(current) = pass else { break };
        assert!(current.text.len() < length, "decoding shortens");
        assert!(!current.segments.is_empty());
        let mut end = 0;
        for segment in current.segments.iter() {
            assert!(segment.decoded.start >= end && segment.decoded.end <= current.text.len());
            assert!(segment.original.end <= text.len());
            end = segment.decoded.end;
        }
        let _ = current.current_line(&current.segments);
        assert!(current.to_original(0..current.text.len()).end <= text.len());
        length = current.text.len();
        pass = next_pass(&current);
    }
});
