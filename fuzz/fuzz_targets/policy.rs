//! Rego policies: loading, tests and a decision, under small limits.
#![no_main]

use std::time::Duration;

use andon_config::Config;
use andon_gate::{Input, PolicyLimits, PolicySet, evaluate, run_tests};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &str| {
    let limits =
        PolicyLimits { time: Duration::from_millis(200), memory: 16 << 20, stack: 64 << 20, reasons: 20 };
    let files = vec![(".andon/policy/a.rego".to_owned(), text.to_owned())];
    let _ = run_tests(&files, limits);
    let policies = PolicySet::new(None, None, files);
    let input = Input { now: "2026-01-01T00:00:00Z".to_owned(), ..Input::default() };
    let _ = evaluate(&Config::built_in(), &input, &policies, &limits);
});
