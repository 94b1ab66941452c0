//! Bytes to text: UTF-16, Latin-1, binaries.
#![no_main]

use andon_scan::text::{Text, decode};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    if let Text::Utf8(text) = decode(bytes) {
        assert!(text.len() <= bytes.len() * 3 + 3);
    }
});
