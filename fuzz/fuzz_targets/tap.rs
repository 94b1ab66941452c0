//! The Test Anything Protocol.
#![no_main]

use andon_results::{TestFormat, compare_tests, read_tests};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    check(text);
    check(&format!("1..2\n{text}"));
});

fn check(text: &str) {
    let _ = read_tests(text.as_bytes(), None, "x");
    let Ok(report) = read_tests(text.as_bytes(), Some(TestFormat::Tap), "x") else { return };
    assert!(report.counts.total() >= report.cases.len() as u64);
    assert!(!report.passed() || report.counts.passed > 0);
    assert_eq!(compare_tests(&report, &report).disappeared, Vec::<String>::new());
}
