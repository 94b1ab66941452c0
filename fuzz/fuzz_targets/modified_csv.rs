//! The list of what changed in an ecosystem: any bytes.
#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|list: &[u8]| {
    let _ = andon_advisorydb::modified::since(&mut &*list, jiff::Timestamp::UNIX_EPOCH, 50);
});
