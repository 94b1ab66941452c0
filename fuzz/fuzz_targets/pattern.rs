//! Regular expressions in Go's syntax: `EXPRESSION NUL TEXT`.
#![no_main]

use andon_secrets::config::Pattern;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let (expression, text) = match data.iter().position(|byte| *byte == 0) {
        Some(at) => (&data[..at], &data[at + 1..]),
        None => (data, &b"a text, 123"[..]),
    };
    let Ok(expression) = std::str::from_utf8(expression) else { return };
    let Ok(pattern) = Pattern::new(expression) else { return };
    assert_eq!(pattern.source(), expression);
    let found = pattern.regex().find(text);
    assert_eq!(found.is_some(), pattern.is_match(text));
    assert_eq!(
        pattern.regex().captures_len(),
        pattern.group_count() + 1,
        "it compiled when it was first used"
    );
});
