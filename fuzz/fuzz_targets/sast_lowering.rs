//! Source code of any language: one byte for the language, then the text.
#![no_main]

use andon_syntax::{Language, Symbols, parse};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Some((first, text)) = data.split_first() else { return };
    let Ok(text) = std::str::from_utf8(text) else { return };
    let language = Language::ALL[*first as usize % Language::ALL.len()];
    let mut symbols = Symbols::default();
    let parsed = parse(language, text, &mut symbols);
    let tree = &parsed.tree;
    assert!(!tree.is_empty());
    // Fewer than a handful of nodes stand for each byte, whatever it is.
    assert!(tree.len() <= 64 + text.len() * 16, "{} nodes for {} bytes", tree.len(), text.len());
    for id in tree.ids() {
        let span = tree.span(id);
        assert!(
            span.start <= span.end && text.get(span.clone()).is_some(),
            "{:?} at {span:?}",
            tree.kind(id)
        );
        assert!(tree.parent(id).is_none_or(|parent| parent < id && tree.contains(parent, id)));
    }
    for part in &parsed.broken {
        assert!(text.get(part.clone()).is_some());
    }
});
