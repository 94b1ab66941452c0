use pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey};

use super::*;

fn bytes(hex: &str) -> Vec<u8> {
    (0..hex.len()).step_by(2).map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap()).collect()
}

fn key(kind: KeyKind, seed: u8) -> SecretKey {
    SecretKey::generate(kind, &[seed; 32])
}

const KINDS: [KeyKind; 2] = [KeyKind::Ed25519, KeyKind::EcdsaP256];

/// RFC 8032, section 7.1, tests 1 to 3, in whose order the halves are: seed, public key, message, signature.
#[test]
fn ed25519_agrees_with_rfc_8032() {
    let check = |seed: &str, public: &str, message: &str, signature: &str| {
        let key = SecretKey::generate(KeyKind::Ed25519, &bytes(seed).try_into().unwrap());
        assert_eq!(key.public().to_der()[12..], bytes(public)[..], "{seed}");
        assert_eq!(crate::hex(&key.sign(&bytes(message))), signature, "{seed}");
        assert_eq!(key.public().verify(&bytes(message), &bytes(signature)), Ok(()));
    };
    check(
        "9d61b19deffd5a60ba844af492ec2cc44449c5697b326919703bac031cae7f60",
        "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a",
        "",
        "e5564300c360ac729086e2cc806e828a84877f1eb8e5d974d873e065224901555fb8821590a33bacc61e39701cf9b46b\
         d25bf5f0595bbe24655141438e7a100b",
    );
    check(
        "4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb",
        "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c",
        "72",
        "92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da085ac1e43e15996e458f3613d0f11d8c\
         387b2eaeb4302aeeb00d291612bb0c00",
    );
    check(
        "c5aa8df43f9f837bedb7442f31dcb7b166d38535076f094b85ce3a2e0b4458f7",
        "fc51cd8e6218a1a38da47ed00230f0580816ed13ba3303ac5deb911548908025",
        "af82",
        "6291d657deec24024827e69c3abe01a30ce548a284743a445e3680d7db5ac3ac18ff9b538d16f290ae67f760984dc659\
         4a7c15e9716ed28dc027beceea1ec40a",
    );
}

/// RFC 6979, appendix A.2.5, with SHA-256 and the message "sample".
#[test]
fn ecdsa_agrees_with_rfc_6979() {
    let seed = bytes("c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721");
    let key = SecretKey::generate(KeyKind::EcdsaP256, &seed.try_into().unwrap());
    let signature = p256::ecdsa::Signature::from_der(&key.sign(b"sample")).unwrap();
    assert_eq!(
        crate::hex(&signature.r().to_bytes()),
        "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716"
    );
    assert_eq!(
        crate::hex(&signature.s().to_bytes()),
        "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"
    );
}

#[test]
fn both_halves_of_s_are_accepted_and_only_der_is() {
    let key = key(KeyKind::EcdsaP256, 3);
    let signature = p256::ecdsa::Signature::from_der(&key.sign(b"m")).unwrap();
    let (r, s) = signature.split_scalars();
    let other = p256::ecdsa::Signature::from_scalars(r.to_bytes(), (-*s).to_bytes()).unwrap();
    assert_eq!(key.public().verify(b"m", other.to_der().as_bytes()), Ok(()));
    assert_eq!(key.public().verify(b"m", signature.to_der().as_bytes()), Ok(()));
    assert_eq!(key.public().verify(b"m", &signature.to_bytes()), Err(VerifyError), "raw r and s");
    let padded = [signature.to_der().as_bytes(), &[0]].concat();
    assert_eq!(key.public().verify(b"m", &padded), Err(VerifyError), "bytes after the signature");
}

#[test]
fn small_orders_and_other_encodings_are_refused() {
    let honest = key(KeyKind::Ed25519, 1);
    let check_key = |point: &str, expected: fn(&KeyError) -> bool| {
        let der = [der::ED25519_PUBLIC, &bytes(point)].concat();
        let error = PublicKey::from_der(&der).unwrap_err();
        assert!(expected(&error), "{point}: {error}");
    };
    let identity = format!("01{}", "00".repeat(31));
    for weak in [
        identity.as_str(),
        "0000000000000000000000000000000000000000000000000000000000000000",
        "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
        "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
        "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    ] {
        check_key(weak, |error| *error == KeyError::Weak);
    }
    // The numbers from p on stand for small ones once more.
    let mut points = 0;
    for low in 0xed..=0xff_u8 {
        let point = format!("{low:02x}{}7f", "ff".repeat(30));
        let is_point = ed25519_dalek::VerifyingKey::from_bytes(&bytes(&point).try_into().unwrap()).is_ok();
        points += u8::from(is_point);
        check_key(&point, |error| matches!(error, KeyError::Weak | KeyError::Damaged(_)));
    }
    assert!(points > 2, "{points}");
    // With R the identity and s zero the equation can hold for a weak key; for ours it is refused before.
    let forged = [bytes(&identity), vec![0; 32]].concat();
    assert_eq!(honest.public().verify(b"m", &forged), Err(VerifyError));
    // s + l instead of s.
    let mut signature = honest.sign(b"m");
    let order = bytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    let mut carry = 0;
    for (digit, add) in signature[32..].iter_mut().zip(order) {
        let sum = u16::from(*digit) + u16::from(add) + carry;
        *digit = sum.to_le_bytes()[0];
        carry = sum >> 8;
    }
    assert_eq!(honest.public().verify(b"m", &signature), Err(VerifyError));
}

