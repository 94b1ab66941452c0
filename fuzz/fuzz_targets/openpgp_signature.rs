//! OpenPGP signatures of commits.
#![no_main]

#[path = "shared/signature.rs"]
mod shared;

use andon_signatures::{Keyring, Trust, verify};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    let trust = Trust { keyring: Keyring::parse(bytes).unwrap_or_default(), ..Trust::default() };
    let object = shared::commit("PGP SIGNATURE", b"", bytes);
    assert!(!verify(&object, &trust, jiff::Timestamp::UNIX_EPOCH).is_good());
});
