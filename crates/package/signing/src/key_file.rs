//! Private keys as text: PKCS#8, plain or encrypted as cosign encrypts.

use andon_attestation::{SecretKey, pem};
use zeroize::Zeroizing;

use crate::encrypted::{self, Randomness};
use crate::error::SigningError;
use crate::passphrase::{Passphrase, PassphraseError};

const PLAIN: &str = "PRIVATE KEY";
const ENCRYPTED: &str = "ENCRYPTED SIGSTORE PRIVATE KEY";
/// What cosign wrote before version 2.
const ENCRYPTED_BEFORE: &str = "ENCRYPTED COSIGN PRIVATE KEY";

/// A key without encryption. For a machine's key store, or to be kept in a secret of a build service.
pub fn to_pem(key: &SecretKey) -> Zeroizing<String> {
    pem::write(PLAIN, &key.to_pkcs8_der())
}

/// A key encrypted with a passphrase; cosign reads it.
///
/// # Errors
/// Practically never: when the key cannot be derived from the passphrase.
pub fn to_encrypted_pem(
    key: &SecretKey,
    passphrase: &Passphrase,
    random: &Randomness,
) -> Result<Zeroizing<String>, SigningError> {
    let content = encrypted::encrypt(&key.to_pkcs8_der(), passphrase, random)?;
    Ok(pem::write(ENCRYPTED, &content))
}

/// Whether a text is a key that needs a passphrase.
pub fn is_encrypted(text: &[u8]) -> bool {
    pem::read(text).is_ok_and(|pem| [ENCRYPTED, ENCRYPTED_BEFORE].contains(&pem.label.as_str()))
}

/// Reads a key, plain or encrypted; `ask` is asked for the passphrase only when there is need, and after all else was
/// found in order.
///
/// # Errors
/// When it is something else, damaged, of a kind that is not supported, asks for more than cosign's costs of scrypt, or
/// the passphrase does not fit.
pub fn from_pem(
    text: &[u8],
    ask: &mut dyn FnMut() -> Result<Passphrase, PassphraseError>,
) -> Result<SecretKey, SigningError> {
    let pem = pem::read(text)?;
    if ![ENCRYPTED, ENCRYPTED_BEFORE].contains(&pem.label.as_str()) {
        return Ok(SecretKey::from_pkcs8_pem(text)?);
    }
    let encrypted = encrypted::parse(&pem.content)?;
    let der = encrypted.decrypt(&ask()?)?;
    Ok(SecretKey::from_pkcs8_der(&der)?)
}

#[cfg(test)]
mod tests {
    use andon_attestation::{KeyKind, Signer};

    use super::*;

    fn ask(passphrase: &str) -> impl FnMut() -> Result<Passphrase, PassphraseError> + use<> {
        let passphrase = Passphrase::from(passphrase.to_owned());
        move || Ok(passphrase.clone())
    }

    #[test]
    fn what_is_written_is_read() {
        for kind in [KeyKind::Ed25519, KeyKind::EcdsaP256] {
            let key = SecretKey::generate(kind, &[3; 32]);
            let mut never = || panic!("a plain key needs no passphrase");
            let plain = to_pem(&key);
            assert_eq!(from_pem(plain.as_bytes(), &mut never).unwrap().public(), key.public());
            assert!(!is_encrypted(plain.as_bytes()));
        }
    }

    #[test]
    fn an_encrypted_key_opens_with_its_passphrase_only() {
        let key = SecretKey::generate(KeyKind::EcdsaP256, &[3; 32]);
        let passphrase = Passphrase::from("lösung".to_owned());
        let text = to_encrypted_pem(&key, &passphrase, &Randomness([1; 56])).unwrap();
        assert!(is_encrypted(text.as_bytes()));
        assert_eq!(from_pem(text.as_bytes(), &mut ask("lösung")).unwrap().public(), key.public());
        let before = text.replace("SIGSTORE", "COSIGN");
        assert_eq!(from_pem(before.as_bytes(), &mut ask("lösung")).unwrap().public(), key.public());
        let error = from_pem(text.as_bytes(), &mut ask("losung")).unwrap_err().to_string();
        assert!(error.contains("does not fit"), "{error}");
    }

    #[test]
    fn nobody_is_asked_for_what_is_no_key() {
        let mut never = || panic!("asked for a passphrase");
        let block = |label: &str, content: &[u8]| pem::write(label, content).as_str().to_owned();
        let mut check = |text: &str, expected: &str| {
            let error = from_pem(text.as_bytes(), &mut never).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        };
        check("", "no PEM block");
        check(&block(ENCRYPTED, b"{}"), "damaged");
        check(&block(ENCRYPTED, b"\xff"), "damaged");
        check(&block(PLAIN, b"\x30"), "damaged");
        check(&block("ENCRYPTED PRIVATE KEY", b"x"), "OpenSSL encrypted");
        check(&block("PUBLIC KEY", b"x"), "a public key");
    }

    #[test]
    fn who_has_no_passphrase_can_say_so() {
        let key = SecretKey::generate(KeyKind::Ed25519, &[3; 32]);
        let text = to_encrypted_pem(&key, &Passphrase::default(), &Randomness([1; 56])).unwrap();
        let error = from_pem(text.as_bytes(), &mut || Err(PassphraseError("no terminal".to_owned())));
        assert_eq!(error.unwrap_err().to_string(), "no terminal");
        assert!(from_pem(text.as_bytes(), &mut ask("")).is_ok(), "an empty passphrase is one");
    }
}
