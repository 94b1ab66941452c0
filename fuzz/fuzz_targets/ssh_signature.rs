//! SSH signatures of commits.
#![no_main]

#[path = "shared/signature.rs"]
mod shared;

use andon_signatures::{AllowedSigners, Trust, verify};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let trust = Trust { signers: AllowedSigners::parse(bytes).unwrap_or_default(), ..Trust::default() };
    let _ = verify(bytes, &trust, jiff::Timestamp::UNIX_EPOCH);
    let object = shared::commit("SSH SIGNATURE", b"", bytes);
    assert!(!verify(&object, &trust, jiff::Timestamp::UNIX_EPOCH).is_good());
    // With what a signature begins with, to get further.
    let object = shared::commit("SSH SIGNATURE", b"SSHSIG\0\0\0\x01", bytes);
    assert!(!verify(&object, &trust, jiff::Timestamp::UNIX_EPOCH).is_good());
});
