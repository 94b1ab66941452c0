//! A pattern against code: one byte for the language, then `PATTERN NUL CODE`.
#![no_main]

use std::cell::Cell;

use andon_sast::matching::{Source, search};
use andon_sast::rule::Options;
use andon_syntax::{Language, Symbols, parse, parse_pattern};
use libfuzzer_sys::fuzz_target;

/// Comparisons that one pattern may make.
const FUEL: u64 = 200_000;

fuzz_target!(|data: &[u8]| {
    let Some((first, rest)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(rest) else { return };
    let Some((pattern, code)) = text.split_once('\0') else { return };
    let language = Language::ALL[*first as usize % Language::ALL.len()];
    let mut symbols = Symbols::default();
    let Ok(pattern) = parse_pattern(language, pattern, &mut symbols) else { return };
    let mut symbols = Symbols::over(&symbols.freeze());
    let tree = parse(language, code, &mut symbols).tree;
    let source = Source::new(language, code, tree, symbols);
    for found in search(&pattern, &source, &Options::default(), &Cell::new(FUEL)) {
        assert!(code.get(found.span).is_some());
        assert!(found.bindings.iter().all(|(_, value)| code.get(value.span.clone()).is_some()));
    }
});
