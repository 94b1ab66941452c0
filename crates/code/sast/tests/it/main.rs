//! Patterns against small sources, language by language.

mod go;
mod hostile;
mod java;
mod python;
mod script;

use std::cell::Cell;
use std::collections::BTreeSet;

use andon_sast::matching::{Source, search};
use andon_sast::rule::Options;
use andon_syntax::{Language, Symbols, parse, parse_pattern};

/// Looks for patterns in a source. Each has the lines that it matches: `3 5-7` is one match on line 3 and one from line 5
/// to line 7.
pub(crate) fn check(language: Language, code: &str, cases: &[(&str, &str)]) {
    let wrong: Vec<_> = cases
        .iter()
        .map(|(pattern, lines)| (*pattern, lines.to_string(), found(language, code, pattern)))
        .filter(|(_, expected, found)| expected != found)
        .collect();
    assert!(wrong.is_empty(), "pattern, expected, found: {wrong:#?}");
}

fn found(language: Language, code: &str, pattern: &str) -> String {
    let mut symbols = Symbols::default();
    let pattern = match parse_pattern(language, pattern, &mut symbols) {
        Ok(pattern) => pattern,
        Err(error) => return error.to_string(),
    };
    let mut symbols = Symbols::over(&symbols.freeze());
    let parsed = parse(language, code, &mut symbols);
    let source = Source::new(language, code, parsed.tree, symbols);
    let line = |at: usize| code.bytes().take(at).filter(|byte| *byte == b'\n').count() + 1;
    let matches = search(&pattern, &source, &Options::default(), &Cell::new(1_000_000));
    let lines: BTreeSet<_> = matches.iter().map(|it| (line(it.span.start), line(it.span.end))).collect();
    let lines = lines
        .into_iter()
        .map(|(first, last)| if first == last { first.to_string() } else { format!("{first}-{last}") });
    lines.collect::<Vec<_>>().join(" ")
}
