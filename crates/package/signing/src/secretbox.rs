//! NaCl's secretbox: XSalsa20 and Poly1305 ("Cryptography in NaCl", section 9). The first 32 bytes of the key stream are
//! Poly1305's key, what follows hides the message; the tag over the hidden message comes first.

use poly1305::Poly1305;
use poly1305::universal_hash::KeyInit;
use salsa20::XSalsa20;
use salsa20::cipher::{KeyIvInit, StreamCipher};
use zeroize::Zeroizing;

pub(crate) const KEY: usize = 32;
pub(crate) const NONCE: usize = 24;
const TAG: usize = 16;

/// Tag and hidden message.
pub(crate) fn seal(message: &[u8], key: &[u8; KEY], nonce: &[u8; NONCE]) -> Vec<u8> {
    let (mut stream, poly1305) = start(key, nonce);
    let mut hidden = message.to_vec();
    stream.apply_keystream(&mut hidden);
    let tag = poly1305.compute_unpadded(&hidden);
    [tag.as_slice(), &hidden].concat()
}

/// The message; `None` when the key is another or the box was altered.
pub(crate) fn open(sealed: &[u8], key: &[u8; KEY], nonce: &[u8; NONCE]) -> Option<Zeroizing<Vec<u8>>> {
    let (tag, hidden) = sealed.split_at_checked(TAG)?;
    let (mut stream, poly1305) = start(key, nonce);
    let expected = poly1305.compute_unpadded(hidden);
    // Every byte is compared, whichever differs.
    let differences = expected.iter().zip(tag).fold(0, |all, (one, other)| all | (one ^ other));
    if std::hint::black_box(differences) != 0 {
        return None;
    }
    let mut message = Zeroizing::new(hidden.to_vec());
    stream.apply_keystream(&mut message);
    Some(message)
}

fn start(key: &[u8; KEY], nonce: &[u8; NONCE]) -> (XSalsa20, Poly1305) {
    let mut stream = XSalsa20::new(key.into(), nonce.into());
    let mut first = Zeroizing::new([0; 32]);
    stream.apply_keystream(first.as_mut_slice());
    let poly1305 = Poly1305::new((&*first).into());
    (stream, poly1305)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bytes(hex: &str) -> Vec<u8> {
        (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
    }

    /// "Cryptography in NaCl", section 9 and 10: the example's key, nonce, message and box.
    #[test]
    fn it_agrees_with_nacl() {
        let key =
            bytes("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389").try_into().unwrap();
        let nonce = bytes("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37").try_into().unwrap();
        let message = bytes(
            "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc\
             3c01233561f41db66cce314adb310e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb\
             48f59ffd4924ca1c60902e52f0a089bc76897040e082f937763848645e0705",
        );
        let sealed = bytes(
            "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0df\
             c17c98dce87b4da7f011ec48c97271d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368\
             517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b37973f622a43d14a6599b1f654cb45a74e355a5",
        );
        assert_eq!(seal(&message, &key, &nonce), sealed);
        assert_eq!(open(&sealed, &key, &nonce).as_deref(), Some(&message));
        for at in 0..sealed.len() {
            let mut altered = sealed.clone();
            altered[at] ^= 0x40;
            assert_eq!(open(&altered, &key, &nonce), None, "byte {at}");
        }
        for length in 0..sealed.len() {
            assert_eq!(open(&sealed[..length], &key, &nonce), None, "{length} bytes");
        }
        assert_eq!(open(&sealed, &[0; 32], &nonce), None);
    }
}
