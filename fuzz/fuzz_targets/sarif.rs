//! SARIF of other tools, read and written again.
#![no_main]

use andon_results::{SarifLimits, read_sarif, write_sarif};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let Ok(report) = read_sarif(bytes, "other.sarif") else { return };
    assert!(!report.coverage.complete, "another tool does not say what it looked at");
    let written = write_sarif(&report, &SarifLimits::default());
    read_sarif(&written.bytes, "ours.sarif").expect("what we write can be read");
});
