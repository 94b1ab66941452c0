//! Our own JSON report, as a baseline.
#![no_main]

use andon_scan::baseline::read_report;
use andon_system::MemorySystem;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let mut text = bytes.to_vec();
    if !bytes.starts_with(b"{") {
        text = [br#"{"schema":"andon.scan/1","findings":["#, bytes, b"]}"].concat();
    }
    let system = MemorySystem::new().file("/report.json", text);
    let _ = read_report(&system, "/report.json".as_ref());
});
