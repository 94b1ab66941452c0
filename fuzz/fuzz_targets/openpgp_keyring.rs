//! OpenPGP keyrings.
#![no_main]

use andon_signatures::{Keyring, Trust, verify};
use libfuzzer_sys::fuzz_target;

const COMMIT: &[u8] = include_bytes!("../../crates/parse/signatures/tests/it/data/openpgp-bob.commit");

fuzz_target!(|bytes: &[u8]| {
    let Ok(keyring) = Keyring::parse(bytes) else { return };
    let trust = Trust { keyring, ..Trust::default() };
    let _ = verify(COMMIT, &trust, jiff::Timestamp::UNIX_EPOCH);
});
