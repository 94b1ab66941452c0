//! Sigstore bundles, and the other forms of signatures over files.
#![no_main]

use std::sync::LazyLock;

use andon_attestation::bundle::Bundle;
use andon_attestation::{KeyKind, PublicKey, SecretKey, Signer};
use andon_signing::{FileSignature, verify_reader};
use libfuzzer_sys::fuzz_target;

static KEYS: LazyLock<Vec<PublicKey>> = LazyLock::new(|| {
    let kinds = [KeyKind::Ed25519, KeyKind::EcdsaP256];
    kinds.map(|kind| SecretKey::generate(kind, &[7; 32]).public().clone()).into()
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(bundle) = Bundle::from_json(bytes) {
        assert_eq!(Bundle::from_json(&bundle.to_json()).ok().as_ref(), Some(&bundle));
    }
    let forms = [FileSignature::raw(bytes), FileSignature::bundle(bytes), FileSignature::attestation(bytes)];
    for form in forms.into_iter().flatten() {
        assert!(verify_reader(&mut &b"content"[..], &KEYS, &form).is_err());
    }
});
