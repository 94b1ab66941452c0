//! DSSE envelopes.
#![no_main]

use std::sync::LazyLock;

use andon_attestation::{Envelope, KeyKind, PublicKey, SecretKey, Signer, Statement};
use libfuzzer_sys::fuzz_target;

static KEYS: LazyLock<Vec<PublicKey>> = LazyLock::new(|| {
    let kinds = [KeyKind::Ed25519, KeyKind::EcdsaP256];
    kinds.map(|kind| SecretKey::generate(kind, &[7; 32]).public().clone()).into()
});

fuzz_target!(|json: &[u8]| {
    let Ok(envelope) = Envelope::from_json(json) else { return };
    assert_eq!(Envelope::from_json(&envelope.to_json()).ok().as_ref(), Some(&envelope));
    assert!(envelope.verify(&KEYS).is_err());
    let _ = Statement::unverified(&envelope);
});
