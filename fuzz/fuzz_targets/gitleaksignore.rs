//! `.gitleaksignore`.
#![no_main]

use andon_secrets::config::IgnoreFile;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let (file, warnings) = IgnoreFile::parse(text);
    assert!(warnings.len() <= text.lines().count());
    let _ = file.matches(Some("c0ffee"), "a/b.txt", "rule", 3);
});
