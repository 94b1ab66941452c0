//! `andon.yaml`.
#![no_main]

use andon_config::Config;
use andon_gate::{Input, PolicyLimits, PolicySet, evaluate};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let Ok(config) = Config::from_yaml("andon.yaml", text) else { return };
    let input = Input { now: "2026-01-01T00:00:00Z".to_owned(), ..Input::default() };
    let decision = evaluate(&config, &input, &PolicySet::built_in(), &PolicyLimits::default());
    assert_eq!(decision, evaluate(&config, &input, &PolicySet::built_in(), &PolicyLimits::default()));
});
