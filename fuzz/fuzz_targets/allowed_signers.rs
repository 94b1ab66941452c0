//! Files of allowed signers and of revoked keys.
#![no_main]

use andon_signatures::{AllowedSigners, RevokedKeys, Trust, verify};
use libfuzzer_sys::fuzz_target;

const COMMIT: &[u8] = include_bytes!("../../crates/parse/signatures/tests/it/data/ssh-certificate.commit");

fuzz_target!(|bytes: &[u8]| {
    let revoked = RevokedKeys::parse(bytes).unwrap_or_default();
    let Ok(signers) = AllowedSigners::parse(bytes) else { return };
    let trust = Trust { signers, revoked, ..Trust::default() };
    let _ = verify(COMMIT, &trust, jiff::Timestamp::UNIX_EPOCH);
});
