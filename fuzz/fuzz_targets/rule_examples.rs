//! Generators in the examples of rules: a rule file may come from anybody.
#![no_main]

use andon_secrets::examples::expand;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|template: &str| {
    let once = expand(template, "seed");
    assert_eq!(once, expand(template, "seed"));
});
