//! Encrypted private keys, up to the question for their passphrase.
#![no_main]

use andon_attestation::pem;
use andon_signing::{PassphraseError, key_file};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|content: &[u8]| {
    let text = pem::write("ENCRYPTED SIGSTORE PRIVATE KEY", content);
    let _ = key_file::is_encrypted(content);
    for text in [text.as_bytes(), content] {
        // Deriving a key takes too long to be tried here.
        assert!(key_file::from_pem(text, &mut || Err(PassphraseError(String::new()))).is_err());
    }
});
