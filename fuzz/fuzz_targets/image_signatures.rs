//! What lies beside an image in a registry: manifests, lists of referrers, and what signatures sign.
#![no_main]

use std::sync::LazyLock;

use andon_attestation::{KeyKind, PublicKey, SecretKey, Signer};
use andon_network::registry::{Descriptor, Document, add_to_index, digest_of};
use andon_signing::image::{PredicateKind, SimpleSigning, examine};
use libfuzzer_sys::fuzz_target;

static KEYS: LazyLock<Vec<PublicKey>> = LazyLock::new(|| {
    let kinds = [KeyKind::Ed25519, KeyKind::EcdsaP256];
    kinds.map(|kind| SecretKey::generate(kind, &[7; 32]).public().clone()).into()
});

fuzz_target!(|bytes: &[u8]| {
    if let Ok(document) = Document::read(bytes) {
        let entry = Descriptor::of("application/x", b"content");
        let longer = add_to_index(Some(bytes), &entry).ok().and_then(|index| Document::read(&index).ok());
        let manifests = document.manifests.map(|mut manifests| {
            manifests.push(entry);
            manifests
        });
        assert_eq!(longer.and_then(|index| index.manifests), manifests);
    }
    if let Ok(payload) = SimpleSigning::from_json(bytes) {
        assert_eq!(SimpleSigning::from_json(&payload.to_json()), Ok(payload));
    }
    if let Some(kind) = std::str::from_utf8(bytes).ok().and_then(PredicateKind::parse) {
        assert!(kind.accepts(kind.uri()));
    }
    // Nobody has these keys.
    assert_eq!(examine(bytes, &digest_of(b"image"), &KEYS), 0);
});