#[test]
fn only_the_key_s_own_signature_over_the_message_verifies() {
    for kind in KINDS {
        let (one, two) = (key(kind, 1), key(kind, 2));
        let signature = one.sign(b"message");
        let check = |public: &PublicKey, message: &[u8], signature: &[u8], expected: bool| {
            assert_eq!(
                public.verify(message, signature).is_ok(),
                expected,
                "{kind} {message:?} {signature:?}"
            );
        };
        check(one.public(), b"message", &signature, true);
        check(two.public(), b"message", &signature, false);
        check(one.public(), b"massage", &signature, false);
        check(one.public(), b"", &signature, false);
        check(one.public(), b"message", &[], false);
        check(one.public(), b"message", &signature[..signature.len() - 1], false);
        check(one.public(), b"message", &[0; 64], false);
        check(one.public(), b"message", &vec![0xff; 10_000], false);
        for at in 0..signature.len() {
            let mut altered = signature.clone();
            altered[at] ^= 1;
            check(one.public(), b"message", &altered, false);
        }
        let mut pieces = one.public().verifier(&signature).unwrap();
        b"message".chunks(2).for_each(|piece| pieces.update(piece));
        assert_eq!(pieces.finish(), Ok(()));
    }
}

#[test]
fn what_we_write_is_what_the_libraries_write_and_read() {
    let ed25519 = key(KeyKind::Ed25519, 9);
    let theirs = ed25519_dalek::SigningKey::from_pkcs8_der(&ed25519.to_pkcs8_der()).unwrap();
    assert_eq!(theirs.to_bytes(), [9; 32]);
    assert_eq!(theirs.verifying_key().to_public_key_der().unwrap().as_bytes(), ed25519.public().to_der());
    let p256 = key(KeyKind::EcdsaP256, 9);
    let theirs = p256::ecdsa::SigningKey::from_pkcs8_der(&p256.to_pkcs8_der()).unwrap();
    assert_eq!(theirs.to_pkcs8_der().unwrap().as_bytes(), p256.to_pkcs8_der().as_slice());
    assert_eq!(theirs.verifying_key().to_public_key_der().unwrap().as_bytes(), p256.public().to_der());
    for secret in [ed25519, p256] {
        let der = secret.to_pkcs8_der();
        assert!(der.len() <= der::LONGEST_PRIVATE, "{}", der.len());
        let again = SecretKey::from_pkcs8_der(&der).unwrap();
        assert_eq!((again.public(), again.sign(b"m")), (secret.public(), secret.sign(b"m")));
        let public = PublicKey::from_pem(secret.public().to_pem().as_bytes()).unwrap();
        assert_eq!(&public, secret.public());
        assert_eq!(public.id().as_str().parse(), Ok(public.id().clone()));
        let shown = format!("{secret:?} {public:?}");
        assert_eq!(shown.matches(public.id().as_str()).count(), 2, "{shown}");
    }
}

#[test]
fn a_compressed_point_has_the_id_of_the_key() {
    let secret = key(KeyKind::EcdsaP256, 4);
    let point = &secret.public().to_der()[26..];
    let sign = if point[64] & 1 == 1 { 3 } else { 2 };
    let compressed = [&[sign], &point[1..33]].concat();
    let header = bytes("3039301306072a8648ce3d020106082a8648ce3d030107032200");
    let public = PublicKey::from_der(&[header, compressed].concat()).unwrap();
    assert_eq!(public.id(), secret.public().id());
}

#[test]
fn what_is_no_key_says_what_it_is() {
    let block = |label: &str, content: &[u8]| pem::write(label, content).as_str().to_owned();
    let check = |text: &str, public: &str, private: &str| {
        let error = PublicKey::from_pem(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(public), "{error}");
        let error = SecretKey::from_pkcs8_pem(text.as_bytes()).unwrap_err().to_string();
        assert!(error.contains(private), "{error}");
    };
    let rsa = bytes("301c300d06092a864886f70d0101010500030b003008020100020300ffff");
    let secret = key(KeyKind::Ed25519, 1);
    let public = secret.public().to_pem();
    check("", "no PEM block", "no PEM block");
    check("ssh-ed25519 AAAA me", "public key of SSH", "no PEM block");
    check(&block("PUBLIC KEY", b"x"), "damaged", "a public key");
    check(&block("PUBLIC KEY", &rsa), "a key for RSA", "a public key");
    check(&block("CERTIFICATE", b"x"), "a certificate", "a certificate");
    check(&block("RSA PUBLIC KEY", b"x"), "an RSA key", "RSA PUBLIC KEY");
    check(&block(concat!("PRIVATE", " KEY"), b"x"), "hint: keep it to yourself", "damaged");
    check(&block("EC PRIVATE KEY", b"x"), "a private key", "openssl pkcs8");
    check(&block("OPENSSH PRIVATE KEY", b"x"), "a private key", "of SSH");
    check(&block("ENCRYPTED PRIVATE KEY", b"x"), "a private key", "OpenSSL encrypted");
    check(&block("ODD", b"x"), "`ODD`", "`ODD`");
    check(&format!("{public}{public}"), "more than one PEM block", "more than one PEM block");
    let with_rest = [secret.public().to_der(), b"x"].concat();
    check(&block("PUBLIC KEY", &with_rest), "damaged", "a public key");
    assert!("ab".parse::<KeyId>().is_err() && "A".repeat(64).parse::<KeyId>().is_err());
}

#[test]
fn a_hint_is_the_id_or_sigstore_s_form_of_it() {
    let (one, two) = (key(KeyKind::Ed25519, 1), key(KeyKind::Ed25519, 2));
    assert!(
        one.public().is_hinted(one.public().id().as_str()) && one.public().is_hinted(&one.public().hint())
    );
    let digest = <sha2::Sha256 as sha2::Digest>::digest(one.public().to_der());
    assert_eq!(one.public().hint(), crate::base64_encode(&digest));
    assert!(!one.public().is_hinted(&two.public().hint()) && !one.public().is_hinted(""));
}
