//! Public and private keys as text.
#![no_main]

use andon_attestation::{PublicKey, SecretKey, Signer, pem};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let _ = pem::read(text);
    let keys = [PublicKey::from_pem(text), PublicKey::from_der(text)];
    for key in keys.into_iter().flatten() {
        assert_eq!(PublicKey::from_pem(key.to_pem().as_bytes()).as_ref(), Ok(&key));
        assert!(key.verify(text, text).is_err());
    }
    for key in [SecretKey::from_pkcs8_pem(text), SecretKey::from_pkcs8_der(text)].into_iter().flatten() {
        assert!(key.public().verify(b"m", &key.sign(b"m")).is_ok());
    }
});
