//! Patterns of the generic mode against texts. The input is the options, a pattern and a text, with NUL between the latter.
#![no_main]

use andon_sast::generic::{Document, Pattern};
use andon_sast::rule::{CommentStyle, Options};
use andon_syntax::Symbols;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|input: (u8, &str)| {
    let (choice, input) = input;
    let Some((pattern, text)) = input.split_once('\0') else { return };
    let quotes = vec![("\"".to_owned(), "\"".to_owned())];
    let options = Options {
        generic_aliengrep: choice & 1 != 0,
        generic_multiline: choice & 2 != 0,
        generic_caseless: choice & 4 != 0,
        generic_extra_braces: if choice & 8 != 0 { quotes } else { Vec::new() },
        generic_ellipsis_max_span: if choice & 16 != 0 { 1 } else { 10 },
        generic_comment_style: if choice & 32 != 0 { Some(CommentStyle::Cpp) } else { None },
        ..Options::default()
    };
    let Ok(pattern) = Pattern::compile(pattern, &options, &mut Symbols::default()) else { return };
    let (matches, _) = pattern.search(&Document::new(text, &options));
    for found in matches {
        assert!(text.get(found.span).is_some());
        assert!(found.bindings.iter().all(|(_, value)| text.get(value.span.clone()).is_some()));
    }
});
