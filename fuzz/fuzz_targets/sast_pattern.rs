//! Patterns of any language: one byte for the language, then the pattern.
#![no_main]

use andon_syntax::{Language, Symbols, parse_pattern};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((first, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let language = Language::ALL[*first as usize % Language::ALL.len()];
    let mut symbols = Symbols::default();
    if let Ok(pattern) = parse_pattern(language, text, &mut symbols) {
        assert!(!pattern.roots.is_empty());
        assert!(pattern.roots.iter().all(|root| root.index() < pattern.tree.len()));
    }
});
