//! What pytest prints.
#![no_main]

use andon_results::{TestFormat, compare_tests, read_tests};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    check(text);
});

fn check(text: &str) {
    let _ = read_tests(text.as_bytes(), None, "x");
    let Ok(report) = read_tests(text.as_bytes(), Some(TestFormat::Pytest), "x") else { return };
    assert!(!report.passed() || report.counts.passed > 0);
    assert_eq!(compare_tests(&report, &report).disappeared, Vec::<String>::new());
}
