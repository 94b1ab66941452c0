use andon_attestation::{Resource, SecretKey, predicate};

use super::*;

const KINDS: [KeyKind; 2] = [KeyKind::Ed25519, KeyKind::EcdsaP256];

fn key(kind: KeyKind, seed: u8) -> SecretKey {
    SecretKey::generate(kind, &[seed; 32])
}

fn content() -> Vec<u8> {
    (0..300_000_u32).flat_map(u32::to_le_bytes).collect()
}

/// A stream that gives a few bytes at a time, and is interrupted.
struct Slow<'a>(&'a [u8], bool);

impl Read for Slow<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> std::io::Result<usize> {
        self.1 = !self.1;
        if self.1 {
            return Err(std::io::ErrorKind::Interrupted.into());
        }
        let length = self.0.len().min(buffer.len()).min(60_001);
        self.0.read(&mut buffer[..length])
    }
}

fn verify<'k>(
    content: &[u8],
    accepted: &'k [PublicKey],
    signature: &FileSignature,
) -> Result<VerifiedFile<'k>, SigningError> {
    verify_reader(&mut Slow(content, false), accepted, signature)
}

#[test]
fn a_signed_file_verifies_in_every_form() {
    let content = content();
    for kind in KINDS {
        let key = key(kind, 1);
        let signed = sign_reader(&mut Slow(&content, false), &key).unwrap();
        assert_eq!(signed.signature, key.sign(&content), "{kind}: the same as of the whole");
        let accepted = [super::tests::key(kind, 2).public().clone(), key.public().clone()];
        let check = |form: FileSignature| {
            let verified = verify(&content, &accepted, &form).unwrap();
            assert_eq!((verified.key, verified.statement), (key.public(), None), "{kind}");
        };
        check(FileSignature::raw(signed.to_base64().as_bytes()).unwrap());
        check(FileSignature::raw(format!("{}\n", signed.to_base64()).as_bytes()).unwrap());
        check(FileSignature::raw(&signed.signature).unwrap());
        check(FileSignature::bundle(&signed.to_bundle().to_json()).unwrap());
    }
}

#[test]
fn anything_else_does_not_verify() {
    for kind in KINDS {
        let key = key(kind, 1);
        let other = super::tests::key(kind, 2);
        let accepted = [key.public().clone()];
        let signed = sign_reader(&mut &b"content"[..], &key).unwrap();
        let raw = FileSignature::Raw(signed.signature.clone());
        assert!(verify(b"content", &accepted, &raw).is_ok());
        assert!(matches!(verify(b"contend", &accepted, &raw), Err(SigningError::NotVerified)));
        assert!(matches!(
            verify(b"content", &[other.public().clone()], &raw),
            Err(SigningError::NotVerified)
        ));
        assert!(matches!(verify(b"content", &[], &raw), Err(SigningError::NotVerified)));
        let shorter = FileSignature::Raw(signed.signature[1..].to_vec());
        assert!(matches!(verify(b"content", &accepted, &shorter), Err(SigningError::NotVerified)));
        let mut bundle = signed.to_bundle();
        let moved = FileSignature::Bundle(bundle.clone());
        assert!(matches!(verify(b"contend", &accepted, &moved), Err(SigningError::OtherFile { .. })));
        // A bundle that names the digest of the altered file does not help a forger.
        bundle.content = match bundle.content {
            Content::Message(mut message) => {
                message.sha256 = Some(Sha256::digest(b"contend").into());
                Content::Message(message)
            }
            other => other,
        };
        let forged = FileSignature::Bundle(bundle);
        assert!(matches!(verify(b"contend", &accepted, &forged), Err(SigningError::NotVerified)));
        assert!(matches!(verify(b"content", &accepted, &forged), Err(SigningError::OtherFile { .. })));
    }
    assert!(FileSignature::raw(b" \n").is_err() && FileSignature::raw(&[b'A'; 20_000]).is_err());
    assert!(FileSignature::bundle(b"{}").is_err() && FileSignature::attestation(b"{}").is_err());
}

#[test]
fn a_statement_about_the_file_verifies_it() {
    let key = key(KeyKind::EcdsaP256, 1);
    let accepted = [key.public().clone()];
    let about = |content: &[u8]| {
        let digest = hex(&Sha256::digest(content));
        let subject = vec![Resource::sha256("x", &"0".repeat(64)), Resource::sha256("file", &digest)];
        Statement::of(subject, &predicate::Approval::default()).unwrap().sign(&key)
    };
    let check = |envelope: Envelope, expected: fn(Result<VerifiedFile<'_>, SigningError>) -> bool| {
        let json = envelope.to_json();
        let bundle = Bundle::of_envelope(envelope).to_json();
        for form in [
            FileSignature::attestation(&json),
            FileSignature::attestation(&bundle),
            FileSignature::bundle(&bundle),
        ] {
            assert!(expected(verify(b"content", &accepted, &form.unwrap())));
        }
    };
    check(about(b"content"), |verified| verified.is_ok_and(|verified| verified.statement.is_some()));
    check(about(b"other"), |verified| matches!(verified, Err(SigningError::OtherSubject(_))));
    let mut altered = about(b"content");
    altered.payload.push(b' ');
    check(altered, |verified| matches!(verified, Err(SigningError::Statement(_))));
}

#[test]
fn a_stream_that_fails_is_not_signed() {
    struct Failing;
    impl Read for Failing {
        fn read(&mut self, _: &mut [u8]) -> std::io::Result<usize> {
            Err(std::io::ErrorKind::UnexpectedEof.into())
        }
    }
    let key = key(KeyKind::Ed25519, 1);
    assert!(matches!(sign_reader(&mut Failing, &key), Err(SigningError::Content(_))));
    let raw = FileSignature::Raw(key.sign(b""));
    assert!(matches!(
        verify_reader(&mut Failing, &[key.public().clone()], &raw),
        Err(SigningError::Content(_))
    ));
}
